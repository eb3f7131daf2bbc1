using System.Diagnostics;
using System.Text.Json;
using Dapper;
using LivingCity.ServiceDefaults.Data;
using MassTransit;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace LivingCity.ServiceDefaults.Messaging;

/// <summary>
/// Publishes what the outbox holds, with publisher confirms, and only then deletes it. A crash between the two publishes a message again under its old id,
/// which the consumers' inbox recognises. Sleeps until this replica commits something.
/// </summary>
internal sealed partial class OutboxRelay(
    NpgsqlDataSource source, Database database, OutboxSignal signal, OutboxPublisher publisher, MessageTypes types, TimeProvider time, ILogger<OutboxRelay> logger) : BackgroundService
{
    private const int BatchSize = 200;

    /// <summary>Half of them, so that a second replica finds work.</summary>
    private const int LanesAtOnce = 8;

    private const int KeysAtOnce = 32;

    /// <summary>For what another replica committed and did not live to publish.</summary>
    private static readonly TimeSpan Recheck = TimeSpan.FromSeconds(5);

    /// <summary>For the broker to accept a connection, or to confirm a message.</summary>
    private static readonly TimeSpan BrokerPatience = TimeSpan.FromSeconds(10);

    internal static readonly ActivitySource Activities = new("LivingCity.Outbox");

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await database.Ready.WaitAsync(stoppingToken);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                // Before any lane is taken: a replica that is cut off from the broker keeps none from the others.
                await ConnectAsync(stoppingToken);
                while (await RelayAsync(stoppingToken))
                {
                }

                await signal.WaitAsync(Recheck, time, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                Interrupted(logger, exception is OperationCanceledException ? $"the broker did not answer within {BrokerPatience.TotalSeconds} s" : exception.Message);
                await Task.Delay(TimeSpan.FromSeconds(1), time, stoppingToken);
            }
        }
    }

    private async Task ConnectAsync(CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(BrokerPatience);
        await publisher.ConnectAsync(patience.Token);
    }

    /// <summary>Publishes the heads of some lanes, drawn by lot so that none waits for ever behind busier ones.</summary>
    /// <returns>False when no lane that is free has messages.</returns>
    private async Task<bool> RelayAsync(CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var lanes = (await connection.QueryAsync<short>("""
            SELECT lane FROM outbox_lane l WHERE EXISTS (SELECT FROM outbox_message m WHERE m.lane = l.lane) ORDER BY random() LIMIT @LanesAtOnce FOR UPDATE SKIP LOCKED
            """, new { LanesAtOnce })).AsList();
        if (lanes.Count == 0)
        {
            return false;
        }

        var batch = (await connection.QueryAsync<Row>(
            "SELECT position, key, id, type, body, tenant, traceparent AS TraceParent FROM outbox_message WHERE lane = ANY(@lanes) ORDER BY position LIMIT @BatchSize",
            new { lanes, BatchSize })).AsList();
        var published = new List<long>(batch.Count);
        try
        {
            // One after the other within a key, which keeps its order; keys beside each other, which hides the confirm's round trip.
            await Parallel.ForEachAsync(batch.GroupBy(row => row.Key), new ParallelOptions { MaxDegreeOfParallelism = KeysAtOnce, CancellationToken = cancellationToken }, async (group, stop) =>
            {
                foreach (var row in group)
                {
                    await PublishAsync(row, stop);
                    lock (published)
                    {
                        published.Add(row.Position);
                    }
                }
            });
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            await publisher.DisconnectAsync();
            throw;
        }
        finally
        {
            // What was confirmed is done, whatever happened to the rest.
            await connection.ExecuteAsync("DELETE FROM outbox_message WHERE position = ANY(@published)", new { published });
            await transaction.CommitAsync(CancellationToken.None);
        }

        return true;
    }

    private async Task PublishAsync(Row row, CancellationToken cancellationToken)
    {
        var type = types.Find(row.Type) ?? throw new InvalidOperationException($"Message type {row.Type} is not in the contracts.");
        using var activity = Activities.StartActivity($"outbox relay {type.Name}", ActivityKind.Producer, row.TraceParent);
        var message = JsonSerializer.Deserialize(row.Body, type, MessageJson.Options)!;

        // A queue without a leader, as after a crash of the broker, never confirms, and not every wait inside MassTransit ends with its token.
        // What is given up here is published again under the same id.
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(BrokerPatience);
        await publisher.PublishAsync(message, type, context =>
        {
            context.MessageId = row.Id;
            if (row.Tenant is not null)
            {
                context.Headers.Set(MessageHeaders.Tenant, row.Tenant);
            }
        }, patience.Token).WaitAsync(patience.Token);
    }

    private sealed record Row(long Position, string Key, Guid Id, string Type, string Body, string? Tenant, string? TraceParent);

    [LoggerMessage(1200, LogLevel.Warning, "The outbox relay pauses: {Reason}")]
    private static partial void Interrupted(ILogger logger, string reason);
}

internal static class MessageHeaders
{
    public const string Tenant = "tenant";
}

/// <summary>The contracts by name, so that a row of the outbox finds its type again.</summary>
internal sealed class MessageTypes(System.Reflection.Assembly contracts)
{
    private readonly Dictionary<string, Type> types = contracts.GetExportedTypes().Where(type => type.IsClass).ToDictionary(type => type.FullName!);

    public Type? Find(string name) => types.GetValueOrDefault(name);
}
