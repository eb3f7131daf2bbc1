using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace LivingCity.AppHost.Embedded;

/// <summary>The local page and the same data as JSON. The token in the path is the only way in.</summary>
internal static class DashboardEndpoints
{
    private const int Shown = 200;
    private static readonly string Style = ReadStyle();

    public static void MapDashboard(this IEndpointRouteBuilder routes, string prefix, DashboardData data)
    {
        var page = routes.MapGroup(prefix);
        page.AddEndpointFilter(async (context, next) =>
        {
            var headers = context.HttpContext.Response.Headers;
            headers.ContentSecurityPolicy = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
            headers["Referrer-Policy"] = "no-referrer";
            headers.CacheControl = "no-store";
            return await next(context);
        });
        page.MapGet("/", () => Show(ResourcesPage.Render(data)));
        page.MapGet("/logs", (string? resource, string? severity) => Show(LogsPage.Render(data, resource, severity)));
        page.MapGet("/output", (string? resource) => Show(OutputPage.Render(data, resource)));
        page.MapGet("/traces", () => Show(TracesPage.Render(data)));
        page.MapGet("/traces/{traceId}", (string traceId) => Show(TracePage.Render(data, traceId)));
        page.MapGet("/metrics", (string? resource) => Show(MetricsPage.Render(data, resource)));
        page.MapGet("/style.css", () => TypedResults.Text(Style, "text/css"));
        page.MapGet("/api/resources", () => TypedResults.Json(data.Notifications.All, DashboardJson.Options));
        page.MapGet("/api/traces", () => TypedResults.Json(TraceSummary.Of(data.Telemetry.Spans).Take(Shown), DashboardJson.Options));
        page.MapGet("/api/traces/{traceId}", (string traceId) => TypedResults.Json(data.Telemetry.Trace(traceId), DashboardJson.Options));
        page.MapGet("/api/logs", (string? resource) => TypedResults.Json(data.Telemetry.Logs.Where(log => resource is null || log.Service == resource), DashboardJson.Options));
        page.MapGet("/api/metrics", (string? resource) => TypedResults.Json(data.Telemetry.Metrics.Where(point => resource is null || point.Service == resource), DashboardJson.Options));
    }

    private static ContentHttpResult Show(Html page) => TypedResults.Text(page.Markup, "text/html; charset=utf-8");

    private static string ReadStyle()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("dashboard.css")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
