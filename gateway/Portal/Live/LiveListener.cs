using LivingCity.Contracts.Ingestion;
using LivingCity.ServiceDefaults.Messaging;
using MassTransit;

namespace LivingCity.Gateway.Portal.Live;

/// <summary>
/// Hears every message on a queue of this replica's own, which the broker deletes with the connection: each replica must hear everything, and none of it is worth keeping for
/// a replica that is gone. That is what the inbox consumers of the shared defaults are not for.
/// </summary>
internal sealed partial class LiveListener(IConfiguration configuration, LiveFeed feed, ILogger<LiveListener> logger) : BackgroundService, IReceiveEndpointObserver
{
    private static readonly TimeSpan Goodbye = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (configuration.GetConnectionString("messaging") is not { Length: > 0 } broker)
        {
            NoBroker(logger);
            return;
        }

        var bus = Bus.Factory.CreateUsingRabbitMq(rabbit =>
        {
            rabbit.Host(new Uri(broker));
            rabbit.ConfigureJsonSerializerOptions(MessageJson.Configure);
            rabbit.ReceiveEndpoint(new TemporaryEndpointDefinition("portal", prefetchCount: 64), null, endpoint =>
            {
                endpoint.ConcurrentMessageLimit = 1; // the order of the queue is the order of the stream
                endpoint.Handler<ObservationsRecorded>(context =>
                {
                    feed.Of(context.Message.City).Publish(context.MessageId, ObservationsJson.From(context.Message));
                    return Task.CompletedTask;
                });
                endpoint.ConnectReceiveEndpointObserver(this);
            });
        });
        try
        {
            await bus.StartAsync(stoppingToken);
            await Task.Delay(Timeout.Infinite, stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            await bus.StopAsync(Goodbye);
        }
    }

    public Task Ready(ReceiveEndpointReady ready)
    {
        feed.Begin();
        return Task.CompletedTask;
    }

    public Task Stopping(ReceiveEndpointStopping stopping) => Lost();

    public Task Completed(ReceiveEndpointCompleted completed) => Lost();

    public Task Faulted(ReceiveEndpointFaulted faulted) => Lost();

    private Task Lost()
    {
        feed.Lose();
        return Task.CompletedTask;
    }

    [LoggerMessage(3100, LogLevel.Warning, "Connection string 'messaging' is missing: the portal's pages have no live updates")]
    private static partial void NoBroker(ILogger logger);
}
