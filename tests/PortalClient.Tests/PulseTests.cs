using LivingCity.PortalClient.Tests.Hosting;
using LivingCity.Testing;

namespace LivingCity.PortalClient.Tests;

public sealed class PulseTests(DemonstrationPlatform platform, Chromium chromium)
{
    [Fact]
    public async Task Pulse_Loaded_ShowsMapChartsAndTableWithoutComplaintOrMovement()
    {
        await using var visit = await Visit.OpenAsync(chromium, platform, () => Pages.PulseAsync(platform));

        await visit.ReadyAsync("city-map");
        await visit.Page.Locator("time-chart").ScrollIntoViewIfNeededAsync();
        await visit.ReadyAsync("time-chart");
        await visit.Page.Locator("radar-chart").ScrollIntoViewIfNeededAsync();
        await visit.ReadyAsync("radar-chart");

        Assert.Equal(17, await visit.Page.Locator("[data-station]").CountAsync());
        await visit.AssertCleanAsync();
    }

    [Fact]
    public async Task Pulse_WithoutScripts_SaysEverythingInTables()
    {
        await using var visit = await Visit.OpenAsync(chromium, platform, () => Pages.PulseAsync(platform, $"?station={Pages.Weather}&property=temperature&hours=168"), scripts: false);

        Assert.Equal(17, await visit.Page.Locator("[data-station]").CountAsync());
        Assert.False(await visit.Page.Locator("city-map").IsVisibleAsync());
        await visit.Page.Locator("summary").ClickAsync();
        Assert.Equal(8, await visit.Page.Locator("#station ~ figure details tbody tr").CountAsync());
        Assert.Equal(6, await visit.Page.Locator("#air ~ figure tbody tr").CountAsync());
    }

    [Fact]
    public async Task Pulse_WhenAReadingComesIn_ShowsItInTableMapAndChart()
    {
        const string station = "urn:ngsi-ld:WeatherObserved:sant-boi:synthetic-1";
        await using var bus = await TestBus.StartAsync(platform.Gateway.Broker);
        await using var visit = await Visit.OpenAsync(chromium, platform, () => Pages.PulseAsync(platform, $"?station={station}&property=temperature", city: "sant-boi"), city: "sant-boi");
        await visit.ReadyAsync("city-map");
        await visit.Page.Locator("time-chart").ScrollIntoViewIfNeededAsync();
        await visit.ReadyAsync("time-chart");
        await visit.Page.Locator("live-status[data-state=live]").WaitForAsync();
        await visit.Page.GetByLabel("Map shows").SelectOptionAsync("temperature");

        await bus.PublishAsync(Listener.Reading("sant-boi", station, 41.5, new DateTimeOffset(2026, 8, 3, 0, 0, 0, TimeSpan.Zero)), "sant-boi");

        await visit.Page.Locator($"[data-station='{station}'] [data-property=temperature]:text-is('41.5\u00a0°C')").WaitForAsync();
        await visit.Page.Locator(".viz-marker[aria-label*='41.5']").WaitForAsync();
        await visit.Page.Locator("time-chart .viz-stage[aria-label*='latest 41.5']").WaitForAsync();
        Assert.Equal("Live", await visit.Page.Locator("live-status [role=status]").TextContentAsync());
        await visit.AssertCleanAsync();
    }

    [Fact]
    public async Task Pulse_WhenTheConnectionIsLost_SaysSoAndComesBack()
    {
        await using var visit = await Visit.OpenAsync(chromium, platform, () => Pages.PulseAsync(platform));
        await visit.Page.Locator("live-status[data-state=live]").WaitForAsync();
        var said = visit.Page.Locator("live-status [role=status]");

        await visit.Page.RouteAsync("**/portal/stream", route => route.AbortAsync());
        await visit.Page.EvaluateAsync("document.querySelector('live-status').replaceWith(document.querySelector('live-status').cloneNode())");
        await visit.Page.Locator("live-status[data-state=reconnecting]").WaitForAsync();
        Assert.Equal("Connection lost. Trying again…", await said.TextContentAsync());
        await visit.Page.UnrouteAsync("**/portal/stream");

        await visit.Page.Locator("live-status[data-state=live]").WaitForAsync();
    }

    [Fact]
    public async Task Pulse_InBulgarian_SpeaksBulgarianInPageAndElements()
    {
        await using var visit = await Visit.OpenAsync(chromium, platform, () => Pages.PulseAsync(platform, language: "bg"), locale: "bg-BG");
        await visit.ReadyAsync("city-map");

        Assert.Equal("Пулсът на града", await visit.Page.Locator("h1").TextContentAsync());
        Assert.Equal("Схематичен план, не е заснет", await visit.Page.Locator(".viz-remark").TextContentAsync());
    }
}
