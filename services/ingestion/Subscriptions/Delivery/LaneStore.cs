using LivingCity.ServiceDefaults.Data;
using Npgsql;
using NpgsqlTypes;

namespace LivingCity.Ingestion.Subscriptions.Delivery;

/// <summary>
/// The dispatcher's SQL. Leases are timed by the database's clock, which all replicas share; back-off by the injected one.
/// </summary>
internal sealed class LaneStore(Database database, TimeProvider time) : IDisposable
{
    /// <summary>How long a lease holds without being renewed.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);

    /// <summary>However many lanes are busy, the service's other work finds connections.</summary>
    private readonly SemaphoreSlim connections = new(8);

    public Guid Owner { get; } = Guid.NewGuid();

    public void Dispose() => connections.Dispose();

    /// <summary>Takes the leases of lanes that have notifications waiting and are neither held nor backing off.</summary>
    public Task<IReadOnlyList<Lane>> ClaimAsync(int limit, CancellationToken cancellationToken) => RunAsync<IReadOnlyList<Lane>>(
        async work =>
        {
            // Walks the key from lane to lane, so that it costs as much as there are lanes that wait, not notifications.
            await using var command = work.Command(
                """
                WITH RECURSIVE waiting AS (
                    (SELECT lane FROM notification ORDER BY lane LIMIT 1)
                    UNION ALL
                    SELECT (SELECT n.lane FROM notification n WHERE n.lane > w.lane ORDER BY n.lane LIMIT 1) FROM waiting w WHERE w.lane IS NOT NULL
                ), free AS (
                    SELECT id FROM notification_lane
                    WHERE id IN (SELECT lane FROM waiting) AND (lease_until IS NULL OR lease_until < clock_timestamp()) AND (retry_at IS NULL OR retry_at <= $2)
                    ORDER BY id LIMIT $4 FOR UPDATE SKIP LOCKED
                )
                UPDATE notification_lane l SET owner = $1, lease_until = clock_timestamp() + $3 FROM free WHERE l.id = free.id RETURNING l.id, l.failures
                """,
                Owner, time.GetUtcNow().UtcDateTime, Lease, limit);
            var lanes = new List<Lane>();
            await using var rows = await command.ExecuteReaderAsync(cancellationToken);
            while (await rows.ReadAsync(cancellationToken))
            {
                lanes.Add(new Lane(rows.GetInt64(0), rows.GetInt32(1)));
            }

            return lanes;
        },
        cancellationToken);

    /// <summary>The head of a lane.</summary>
    public Task<IReadOnlyList<WaitingNotification>> ReadAsync(long lane, int limit, CancellationToken cancellationToken) => RunAsync<IReadOnlyList<WaitingNotification>>(
        async work =>
        {
            await using var command = work.Command(
                "SELECT position, tenant, subscription, key, target, body, created_at FROM notification WHERE lane = $1 ORDER BY position LIMIT $2", lane, limit);
            var waiting = new List<WaitingNotification>();
            await using var rows = await command.ExecuteReaderAsync(cancellationToken);
            while (await rows.ReadAsync(cancellationToken))
            {
                waiting.Add(new WaitingNotification(
                    rows.GetInt64(0), rows.GetString(1), rows.GetString(2), rows.GetString(3), rows.GetString(4), rows.GetFieldValue<byte[]>(5), rows.GetDateTime(6)));
            }

            return waiting;
        },
        cancellationToken);

    /// <summary>Notes what came of the tries, renews the lease or, with a time to retry at, gives it back.</summary>
    /// <returns>False when the lease is no longer ours: somebody else delivers by now.</returns>
    public Task<bool> SettleAsync(long lane, IReadOnlyList<Attempt> attempts, IReadOnlyList<long> done, int failures, DateTimeOffset? retryAt, CancellationToken cancellationToken) => RunAsync(
        async work =>
        {
            var counts = attempts.GroupBy(attempt => (attempt.Notification.Tenant, attempt.Notification.Subscription)).OrderBy(group => group.Key.Tenant, StringComparer.Ordinal)
                .ThenBy(group => group.Key.Subscription, StringComparer.Ordinal).Select(group => Count.From(group.Key.Tenant, group.Key.Subscription, [.. group])).ToArray();
            await using var batch = new NpgsqlBatch(work.Connection, work.Transaction)
            {
                BatchCommands =
                {
                    new("DELETE FROM notification WHERE lane = $1 AND position = ANY($2)") { Parameters = { new() { Value = lane }, new() { Value = done.ToArray() } } },
                    Count.Command(counts),
                    new("""
                        UPDATE notification_lane SET failures = $3, retry_at = $4, owner = CASE WHEN $4 IS NULL THEN owner END,
                            lease_until = CASE WHEN $4 IS NULL THEN clock_timestamp() + $5 END
                        WHERE id = $1 AND owner = $2 RETURNING id
                        """)
                    {
                        Parameters =
                        {
                            new() { Value = lane }, new() { Value = Owner }, new() { Value = failures },
                            new() { Value = (object?)retryAt?.UtcDateTime ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.TimestampTz }, new() { Value = Lease },
                        },
                    },
                },
            };
            return await batch.ExecuteScalarAsync(cancellationToken) is long;
        },
        cancellationToken);

    /// <summary>Gives the lease of a lane back.</summary>
    public Task ReleaseAsync(long lane, CancellationToken cancellationToken) => RunAsync(
        async work =>
        {
            await using var command = work.Command("UPDATE notification_lane SET owner = NULL, lease_until = NULL WHERE id = $1 AND owner = $2", lane, Owner);
            return await command.ExecuteNonQueryAsync(cancellationToken);
        },
        cancellationToken);

    private async Task<T> RunAsync<T>(Func<Work, Task<T>> run, CancellationToken cancellationToken)
    {
        await connections.WaitAsync(cancellationToken);
        try
        {
            await using var work = await database.BeginAsync(null, cancellationToken);
            await Dispatching.EnableAsync(work, cancellationToken);
            var result = await run(work);
            await work.CommitAsync(cancellationToken);
            return result;
        }
        finally
        {
            connections.Release();
        }
    }

    /// <summary>What the tries of one batch add to a subscription's counters.</summary>
    private sealed record Count(string Tenant, string Subscription, int Sent, int Failed, DateTimeOffset Last, DateTimeOffset? Success, DateTimeOffset? Failure)
    {
        public static Count From(string tenant, string subscription, IReadOnlyList<Attempt> attempts) => new(
            tenant,
            subscription,
            attempts.Count,
            attempts.Count(attempt => attempt.Outcome != SendOutcome.Delivered),
            attempts.Max(attempt => attempt.At),
            attempts.Where(attempt => attempt.Outcome == SendOutcome.Delivered).Max(attempt => (DateTimeOffset?)attempt.At),
            attempts.Where(attempt => attempt.Outcome != SendOutcome.Delivered).Max(attempt => (DateTimeOffset?)attempt.At));

        public static NpgsqlBatchCommand Command(IReadOnlyList<Count> counts) => new("""
            UPDATE subscription_state s SET times_sent = times_sent + n.sent, times_failed = times_failed + n.failed,
                last_notification = greatest(last_notification, n.last), last_success = greatest(last_success, n.success), last_failure = greatest(last_failure, n.failure)
            FROM unnest($1, $2, $3, $4, $5, $6, $7) AS n(tenant, id, sent, failed, last, success, failure) WHERE s.tenant = n.tenant AND s.id = n.id
            """)
        {
            Parameters =
            {
                new() { Value = counts.Select(count => count.Tenant).ToArray() },
                new() { Value = counts.Select(count => count.Subscription).ToArray() },
                new() { Value = counts.Select(count => count.Sent).ToArray() },
                new() { Value = counts.Select(count => count.Failed).ToArray() },
                new() { Value = counts.Select(count => count.Last.UtcDateTime).ToArray() },
                new() { Value = counts.Select(count => count.Success?.UtcDateTime).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.TimestampTz },
                new() { Value = counts.Select(count => count.Failure?.UtcDateTime).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.TimestampTz },
            },
        };
    }
}

/// <summary>Lets a transaction see the notifications of all tenants.</summary>
internal static class Dispatching
{
    public static async Task EnableAsync(Work work, CancellationToken cancellationToken)
    {
        await using var command = work.Command("SELECT set_config('app.dispatcher', 'on', true)");
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
