using MassTransit;
using MassTransit.Logging;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace LivingCity.ServiceDefaults.Messaging;

/// <summary>
/// A bus that listens. A connection that died at a bad moment can leave MassTransit 8.4 waiting for good, as <see cref="OutboxPublisher"/> says; a bus that was
/// stopped does not listen again. So a bus that has not listened for a while is thrown away for a new one.
/// </summary>
public abstract partial class ListeningBus : BackgroundService, IHealthCheck
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private readonly Broker broker;
    private readonly TimeProvider time;
    private readonly ILoggerFactory loggers;
    private readonly ILogger logger;
    private volatile RunningBus? current;

    /// <param name="address">The broker: AMQP URI with user and virtual host (RabbitMQ URI specification).</param>
    /// <param name="time">The clock of the watch over the bus.</param>
    /// <param name="loggers">Loggers, MassTransit's among them.</param>
    protected ListeningBus(Uri address, TimeProvider time, ILoggerFactory loggers)
    {
        broker = new Broker(address);
        this.time = time;
        this.loggers = loggers;
        logger = loggers.CreateLogger(GetType());
    }

    /// <inheritdoc />
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var health = current?.Bus.CheckHealth();
        return Task.FromResult(health?.Status switch
        {
            BusHealthStatus.Healthy => HealthCheckResult.Healthy(),
            BusHealthStatus.Degraded => HealthCheckResult.Degraded(health.Description),
            _ => HealthCheckResult.Unhealthy(health?.Description ?? "not started"),
        });
    }

    /// <summary>Names the endpoints. Called for each new bus.</summary>
    protected abstract void Configure(IRabbitMqBusFactoryConfigurator rabbit);

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        LogContext.ConfigureCurrentLogContext(loggers);
        while (!stoppingToken.IsCancellationRequested)
        {
            var bus = new RunningBus(broker, Configure);
            current = bus;
            try
            {
                await IsLostAsync(bus.Bus, stoppingToken);
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

    private async Task StopAsync(RunningBus bus)
    {
        try
        {
            await bus.DisposeAsync();
        }
        catch (Exception exception)
        {
            NotStopped(logger, exception.Message);
        }
    }

    [LoggerMessage(1220, LogLevel.Warning, "The queues were not listened to for {Seconds} s: the bus begins anew")]
    private static partial void BeginsAnew(ILogger logger, double seconds);

    [LoggerMessage(1221, LogLevel.Warning, "The old bus did not stop: {Reason}")]
    private static partial void NotStopped(ILogger logger, string reason);
}
