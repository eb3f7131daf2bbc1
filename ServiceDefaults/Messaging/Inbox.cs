using LivingCity.ServiceDefaults.Data;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;

namespace LivingCity.ServiceDefaults.Messaging;

/// <summary>Handles one kind of message. The transaction is open, belongs to the message's tenant, and commits when the handler returns.</summary>
/// <typeparam name="T">A record of the contracts.</typeparam>
public interface IMessageHandler<in T>
    where T : class
{
    /// <summary>Does what the message asks for. A throw rolls everything back, and the message is tried again.</summary>
    Task HandleAsync(T message, Work work, CancellationToken cancellationToken);
}

/// <summary>Opens the transaction, notes the message in the inbox, lets the handler work, commits. A repeated message ends at the inbox.</summary>
internal sealed class InboxConsumer<TMessage, THandler>(Database database, TimeProvider time, IServiceScopeFactory scopes) : IConsumer<TMessage>
    where TMessage : class
    where THandler : class, IMessageHandler<TMessage>
{
    public async Task Consume(ConsumeContext<TMessage> context)
    {
        var id = context.MessageId ?? throw new InvalidOperationException("A message without an id cannot be handled exactly once.");
        await database.Ready.WaitAsync(context.CancellationToken);
        await using var work = await database.BeginAsync(context.Headers.Get<string>(MessageHeaders.Tenant), context.CancellationToken);
        await using var insert = work.Command(
            "INSERT INTO inbox_message (consumer, message_id, handled_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING", typeof(THandler).FullName, id, time.GetUtcNow());
        if (await insert.ExecuteNonQueryAsync(context.CancellationToken) == 0)
        {
            return;
        }

        await using var scope = scopes.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<THandler>().HandleAsync(context.Message, work, context.CancellationToken);
        await work.CommitAsync(context.CancellationToken);
    }
}
