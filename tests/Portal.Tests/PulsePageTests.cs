using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace LivingCity.Portal.Tests;

/// <summary>The city's pulse, seen in a browser that has signed in, against the whole platform.</summary>
public sealed class PulsePageTests(RunningPortal portal)
{
    private const string Station = "urn:ngsi-ld:WeatherObserved:sofia:synthetic-1";

    [Fact]
    public async Task Pulse_SignedIn_ShowsTheCityAndAReadingAsItComesIn()
    {
        using var api = await ConnectAsync("officer@sofia.example");
        await CityIsLoadedAsync(api);
        await using var visitor = await portal.VisitAsync();
        await visitor.SignInAsync("officer@sofia.example", "/pulse");
        await visitor.Page.Locator("live-status[data-state=live]").WaitForAsync();
        await visitor.Page.Locator("city-map canvas").WaitForAsync();

        using var stored = await api.PostAsJsonAsync("/ngsi-ld/v1/entityOperations/upsert?options=update", new[]
        {
            new { id = Station, type = "WeatherObserved", temperature = new { type = "Property", value = 42.5, unitCode = "CEL", observedAt = "2026-11-01T12:00:00Z" } },
        }, TestContext.Current.CancellationToken);
        Assert.True(stored.IsSuccessStatusCode);

        await visitor.Page.Locator($"[data-station='{Station}'] [data-property=temperature]:text-is('42.5\u00a0°C')").WaitForAsync();
        Assert.Empty(visitor.ForeignRequests);
        Assert.Empty(visitor.Complaints.Where(complaint => !complaint.Contains("GL Driver Message", StringComparison.Ordinal))); // of software rendering, not of the page
    }

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task Pulse_InEitherTheme_HasNoViolation(ColorScheme theme)
    {
        using var api = await ConnectAsync("planner@sofia.example");
        await CityIsLoadedAsync(api);
        await using var visitor = await portal.VisitAsync(new BrowserNewContextOptions { ColorScheme = theme });
        await visitor.SignInAsync("planner@sofia.example", "/pulse");
        await visitor.Page.Locator("city-map canvas").WaitForAsync();

        var result = await visitor.Page.RunAxe();

        Assert.Empty(result.Violations.Select(violation => $"{violation.Id}: {string.Join(", ", violation.Nodes.Select(node => node.Html))}"));
    }

    [Fact]
    public async Task Pulse_WithoutSession_AsksToSignIn()
    {
        await using var visitor = await portal.VisitAsync();

        await visitor.GoAsync("/pulse");

        Assert.Contains("/realms/city/", visitor.Page.Url, StringComparison.Ordinal);
        using var anyone = portal.Connect();
        Assert.Equal(System.Net.HttpStatusCode.Redirect, (await anyone.GetAsync("/pulse", TestContext.Current.CancellationToken)).StatusCode);
    }

    private static Task CityIsLoadedAsync(HttpClient api) => Eventually.TrueAsync(
        async () => (await api.GetFromJsonAsync<JsonArray>("/api/twin/v1/stations"))!.Count(station => ((string)station!["id"]!).Contains(":synthetic-", StringComparison.Ordinal) && station["observedAt"] is not null) == 17,
        "the demonstration city is loaded");

    private async Task<HttpClient> ConnectAsync(string user)
    {
        using var realm = portal.App.CreateHttpClient("keycloak");
        using var form = new FormUrlEncodedContent(new Dictionary<string, string> { ["grant_type"] = "password", ["client_id"] = "demo-cli", ["username"] = user, ["password"] = "demo", ["scope"] = "openid" });
        using var token = await realm.PostAsync("/realms/city/protocol/openid-connect/token", form, TestContext.Current.CancellationToken);
        var api = portal.Connect();
        api.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", (string)(await token.Content.ReadFromJsonAsync<JsonObject>(TestContext.Current.CancellationToken))!["access_token"]!);
        return api;
    }
}
