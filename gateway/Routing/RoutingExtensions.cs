using LivingCity.Gateway.Incoming;
using Yarp.ReverseProxy.Transforms;

namespace LivingCity.Gateway.Routing;

/// <summary>Passes requests on to the services.</summary>
internal static class RoutingExtensions
{
    public static IServiceCollection AddPlatformRoutes(this IServiceCollection services, IConfiguration configuration)
    {
        var limits = configuration.GetSection(LimitSettings.Section).Get<LimitSettings>() ?? new LimitSettings();
        services.AddReverseProxy()
            .LoadFromMemory(PlatformRoutes.All, PlatformClusters.From(configuration, limits))
            .AddTransforms(route =>
            {
                // X-Forwarded-For, -Host, -Proto and -Prefix are the gateway's own words (YARP sets, never appends); services know no cookies.
                route.AddRequestHeaderRemove("Cookie");
            });
        return services;
    }

    public static void MapPlatformRoutes(this WebApplication app) => app.MapReverseProxy(pipeline =>
    {
        pipeline.UseMiddleware<ProxyErrors>();
        pipeline.UseLoadBalancing();
        pipeline.UsePassiveHealthChecks();
    });
}
