using Microsoft.Playwright;

namespace LivingCity.Portal.Tests;

public sealed class ProgrammePageTests(RunningPortal portal)
{
    [Fact]
    public async Task Programme_WithoutDates_SaysToBeAnnounced()
    {
        await using var visitor = await portal.VisitAsync();

        await visitor.GoAsync("/programme");

        await Assertions.Expect(visitor.Page.Locator(".timeline li", new() { HasTextString = "Digital Forum Meeting 2026" })).ToContainTextAsync("To be announced");
    }

    [Theory]
    [InlineData("/programme/nothing", "There is no such event")]
    [InlineData("/programme/forum-2026/nothing", "There is no such session")]
    [InlineData("/datasets/nothing", "There is no such dataset")]
    [InlineData("/nothing", "There is no such page")]
    public async Task Missing_OfAnyKind_Is404InItsOwnWords(string path, string words)
    {
        await using var visitor = await portal.VisitAsync();

        var answer = await visitor.GoAsync(path);

        Assert.Equal(404, answer.Status);
        await Assertions.Expect(visitor.Page.Locator("main")).ToContainTextAsync(words);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Registration_FromSignInToCancelling_NeedsConsentAndNoScript(bool scripts)
    {
        const string session = "/programme/forum-2026/forum-2026-scene";
        await using var visitor = await portal.VisitAsync(new BrowserNewContextOptions { JavaScriptEnabled = scripts });
        await visitor.SignInAsync("citizen@sant-boi.example", session);
        var registration = visitor.Page.Locator("section[aria-labelledby=registration]");

        await registration.GetByRole(AriaRole.Button).ClickAsync();
        await Assertions.Expect(visitor.Page.Locator("#consent-error")).ToBeVisibleAsync();
        await Assertions.Expect(visitor.Page.Locator("#consent")).ToHaveAttributeAsync("aria-describedby", "consent-error consent-hint");

        await visitor.Page.CheckAsync("#consent");
        await registration.GetByRole(AriaRole.Button).ClickAsync();
        await Assertions.Expect(registration.Locator(".notice.good")).ToBeVisibleAsync();
        await visitor.Page.ReloadAsync();
        await Assertions.Expect(registration.Locator(".notice.good")).ToBeVisibleAsync();

        await registration.GetByRole(AriaRole.Button).ClickAsync();
        await Assertions.Expect(visitor.Page.Locator("#consent")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Registration_ForTwoThatExcludeEachOther_IsASwitch()
    {
        await using var visitor = await portal.VisitAsync();
        await visitor.SignInAsync("assessor@sofia.example", "/programme/forum-2026/forum-2026-gate");
        await visitor.Page.CheckAsync("#consent");
        await visitor.Page.ClickAsync("section[aria-labelledby=registration] button");
        await Assertions.Expect(visitor.Page.Locator(".notice.good")).ToBeVisibleAsync();

        await visitor.GoAsync("/programme/forum-2026/forum-2026-techpark");
        await Assertions.Expect(visitor.Page.Locator("section[aria-labelledby=registration]")).ToContainTextAsync("another session at the same time");
        await visitor.Page.CheckAsync("#consent");
        await visitor.Page.ClickAsync("section[aria-labelledby=registration] button");

        await Assertions.Expect(visitor.Page.Locator("section[aria-labelledby=registration] .notice.good")).ToBeVisibleAsync();
        await visitor.GoAsync("/programme/forum-2026/forum-2026-gate");
        await Assertions.Expect(visitor.Page.Locator("#consent")).ToBeVisibleAsync();
    }
}
