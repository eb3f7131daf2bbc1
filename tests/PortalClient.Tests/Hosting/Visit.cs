using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace LivingCity.PortalClient.Tests.Hosting;

/// <summary>
/// A signed-in visitor on a page of the gateway's origin, under the portal's strict policy. Everything that the page must not do is noted: errors, violations of the policy,
/// requests to others.
/// </summary>
internal sealed class Visit : IAsyncDisposable
{
    private const string Policy = "default-src 'self'; worker-src 'self' blob:; img-src 'self' data: blob:; require-trusted-types-for 'script'; trusted-types default";

    /// <summary>Counts what moves while the page loads (Layout Instability, WICG) and what the policy refuses.</summary>
    private const string Watch = """
        window.shift = 0; window.violations = [];
        new PerformanceObserver(list => { for (const entry of list.getEntries()) window.shift += entry.value; }).observe({ type: 'layout-shift', buffered: true });
        document.addEventListener('securitypolicyviolation', event => window.violations.push(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`));
        """;

    private readonly IBrowserContext context;
    private readonly ConcurrentQueue<string> complaints = new();

    private Visit(IBrowserContext context, IPage page) => (this.context, Page) = (context, page);

    public IPage Page { get; }

    public ConcurrentQueue<IResponse> Responses { get; } = new();

    public static async Task<Visit> OpenAsync(
        Chromium chromium, DemonstrationPlatform platform, Func<Task<string>> html, ColorScheme scheme = ColorScheme.Light, int width = 1280, int height = 900,
        bool scripts = true, string locale = "en-GB", string? city = "sofia", ReducedMotion motion = ReducedMotion.NoPreference)
    {
        using var client = platform.Gateway.Anonymous();
        var origin = client.BaseAddress!;
        var context = await chromium.OpenAsync(new BrowserNewContextOptions
        {
            ViewportSize = new ViewportSize { Width = width, Height = height }, DeviceScaleFactor = 2, ColorScheme = scheme, Locale = locale, ReducedMotion = motion, JavaScriptEnabled = scripts,
            TimezoneId = "UTC", ExtraHTTPHeaders = [new("Authorization", $"Bearer {platform.Infrastructure.Issuer.Token(city, "citizen")}")],
        });
        if (scripts)
        {
            await context.AddInitScriptAsync(Watch);
        }

        var page = await context.NewPageAsync();
        var visit = new Visit(context, page);
        // The software renderer remarks on its own speed when a picture is taken.
        page.Console += (_, message) => visit.Note(message.Type is "error" or "warning" && !message.Text.Contains("GL Driver Message", StringComparison.Ordinal), $"console: {message.Text}");
        page.PageError += (_, error) => visit.Note(true, $"error: {error}");
        page.Response += (_, response) => visit.Responses.Enqueue(response);
        page.Request += (_, request) => visit.Note(!request.Url.StartsWith("blob:", StringComparison.Ordinal) && !request.Url.StartsWith("data:", StringComparison.Ordinal)
            && !request.Url.StartsWith(origin.ToString(), StringComparison.Ordinal), $"foreign request: {request.Url}");
        var document = await html();
        await page.RouteAsync(new Uri(origin, "/page").ToString() + "**", route => route.FulfillAsync(new RouteFulfillOptions
        {
            ContentType = "text/html; charset=utf-8", Body = document, Headers = new Dictionary<string, string> { ["Content-Security-Policy"] = Policy },
        }));
        await page.RouteAsync(new Uri(origin, "/css/").ToString() + "**", route => File.Exists(StyleSheet(route))
            ? route.FulfillAsync(new RouteFulfillOptions { ContentType = "text/css", Path = StyleSheet(route) }) : route.ContinueAsync());
        await page.GotoAsync(new Uri(origin, "/page").ToString());
        return visit;
    }

    public async Task ReadyAsync(string element) => await Page.Locator($"{element}[data-state=ready]").First.WaitForAsync(new() { Timeout = 30_000 });

    /// <summary>Nothing of what a page must not do was seen.</summary>
    public async Task AssertCleanAsync()
    {
        Assert.Empty(await Page.EvaluateAsync<string[]>("window.violations"));
        Assert.Empty(complaints);
        Assert.Equal(0, await Page.EvaluateAsync<double>("window.shift"));
    }

    public async ValueTask DisposeAsync() => await context.DisposeAsync();

    private static string StyleSheet(IRoute route) => Path.Combine(AppContext.BaseDirectory, "../../../../../gateway/wwwroot", new Uri(route.Request.Url).AbsolutePath.TrimStart('/'));

    private void Note(bool wrong, string what)
    {
        if (wrong)
        {
            complaints.Enqueue(what);
        }
    }
}
