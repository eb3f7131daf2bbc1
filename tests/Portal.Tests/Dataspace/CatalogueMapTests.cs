using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace LivingCity.Portal.Tests.Dataspace;

/// <summary>The catalogue's map and what it says of quality, without signing in.</summary>
public sealed class CatalogueMapTests(RunningPortal portal)
{
    [Fact]
    public async Task Map_ShowsTheSameDatasetsAsTheListUnderIt()
    {
        await using var visitor = await portal.VisitAsync();
        await ListedAsync(visitor, "/datasets");
        var page = visitor.Page;
        await page.Locator("city-map").ScrollIntoViewIfNeededAsync();
        await page.Locator("city-map[data-state=ready]").WaitForAsync();

        var onMap = string.Join(", ", await page.Locator("city-map .viz-marker").EvaluateAllAsync<string[]>("markers => markers.map(marker => marker.getAttribute('aria-label'))"));
        await page.ClickAsync(".figure summary");
        var inList = await page.Locator(".figure details li a").AllInnerTextsAsync();

        Assert.NotEmpty(inList);
        Assert.All(inList, title => Assert.Contains(title, onMap, StringComparison.Ordinal));
        Assert.Empty((await page.RunAxe()).Violations.Select(violation => $"{violation.Id}: {string.Join(", ", violation.Nodes.Select(node => node.Html))}"));
        await page.Locator("city-map .viz-marker").First.ClickAsync();
        await page.Locator("city-map .viz-card a").First.ClickAsync();
        await page.WaitForURLAsync("**/datasets/urn*");
        Assert.Empty(visitor.ForeignRequests);
        Assert.Empty(visitor.Complaints.Where(complaint => !complaint.Contains("GL Driver Message", StringComparison.Ordinal))); // of software rendering, not of the page
    }

    [Theory]
    [InlineData("en", "Quality", "Fresh: data came in within a week")]
    [InlineData("bg", "Качество", "Нови: данни са постъпили през последната седмица")]
    public async Task Quality_IsShownOnTheDatasetAndSearchedFor(string language, string word, string point)
    {
        await using var visitor = await portal.VisitAsync(new BrowserNewContextOptions { Locale = language });
        await ListedAsync(visitor, "/datasets");
        var all = await visitor.Page.Locator(".cards .card").CountAsync();
        await visitor.Page.Locator(".cards .card-title a").First.ClickAsync();
        var quality = visitor.Page.Locator("section[aria-labelledby=quality]");
        await Assertions.Expect(quality.Locator("h2")).ToContainTextAsync(word);
        await Assertions.Expect(quality).ToContainTextAsync(point);
        Assert.Empty((await visitor.Page.RunAxe()).Violations);

        await visitor.GoAsync("/datasets");
        await visitor.Page.SelectOptionAsync("#quality", "100");
        await visitor.Page.ClickAsync("form[role=search] button");

        await visitor.Page.WaitForURLAsync("**quality=100*");
        Assert.True(await visitor.Page.Locator(".cards .card").CountAsync() < all, "the demonstration's data is computed, so not all points can hold");
        Assert.Equal("100", await visitor.Page.Locator("#quality").InputValueAsync());
    }

    private static Task ListedAsync(Visitor visitor, string path) => Eventually.TrueAsync(
        async () =>
        {
            await visitor.GoAsync(path);
            return await visitor.Page.Locator("city-map").CountAsync() == 1;
        },
        "the catalogue lists datasets with a place");
}
