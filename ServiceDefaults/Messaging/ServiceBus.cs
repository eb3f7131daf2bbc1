using MassTransit;
using MassTransit.Logging;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace LivingCity.ServiceDefaults.Messaging;

/// <summary>
/// Listens to this service's queues. A connection that died at a bad moment can leave MassTransit 8.4 waiting for good, as <see cref="OutboxPublisher"/> says; a bus that was
/// stopped does not listen again. So a bus that has not listened for a while is thrown away for a new one. What it had under way comes again, and ends at the inbox.
/// </summary>
internal sealed partial class ServiceBus(Broker broker, ServiceIdentity service, HandlerRegistry handlers, IServiceProvider services, TimeProvider time, ILoggerFactory loggers)
    : BackgroundService, IHealthCheck
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    /// <summary>For messages under way when the service stops.</summary>
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(20);

    private readonly ILogger logger = loggers.CreateLogger<ServiceBus>();
    private volatile IBusControl? current;

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var health = current?.CheckHealth();
        return Task.FromResult(health?.Status switch
        {
            BusHealthStatus.Healthy => HealthCheckResult.Healthy(),
            BusHealthStatus.Degraded => HealthCheckResult.Degraded(health.Description),
            _ => HealthCheckResult.Unhealthy(health?.Description ?? "not started"),
        });
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        LogContext.ConfigureCurrentLogContext(loggers);
        while (!stoppingToken.IsCancellationRequested)
        {
            var bus = Bus.Factory.CreateUsingRabbitMq(Configure);
            current = bus;
            try
            {
                // Ends when the bus listens; while the broker is away, that is watched over as well.
                _ = bus.StartAsync(stoppingToken).ContinueWith(start => start.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
                await IsLostAsync(bus, stoppingToken);
                BeginsAnew(logger, Patience.TotalSeconds);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                // The service stops, and its bus with it.
            }

            await StopAsync(bus);
        }
    }

    private async Task IsLostAsync(IBusControl bus, CancellationToken cancellationToken)
    {
        var listened = time.GetTimestamp();
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1), time);
        while (time.GetElapsedTime(listened) < Patience)
        {
            await timer.WaitForNextTickAsync(cancellationToken);
            if (bus.CheckHealth().Status == BusHealthStatus.Healthy)
            {
                listened = time.GetTimestamp();
            }
        }
    }

    private async Task StopAsync(IBusControl bus)
    {
        try
        {
            await bus.StopAsync(StopPatience);
        }
        catch (Exception exception)
        {
            NotStopped(logger, exception.Message);
        }
    }

    private void Configure(IRabbitMqBusFactoryConfigurator rabbit)
    {
        broker.Connect(rabbit);
        foreach (var handler in handlers.Handlers)
        {
            rabbit.ReceiveEndpoint($"{service.Name}-{handler.Queue}", endpoint =>
            {
                endpoint.SetQuorumQueue();
                endpoint.PrefetchCount = (ushort)handler.Prefetch;
                endpoint.ConcurrentMessageLimit = handler.Concurrency;
                Retries.Configure(endpoint);
                endpoint.Consumer(handler.Consumer, type => ActivatorUtilities.CreateInstance(services, type));
            });
        }
    }

    [LoggerMessage(1220, LogLevel.Warning, "The queues were not listened to for {Seconds} s: the bus begins anew")]
    private static partial void BeginsAnew(ILogger logger, double seconds);

    [LoggerMessage(1221, LogLevel.Warning, "The old bus did not stop: {Reason}")]
    private static partial void NotStopped(ILogger logger, string reason);
}
