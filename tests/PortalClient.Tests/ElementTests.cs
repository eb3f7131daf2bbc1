using LivingCity.PortalClient.Tests.Hosting;
using Microsoft.Playwright;

namespace LivingCity.PortalClient.Tests;

public sealed class ElementTests(DemonstrationPlatform platform, Chromium chromium)
{
    private Task<Visit> OpenAsync() => Visit.OpenAsync(chromium, platform, Pages.Elements);

    [Fact]
    public async Task Elements_UnderTheStrictPolicy_DrawWithoutComplaintOrMovement()
    {
        await using var visit = await OpenAsync();

        await visit.ReadyAsync("city-map");
        await visit.Page.Locator("radar-chart").ScrollIntoViewIfNeededAsync();
        await visit.ReadyAsync("time-chart");
        await visit.ReadyAsync("radar-chart");

        Assert.True(await visit.Page.Locator("time-chart svg path").CountAsync() > 3);
        Assert.True(await visit.Page.Locator("radar-chart svg path").CountAsync() > 6);
        Assert.True(await visit.Page.EvaluateAsync<bool>("document.querySelector('city-map canvas').getContext('webgl2') !== null"));
        await visit.AssertCleanAsync();
    }

    [Fact]
    public async Task Map_OfTheSyntheticCity_HasAPlanAndAButtonPerPlace()
    {
        await using var visit = await OpenAsync();
        await visit.ReadyAsync("city-map");

        var markers = visit.Page.Locator("city-map .viz-marker");
        Assert.Equal(6, await markers.CountAsync());
        Assert.Equal(6, await visit.Page.Locator("city-map .viz-label").CountAsync());
        Assert.True(await DistinctColoursAsync(visit) > 4, "the canvas shows more than one colour");
        await visit.Page.GetByLabel("Map shows").SelectOptionAsync("temperature");
        Assert.Matches(@"^\w[\w ]+: Temperature -?\d+\.\d\u00a0°C$", await markers.First.GetAttributeAsync("aria-label") ?? "");
    }

    [Fact]
    public async Task Map_ByKeyboard_ZoomsMovesAndOpensAPlace()
    {
        await using var visit = await OpenAsync();
        await visit.ReadyAsync("city-map");
        var marker = visit.Page.Locator("city-map .viz-marker").First;
        var before = await marker.BoundingBoxAsync();

        await visit.Page.Locator("city-map canvas").FocusAsync();
        await visit.Page.Keyboard.PressAsync("ArrowRight");
        await visit.Page.WaitForFunctionAsync("x => document.querySelector('city-map .viz-marker').getBoundingClientRect().x < x - 50", (double)before!.X);
        await marker.FocusAsync();
        await visit.Page.Keyboard.PressAsync("Enter");
        var card = visit.Page.Locator("city-map .viz-card");
        await card.WaitForAsync();
        Assert.Equal("Close", await visit.Page.EvaluateAsync<string>("document.activeElement.getAttribute('aria-label')"));
        await visit.Page.Keyboard.PressAsync("Escape");

        await card.WaitForAsync(new() { State = WaitForSelectorState.Detached });
        Assert.True(await marker.EvaluateAsync<bool>("button => button === document.activeElement"));
    }

    [Fact]
    public async Task Chart_ByKeyboard_ReadsItsValuesAloud()
    {
        await using var visit = await OpenAsync();
        await visit.Page.Locator("time-chart").ScrollIntoViewIfNeededAsync();
        await visit.ReadyAsync("time-chart");
        var stage = visit.Page.Locator("time-chart .viz-stage");

        await stage.FocusAsync();
        await visit.Page.Keyboard.PressAsync("Home");
        var first = await visit.Page.Locator("time-chart output").TextContentAsync();
        await visit.Page.Keyboard.PressAsync("ArrowRight");
        var second = await visit.Page.Locator("time-chart output").TextContentAsync();

        Assert.Matches(@"°C, .*26 Jul 2026", first!);
        Assert.NotEqual(first, second);
        Assert.Matches(@"^Temperature in the centre: from .+ to .+, latest .+", await stage.GetAttributeAsync("aria-label") ?? "");
    }

    [Fact]
    public async Task Theme_ChangedOnThePage_IsFollowed()
    {
        await using var visit = await OpenAsync();
        await visit.ReadyAsync("city-map");
        var light = await MiddleAsync(visit);

        await visit.Page.EvaluateAsync("document.documentElement.dataset.theme = 'dark'");

        await visit.Page.WaitForFunctionAsync("before => getComputedStyle(document.querySelector('city-map')).backgroundColor !== before", light);
        var background = await MiddleAsync(visit);
        await visit.Page.EvaluateAsync("document.documentElement.dataset.theme = 'light'");
        Assert.NotEqual(background, await MiddleAsync(visit));
    }

    [Fact]
    public async Task Entry_WithoutMap_IsSmall()
    {
        await using var visit = await Visit.OpenAsync(chromium, platform, () => Task.FromResult(Pages.Document("en", "<p>Nothing to draw here.</p>")));
        await visit.Page.WaitForFunctionAsync("customElements.get('city-map') !== undefined");

        var sizes = await visit.Page.EvaluateAsync<double[]>("performance.getEntriesByType('resource').map(entry => entry.transferSize)");

        Assert.Equal(2, sizes.Length);
        Assert.InRange(sizes.Sum(), 1_000, 30_000);
    }

    [Fact]
    public async Task Element_WhoseDataIsNotThere_PointsToTheTable()
    {
        await using var visit = await Visit.OpenAsync(chromium, platform, () => Task.FromResult(Pages.Document("en", "<time-chart src=\"/portal/data/stations/nobody/history?property=x\"></time-chart>")));

        await visit.Page.Locator("time-chart[data-state=failed]").WaitForAsync();

        Assert.Equal("This could not be loaded. The table below says the same.", await visit.Page.Locator("time-chart .viz-note").TextContentAsync());
    }

    private static Task<string> MiddleAsync(Visit visit) => visit.Page.EvaluateAsync<string>("getComputedStyle(document.querySelector('city-map')).backgroundColor");

    /// <summary>What the map's picture on the screen consists of.</summary>
    private static async Task<int> DistinctColoursAsync(Visit visit)
    {
        var picture = Convert.ToBase64String(await visit.Page.Locator("city-map").ScreenshotAsync());
        return await visit.Page.EvaluateAsync<int>("""
            async picture => {
              const bytes = Uint8Array.from(atob(picture), letter => letter.charCodeAt(0));
              const image = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
              const canvas = new OffscreenCanvas(image.width, image.height).getContext('2d');
              canvas.drawImage(image, 0, 0);
              const data = canvas.getImageData(0, 0, image.width, image.height).data;
              const counts = new Map();
              for (let at = 0; at < data.length; at += 4) { const key = data[at] << 16 | data[at + 1] << 8 | data[at + 2]; counts.set(key, (counts.get(key) ?? 0) + 1); }
              return [...counts.values()].filter(count => count > data.length / 4 / 200).length;
            }
            """, picture);
    }
}
