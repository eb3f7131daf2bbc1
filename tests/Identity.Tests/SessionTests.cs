using System.Net;

namespace LivingCity.Identity.Tests;

public sealed class SessionTests(ProviderFixture fixture)
{
    [Fact]
    public async Task Refresh_GivesANewTokenEachTime()
    {
        using var browser = fixture.OpenBrowser();
        var first = await SignInAsync(browser);

        var second = await browser.RefreshAsync(first.RefreshToken);
        var third = await browser.RefreshAsync(second.RefreshToken);

        Assert.Equal(3, new HashSet<string> { first.RefreshToken, second.RefreshToken, third.RefreshToken }.Count);
        Assert.Equal(HttpStatusCode.OK, third.Status);
    }

    [Fact]
    public async Task Refresh_WithAUsedToken_EndsTheWholeGrant()
    {
        using var browser = fixture.OpenBrowser();
        var first = await SignInAsync(browser);
        var second = await browser.RefreshAsync(first.RefreshToken);

        Assert.Equal("invalid_grant", (await browser.RefreshAsync(first.RefreshToken)).Error);
        Assert.Equal("invalid_grant", (await browser.RefreshAsync(second.RefreshToken)).Error);
    }

    [Fact]
    public async Task Logout_WithTheIdToken_EndsTheSessionAtOnceAndReturnsToTheClient()
    {
        using var browser = fixture.OpenBrowser();
        var tokens = await SignInAsync(browser);
        var target = $"{ProviderFixture.GatewayUrl}/signout-callback-oidc";

        using var answer = await browser.GetAsync(Logout(("id_token_hint", tokens.IdToken), ("post_logout_redirect_uri", target), ("state", "kept")));

        Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
        Assert.Equal($"{target}?state=kept", answer.Headers.Location!.ToString());
        Assert.Equal("invalid_grant", (await browser.RefreshAsync(tokens.RefreshToken)).Error);
        using var again = await browser.AuthorizeAsync();
        Assert.DoesNotContain("code=", again.Headers.Location!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Logout_WithoutIdToken_AsksFirst()
    {
        using var browser = fixture.OpenBrowser();
        var tokens = await SignInAsync(browser);

        using var answer = await browser.GetAsync(Logout());

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Contains("name=\"logout\" value=\"yes\"", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await browser.RefreshAsync(tokens.RefreshToken)).Status);
    }

    [Fact]
    public async Task Logout_ToAnUnknownAddress_IsRefused()
    {
        using var browser = fixture.OpenBrowser();
        var tokens = await SignInAsync(browser);

        using var answer = await browser.GetAsync(Logout(("id_token_hint", tokens.IdToken), ("post_logout_redirect_uri", "http://attacker.example/")));

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Fact]
    public async Task Logout_EndsTheAccessTokenForUserInfo()
    {
        using var browser = fixture.OpenBrowser();
        var tokens = await SignInAsync(browser);
        using var leaving = await browser.GetAsync(Logout(("id_token_hint", tokens.IdToken)));

        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, fixture.Provider.Endpoint("userinfo"));
        request.Headers.Authorization = new("Bearer", tokens.AccessToken);
        using var answer = await http.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Fact]
    public async Task Revocation_OfARefreshToken_EndsIt()
    {
        using var browser = fixture.OpenBrowser();
        var tokens = await SignInAsync(browser);

        using var answer = await browser.PostAsync(fixture.Provider.Endpoint("revoke"), new()
        {
            ["client_id"] = "gateway",
            ["client_secret"] = ProviderFixture.GatewaySecret,
            ["token"] = tokens.RefreshToken,
        });

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("invalid_grant", (await browser.RefreshAsync(tokens.RefreshToken)).Error);
    }

    private static async Task<Answer> SignInAsync(Browser browser) => await browser.RedeemAsync(await browser.SignInAsync("organiser@sofia.example"));

    private Uri Logout(params (string Name, string Value)[] parameters) =>
        new($"{fixture.Provider.Endpoint("logout")}?{string.Join('&', parameters.Select(parameter => $"{parameter.Name}={Uri.EscapeDataString(parameter.Value)}"))}");
}
