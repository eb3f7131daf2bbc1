using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace LivingCity.ServiceDefaults.Errors;

/// <summary>
/// What no endpoint matches is answered before anyone is asked who he is: 404 for the path, 405 for the method, 415 for the kind of content.
/// Without it the fallback policy, which denies, would make a 401 of them.
/// </summary>
internal static class Unmatched
{
    /// <summary>To be used right after routing.</summary>
    public static void UseUnmatched(this WebApplication app) => app.Use((context, next) => context.GetEndpoint() switch
    {
        null => Problem.NotFound.Because($"There is nothing at {context.Request.Path}.").ExecuteAsync(context),
        RouteEndpoint => next(context),
        // Routing's own endpoint: it sets the status and the Allow header, and the body follows from the status.
        { RequestDelegate: { } refuse } => refuse(context),
        _ => next(context),
    });
}
