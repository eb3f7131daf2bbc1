using System.Globalization;
using Microsoft.Playwright;

namespace LivingCity.Portal.Benchmarks;

/// <summary>What one visit to a page costs, as the browser itself reports it.</summary>
/// <param name="Kilobytes">Transferred, headers included, in 1000 bytes (W3C Resource Timing, <c>transferSize</c>).</param>
/// <param name="LargestPaint">Milliseconds from the navigation's start (W3C Largest Contentful Paint).</param>
/// <param name="Shift">Sum of all layout shifts (WICG Layout Instability).</param>
internal sealed record PageLoad(double Kilobytes, double LargestPaint, double Shift)
{
    private const string Observe = """
        () => {
            window.measured = { paint: 0, shift: 0 };
            new PerformanceObserver(list => { for (const entry of list.getEntries()) window.measured.paint = entry.startTime; }).observe({ type: 'largest-contentful-paint', buffered: true });
            new PerformanceObserver(list => { for (const entry of list.getEntries()) window.measured.shift += entry.value; }).observe({ type: 'layout-shift', buffered: true });
            return new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done({
                ...window.measured, bytes: performance.getEntries().reduce((sum, entry) => sum + (entry.transferSize ?? 0), 0),
            }))));
        }
        """;

    public static async Task<PageLoad> MeasureAsync(IBrowserContext context, string path, bool signIn)
    {
        var page = await context.NewPageAsync();
        if (signIn)
        {
            await page.GotoAsync("/sign-in?returnUrl=/account");
            await page.FillAsync("#username", "officer@sofia.example");
            await page.FillAsync("#password", "demo");
            await page.ClickAsync("button[type=submit]");
            await page.WaitForURLAsync("**/account");
        }

        await page.GotoAsync(path, new PageGotoOptions { WaitUntil = signIn ? WaitUntilState.Load : WaitUntilState.NetworkIdle });
        if (signIn)
        {
            await page.Locator("city-map canvas").WaitForAsync();
        }

        var measured = await page.EvaluateAsync<Measured>(Observe);
        return new PageLoad(measured.Bytes / 1000.0, measured.Paint, measured.Shift);
    }

    public static string Median(string path, IReadOnlyList<PageLoad> loads) => string.Create(
        CultureInfo.InvariantCulture, $"| `{path}` | {Middle(loads, load => load.Kilobytes):0} | {Middle(loads, load => load.LargestPaint):0} | {loads.Max(load => load.Shift):0.###} |");

    private static double Middle(IReadOnlyList<PageLoad> loads, Func<PageLoad, double> value) => loads.Select(value).Order().ElementAt(loads.Count / 2);

    private sealed class Measured
    {
        public double Paint { get; set; }

        public double Shift { get; set; }

        public double Bytes { get; set; }
    }
}
