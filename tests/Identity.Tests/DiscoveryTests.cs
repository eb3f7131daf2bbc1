using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace LivingCity.Identity.Tests;

public sealed class DiscoveryTests(ProviderFixture fixture)
{
    private static readonly Dictionary<string, string> Paths = new()
    {
        ["authorization_endpoint"] = "auth",
        ["token_endpoint"] = "token",
        ["jwks_uri"] = "certs",
        ["userinfo_endpoint"] = "userinfo",
        ["end_session_endpoint"] = "logout",
        ["introspection_endpoint"] = "token/introspect",
        ["revocation_endpoint"] = "revoke",
    };

    [Fact]
    public async Task Document_NamesKeycloaksPaths()
    {
        using var http = new HttpClient();
        var document = await http.GetFromJsonAsync<JsonObject>($"{fixture.Provider.Issuer}/.well-known/openid-configuration", TestContext.Current.CancellationToken);

        Assert.Equal(fixture.Provider.Issuer, (string?)document!["issuer"]);
        Assert.All(Paths, path => Assert.Equal(fixture.Provider.Endpoint(path.Value).ToString(), (string?)document[path.Key]));
        Assert.Equal(["S256"], document["code_challenge_methods_supported"]!.AsArray().Select(method => (string)method!));
    }

    [Fact]
    public async Task Keys_ValidateTokensWithMicrosoftIdentityModel()
    {
        var token = await AccessTokenAsync();

        var result = await new JsonWebTokenHandler().ValidateTokenAsync(token, await ParametersAsync());

        Assert.True(result.IsValid, result.Exception?.Message);
        Assert.Equal("JWT", ((JsonWebToken)result.SecurityToken).Typ);
        Assert.Equal("RS256", ((JsonWebToken)result.SecurityToken).Alg);
    }

    [Fact]
    public async Task Keys_RefuseATamperedToken()
    {
        var parts = (await AccessTokenAsync()).Split('.');
        var payload = Base64UrlEncoder.Decode(parts[1]).Replace("data-officer", "platform-admin", StringComparison.Ordinal);

        var result = await new JsonWebTokenHandler().ValidateTokenAsync($"{parts[0]}.{Base64UrlEncoder.Encode(payload)}.{parts[2]}", await ParametersAsync());

        Assert.IsType<SecurityTokenInvalidSignatureException>(result.Exception);
    }

    [Theory]
    [InlineData("attacker.example")]
    [InlineData("localhost:1")]
    public async Task AnyPath_UnderAForeignHostName_IsNotFound(string host)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{fixture.Provider.Issuer}/.well-known/openid-configuration");
        request.Headers.Host = host;

        using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(System.Net.HttpStatusCode.NotFound, response.StatusCode);
    }

    private async Task<string> AccessTokenAsync()
    {
        using var browser = fixture.OpenBrowser();
        var answer = await browser.TokenAsync(new()
        {
            ["grant_type"] = "client_credentials",
            ["client_id"] = "integrator-sofia",
            ["client_secret"] = ProviderFixture.IntegratorSecret,
        });
        return answer.AccessToken;
    }

    private async Task<TokenValidationParameters> ParametersAsync()
    {
        var source = new ConfigurationManager<OpenIdConnectConfiguration>(
            $"{fixture.Provider.Issuer}/.well-known/openid-configuration",
            new OpenIdConnectConfigurationRetriever(),
            new HttpDocumentRetriever { RequireHttps = false });
        var configuration = await source.GetConfigurationAsync(TestContext.Current.CancellationToken);
        return new TokenValidationParameters
        {
            ValidIssuer = fixture.Provider.Issuer,
            ValidAudience = "living-city",
            IssuerSigningKeys = configuration.SigningKeys,
            ValidAlgorithms = ["RS256"],
        };
    }
}
