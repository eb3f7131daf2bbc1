using LivingCity.Gateway.Routing;
using LivingCity.ServiceDefaults.Errors;
using Microsoft.AspNetCore.Authentication;

namespace LivingCity.Gateway.Incoming;

/// <summary>Who presents a token must present a valid one, also where nobody has to. Only the data plane and other participants have tokens of their own, which the connector checks.</summary>
internal static class TokenCheck
{
    /// <summary>To be used after the shared defaults, so that guessing is slowed down by the rate limit.</summary>
    public static void UseTokenCheck(this WebApplication app) => app.Use((context, next) =>
        context.Request.Headers.Authorization.Count > 0 && !PlatformRoutes.HasTokensOfItsOwn(context) && context.User.Identity is not { IsAuthenticated: true }
            ? context.ChallengeAsync()
            : next(context));
}
