using MassTransit;

namespace LivingCity.ServiceDefaults.Messaging;

/// <summary>
/// The relay's own connection to the broker, so that it can be thrown away: a channel that was being opened while the broker died stays dead with RabbitMQ.Client 7.1
/// without telling MassTransit, which would go on using it until the process ends. Used by the relay alone, one batch after the other.
/// </summary>
internal sealed class OutboxPublisher(Broker broker) : IAsyncDisposable
{
    private RunningBus? current;

    /// <summary>Connects, unless there is a connection.</summary>
    public async Task ConnectAsync(CancellationToken cancellationToken)
    {
        if (current is not null)
        {
            return;
        }

        var connecting = new RunningBus(broker);
        try
        {
            await connecting.ReadyAsync(cancellationToken);
        }
        catch
        {
            await connecting.DisposeAsync();
            throw;
        }

        current = connecting;
    }

    /// <summary>Publishes with the broker's confirm.</summary>
    public Task PublishAsync(object message, Type type, Action<PublishContext> describe, CancellationToken cancellationToken) =>
        current is null ? throw new InvalidOperationException("Not connected.") : current.Bus.Publish(message, type, Pipe.Execute(describe), cancellationToken);

    /// <summary>Throws the connection away.</summary>
    public async Task DisconnectAsync()
    {
        if (current is { } old)
        {
            current = null;
            await old.DisposeAsync();
        }
    }

    public async ValueTask DisposeAsync() => await DisconnectAsync();
}
