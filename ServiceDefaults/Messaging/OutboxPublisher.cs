using MassTransit;

namespace LivingCity.ServiceDefaults.Messaging;

/// <summary>
/// The relay's own connection to the broker, so that it can be thrown away: a channel that was being opened while the broker died stays dead with RabbitMQ.Client 7.1
/// without telling MassTransit, which would go on using it until the process ends. Used by the relay alone, one batch after the other.
/// </summary>
internal sealed class OutboxPublisher(Broker broker) : IAsyncDisposable
{
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim starting = new(1, 1);
    private IBusControl? bus;

    /// <summary>Publishes with the broker's confirm.</summary>
    public async Task PublishAsync(object message, Type type, Action<PublishContext> describe, CancellationToken cancellationToken)
    {
        var started = bus ?? await StartAsync(cancellationToken);
        await started.Publish(message, type, Pipe.Execute(describe), cancellationToken);
    }

    /// <summary>The next message goes over a new connection.</summary>
    public async Task ReconnectAsync()
    {
        if (Interlocked.Exchange(ref bus, null) is { } old)
        {
            await old.StopAsync(StopPatience);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await ReconnectAsync();
        starting.Dispose();
    }

    private async Task<IBusControl> StartAsync(CancellationToken cancellationToken)
    {
        await starting.WaitAsync(cancellationToken);
        try
        {
            if (bus is null)
            {
                var started = Bus.Factory.CreateUsingRabbitMq(broker.Connect);
                await started.StartAsync(cancellationToken);
                bus = started;
            }

            return bus;
        }
        finally
        {
            starting.Release();
        }
    }
}
