using LivingCity.ServiceDefaults.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace LivingCity.ServiceDefaults.Health;

/// <summary>
/// <c>/health/live</c>: the process answers. <c>/health/ready</c>: it can do its work (database migrated and reachable, broker connected, not draining).
/// <c>/health/started</c>: it has been ready once. They are there in every environment, because Kubernetes asks for them.
/// </summary>
internal static class HealthExtensions
{
    /// <summary>The tag of checks that decide readiness.</summary>
    public const string Ready = "ready";

    public static IServiceCollection AddServiceHealth(this IServiceCollection services)
    {
        services.AddSingleton<StartedCheck>();
        services.AddSingleton<DrainState>();
        services.AddHealthChecks().AddCheck<DrainState>("accepting", tags: [Ready]);
        services.AddHostedService<StartGarbage>();
        return services;
    }

    public static void MapServiceHealth(this IEndpointRouteBuilder routes)
    {
        var started = routes.ServiceProvider.GetRequiredService<StartedCheck>();
        routes.MapHealthChecks("/health/live", Options(_ => false)).Named("live");
        routes.MapHealthChecks("/health/ready", Options(check => check.Tags.Contains(Ready), started)).Named("ready");
        routes.MapGet("/health/started", () => started.HasStarted ? Results.Text("Healthy") : Results.Text("Starting", statusCode: StatusCodes.Status503ServiceUnavailable))
            .ExcludeFromDescription().Named("started");
    }

    private static void Named(this IEndpointConventionBuilder endpoint, string name) =>
        endpoint.RequireAuthorization(Access.Public).WithDisplayName($"health/{name}").DisableHttpMetrics().DisableRateLimiting();

    private static HealthCheckOptions Options(Func<HealthCheckRegistration, bool> predicate, StartedCheck? started = null) => new()
    {
        Predicate = predicate,
        ResponseWriter = (context, report) =>
        {
            if (report.Status == HealthStatus.Healthy)
            {
                started?.MarkStarted();
            }

            // The names of what is missing help an operator; the exceptions stay in the log.
            var missing = report.Entries.Where(entry => entry.Value.Status != HealthStatus.Healthy).Select(entry => entry.Key);
            return context.Response.WriteAsync(report.Status == HealthStatus.Healthy ? "Healthy" : $"{report.Status}: {string.Join(", ", missing)}");
        },
    };
}

/// <summary>Remembers that the service has been ready once.</summary>
internal sealed class StartedCheck
{
    private volatile bool started;

    public bool HasStarted => started;

    public void MarkStarted() => started = true;
}
