using System.Net;
using Microsoft.Playwright;

namespace LivingCity.Portal.Tests;

public sealed class SignInTests(RunningPortal portal)
{
    [Theory]
    [InlineData("citizen@sofia.example", "Citizen")]
    [InlineData("officer@sofia.example", "Data officer")]
    [InlineData("planner@sofia.example", "Planner")]
    [InlineData("organiser@sant-boi.example", "Organiser")]
    [InlineData("assessor@sant-boi.example", "Assessor")]
    [InlineData("admin@sant-boi.example", "City administrator")]
    [InlineData("operator@platform.example", "Platform administrator")]
    public async Task SignIn_AsEachRole_ShowsTheAccountAndEndsWithSignOut(string user, string role)
    {
        await using var visitor = await portal.VisitAsync();

        await visitor.SignInAsync(user);

        await Assertions.Expect(visitor.Page.Locator(".facts")).ToContainTextAsync(user);
        await Assertions.Expect(visitor.Page.Locator(".facts")).ToContainTextAsync(role);
        await visitor.SignOutAsync();
        await visitor.Page.WaitForURLAsync("**/sign-out/done");
        await visitor.GoAsync("/account");
        await Assertions.Expect(visitor.Page.Locator("#username")).ToBeVisibleAsync();
        Assert.Empty(visitor.ForeignRequests);
        Assert.Empty(visitor.Complaints);
    }

    [Fact]
    public async Task SessionCookie_IsKeptFromScriptsAndOtherSites()
    {
        await using var visitor = await portal.VisitAsync();
        await visitor.SignInAsync("citizen@sofia.example");

        var cookie = (await visitor.Context.CookiesAsync()).Single(candidate => candidate.Name == "city-session");

        Assert.True(cookie.HttpOnly);
        Assert.Equal(SameSiteAttribute.Lax, cookie.SameSite);
        Assert.Equal(-1, cookie.Expires);
    }

    [Theory]
    [InlineData("https://attacker.example/")]
    [InlineData("//attacker.example/")]
    [InlineData("/\\attacker.example/")]
    [InlineData("javascript:alert(1)")]
    public async Task SignIn_WithAnAddressElsewhere_ComesBackToTheFirstPage(string returnUrl)
    {
        await using var visitor = await portal.VisitAsync();
        await visitor.GoAsync($"/sign-in?returnUrl={Uri.EscapeDataString(returnUrl)}");
        await visitor.Page.FillAsync("#username", "citizen@sofia.example");
        await visitor.Page.FillAsync("#password", "demo");
        await visitor.Page.ClickAsync("button[type=submit]");

        await visitor.Page.WaitForURLAsync(portal.Address.ToString());
        Assert.Empty(visitor.ForeignRequests);
    }

    [Fact]
    public async Task Callback_WithForgedState_SignsNobodyIn()
    {
        using var client = portal.Connect();
        using var answer = await client.GetAsync(new Uri("/signin-oidc?code=forged&state=forged", UriKind.Relative), TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.Equal("/sign-in/failed", answer.Headers.Location?.ToString());
        Assert.False(answer.Headers.TryGetValues("Set-Cookie", out var cookies) && cookies.Any(cookie => cookie.Contains("city-session=", StringComparison.Ordinal) && !cookie.Contains("1970", StringComparison.Ordinal)));
    }
}
