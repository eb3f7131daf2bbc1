using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace LivingCity.ServiceDefaults.Health;

/// <summary>Unready from the moment a shutdown begins, so that load balancers look elsewhere while requests under way finish.</summary>
internal sealed class DrainState : IHealthCheck
{
    private volatile bool draining;

    public void Begin() => draining = true;

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(draining ? HealthCheckResult.Unhealthy("draining") : HealthCheckResult.Healthy());
}

internal static class GracefulDrainExtensions
{
    public static IServiceCollection AddGracefulDrain(this IServiceCollection services)
    {
        services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(25));
        return services.AddHostedService<DrainService>();
    }

    /// <summary>Waits <c>Drain:Seconds</c> (default 0; Kubernetes manifests set 5) between turning unready and closing the listeners.</summary>
    private sealed class DrainService(DrainState state, IConfiguration configuration, TimeProvider time) : IHostedLifecycleService
    {
        public Task StoppingAsync(CancellationToken cancellationToken)
        {
            state.Begin();
            var seconds = configuration.GetValue("Drain:Seconds", 0.0);
            return seconds > 0 ? Task.Delay(TimeSpan.FromSeconds(seconds), time, cancellationToken) : Task.CompletedTask;
        }

        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
