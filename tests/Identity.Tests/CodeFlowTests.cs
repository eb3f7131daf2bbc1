using System.Net;
using System.Text.RegularExpressions;
using Microsoft.IdentityModel.JsonWebTokens;

namespace LivingCity.Identity.Tests;

public sealed partial class CodeFlowTests(ProviderFixture fixture)
{
    [Fact]
    public async Task CodeFlow_WithPkce_GivesTokensOfTheUser()
    {
        using var browser = fixture.OpenBrowser();
        var callback = await browser.SignInAsync("planner@sofia.example");

        var answer = await browser.RedeemAsync(callback);

        Assert.Equal("a state", Browser.QueryOf(callback)["state"]);
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        var access = new JsonWebToken(answer.AccessToken);
        Assert.Equal("gateway", access.Azp);
        Assert.Equal("sofia", access.GetClaim("city").Value);
        Assert.True(access.TryGetClaim("sid", out _));
        var id = new JsonWebToken(answer.IdToken);
        Assert.Equal(["gateway"], id.Audiences);
        Assert.Equal("a nonce", id.GetClaim("nonce").Value);
        Assert.Equal("Desislava Koleva", id.GetClaim("name").Value);
        Assert.Equal(access.Subject, id.Subject);
    }

    [Fact]
    public async Task LoginPage_IsLabelledAndSafe()
    {
        using var browser = fixture.OpenBrowser();
        using var question = await browser.AuthorizeAsync();
        using var page = await browser.GetAsync(new Uri(fixture.Provider.Endpoint("auth"), question.Headers.Location!));
        var html = await page.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        Assert.Contains("<html lang=\"en\">", html, StringComparison.Ordinal);
        Assert.Contains("Development provider", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", html, StringComparison.OrdinalIgnoreCase);
        var labelled = Label().Matches(html).Select(match => match.Groups[1].Value).Order();
        var fields = Field().Matches(html).Select(match => match.Groups[1].Value).Order();
        Assert.Equal(["password", "username"], fields);
        Assert.Equal(fields, labelled);
        Assert.Contains("frame-ancestors 'none'", string.Join(' ', page.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Login_WithAWrongPassword_AsksAgainAndSaysWhy()
    {
        using var browser = fixture.OpenBrowser();
        using var answer = await browser.SubmitLoginAsync("planner@sofia.example", "wrong");
        var html = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        Assert.Null(answer.Headers.Location);
        Assert.Contains("role=\"alert\">Invalid user name or password.", html, StringComparison.Ordinal);
        Assert.Contains("value=\"planner@sofia.example\"", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Login_WithMarkupAsName_ShowsItAsText()
    {
        using var browser = fixture.OpenBrowser();
        using var answer = await browser.SubmitLoginAsync("\"><script>alert(1)</script>", "wrong");

        Assert.DoesNotContain("<script", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Login_FromAnotherBrowser_IsRefused()
    {
        using var victim = fixture.OpenBrowser();
        using var question = await victim.AuthorizeAsync();
        using var attacker = fixture.OpenBrowser();

        using var answer = await attacker.PostAsync(
            new Uri(fixture.Provider.Endpoint("auth"), question.Headers.Location!), new() { ["username"] = "planner@sofia.example", ["password"] = ProviderFixture.Password });

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Theory]
    [InlineData("http://attacker.example/signin-oidc")]
    [InlineData($"{ProviderFixture.GatewayUrl}/signin-oidc/../other")]
    [InlineData($"{ProviderFixture.GatewayUrl}/signin-oidc?next=//attacker.example")]
    public async Task Authorization_WithAnUnknownRedirect_StaysAtTheProvider(string redirect)
    {
        using var browser = fixture.OpenBrowser();
        using var answer = await browser.AuthorizeAsync(new() { ["redirect_uri"] = redirect });

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Null(answer.Headers.Location);
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData(Browser.Verifier, "plain")]
    public async Task Authorization_WithoutPkceS256_IsRefused(string? challenge, string? method)
    {
        using var browser = fixture.OpenBrowser();
        using var answer = await browser.AuthorizeAsync(new() { ["code_challenge"] = challenge, ["code_challenge_method"] = method });

        Assert.Equal("invalid_request", Browser.QueryOf(answer.Headers.Location!)["error"]);
    }

    [Fact]
    public async Task Redeeming_WithAnotherVerifier_IsRefused()
    {
        using var browser = fixture.OpenBrowser();
        var answer = await browser.RedeemAsync(await browser.SignInAsync("planner@sofia.example"), verifier: $"{Browser.Verifier}x");

        Assert.Equal("invalid_grant", answer.Error);
    }

    [Fact]
    public async Task Redeeming_Twice_IsRefused_AndEndsWhatTheFirstGave()
    {
        using var browser = fixture.OpenBrowser();
        var callback = await browser.SignInAsync("planner@sofia.example");
        var first = await browser.RedeemAsync(callback);

        Assert.Equal("invalid_grant", (await browser.RedeemAsync(callback)).Error);
        Assert.Equal("invalid_grant", (await browser.RefreshAsync(first.RefreshToken)).Error);
    }

    [Fact]
    public async Task Redeeming_ByAClientWithoutItsSecret_IsRefused()
    {
        using var browser = fixture.OpenBrowser();
        var answer = await browser.RedeemAsync(await browser.SignInAsync("planner@sofia.example"), secret: "wrong");

        Assert.Equal("invalid_client", answer.Error);
    }

    [Fact]
    public async Task PublicClient_WithPkce_NeedsNoSecret()
    {
        using var browser = fixture.OpenBrowser();
        var redirect = $"{ProviderFixture.GatewayUrl}/signin-callback";
        var callback = await browser.SignInAsync("citizen@sofia.example", new() { ["client_id"] = "portal", ["redirect_uri"] = redirect });

        var answer = await browser.TokenAsync(new()
        {
            ["grant_type"] = "authorization_code",
            ["client_id"] = "portal",
            ["code"] = Browser.QueryOf(callback)["code"],
            ["redirect_uri"] = redirect,
            ["code_verifier"] = Browser.Verifier,
        });

        Assert.Equal("portal", new JsonWebToken(answer.AccessToken).Azp);
    }

    [Fact]
    public async Task SecondSignIn_InTheSameBrowser_AsksForNoPassword()
    {
        using var browser = fixture.OpenBrowser();
        await browser.SignInAsync("planner@sofia.example");

        using var again = await browser.AuthorizeAsync();

        Assert.StartsWith(Browser.Redirect, again.Headers.Location!.ToString(), StringComparison.Ordinal);
    }

    [GeneratedRegex("<label for=\"(\\w+)\"")]
    private static partial Regex Label();

    [GeneratedRegex("<input id=\"(\\w+)\"")]
    private static partial Regex Field();
}
