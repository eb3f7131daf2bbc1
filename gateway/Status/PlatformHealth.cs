using LivingCity.Gateway.Routing;
using LivingCity.ServiceDefaults.Security;
using Microsoft.AspNetCore.Http.HttpResults;
using Yarp.ReverseProxy;
using Yarp.ReverseProxy.Model;

namespace LivingCity.Gateway.Status;

/// <summary>How the platform is, as the gateway's probes last saw it: asking costs the services nothing.</summary>
internal static class PlatformHealth
{
    public static void MapPlatformHealth(this WebApplication app) => app.MapGet("/health", Describe)
        .RequireAuthorization(Access.Public)
        .DisableHttpMetrics()
        .WithDisplayName("health")
        .ExcludeFromDescription();

    private static JsonHttpResult<PlatformState> Describe(IProxyStateLookup proxy)
    {
        var services = PlatformRoutes.Services.ToDictionary(service => service, service => StateOf(proxy, service));
        var healthy = services.Values.All(state => state == "up");
        return TypedResults.Json(
            new PlatformState(healthy ? "healthy" : "degraded", services),
            statusCode: healthy ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }

    internal static string StateOf(IProxyStateLookup proxy, string service)
    {
        if (!proxy.TryGetCluster(service, out var cluster) || cluster.Destinations.IsEmpty)
        {
            return "missing";
        }

        var states = cluster.Destinations.Values.Select(replica => replica.Health.Active).ToArray();
        return states.Contains(DestinationHealth.Healthy) ? "up" : states.Contains(DestinationHealth.Unknown) ? "unknown" : "down";
    }

    private sealed record PlatformState(string Status, IReadOnlyDictionary<string, string> Services);
}
