using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace LivingCity.Gateway.Tests.Hosting;

/// <summary>An issuer whose private key the tests hold, so that they can also sign what an attacker would. Serves discovery and keys over HTTP.</summary>
internal sealed class TestRealm : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly RsaSecurityKey key = new(RSA.Create(2048)) { KeyId = "the-realms-key" };

    private TestRealm(WebApplication app) => this.app = app;

    public string Issuer => $"{app.Urls.First()}/realms/city";

    public RsaSecurityKey Key => key;

    public static async Task<TestRealm> StartAsync(CancellationToken cancellation)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        var realm = new TestRealm(app);
        app.MapGet("/realms/city/.well-known/openid-configuration", () => Results.Json(new { issuer = realm.Issuer, jwks_uri = $"{realm.Issuer}/certs" }));
        app.MapGet("/realms/city/certs", () => Results.Json(new { keys = new[] { realm.PublicKey() } }));
        await app.StartAsync(cancellation);
        return realm;
    }

    /// <summary>A token as the realm gives it, after <paramref name="change"/> has had its way with the claims and the header.</summary>
    public string Token(Action<TokenContent>? change = null)
    {
        var content = new TokenContent(Issuer, new SigningCredentials(key, SecurityAlgorithms.RsaSha256));
        change?.Invoke(content);
        return content.Write();
    }

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        key.Rsa.Dispose();
    }

    private Dictionary<string, string> PublicKey()
    {
        var parameters = key.Rsa.ExportParameters(includePrivateParameters: false);
        return new()
        {
            ["kty"] = "RSA",
            ["use"] = "sig",
            ["alg"] = "RS256",
            ["kid"] = key.KeyId,
            ["n"] = Base64UrlEncoder.Encode(parameters.Modulus),
            ["e"] = Base64UrlEncoder.Encode(parameters.Exponent),
        };
    }
}

/// <summary>What goes into a token.</summary>
internal sealed class TokenContent(string issuer, SigningCredentials signing)
{
    public Dictionary<string, object> Claims { get; } = new()
    {
        ["iss"] = issuer,
        ["aud"] = "living-city",
        ["sub"] = "subject-1",
        ["azp"] = "client-1",
        ["preferred_username"] = "planner@sofia.example",
        ["city"] = "sofia",
        ["realm_access"] = new Dictionary<string, object> { ["roles"] = new[] { "planner" } },
    };

    public SigningCredentials? Signing { get; set; } = signing;

    public DateTime NotBefore { get; set; } = DateTime.UtcNow.AddMinutes(-1);

    public DateTime? Expires { get; set; } = DateTime.UtcNow.AddMinutes(5);

    public string Write()
    {
        var handler = new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false };
        return handler.CreateToken(new SecurityTokenDescriptor
        {
            Claims = Claims,
            NotBefore = NotBefore,
            IssuedAt = NotBefore,
            Expires = Expires,
            SigningCredentials = Signing,
        });
    }
}
