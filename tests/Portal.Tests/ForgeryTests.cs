using System.Net;
using System.Net.Http.Json;
using System.Text.RegularExpressions;

namespace LivingCity.Portal.Tests;

/// <summary>What another site could make a browser do.</summary>
public sealed partial class ForgeryTests(RunningPortal portal)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/sign-out")]
    [InlineData("/preferences/theme")]
    [InlineData("/preferences/language")]
    [InlineData("/account/sessions/end")]
    [InlineData("/operations/replay")]
    [InlineData("/programme/forum-2026/forum-2026-scene")]
    public async Task Form_WithoutToken_IsRefused(string path)
    {
        await using var visitor = await portal.VisitAsync();
        await visitor.SignInAsync("operator@platform.example");
        using var client = portal.Connect();
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["_handler"] = "register", ["consent"] = "true", ["theme"] = "dark", ["language"] = "bg", ["session"] = Guid.Empty.ToString(), ["service"] = "events", ["queue"] = "events-none",
        }) };
        request.Headers.Add("Cookie", await visitor.CookieAsync());

        using var answer = await client.SendAsync(request, Cancelled);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        await visitor.GoAsync("/account");
        Assert.EndsWith("/account", visitor.Page.Url, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ApiRoute_WithTheSessionCookie_KnowsNobody()
    {
        await using var visitor = await portal.VisitAsync();
        await visitor.SignInAsync("citizen@sofia.example");
        using var client = portal.Connect();
        client.DefaultRequestHeaders.Add("Cookie", await visitor.CookieAsync());

        using var write = await client.PostAsJsonAsync("/api/events/v1/sessions/forum-2026-dinner/registrations", new { }, Cancelled);
        using var read = await client.GetAsync(new Uri("/api/events/v1/registrations", UriKind.Relative), Cancelled);

        Assert.Equal(HttpStatusCode.Unauthorized, write.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, read.StatusCode);
        Assert.Contains("Bearer", write.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://attacker.example/")]
    [InlineData("//attacker.example/")]
    [InlineData("/\\attacker.example")]
    [InlineData("/\t/attacker.example")]
    [InlineData("")]
    public async Task Preference_WithAnAddressElsewhere_LeadsToTheFirstPage(string returnUrl)
    {
        using var client = portal.Connect();
        using var page = await client.GetAsync(new Uri("/about", UriKind.Relative), Cancelled);
        var token = Token().Match(await page.Content.ReadAsStringAsync(Cancelled)).Groups[1].Value;
        using var request = new HttpRequestMessage(HttpMethod.Post, "/preferences/theme") { Content = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["__RequestVerificationToken"] = WebUtility.HtmlDecode(token), ["theme"] = "dark", ["returnUrl"] = returnUrl,
        }) };
        request.Headers.Add("Cookie", page.Headers.GetValues("Set-Cookie").Select(cookie => cookie.Split(';')[0]));

        using var answer = await client.SendAsync(request, Cancelled);

        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.Equal("/", answer.Headers.Location?.ToString());
    }

    [Fact]
    public async Task Page_ForAnotherRole_IsA403ThatHelps()
    {
        await using var visitor = await portal.VisitAsync();
        await visitor.SignInAsync("citizen@sofia.example");

        var answer = await visitor.GoAsync("/operations");

        Assert.Equal(403, answer.Status);
        Assert.Contains("This is not for your account", await visitor.Page.InnerTextAsync("h1"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Page_OfHtml_HasAPolicyWithoutUnsafeAndIsNotKept()
    {
        using var client = portal.Connect();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        using var answer = await client.SendAsync(request, Cancelled);

        var policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));
        Assert.StartsWith("default-src 'self';", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.True(answer.Headers.CacheControl?.NoStore);
    }

    [Fact]
    public async Task MissingPage_ForAProgram_IsAProblem()
    {
        using var client = portal.Connect();
        using var answer = await client.GetAsync(new Uri("/no-such-page", UriKind.Relative), Cancelled);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
    }

    [GeneratedRegex("__RequestVerificationToken\" value=\"([^\"]+)\"")]
    private static partial Regex Token();
}
