using Microsoft.AspNetCore.Authorization;

namespace LivingCity.Ingestion.Tenants;

internal static class TenantExtensions
{
    /// <summary>Adds the registry of tenants, and what of them is open to the public.</summary>
    public static IServiceCollection AddTenants(this IServiceCollection services, IConfiguration configuration)
    {
        var open = new PublicReading(configuration);
        return services.AddSingleton(open).AddSingleton<TenantRegistry>().Configure<AuthorizationOptions>(open.Configure);
    }
}
