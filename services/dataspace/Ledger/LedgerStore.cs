using Dapper;
using LivingCity.ServiceDefaults.Data;
using Npgsql;
using NpgsqlTypes;

namespace LivingCity.Dataspace.Ledger;

/// <summary>Where a ledger stands.</summary>
internal sealed record LedgerHead
{
    public long Number { get; init; }

    public byte[] Hash { get; init; } = LedgerChain.Start;

    /// <summary>Uses granted (as provider) or had (as consumer).</summary>
    public long Granted { get; init; }

    public long Refused { get; init; }

    /// <summary>The minute that is counted.</summary>
    public DateTime Minute { get; init; }

    public long MinuteGranted { get; init; }
}

internal static class LedgerStore
{
    private const string HeadColumns = "number, hash, granted, refused, minute, minute_granted";

    /// <summary>The head of an agreement's ledger, locked: entries are appended one transaction after the other.</summary>
    public static Task<LedgerHead> LockLedgerAsync(this Work work, string agreement, string peer, CancellationToken cancellationToken) => work.Connection.QuerySingleAsync<LedgerHead>(new CommandDefinition($"""
        INSERT INTO ledger_head (tenant, agreement_id, peer) VALUES (@tenant, @agreement, @peer) ON CONFLICT (tenant, agreement_id) DO UPDATE SET peer = ledger_head.peer
        RETURNING {HeadColumns.Replace("minute,", "CASE WHEN minute = '-infinity' THEN '0001-01-01'::timestamptz ELSE minute END AS minute,", StringComparison.Ordinal)}
        """, new { tenant = work.Tenant, agreement, peer }, work.Transaction, cancellationToken: cancellationToken));

    /// <summary>Appends entries and moves the head, in one round trip.</summary>
    public static async Task AppendAsync(this Work work, string agreement, LedgerHead head, IReadOnlyList<LedgerEntry> entries, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(work.Connection, work.Transaction)
        {
            BatchCommands =
            {
                new("""
                    INSERT INTO ledger_entry (tenant, agreement_id, number, at, kind, body, previous, hash)
                    SELECT $1, $2, n, a, k, b, p, h FROM unnest($3, $4, $5, $6, $7, $8) AS e(n, a, k, b, p, h)
                    """)
                {
                    Parameters =
                    {
                        new() { Value = work.Tenant },
                        new() { Value = agreement },
                        new() { Value = entries.Select(entry => entry.Number).ToArray() },
                        new() { Value = entries.Select(entry => entry.At).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.TimestampTz },
                        new() { Value = entries.Select(entry => entry.Kind).ToArray() },
                        new() { Value = entries.Select(entry => entry.Body).ToArray() },
                        new() { Value = entries.Select(entry => entry.Previous).ToArray() },
                        new() { Value = entries.Select(entry => entry.Hash).ToArray() },
                    },
                },
                new("UPDATE ledger_head SET number = $3, hash = $4, granted = $5, refused = $6, minute = $7, minute_granted = $8 WHERE tenant = $1 AND agreement_id = $2")
                {
                    Parameters =
                    {
                        new() { Value = work.Tenant }, new() { Value = agreement }, new() { Value = head.Number }, new() { Value = head.Hash }, new() { Value = head.Granted }, new() { Value = head.Refused },
                        new() { Value = DateTime.SpecifyKind(head.Minute, DateTimeKind.Utc), NpgsqlDbType = NpgsqlDbType.TimestampTz }, new() { Value = head.MinuteGranted },
                    },
                },
            },
        };
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    public static async Task<IReadOnlyList<LedgerEntry>> ReadLedgerAsync(this Work work, string agreement, long after, int limit, CancellationToken cancellationToken) =>
        (await work.Connection.QueryAsync<LedgerEntry>(new CommandDefinition(
            "SELECT number, at, kind, body, previous, hash FROM ledger_entry WHERE tenant = @tenant AND agreement_id = @agreement AND number > @after ORDER BY number LIMIT @limit",
            new { tenant = work.Tenant, agreement, after, limit }, work.Transaction, cancellationToken: cancellationToken))).AsList();

    public static Task<LedgerHead?> FindHeadAsync(this Work work, string agreement, CancellationToken cancellationToken) => work.Connection.QuerySingleOrDefaultAsync<LedgerHead?>(new CommandDefinition(
        "SELECT number, hash, granted, refused, minute_granted FROM ledger_head WHERE agreement_id = @agreement AND tenant = @tenant", new { agreement, tenant = work.Tenant }, work.Transaction, cancellationToken: cancellationToken));

    /// <summary>One entry that is no use of data.</summary>
    public static async Task NoteAsync(this Work work, string agreement, string peer, string kind, string body, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var head = await work.LockLedgerAsync(agreement, peer, cancellationToken);
        var entry = LedgerChain.Append(agreement, head.Number + 1, now, kind, body, head.Hash);
        await work.AppendAsync(agreement, head with { Number = entry.Number, Hash = entry.Hash }, [entry], cancellationToken);
    }

    /// <summary>One entry, outside the data plane's meter.</summary>
    public static async Task AppendOneAsync(this Work work, string agreement, string peer, string kind, string body, bool counts, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var head = await work.LockLedgerAsync(agreement, peer, cancellationToken);
        var entry = LedgerChain.Append(agreement, head.Number + 1, now, kind, body, head.Hash);
        await work.AppendAsync(agreement, head with { Number = entry.Number, Hash = entry.Hash, Granted = head.Granted + (counts ? 1 : 0), Refused = head.Refused + (counts ? 0 : 1) }, [entry], cancellationToken);
    }
}
