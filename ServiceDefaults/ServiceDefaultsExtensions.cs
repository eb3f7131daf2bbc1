using LivingCity.ServiceDefaults.Errors;
using LivingCity.ServiceDefaults.Health;
using LivingCity.ServiceDefaults.Http;
using LivingCity.ServiceDefaults.Messaging;
using LivingCity.ServiceDefaults.Security;
using LivingCity.ServiceDefaults.Telemetry;
using LivingCity.ServiceDefaults.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace LivingCity.ServiceDefaults;

/// <summary>What every service of the platform shares: telemetry, health, security, errors, HTTP and API conventions.</summary>
public static class ServiceDefaultsExtensions
{
    /// <summary>
    /// Adds the shared defaults. A service that keeps data also calls <c>AddDatabase</c>; one that talks over the bus also calls <c>AddMessaging</c>.
    /// </summary>
    /// <param name="builder">The host of the service.</param>
    /// <param name="service">The service's name as others know it: its queue prefix, its path under <c>/api/</c>, its name in telemetry.</param>
    public static WebApplicationBuilder AddServiceDefaults(this WebApplicationBuilder builder, string service)
    {
        builder.Services.AddSingleton(new ServiceIdentity(service));
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        // The host's own setting takes over address and scheme; the host name is the gateway's word too, and links are made from it.
        builder.Services.Configure<ForwardedHeadersOptions>(headers => headers.ForwardedHeaders |= ForwardedHeaders.XForwardedHost);
        builder.AddTelemetry(service);
        builder.AddSecurity();
        builder.Services
            .AddServiceHealth()
            .AddGracefulDrain()
            .AddProblems()
            .AddApiDescription(service)
            .AddOutgoingHttp()
            .AddRateLimits()
            .AddTransactional();
        return builder;
    }

    /// <summary>The request pipeline in the only order in which it is right. Call it before endpoints are mapped.</summary>
    public static WebApplication UseServiceDefaults(this WebApplication app)
    {
        app.UseProblems();
        app.UseRouting();
        app.UseUnmatched();
        app.UseAuthentication();
        app.UseRateLimiter();
        app.UseAuthorization();
        app.UseMiddleware<TransactionalMiddleware>();
        return app;
    }

    /// <summary>Health, the OpenAPI document, and for services on the bus their error queues.</summary>
    public static WebApplication MapDefaultEndpoints(this WebApplication app)
    {
        app.MapServiceHealth();
        app.MapApiDescription();
        app.MapQueues();
        return app;
    }
}

/// <summary>The name by which the platform knows this service.</summary>
public sealed record ServiceIdentity(string Name);
