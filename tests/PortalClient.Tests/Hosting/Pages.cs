using System.Globalization;
using System.Security.Claims;
using LivingCity.Gateway.Portal.Live;
using LivingCity.Gateway.Portal.Pulse;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace LivingCity.PortalClient.Tests.Hosting;

/// <summary>Pages for the browser to open.</summary>
internal static class Pages
{
    public const string Air = "urn:ngsi-ld:AirQualityObserved:sofia:synthetic-1";
    public const string Weather = "urn:ngsi-ld:WeatherObserved:sofia:synthetic-1";

    public static readonly string HistoryPath = $"/portal/data/stations/{Uri.EscapeDataString(Weather)}/history?property=temperature&hours=168";

    /// <summary>Each element once.</summary>
    public static Task<string> Elements() => Task.FromResult(Document("en", $"""
        <h1>Elements</h1>
        <p><live-status src="/portal/stream" patience="5"></live-status></p>
        <figure><city-map src="/portal/data/stations" model="/portal/data/city-model" station-link="/page?station=%7Bid%7D"></city-map><figcaption>Map</figcaption></figure>
        <figure><time-chart src="{HistoryPath}" property="temperature" label="Temperature in the centre"></time-chart><figcaption>Chart</figcaption></figure>
        <figure><radar-chart src="/portal/data/air-quality" label="Air by district" reference-label="WHO guideline"></radar-chart><figcaption>Radar</figcaption></figure>
        <live-table src="/portal/data/stations"><table><tbody><tr data-station="{Weather}"><th scope="row">Centre</th><td data-property="temperature">?</td><td><time data-observed>?</time></td></tr></tbody></table></live-table>
        """));

    public static string Document(string language, string content, string style = "") => $"""
        <!doctype html>
        <html lang="{language}">
        <head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Page</title><link rel="icon" href="data:,">
        <link rel="stylesheet" href="/portal/portal.css">{style}<script type="module" src="/portal/portal.js"></script></head>
        <body>{content}</body></html>
        """;

    /// <summary>The page of the city's pulse as the gateway renders it for a citizen.</summary>
    public static async Task<string> PulseAsync(DemonstrationPlatform platform, string query = "", string language = "en", string city = "sofia", string style = "")
    {
        await using var scope = platform.Gateway.Services.CreateAsyncScope();
        var http = new DefaultHttpContext { RequestServices = scope.ServiceProvider, User = new ClaimsPrincipal(new ClaimsIdentity([new Claim("city", city)], "test")) };
        http.Request.Headers.Authorization = $"Bearer {platform.Infrastructure.Issuer.Token(city, "citizen")}";
        scope.ServiceProvider.GetRequiredService<IHttpContextAccessor>().HttpContext = http;
        ((IHostEnvironmentNavigationManager)scope.ServiceProvider.GetRequiredService<NavigationManager>()).Initialize("http://localhost/", $"http://localhost/pulse{query}");
        CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo(language);
        await using var renderer = new HtmlRenderer(scope.ServiceProvider, NullLoggerFactory.Instance);
        var body = await renderer.Dispatcher.InvokeAsync(async () => (await renderer.RenderComponentAsync<PulsePage>()).ToHtmlString());
        return Document(language, $"<main>{body}</main>", style);
    }
}
