using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace LivingCity.Testing;

/// <summary>
/// An issuer whose keys the tests hold, so that they can make any token, the forged ones included. It publishes a discovery document and a key set as Keycloak does.
/// </summary>
public sealed class TestIssuer : IAsyncDisposable
{
    private readonly RsaSecurityKey key = new(RSA.Create(2048)) { KeyId = "test" };
    private WebApplication? server;

    /// <summary>The realm's address.</summary>
    public string Authority => $"{server!.Urls.First()}/realms/city";

    /// <summary>The signing key.</summary>
    public RsaSecurityKey Key => key;

    public async Task StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        server = builder.Build();
        server.MapGet("/realms/city/.well-known/openid-configuration", (HttpContext _) => Results.Json(new { issuer = Authority, jwks_uri = $"{Authority}/protocol/openid-connect/certs" }));
        var jwk = JsonWebKeyConverter.ConvertFromRSASecurityKey(new RsaSecurityKey(key.Rsa.ExportParameters(false)) { KeyId = key.KeyId });
        server.MapGet("/realms/city/protocol/openid-connect/certs", () => Results.Json(new { keys = new[] { new { kty = jwk.Kty, n = jwk.N, e = jwk.E, kid = jwk.Kid, use = "sig", alg = "RS256" } } }));

        // Client credentials (RFC 6749, 4.4): any client whose name ends with its city, like connector-sofia, as its data officer.
        server.MapPost("/realms/city/protocol/openid-connect/token", async (HttpContext http) =>
        {
            var client = (string)(await http.Request.ReadFormAsync())["client_id"]!;
            var token = Describe(client[(client.IndexOf('-', StringComparison.Ordinal) + 1)..], "data-officer");
            token.Claims["azp"] = client;
            return Results.Json(new { access_token = Sign(token), expires_in = 1800, token_type = "Bearer" });
        });
        await server.StartAsync();
    }

    /// <summary>A token as the realm would give it.</summary>
    public string Token(string? city = "sofia", params string[] roles) => Sign(Describe(city, roles));

    /// <summary>The parts of a good token, for tests that spoil one of them.</summary>
    public SecurityTokenDescriptor Describe(string? city = "sofia", params string[] roles)
    {
        var claims = new Dictionary<string, object>
        {
            ["sub"] = $"{city}-{string.Join('-', roles)}", ["azp"] = "tests", ["preferred_username"] = "tester", ["typ"] = "Bearer",
            ["realm_access"] = new Dictionary<string, object> { ["roles"] = roles },
        };
        if (city is not null)
        {
            claims["city"] = city;
        }

        return new SecurityTokenDescriptor
        {
            Issuer = Authority,
            Audience = "living-city",
            IssuedAt = DateTime.UtcNow,
            NotBefore = DateTime.UtcNow.AddMinutes(-1),
            Expires = DateTime.UtcNow.AddMinutes(30),
            Claims = claims,
            SigningCredentials = new SigningCredentials(key, SecurityAlgorithms.RsaSha256),
        };
    }

    public static string Sign(SecurityTokenDescriptor descriptor) => new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(descriptor);

    public async ValueTask DisposeAsync()
    {
        if (server is not null)
        {
            await server.DisposeAsync();
        }

        key.Rsa.Dispose();
    }
}
