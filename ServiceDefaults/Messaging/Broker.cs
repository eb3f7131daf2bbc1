using MassTransit;

namespace LivingCity.ServiceDefaults.Messaging;

/// <summary>The message broker.</summary>
/// <param name="Address">AMQP URI with user and virtual host (RabbitMQ URI specification).</param>
internal sealed record Broker(Uri Address)
{
    /// <summary>What every connection to it has in common.</summary>
    public void Connect(IRabbitMqBusFactoryConfigurator rabbit)
    {
        rabbit.Host(Address, host =>
        {
            host.PublisherConfirmation = true;

            // How long a dead connection can hold up what waits on it.
            host.ContinuationTimeout(TimeSpan.FromSeconds(5));
            host.Heartbeat(TimeSpan.FromSeconds(10));
        });
        rabbit.ConfigureJsonSerializerOptions(MessageJson.Configure);
    }
}
