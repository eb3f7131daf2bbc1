using System.Collections.Concurrent;
using LivingCity.ServiceDefaults.Messaging;
using MassTransit;

namespace LivingCity.Testing;

/// <summary>Another service on the bus, as far as the one under test can tell: it publishes as the outbox relay does, and hears what is published.</summary>
public sealed class TestBus : IAsyncDisposable
{
    private readonly IBusControl bus;

    private TestBus(IBusControl bus) => this.bus = bus;

    public static async Task<TestBus> StartAsync(string broker)
    {
        var bus = Bus.Factory.CreateUsingRabbitMq(rabbit =>
        {
            rabbit.Host(new Uri(broker));
            rabbit.ConfigureJsonSerializerOptions(MessageJson.Configure);
        });
        await bus.StartAsync(TestContext.Current.CancellationToken);
        return new TestBus(bus);
    }

    /// <summary>Publishes a message of a tenant. Give an id to send the same message again.</summary>
    public Task PublishAsync<T>(T message, string tenant, Guid? id = null)
        where T : class => bus.Publish(message, context =>
        {
            context.MessageId = id ?? Guid.CreateVersion7();
            context.Headers.Set("tenant", tenant);
        });

    /// <summary>Collects every message of a kind that is published from now on.</summary>
    public async Task<ConcurrentQueue<T>> ListenAsync<T>()
        where T : class
    {
        var heard = new ConcurrentQueue<T>();
        var endpoint = bus.ConnectReceiveEndpoint($"test-{Guid.NewGuid():N}", receive =>
        {
            receive.ConcurrentMessageLimit = 1; // what is heard keeps the order of the queue
            receive.Handler<T>(context =>
            {
                heard.Enqueue(context.Message);
                return Task.CompletedTask;
            });
        });
        await endpoint.Ready;
        return heard;
    }

    public async ValueTask DisposeAsync() => await bus.StopAsync();
}
