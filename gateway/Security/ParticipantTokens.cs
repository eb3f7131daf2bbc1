using System.Text.Json;
using LivingCity.ServiceDefaults.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.IdentityModel.Tokens;

namespace LivingCity.Gateway.Security;

/// <summary>
/// The policy of the Dataspace Protocol's paths. Another participant is known by the realm's token, or by one that it signed itself (Decentralized Claims Protocol): the connector alone can tell
/// whether that proves anything, so the gateway passes it on.
/// </summary>
internal static class ParticipantTokens
{
    public const string Policy = "participant";

    private const string Scheme = "Bearer ";
    private const int Longest = 8192;

    public static IServiceCollection AddParticipantTokens(this IServiceCollection services)
    {
        services.AddAuthorizationBuilder().AddPolicy(Policy, policy => policy.RequireAssertion(context =>
            (context.User.Identity is { IsAuthenticated: true } && (context.User.FindFirst("city") is { Value.Length: > 0 } || context.User.IsInRole(Access.PlatformAdmin)))
            || (context.Resource is HttpContext http && IsSelfIssued(http))));
        return services;
    }

    /// <summary>Whether the request carries a token that a participant with a DID says it signed.</summary>
    public static bool IsSelfIssued(HttpContext http)
    {
        if (http.Request.Headers.Authorization is not [{ Length: < Longest } header] || !header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) || header[Scheme.Length..].Split('.') is not [_, var payload, _])
        {
            return false;
        }

        try
        {
            using var claims = JsonDocument.Parse(Base64UrlEncoder.DecodeBytes(payload));
            return claims.RootElement.ValueKind == JsonValueKind.Object && claims.RootElement.TryGetProperty("iss", out var issuer) && issuer.ValueKind == JsonValueKind.String
                && issuer.GetString()!.StartsWith("did:web:", StringComparison.Ordinal);
        }
        catch (Exception exception) when (exception is FormatException or JsonException or ArgumentException)
        {
            return false;
        }
    }
}
