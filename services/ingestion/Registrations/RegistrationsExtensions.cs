using LivingCity.Ingestion.Registrations.Forwarding;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace LivingCity.Ingestion.Registrations;

/// <summary>Context sources: their registrations, discovery, and subscriptions to them.</summary>
internal static class RegistrationsExtensions
{
    public static IServiceCollection AddRegistrations(this IServiceCollection services)
    {
        services.TryAddSingleton<RegistrationIndex>();
        services.AddHostedService(provider => provider.GetRequiredService<RegistrationIndex>());
        services.TryAddSingleton<RegistrationConflicts>();
        services.TryAddSingleton<SourceNotifications>();
        services.TryAddSingleton<SourceClient>();
        services.TryAddSingleton<ActiveSources>();
        services.TryAddSingleton<DistributedReading>();
        services.TryAddSingleton<DistributedQueries>();
        services.TryAddSingleton<DistributedCandidates>();
        services.TryAddSingleton<DistributedHistory>();
        services.TryAddSingleton<DistributedWriting>();
        services.TryAddSingleton<DistributedBatches>();
        services.TryAddSingleton<DistributedDiscovery>();
        services.TryAddSingleton<DistributedPurge>();
        return services;
    }

    /// <summary>Lets context sources take part in the operations of a group.</summary>
    public static RouteGroupBuilder Distributed(this RouteGroupBuilder group) => group.AddEndpointFilter<RouteGroupBuilder, DistributionFilter>();

    public static void MapRegistrations(this IEndpointRouteBuilder routes) => RegistrationEndpoints.Map(routes);
}
