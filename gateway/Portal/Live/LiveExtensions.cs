using LivingCity.Gateway.Portal.Sessions;
using LivingCity.ServiceDefaults.Security;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace LivingCity.Gateway.Portal.Live;

/// <summary>The portal's data, its live updates and the browser's part of it.</summary>
internal static class LiveExtensions
{
    private const string Prefix = "/portal";

    /// <summary>Without connection string <c>messaging</c> the pages have no live updates, and their stream says so.</summary>
    public static IServiceCollection AddPortalLive(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<LiveSettings>().BindConfiguration(LiveSettings.Section).ValidateDataAnnotations().ValidateOnStart();
        services.TryAddSingleton<LiveFeed>();
        services.TryAddScoped<StreamEndpoint>();
        services.TryAddScoped<StationData>();
        services.TryAddScoped<HistoryData>();
        if (configuration.GetConnectionString("messaging") is { Length: > 0 } broker)
        {
            services.AddHostedService(provider => ActivatorUtilities.CreateInstance<LiveListener>(provider, new Uri(broker)));
        }

        return services;
    }

    /// <summary>The browser's part: before routing.</summary>
    public static void UsePortalLive(this WebApplication app) => app.UsePortalFiles(Prefix);

    public static void MapPortalLive(this WebApplication app)
    {
        var portal = app.MapGroup(Prefix).RequireAuthorization(Access.SignedIn).AcceptsSession().ExcludeFromDescription();
        portal.MapData();
        portal.MapGet("/stream", (StreamEndpoint stream, Caller caller, HttpContext context) => stream.Open(caller, context));
    }
}
