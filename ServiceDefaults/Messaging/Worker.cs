using LivingCity.ServiceDefaults.Data;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;

namespace LivingCity.ServiceDefaults.Messaging;

/// <summary>
/// Handles one kind of message outside a transaction: for work that calls other systems, during which no row may stay locked. A repeated message must have no
/// second effect by the work's own means, since no inbox stands before it. Where rows suffice, use <see cref="IMessageHandler{T}"/>.
/// </summary>
/// <typeparam name="T">A record of the contracts.</typeparam>
public interface IMessageWorker<in T>
    where T : class
{
    /// <summary>Does what the message asks for. After a throw the message is tried again.</summary>
    Task WorkAsync(T message, string? tenant, CancellationToken cancellationToken);
}

internal sealed class WorkerConsumer<TMessage, TWorker>(Database database, IServiceScopeFactory scopes) : IConsumer<TMessage>
    where TMessage : class
    where TWorker : class, IMessageWorker<TMessage>
{
    public async Task Consume(ConsumeContext<TMessage> context)
    {
        await database.Ready.WaitAsync(context.CancellationToken);
        await using var scope = scopes.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<TWorker>().WorkAsync(context.Message, context.Headers.Get<string>(MessageHeaders.Tenant), context.CancellationToken);
    }
}
