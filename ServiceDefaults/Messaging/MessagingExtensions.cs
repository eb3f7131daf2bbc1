using System.Reflection;
using LivingCity.ServiceDefaults.Health;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace LivingCity.ServiceDefaults.Messaging;

/// <summary>MassTransit on RabbitMQ with the outbox and the inbox around it.</summary>
public static class MessagingExtensions
{
    /// <summary>
    /// Adds the bus named by connection string <c>messaging</c>, the outbox relay and the handlers. Needs <c>AddDatabase</c>.
    /// </summary>
    /// <param name="builder">The service's host.</param>
    /// <param name="contracts">The assembly of the messages.</param>
    /// <param name="handlers">Names what this service listens to.</param>
    /// <exception cref="InvalidOperationException">The connection string is missing.</exception>
    public static WebApplicationBuilder AddMessaging(this WebApplicationBuilder builder, Assembly contracts, Action<HandlerRegistry>? handlers = null)
    {
        var broker = new Broker(new Uri(builder.Configuration.GetConnectionString("messaging")
            ?? throw new InvalidOperationException("Connection string 'messaging' is missing: set ConnectionStrings__messaging.")));
        var registry = new HandlerRegistry();
        handlers?.Invoke(registry);
        foreach (var handler in registry.Handlers)
        {
            builder.Services.TryAddTransient(handler.Handler);
        }

        builder.Services.AddSingleton(registry);
        builder.Services.AddSingleton(new MessageTypes(contracts));
        builder.Services.AddSingleton(broker);
        builder.Services.AddSingleton<OutboxPublisher>();
        builder.Services.AddSingleton<ServiceQueues>();
        builder.Services.AddSingleton<ServiceBus>();
        builder.Services.AddHostedService(services => services.GetRequiredService<ServiceBus>());
        builder.Services.AddHealthChecks().AddCheck<ServiceBus>("broker", tags: [HealthExtensions.Ready]);
        builder.Services.AddHostedService<OutboxRelay>();
        builder.Services.AddHostedService<Housekeeping>();
        return builder;
    }
}

/// <summary>What a service listens to.</summary>
public sealed class HandlerRegistry
{
    internal List<Registration> Handlers { get; } = [];

    /// <summary>Handles <typeparamref name="TMessage"/> from the quorum queue <c>service-queue</c>.</summary>
    /// <param name="queue">The queue's name after the service's.</param>
    /// <param name="prefetch">How many messages the broker hands out ahead.</param>
    /// <param name="concurrency">How many are handled at once by one replica; 1 keeps a queue's order on one replica.</param>
    public HandlerRegistry Add<TMessage, THandler>(string queue, int prefetch = 16, int concurrency = 4)
        where TMessage : class
        where THandler : class, IMessageHandler<TMessage>
    {
        Handlers.Add(new Registration(queue, typeof(THandler), typeof(InboxConsumer<TMessage, THandler>), prefetch, concurrency));
        return this;
    }

    internal sealed record Registration(string Queue, Type Handler, Type Consumer, int Prefetch, int Concurrency);
}
