using System.Globalization;
using LivingCity.Gateway.Portal.Realm;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.Extensions.Options;

namespace LivingCity.Gateway.Portal.Sessions;

/// <summary>Keeps a session's tokens fresh: near its end the access token is exchanged for a new one, once, whichever replica is first.</summary>
internal sealed partial class SessionEvents(SessionStore store, RealmClient realm, IOptions<RealmSettings> settings, TimeProvider time, ILogger<SessionEvents> logger) : CookieAuthenticationEvents
{
    private TimeSpan Ahead => settings.Value.RenewAhead;

    public override async Task ValidatePrincipal(CookieValidatePrincipalContext context)
    {
        if (!NearsEnd(context.Properties, Ahead))
        {
            return;
        }

        try
        {
            var changed = await store.ChangeAsync(SessionStore.IdOf(context.Properties), RefreshAsync, context.HttpContext.RequestAborted);
            if (changed is null)
            {
                context.RejectPrincipal();
                return;
            }

            context.ReplacePrincipal(changed.Principal);
            context.Properties.StoreTokens(changed.Properties.GetTokens());
        }
        catch (RealmUnavailableException exception)
        {
            Unavailable(logger, exception.Message);
            if (NearsEnd(context.Properties, TimeSpan.Zero))
            {
                context.RejectPrincipal();
            }
        }
    }

    /// <summary>People are led to the sign-in; a script that asks for data is told, since it could do nothing with a page.</summary>
    public override Task RedirectToLogin(RedirectContext<CookieAuthenticationOptions> context)
    {
        if (PortalPaths.IsForPeople(context.Request.Path))
        {
            return base.RedirectToLogin(context);
        }

        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        return Task.CompletedTask;
    }

    public override Task RedirectToAccessDenied(RedirectContext<CookieAuthenticationOptions> context)
    {
        context.Response.StatusCode = StatusCodes.Status403Forbidden;
        return Task.CompletedTask;
    }

    private async Task<AuthenticationTicket?> RefreshAsync(AuthenticationTicket ticket)
    {
        if (!NearsEnd(ticket.Properties, Ahead))
        {
            return ticket;
        }

        if (ticket.Properties.GetTokenValue("refresh_token") is not { } refresh || await realm.RefreshAsync(refresh, default) is not { } answer
            || await realm.PrincipalAsync(answer.AccessToken!, ticket.AuthenticationScheme) is not { } principal)
        {
            return null;
        }

        ticket.Properties.UpdateTokenValue("access_token", answer.AccessToken!);
        ticket.Properties.UpdateTokenValue("expires_at", realm.EndOf(answer));
        ticket.Properties.UpdateTokenValue("refresh_token", answer.RefreshToken ?? refresh);
        return new AuthenticationTicket(principal, ticket.Properties, ticket.AuthenticationScheme);
    }

    private bool NearsEnd(AuthenticationProperties properties, TimeSpan ahead) =>
        !DateTimeOffset.TryParse(properties.GetTokenValue("expires_at"), CultureInfo.InvariantCulture, out var end) || end - time.GetUtcNow() < ahead;

    [LoggerMessage(2100, LogLevel.Warning, "A session's tokens could not be renewed yet: {Reason}")]
    private static partial void Unavailable(ILogger logger, string reason);
}
