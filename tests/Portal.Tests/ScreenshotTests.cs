using Microsoft.Playwright;

namespace LivingCity.Portal.Tests;

/// <summary>Pictures to be looked at by people, in the folder that <c>SCREENSHOTS</c> names.</summary>
public sealed class ScreenshotTests(RunningPortal portal)
{
    private static readonly string[] Paths = ["/", "/datasets", "/programme", "/programme/forum-2026", "/programme/assembly-2025", "/programme/forum-2026/forum-2026-gate", "/programme/assembly-2026/assembly-2026-debate", "/programme/forum-2026/changes",
        "/declaration", "/hosts", "/chairs", "/reports", "/reports/assembly-2025", "/reports/assembly-2025/write", "/people/ivan-goychev", "/agenda", "/agenda/forum-2026", "/organise", "/organise/forum-2026", "/organise/forum-2026/plan", "/organise/forum-2026/import", "/organise/forum-2026/forum-2026-gate", "/account", "/operations", "/about", "/privacy", "/design", "/no-such-page"];

    [Theory]
    [InlineData("light", ColorScheme.Light, 1280)]
    [InlineData("dark", ColorScheme.Dark, 1280)]
    [InlineData("phone", ColorScheme.Light, 390)]
    [InlineData("wall", ColorScheme.Dark, 2560)]
    [InlineData("print", ColorScheme.Light, 794)]
    public async Task Pages_InThisView_AreTaken(string view, ColorScheme theme, int width)
    {
        var folder = Environment.GetEnvironmentVariable("SCREENSHOTS");
        Assert.SkipWhen(string.IsNullOrEmpty(folder), "SCREENSHOTS names no folder.");
        await using var visitor = await portal.VisitAsync(new BrowserNewContextOptions { ColorScheme = theme, ViewportSize = new() { Width = width, Height = width > 2000 ? 1440 : 844 }, Locale = view == "phone" ? "bg" : "en" });
        await visitor.SignInAsync("operator@platform.example");
        if (view == "print")
        {
            await visitor.Page.EmulateMediaAsync(new() { Media = Media.Print });
        }

        foreach (var path in Paths)
        {
            var answer = await visitor.GoAsync(view == "wall" ? $"{path}?view=wall" : path);
            var name = path == "/" ? "home" : path[1..].Replace('/', '-');
            foreach (var figure in await visitor.Page.Locator("city-map,time-chart,radar-chart").AllAsync())
            {
                await figure.ScrollIntoViewIfNeededAsync();
                await Assertions.Expect(figure).ToHaveAttributeAsync("data-state", "ready");
            }

            await visitor.Page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{view}-{name}.png"), FullPage = true });
            Assert.NotEqual(500, answer.Status);
        }
    }
}
