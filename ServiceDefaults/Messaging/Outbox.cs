using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Npgsql;
using NpgsqlTypes;

namespace LivingCity.ServiceDefaults.Messaging;

/// <summary>A message on its way from a committed transaction to the broker.</summary>
internal sealed record OutboxMessage(Guid Id, string Type, string Body, string Key, string? Tenant, string? TraceParent)
{
    public static OutboxMessage From<T>(T message, string key, string? tenant)
        where T : class => new(Guid.CreateVersion7(), typeof(T).FullName!, JsonSerializer.Serialize(message, MessageJson.Options), key, tenant, Activity.Current?.Id);
}

/// <summary>
/// The transactional outbox: messages are rows of the transaction that causes them. Stands in for MassTransit.EntityFrameworkCore's.
/// </summary>
internal static class Outbox
{
    private const int Lanes = 16;

    /// <summary>The one statement that writes all messages of a transaction.</summary>
    public static NpgsqlBatchCommand Insertion(IReadOnlyList<OutboxMessage> messages, DateTimeOffset now) => new("""
        INSERT INTO outbox_message (lane, key, id, type, body, tenant, traceparent, created_at)
        SELECT lane, key, id, type, body, tenant, traceparent, $8
        FROM unnest($1, $2, $3, $4, $5, $6, $7) WITH ORDINALITY AS m(lane, key, id, type, body, tenant, traceparent, number) ORDER BY number
        """)
    {
        Parameters =
        {
            new() { Value = messages.Select(message => LaneOf(message.Key)).ToArray() },
            new() { Value = messages.Select(message => message.Key).ToArray() },
            new() { Value = messages.Select(message => message.Id).ToArray() },
            new() { Value = messages.Select(message => message.Type).ToArray() },
            new() { Value = messages.Select(message => message.Body).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Jsonb },
            new() { Value = messages.Select(message => message.Tenant).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text },
            new() { Value = messages.Select(message => message.TraceParent).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text },
            new() { Value = now.ToUniversalTime() },
        },
    };

    private static short LaneOf(string key) => (short)(StableHash(key) % Lanes);

    /// <summary>FNV-1a: the same on every machine and in every version, unlike <see cref="string.GetHashCode()"/>.</summary>
    private static uint StableHash(string key) => Encoding.UTF8.GetBytes(key).Aggregate(2166136261u, (hash, octet) => (hash ^ octet) * 16777619u);
}
