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
        using var api = await portal.SignInToApiAsync("officer@sofia.example");
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
        using var api = await portal.SignInToApiAsync("planner@sofia.example");
        await CityIsLoadedAsync(api);
        await using var visitor = await portal.VisitAsync(new BrowserNewContextOptions { ColorScheme = theme });
        await visitor.SignInAsync("planner@sofia.example", "/pulse");
        await visitor.Page.Locator("city-map canvas").WaitForAsync();

        var result = await visitor.Page.RunAxe();

        Assert.Empty(result.Violations.Select(violation => $"{violation.Id}: {string.Join(", ", violation.Nodes.Select(node => node.Html))}"));
    }

    [Theory]
    [InlineData(320, null)]
    [InlineData(390, null)]
    [InlineData(1920, "wall")]
    public async Task Pulse_AtThisWidth_ScrollsOneWayOnly(int width, string? view)
    {
        using var api = await portal.SignInToApiAsync("planner@sofia.example");
        await CityIsLoadedAsync(api);
        await using var visitor = await portal.VisitAsync(new BrowserNewContextOptions { ViewportSize = new() { Width = width, Height = 800 } });
        await visitor.SignInAsync("planner@sofia.example", "/pulse");
        await visitor.GoAsync(view is null ? "/pulse" : $"/pulse?view={view}");
        await visitor.Page.Locator("city-map canvas").WaitForAsync();

        Assert.True(await visitor.Page.EvaluateAsync<int>("document.documentElement.scrollWidth") <= width);
    }

    [Fact]
    public async Task Pulse_ByTabAlone_LeadsThroughMapChartAndTable()
    {
        using var api = await portal.SignInToApiAsync("planner@sofia.example");
        await CityIsLoadedAsync(api);
        await using var visitor = await portal.VisitAsync();
        await visitor.SignInAsync("planner@sofia.example", "/pulse");
        await visitor.Page.Locator("city-map canvas").WaitForAsync();

        var stops = new HashSet<string>();
        for (var stop = 0; stop < 200 && !stops.Contains("footer"); stop++)
        {
            await visitor.Page.Keyboard.PressAsync("Tab");
            stops.Add(await visitor.Page.EvaluateAsync<string>("(document.activeElement.closest('city-map,.site-foot,table,form') ?? document.body).tagName.toLowerCase()"));
        }

        Assert.Superset(new HashSet<string> { "city-map", "form", "table", "footer" }, stops);
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
}
