using System.Globalization;
using LivingCity.Gateway.Portal.Sessions;
using Microsoft.AspNetCore.Authentication;

namespace LivingCity.Gateway.Portal.Services;

/// <summary>
/// The access token in whose name the gateway calls the services: the bearer token of the request, else that of the visitor's session. Neither is given out after its end:
/// who still has a session, comes back.
/// </summary>
internal sealed class VisitorTokens(SessionStore sessions, TimeProvider time)
{
    private const string Bearer = "Bearer ";

    /// <returns>Null for who has not signed in, or whose token has ended.</returns>
    public async Task<string?> FindAsync(HttpContext context)
    {
        if (BearerOf(context) is { } token)
        {
            return HasPassed(context.User.FindFirst("exp")?.Value) ? null : token;
        }

        return await SessionAsync(context) is { } session && !HasEnded(session) ? session.GetTokenValue("access_token") : null;
    }

    /// <summary>Whether the visitor may still be told things on a connection that stays open: signing out, here or elsewhere, ends it.</summary>
    public async Task<bool> StillHoldsAsync(HttpContext context, CancellationToken cancellationToken) =>
        await FindAsync(context) is not null
        && (BearerOf(context) is not null || (await SessionAsync(context) is { } session && await sessions.IsOpenAsync(SessionStore.IdOf(session), cancellationToken)));

    private static string? BearerOf(HttpContext context) =>
        context.Request.Headers.Authorization.ToString() is var header && header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? header[Bearer.Length..] : null;

    private static async Task<AuthenticationProperties?> SessionAsync(HttpContext context) =>
        context.User.Identity is { IsAuthenticated: true } ? (await context.AuthenticateAsync(SessionSchemes.Session)).Properties : null;

    private bool HasEnded(AuthenticationProperties session) =>
        DateTimeOffset.TryParse(session.GetTokenValue("expires_at"), CultureInfo.InvariantCulture, out var end) && end <= time.GetUtcNow();

    private bool HasPassed(string? seconds) => long.TryParse(seconds, CultureInfo.InvariantCulture, out var end) && time.GetUtcNow().ToUnixTimeSeconds() >= end;
}
