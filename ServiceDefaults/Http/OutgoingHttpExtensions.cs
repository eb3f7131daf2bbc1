using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Options;

namespace LivingCity.ServiceDefaults.Http;

/// <summary>Outgoing HTTP: every client has time-outs, retries with jitter and a circuit breaker; the one for users' addresses also has the guard.</summary>
public static class OutgoingHttpExtensions
{
    /// <summary>The named client for addresses that users supply: subscriptions, contexts, callbacks, sources.</summary>
    public const string Guarded = "guarded";

    internal static IServiceCollection AddOutgoingHttp(this IServiceCollection services)
    {
        services.AddOptions<OutgoingSettings>().BindConfiguration("Outgoing").Validate(
            settings => settings.AllowedNetworks.All(network => IPNetwork.TryParse(network, out _)), "Outgoing:AllowedNetworks must be networks like 10.1.0.0/16.").ValidateOnStart();
        services.AddSingleton<AddressGuard>();
        services.AddSingleton<ResiliencePipelines>();
        services.AddTransient<ResilienceHandler>();
        services.ConfigureHttpClientDefaults(client => client.AddHttpMessageHandler<ResilienceHandler>());
        services.AddHttpClient(Guarded)
            .ConfigureHttpClient((provider, client) =>
            {
                var settings = provider.GetRequiredService<IOptions<OutgoingSettings>>().Value;
                client.Timeout = settings.Timeout;
                client.MaxResponseContentBufferSize = settings.MaxResponseBytes;
            })
            .UseSocketsHttpHandler((handler, provider) =>
            {
                handler.ConnectCallback = provider.GetRequiredService<AddressGuard>().ConnectAsync;
                handler.UseProxy = false; // a proxy would connect in our place, past the guard
                handler.MaxAutomaticRedirections = 3;
                handler.ConnectTimeout = TimeSpan.FromSeconds(5);
                handler.PooledConnectionLifetime = TimeSpan.FromMinutes(2);
            });
        return services;
    }
}
