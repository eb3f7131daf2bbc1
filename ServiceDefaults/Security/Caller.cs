using System.Reflection;
using System.Security.Claims;
using LivingCity.ServiceDefaults.Errors;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;

namespace LivingCity.ServiceDefaults.Security;

/// <summary>Who calls, as the validated token says. Endpoints take it as a parameter.</summary>
/// <param name="Subject">The token's <c>sub</c>; empty when nobody is signed in.</param>
/// <param name="Name">The name to show: <c>preferred_username</c>, else the client.</param>
/// <param name="Client">The OAuth client (<c>azp</c>).</param>
/// <param name="City">The tenant: the token's <c>city</c>, or null.</param>
/// <param name="Roles">Realm and client roles.</param>
public sealed record Caller(string Subject, string Name, string Client, string? City, IReadOnlySet<string> Roles)
{
    internal const string CityClaim = "city";

    /// <summary>True for an administrator of the whole installation.</summary>
    public bool IsPlatformAdmin => Roles.Contains(Access.PlatformAdmin);

    /// <summary>The tenant to act for.</summary>
    /// <exception cref="ProblemException">The token names no city (403).</exception>
    public string RequiredCity => City ?? throw Problem.NoCity.Throw("This needs a token with a city claim.");

    /// <summary>Reads the caller from a validated principal.</summary>
    public static Caller From(ClaimsPrincipal user)
    {
        var client = user.FindFirstValue("azp") ?? user.FindFirstValue("client_id") ?? "";
        return new Caller(
            user.FindFirstValue("sub") ?? "",
            user.FindFirstValue("preferred_username") ?? client,
            client,
            user.FindFirstValue(CityClaim) is { Length: > 0 } city ? city : null,
            user.FindAll("role").Select(claim => claim.Value).ToHashSet());
    }

    /// <summary>Lets a minimal API take the caller as a parameter.</summary>
    public static ValueTask<Caller> BindAsync(HttpContext context, ParameterInfo parameter) => ValueTask.FromResult(From(context.User));
}
