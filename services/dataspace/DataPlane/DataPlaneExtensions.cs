using LivingCity.Dataspace.Duties;
using LivingCity.Dataspace.Ledger;
using LivingCity.Dataspace.Privacy;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace LivingCity.Dataspace.DataPlane;

/// <summary>Where data flows, under the policies of its agreements.</summary>
internal static class DataPlaneExtensions
{
    public static IServiceCollection AddDataPlane(this IServiceCollection services)
    {
        services.AddOptions<DataPlaneSettings>().BindConfiguration("DataPlane");
        services.TryAddSingleton<Areas>();
        services.TryAddSingleton<Upstream>();
        services.TryAddSingleton<UsageMeter>();
        services.TryAddSingleton<DataGate>();
        services.TryAddSingleton<ExternalSource>();
        services.AddHostedService<DeletionWatch>();
        services.TryAddSingleton<Pusher>();
        services.TryAddSingleton<PrivacyBudget>();
        services.AddHostedService(provider => provider.GetRequiredService<UsageMeter>());
        return services;
    }

    public static void MapDataPlane(this IEndpointRouteBuilder routes)
    {
        routes.MapAreas();
        routes.MapData();
        routes.MapReceiving();
        routes.MapLedger();
        routes.MapDuties();
    }
}
