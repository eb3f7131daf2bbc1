using Microsoft.Playwright;

namespace LivingCity.Portal.Tests;

public sealed class PreferenceTests(RunningPortal portal)
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Language_WhenSwitched_KeepsThePage(bool scripts)
    {
        await using var visitor = await portal.VisitAsync(new BrowserNewContextOptions { JavaScriptEnabled = scripts });
        await visitor.GoAsync("/datasets?q=air");

        await visitor.Page.ClickAsync("button[name=language][value=bg]");

        await visitor.Page.WaitForURLAsync("**/datasets?q=air");
        await Assertions.Expect(visitor.Page.Locator("html")).ToHaveAttributeAsync("lang", "bg");
        await Assertions.Expect(visitor.Page.Locator("h1")).ToHaveTextAsync("Набори от данни");
        await Assertions.Expect(visitor.Page.Locator("#q")).ToHaveValueAsync("air");
    }

    [Theory]
    [InlineData("bg-BG", "bg")]
    [InlineData("en-GB", "en")]
    [InlineData("fr-FR", "en")]
    public async Task Language_WithoutAChoice_IsTheBrowsersWhereItIsOffered(string locale, string language)
    {
        await using var visitor = await portal.VisitAsync(new BrowserNewContextOptions { Locale = locale });

        await visitor.GoAsync("/");

        await Assertions.Expect(visitor.Page.Locator("html")).ToHaveAttributeAsync("lang", language);
    }

    [Fact]
    public async Task Date_InBulgarian_IsWrittenAsThere()
    {
        await using var visitor = await portal.VisitAsync(new BrowserNewContextOptions { Locale = "bg" });

        await visitor.GoAsync("/programme/assembly-2025");

        await Assertions.Expect(visitor.Page.Locator(".facts")).ToContainTextAsync("15 октомври 2025");
    }

    [Fact]
    public async Task Theme_WhenSwitchedWithoutScripts_IsKeptOnOtherPages()
    {
        await using var visitor = await portal.VisitAsync(new BrowserNewContextOptions { JavaScriptEnabled = false, ColorScheme = ColorScheme.Light });
        await visitor.GoAsync("/about");

        await visitor.Page.ClickAsync("button[name=theme][value=dark]");
        await Assertions.Expect(visitor.Page.Locator("html")).ToHaveAttributeAsync("data-theme", "dark");
        await visitor.GoAsync("/privacy");

        await Assertions.Expect(visitor.Page.Locator("html")).ToHaveAttributeAsync("data-theme", "dark");
        await visitor.Page.ClickAsync("button[name=theme][value=auto]");
        await Assertions.Expect(visitor.Page.Locator("html")).Not.ToHaveAttributeAsync("data-theme", "dark");
    }
}
