using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace LivingCity.ServiceDefaults.Messaging;

/// <summary>Listens to this service's queues. What a bus that was thrown away had under way comes again, and ends at the inbox.</summary>
internal sealed class ServiceBus(Broker broker, ServiceIdentity service, HandlerRegistry handlers, IServiceProvider services, TimeProvider time, ILoggerFactory loggers)
    : ListeningBus(broker.Address, time, loggers)
{
    protected override void Configure(IRabbitMqBusFactoryConfigurator rabbit)
    {
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
}
