using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Microsoft.IdentityModel.Tokens;

namespace LivingCity.Identity.Tests;

public sealed class ClaimsTests(ProviderFixture fixture)
{
    [Fact]
    public async Task ClientCredentials_OfAnIntegrator_CarryKeycloaksClaims()
    {
        var claims = Claims(await AskAsync("client_credentials", "integrator-sofia", ProviderFixture.IntegratorSecret));

        Assert.Equal(fixture.Provider.Issuer, (string?)claims["iss"]);
        Assert.Equal("living-city", (string?)claims["aud"]);
        Assert.Equal("Bearer", (string?)claims["typ"]);
        Assert.Equal("integrator-sofia", (string?)claims["azp"]);
        Assert.Equal("integrator-sofia", (string?)claims["client_id"]);
        Assert.Equal("service-account-integrator-sofia", (string?)claims["preferred_username"]);
        Assert.Equal("sofia", (string?)claims["city"]);
        Assert.Equal(["data-officer"], Roles(claims));
        Assert.Equal("profile email", (string?)claims["scope"]);
        Assert.Equal(600, (long)claims["exp"]! - (long)claims["iat"]!);
    }

    [Fact]
    public async Task ClientCredentials_OfThePlatformOperator_CarryNoCity()
    {
        var claims = Claims(await AskAsync("client_credentials", "platform-operator", ProviderFixture.OperatorSecret));

        Assert.False(claims.ContainsKey("city"));
        Assert.Equal(["platform-admin"], Roles(claims));
    }

    [Theory]
    [InlineData("citizen@sofia.example", "citizen", "sofia")]
    [InlineData("officer@sant-boi.example", "data-officer", "sant-boi")]
    [InlineData("admin@sant-boi.example", "city-admin", "sant-boi")]
    [InlineData("operator@platform.example", "platform-admin", null)]
    public async Task DirectAccess_OfADemonstrationUser_CarriesRoleAndCity(string user, string role, string? city)
    {
        var answer = await DirectAsync(user, ProviderFixture.Password);
        var claims = Claims(answer);

        Assert.Equal(user, (string?)claims["preferred_username"]);
        Assert.Equal(user, (string?)claims["email"]);
        Assert.Equal([role], Roles(claims));
        Assert.Equal(city, (string?)claims["city"]);
        Assert.Equal("openid profile email", (string?)answer.Body["scope"]);
    }

    [Theory]
    [InlineData("citizen@sofia.example", "wrong")]
    [InlineData("nobody@sofia.example", ProviderFixture.Password)]
    [InlineData("service-account-ingestion", "")]
    public async Task DirectAccess_WithWrongCredentials_IsRefused(string user, string password) =>
        Assert.Equal("invalid_grant", (await DirectAsync(user, password)).Error);

    [Fact]
    public async Task DirectAccess_ByAClientWithoutIt_IsRefused()
    {
        using var browser = fixture.OpenBrowser();
        var answer = await browser.TokenAsync(new() { ["grant_type"] = "password", ["client_id"] = "portal", ["username"] = "citizen@sofia.example", ["password"] = ProviderFixture.Password });

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.False(answer.Body.ContainsKey("access_token"));
    }

    [Theory]
    [InlineData("integrator-sofia", "wrong")]
    [InlineData("ingestion", "${INGESTION_SECRET}")]
    [InlineData("nobody", "anything")]
    public async Task ClientCredentials_WithAWrongSecret_AreRefused(string client, string secret) =>
        Assert.Equal("invalid_client", (await AskAsync("client_credentials", client, secret)).Error);

    [Fact]
    public async Task UserInfo_WithAnAccessToken_DescribesTheUser()
    {
        var (status, body) = await UserInfoAsync((await DirectAsync("planner@sant-boi.example", ProviderFixture.Password)).AccessToken);

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("Núria Pujol", (string?)body["name"]);
        Assert.Equal("sant-boi", (string?)body["city"]);
    }

    [Fact]
    public async Task UserInfo_WithATamperedToken_IsRefused()
    {
        var token = (await DirectAsync("planner@sant-boi.example", ProviderFixture.Password)).AccessToken;

        Assert.Equal(HttpStatusCode.Unauthorized, (await UserInfoAsync($"{token[..^6]}AAAAAA")).Status);
    }

    [Fact]
    public async Task Introspection_ByAConfidentialClient_TellsActiveFromInactive()
    {
        var token = (await DirectAsync("planner@sant-boi.example", ProviderFixture.Password)).AccessToken;

        Assert.True((bool)(await IntrospectAsync(token, ProviderFixture.GatewaySecret)).Body["active"]!);
        Assert.False((bool)(await IntrospectAsync("something else", ProviderFixture.GatewaySecret)).Body["active"]!);
        Assert.Equal(HttpStatusCode.Unauthorized, (await IntrospectAsync(token, "wrong")).Status);
    }

    private static JsonObject Claims(Answer answer) => JsonNode.Parse(Base64UrlEncoder.Decode(answer.AccessToken.Split('.')[1]))!.AsObject();

    private static IEnumerable<string> Roles(JsonObject claims) => claims["realm_access"]!["roles"]!.AsArray().Select(role => (string)role!);

    private async Task<Answer> AskAsync(string grant, string client, string secret)
    {
        using var browser = fixture.OpenBrowser();
        return await browser.TokenAsync(new() { ["grant_type"] = grant, ["client_id"] = client, ["client_secret"] = secret });
    }

    private async Task<Answer> DirectAsync(string user, string password)
    {
        using var browser = fixture.OpenBrowser();
        return await browser.TokenAsync(new() { ["grant_type"] = "password", ["client_id"] = "demo-cli", ["username"] = user, ["password"] = password });
    }

    private async Task<(HttpStatusCode Status, JsonObject Body)> UserInfoAsync(string token)
    {
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var response = await http.GetAsync(fixture.Provider.Endpoint("userinfo"), TestContext.Current.CancellationToken);
        return (response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!.AsObject());
    }

    private async Task<(HttpStatusCode Status, JsonObject Body)> IntrospectAsync(string token, string secret)
    {
        using var browser = fixture.OpenBrowser();
        using var response = await browser.PostAsync(fixture.Provider.Endpoint("token/introspect"), new() { ["token"] = token, ["client_id"] = "gateway", ["client_secret"] = secret });
        return (response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!.AsObject());
    }
}
