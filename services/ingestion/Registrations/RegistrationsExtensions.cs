using Microsoft.Extensions.DependencyInjection.Extensions;

namespace LivingCity.Ingestion.Registrations;

/// <summary>Context sources: their registrations, discovery, and subscriptions to them.</summary>
internal static class RegistrationsExtensions
{
    public static IServiceCollection AddRegistrations(this IServiceCollection services)
    {
        services.TryAddSingleton<RegistrationIndex>();
        services.AddHostedService(provider => provider.GetRequiredService<RegistrationIndex>());
        services.TryAddSingleton<SourceNotifications>();
        return services;
    }

    public static void MapRegistrations(this IEndpointRouteBuilder routes) => RegistrationEndpoints.Map(routes);
}
