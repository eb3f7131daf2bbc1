using System.Globalization;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace LivingCity.Portal.Tests;

/// <summary>What holds for every page, for everybody.</summary>
public sealed class PageTests(RunningPortal portal)
{
    private const string Operator = "operator@platform.example";

    private static readonly string[] Open =
    [
        "/", "/datasets", "/datasets?q=nothing-of-the-kind", "/datasets/urn:nothing", "/programme", "/programme/forum-2026", "/programme/forum-2026/forum-2026-gate", "/about", "/accessibility", "/privacy",
        "/data-use", "/data-use?city=nowhere", "/data-terms/urn:nothing", "/design", "/offline", "/sign-out/done", "/sign-in/failed", "/no-such-page",
        "/programme?q=millenium", "/programme/assembly-2025", "/programme/assembly-2026/assembly-2026-debate", "/programme/forum-2026/changes", "/declaration", "/hosts", "/chairs", "/reports", "/reports/assembly-2025",
        "/people/ivan-goychev", "/guest/none", "/unsubscribe/none",
    ];

    private static readonly string[] SignedIn = ["/account", "/contracts", "/contracts/credentials", "/contracts/ledger?agreement=none", "/operations", "/pulse", "/programme/forum-2026/forum-2026-business", "/agenda",
        "/agenda/forum-2026", "/organise/forum-2026", "/organise/forum-2026/forum-2026-gate", "/reports/assembly-2025/write", "/check-in/forum-2026"];

    public static TheoryData<ColorScheme> Themes => [ColorScheme.Light, ColorScheme.Dark];

    [Theory]
    [MemberData(nameof(Themes))]
    public async Task EveryPage_InEitherTheme_HasNoViolation(ColorScheme theme)
    {
        await using var visitor = await portal.VisitAsync(new BrowserNewContextOptions { ColorScheme = theme });

        await ForEachPageAsync(visitor, async path =>
        {
            var result = await visitor.Page.RunAxe();
            Assert.True(result.Violations.Length == 0, $"{path}: {string.Join("; ", result.Violations.Select(violation => $"{violation.Id} {string.Join(", ", violation.Nodes.Select(node => node.Html))}"))}");
        });
    }

    [Theory]
    [MemberData(nameof(Themes))]
    public async Task ForbiddenPage_InEitherTheme_SaysWhatIsMissingAndHasNoViolation(ColorScheme theme)
    {
        await using var visitor = await portal.VisitAsync(new BrowserNewContextOptions { ColorScheme = theme });
        await visitor.SignInAsync("citizen@sofia.example");

        var answer = await visitor.GoAsync("/operations");

        Assert.Equal(403, answer.Status);
        Assert.Empty((await visitor.Page.RunAxe()).Violations.Select(violation => violation.Id));
    }

    [Fact]
    public async Task EveryPage_WithoutScripts_IsThere()
    {
        await using var visitor = await portal.VisitAsync(new BrowserNewContextOptions { JavaScriptEnabled = false });

        await ForEachPageAsync(visitor, async path => Assert.True(await visitor.Page.Locator("main h1").CountAsync() == 1, path));
    }

    [Fact]
    public async Task EveryPage_AsLoaded_MakesNoComplaintAndNoForeignRequest()
    {
        await using var visitor = await portal.VisitAsync();

        await ForEachPageAsync(visitor, _ => Task.CompletedTask);

        Assert.Empty(visitor.ForeignRequests);
        // Chromium reports an answer with status 404 as an error of the page that shows it.
        Assert.DoesNotContain(visitor.Complaints, complaint => !complaint.Contains("status of 404", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(320, null)]
    [InlineData(390, null)]
    [InlineData(1920, "wall")]
    public async Task EveryPage_AtThisWidth_ScrollsOneWayOnly(int width, string? view)
    {
        await using var visitor = await portal.VisitAsync(new BrowserNewContextOptions { ViewportSize = new() { Width = width, Height = 800 } });

        await ForEachPageAsync(visitor, async path =>
        {
            if (view is not null)
            {
                await visitor.GoAsync($"{path}{(path.Contains('?', StringComparison.Ordinal) ? "&" : "?")}view={view}");
            }

            Assert.True(await visitor.Page.EvaluateAsync<int>("document.documentElement.scrollWidth") <= width, path);
        });
    }

    [Fact]
    public async Task EveryPage_ByTabAlone_StartsWithTheSkipLinkAndReachesEverything()
    {
        await using var visitor = await portal.VisitAsync();

        await ForEachPageAsync(visitor, async path =>
        {
            // A map in sight brings stops of its own once it is drawn.
            await LivingCity.Testing.Eventually.TrueAsync(() => visitor.Page.EvaluateAsync<bool>(
                "[...document.querySelectorAll('city-map')].every(map => map.dataset.state === 'ready' || map.getBoundingClientRect().top > innerHeight + 150)"), "the maps in sight are drawn");
            var reachable = await visitor.Page.EvaluateAsync<int>(
                "[...document.querySelectorAll('a[href],button:not([disabled]),input:not([type=hidden]),summary,[tabindex=\"0\"]')].filter(element => element.checkVisibility()).length");
            await visitor.Page.Keyboard.PressAsync("Tab");
            Assert.Equal("#content", await visitor.Page.EvaluateAsync<string?>("document.activeElement.getAttribute('href')"));
            for (var reached = 1; reached < reachable; reached++)
            {
                await visitor.Page.Keyboard.PressAsync("Tab");
                var seen = await visitor.Page.EvaluateAsync<bool>(
                    "(() => { const e = document.activeElement; if (e === document.body || e.dataset.seen) return false; e.dataset.seen = '1'; const s = getComputedStyle(e); return s.outlineStyle !== 'none' || e.closest('.card') !== null; })()");
                Assert.True(seen, $"{path}: stop {reached + 1} of {reachable} is lost or invisible.");
            }
        });
    }

    [Fact]
    public async Task StylePage_ScrolledThrough_DrawsMapAndChartsForAnybody()
    {
        await using var visitor = await portal.VisitAsync();
        await visitor.GoAsync("/design");

        foreach (var figure in (string[])["city-map canvas", "time-chart canvas, time-chart svg", "radar-chart canvas, radar-chart svg"])
        {
            await visitor.Page.Locator(figure.Split(' ')[0]).ScrollIntoViewIfNeededAsync();
            await visitor.Page.Locator(figure).First.WaitForAsync();
        }

        Assert.Empty(visitor.ForeignRequests);
        Assert.DoesNotContain(visitor.Complaints, complaint => !complaint.Contains("GL Driver Message", StringComparison.Ordinal)); // of software rendering, not of the page
    }

    [Fact]
    public async Task SkipLink_WhenUsed_MovesToTheContent()
    {
        await using var visitor = await portal.VisitAsync();
        await visitor.GoAsync("/about");

        await visitor.Page.Keyboard.PressAsync("Tab");
        await visitor.Page.Keyboard.PressAsync("Enter");

        Assert.Equal("content", await visitor.Page.EvaluateAsync<string>("document.activeElement.id"));
    }

    [Fact]
    public async Task Motion_WhenReduced_IsNone()
    {
        await using var visitor = await portal.VisitAsync(new BrowserNewContextOptions { ReducedMotion = ReducedMotion.Reduce });

        foreach (var path in (string[])["/", "/design"])
        {
            await visitor.GoAsync(path);
            Assert.Equal(0, await visitor.Page.EvaluateAsync<int>("document.getAnimations().length"));
        }
    }

    [Fact]
    public async Task FirstPage_WhenLoaded_IsLight()
    {
        await using var visitor = await portal.VisitAsync();
        await visitor.GoAsync("/");

        Assert.InRange(await visitor.Page.EvaluateAsync<int>("performance.getEntries().reduce((sum, entry) => sum + (entry.transferSize ?? 0), 0)"), 1, 150_000);
    }

    /// <summary>On a slow device and a slow line the parts of a page come one after the other: what is shown already must not move.</summary>
    [Theory]
    [InlineData("/")]
    [InlineData("/about")]
    [InlineData("/programme")]
    [InlineData("/sign-in?returnUrl=/account")]
    public async Task Page_OnASlowDevice_DoesNotShift(string path)
    {
        await using var visitor = await portal.VisitAsync();
        await visitor.Page.AddInitScriptAsync("""
            window.shifts = [];
            new PerformanceObserver(list => {
              for (const { value, sources } of list.getEntries())
                window.shifts.push(`${value}: ${sources.map(({ node }) => `${node?.nodeName} ${node?.className}`).join(', ')}`);
            }).observe({ type: 'layout-shift', buffered: true });
            """);
        var device = await visitor.Context.NewCDPSessionAsync(visitor.Page);
        await device.SendAsync("Network.enable");
        await device.SendAsync("Network.emulateNetworkConditions", new() { ["offline"] = false, ["latency"] = 150, ["downloadThroughput"] = 20_000, ["uploadThroughput"] = 20_000 });
        // Where the first paint falls depends on the device: several, each slower than the last.
        for (var slower = 1; slower <= 16; slower *= 2)
        {
            await device.SendAsync("Emulation.setCPUThrottlingRate", new() { ["rate"] = slower });
            await visitor.GoAsync(path);
            await visitor.Page.EvaluateAsync("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))");
            Assert.Empty(await visitor.Page.EvaluateAsync<string[]>("window.shifts"));
        }
    }

    private static async Task ForEachPageAsync(Visitor visitor, Func<string, Task> check)
    {
        foreach (var path in Open)
        {
            await visitor.GoAsync(path);
            await check(path);
        }

        await visitor.SignInAsync(Operator);
        foreach (var path in SignedIn)
        {
            await visitor.GoAsync(path);
            await check(path);
        }
    }
}
