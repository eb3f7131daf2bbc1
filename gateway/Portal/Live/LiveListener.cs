using LivingCity.Contracts.Ingestion;
using LivingCity.ServiceDefaults.Messaging;
using MassTransit;

namespace LivingCity.Gateway.Portal.Live;

/// <summary>
/// Hears every message on a queue of this replica's own, which the broker deletes with the connection: each replica must hear everything, and none of it is worth keeping for
/// a replica that is gone. That is what the inbox consumers of the shared defaults are not for.
/// </summary>
internal sealed class LiveListener(Uri broker, LiveFeed feed, TimeProvider time, ILoggerFactory loggers) : ListeningBus(broker, time, loggers), IReceiveEndpointObserver
{
    protected override void Configure(IRabbitMqBusFactoryConfigurator rabbit) =>
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
}
