using LivingCity.PortalClient.Tests.Hosting;
using Microsoft.Playwright;

namespace LivingCity.PortalClient.Tests;

/// <summary>Pictures to be looked at: <c>LIVINGCITY_SCREENSHOTS</c> names the folder.</summary>
public sealed class ScreenshotTests(DemonstrationPlatform platform, Chromium chromium)
{
    [Theory]
    [InlineData("light", 1280, "en", "condition")]
    [InlineData("dark", 1280, "en", "temperature")]
    [InlineData("phone", 390, "bg", "condition")]
    public async Task Pulse_AsSeen_IsPictured(string name, int width, string language, string property)
    {
        var folder = Environment.GetEnvironmentVariable("LIVINGCITY_SCREENSHOTS");
        Assert.SkipWhen(folder is null, "LIVINGCITY_SCREENSHOTS names no folder.");
        var styles = string.Concat(((string[])["tokens", "base", "layout", "components"]).Select(style => $"""<link rel="stylesheet" href="/css/{style}.css">"""));
        await using var visit = await Visit.OpenAsync(
            chromium, platform, () => Pages.PulseAsync(platform, $"?station={Pages.Weather}&property=temperature&hours=672", language, style: styles),
            name == "dark" ? ColorScheme.Dark : ColorScheme.Light, width, width < 500 ? 844 : 900, locale: language);
        await visit.ReadyAsync("city-map");
        await visit.Page.Locator("city-map select").SelectOptionAsync(property);
        await visit.Page.Locator("city-map").ScreenshotAsync(new() { Path = Path.Combine(folder!, $"map-{name}.png"), Animations = ScreenshotAnimations.Disabled });
        foreach (var chart in (string[])["time-chart", "radar-chart"])
        {
            await visit.Page.Locator(chart).ScrollIntoViewIfNeededAsync();
            await visit.ReadyAsync(chart);
        }

        await visit.Page.Locator("city-map .viz-marker").First.ClickAsync();
        await visit.Page.Locator("city-map").ScreenshotAsync(new() { Path = Path.Combine(folder!, $"place-{name}.png"), Animations = ScreenshotAnimations.Disabled });
        await visit.Page.Keyboard.PressAsync("Escape");
        await visit.Page.EvaluateAsync("scrollTo(0, 0)");
        await visit.Page.ScreenshotAsync(new() { Path = Path.Combine(folder!, $"pulse-{name}.png"), FullPage = true, Animations = ScreenshotAnimations.Disabled });
        Assert.True(File.Exists(Path.Combine(folder!, $"map-{name}.png")));
    }
}
