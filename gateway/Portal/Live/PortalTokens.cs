using System.Globalization;
using Microsoft.AspNetCore.Authentication;

namespace LivingCity.Gateway.Portal.Live;

/// <summary>The access token under which the gateway calls the services for who is signed in at the portal.</summary>
internal interface IPortalTokens
{
    /// <summary>The caller's token, or null when the session has ended. Asked again while a stream is open.</summary>
    Task<string?> GetAccessTokenAsync(HttpContext context, CancellationToken cancellationToken);
}

/// <summary>The bearer token of the request, else the one that the sign-in has saved with the session. Neither is given out after its end: who still has a session, comes back.</summary>
internal sealed class RequestTokens(TimeProvider time) : IPortalTokens
{
    public async Task<string?> GetAccessTokenAsync(HttpContext context, CancellationToken cancellationToken)
    {
        const string bearer = "Bearer ";
        if (context.Request.Headers.Authorization.ToString() is var header && header.StartsWith(bearer, StringComparison.OrdinalIgnoreCase))
        {
            return HasPassed(context.User.FindFirst("exp")?.Value) ? null : header[bearer.Length..];
        }

        return DateTimeOffset.TryParse(await context.GetTokenAsync("expires_at"), CultureInfo.InvariantCulture, out var end) && end <= time.GetUtcNow()
            ? null : await context.GetTokenAsync("access_token");
    }

    private bool HasPassed(string? seconds) => long.TryParse(seconds, CultureInfo.InvariantCulture, out var end) && time.GetUtcNow().ToUnixTimeSeconds() >= end;
}
