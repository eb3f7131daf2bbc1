using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using MassTransit;
using RabbitMQ.Client;

namespace LivingCity.ServiceDefaults.Messaging;

/// <summary>A message that failed for good.</summary>
/// <param name="Queue">The queue it was meant for.</param>
/// <param name="MessageId">Its id.</param>
/// <param name="Type">Its kind.</param>
/// <param name="FailedAt">When it was given up.</param>
/// <param name="Reason">What the last try said.</param>
/// <param name="Message">The message itself.</param>
internal sealed record FailedMessage(string Queue, string? MessageId, string? Type, string? FailedAt, string? Reason, JsonNode? Message);

/// <summary>What waits in a queue.</summary>
/// <param name="Queue">Its name.</param>
/// <param name="Waiting">Messages that no replica has taken yet.</param>
/// <param name="Consumers">How many replicas listen.</param>
/// <param name="Failed">Messages that failed for good.</param>
internal sealed record QueueDepth(string Queue, long Waiting, long Consumers, long Failed);

/// <summary>The queues of this service: how full they are, and what ended in their error queues, listed and replayed. All of it lives in the broker, so nothing is copied.</summary>
internal sealed class ServiceQueues(Broker broker, ServiceIdentity service, HandlerRegistry handlers) : IAsyncDisposable
{
    private readonly SemaphoreSlim gate = new(1);
    private IConnection? connection;

    /// <summary>How full this service's queues are now.</summary>
    public async Task<IReadOnlyList<QueueDepth>> DepthsAsync(CancellationToken cancellationToken)
    {
        var depths = new List<QueueDepth>();
        foreach (var queue in Queues())
        {
            var (waiting, failed) = (await DeclaredAsync(queue, cancellationToken), await DeclaredAsync(ErrorOf(queue), cancellationToken));
            depths.Add(new QueueDepth(queue, waiting?.MessageCount ?? 0, waiting?.ConsumerCount ?? 0, failed?.MessageCount ?? 0));
        }

        return depths;
    }

    public async Task<IReadOnlyList<FailedMessage>> ListAsync(int limit, CancellationToken cancellationToken)
    {
        var failed = new List<FailedMessage>();
        foreach (var queue in Queues())
        {
            await using var channel = await OpenAsync(cancellationToken);
            if (await DeclaredAsync(ErrorOf(queue), cancellationToken) is null)
            {
                continue;
            }

            // Taken without acknowledgement: closing the channel puts them back.
            while (failed.Count < limit && await channel.BasicGetAsync(ErrorOf(queue), autoAck: false, cancellationToken) is { } message)
            {
                failed.Add(Read(queue, message));
            }
        }

        return failed;
    }

    /// <summary>Sends failed messages to their queue again, one by one, each confirmed before it leaves the error queue.</summary>
    /// <param name="queue">The queue they were meant for.</param>
    /// <param name="messageId">One message, or null for all that are there now.</param>
    /// <param name="cancellationToken">Stops between two messages.</param>
    /// <returns>How many were sent, or null when the service has no such queue.</returns>
    public async Task<int?> ReplayAsync(string queue, string? messageId, CancellationToken cancellationToken)
    {
        if (!Queues().Contains(queue))
        {
            return null;
        }

        if (await DeclaredAsync(ErrorOf(queue), cancellationToken) is null)
        {
            return 0;
        }

        await using var channel = await OpenAsync(cancellationToken);
        var waiting = await channel.MessageCountAsync(ErrorOf(queue), cancellationToken);
        var replayed = 0;
        for (; waiting > 0 && await channel.BasicGetAsync(ErrorOf(queue), autoAck: false, cancellationToken) is { } message; waiting--)
        {
            if (messageId is not null && message.BasicProperties.MessageId != messageId)
            {
                continue;
            }

            await channel.BasicPublishAsync("", queue, mandatory: true, WithoutFault(message.BasicProperties), message.Body, cancellationToken);
            await channel.BasicAckAsync(message.DeliveryTag, multiple: false, cancellationToken);
            replayed++;
        }

        return replayed;
    }

    public async ValueTask DisposeAsync()
    {
        gate.Dispose();
        if (connection is not null)
        {
            await connection.DisposeAsync();
        }
    }

    private IEnumerable<string> Queues() => handlers.Handlers.Select(handler => $"{service.Name}-{handler.Queue}").Distinct();

    private static string ErrorOf(string queue) => queue + "_error";

    /// <returns>Null when there is no such queue.</returns>
    private async Task<QueueDeclareOk?> DeclaredAsync(string queue, CancellationToken cancellationToken)
    {
        // A passive declaration of a missing queue closes its channel, hence one of its own.
        await using var channel = await OpenAsync(cancellationToken);
        try
        {
            return await channel.QueueDeclarePassiveAsync(queue, cancellationToken);
        }
        catch (RabbitMQ.Client.Exceptions.OperationInterruptedException exception) when (exception.ShutdownReason?.ReplyCode == 404)
        {
            return null;
        }
    }

    private async Task<IChannel> OpenAsync(CancellationToken cancellationToken)
    {
        await gate.WaitAsync(cancellationToken);
        try
        {
            if (connection is not { IsOpen: true })
            {
                connection = await new ConnectionFactory { Uri = broker.Address, ClientProvidedName = $"{service.Name} operations" }.CreateConnectionAsync(cancellationToken);
            }
        }
        finally
        {
            gate.Release();
        }

        return await connection.CreateChannelAsync(new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true), cancellationToken);
    }

    private static BasicProperties WithoutFault(IReadOnlyBasicProperties from) => new(from)
    {
        Headers = from.Headers?.Where(header => !header.Key.StartsWith("MT-Fault-", StringComparison.Ordinal)).ToDictionary(),
    };

    private static FailedMessage Read(string queue, BasicGetResult message)
    {
        string? Header(string name) => message.BasicProperties.Headers?.TryGetValue(name, out var value) == true ? value is byte[] octets ? Encoding.UTF8.GetString(octets) : value?.ToString() : null;
        JsonNode? body;
        try
        {
            body = JsonNode.Parse(message.Body.Span)?["message"]?.DeepClone();
        }
        catch (JsonException)
        {
            body = null;
        }

        var type = Header(MassTransit.MessageHeaders.FaultMessageType) ?? Header("MT-MessageType");
        return new FailedMessage(queue, message.BasicProperties.MessageId, type, Header(MassTransit.MessageHeaders.FaultTimestamp), Header(MassTransit.MessageHeaders.FaultMessage), body);
    }
}
