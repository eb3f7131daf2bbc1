using LivingCity.ServiceDefaults.Data;
using NpgsqlTypes;

namespace LivingCity.Ingestion.Subscriptions.Matching;

/// <summary>
/// Between two notifications of a throttled subscription its time must have passed, whichever replicas the changes come through: changes before that notify nobody
/// (ETSI GS CIM 009, clause 5.8.6). What one transaction changes is told together.
/// </summary>
internal static class Throttle
{
    /// <returns>The ids of the subscriptions that may notify now; their time starts anew.</returns>
    public static async Task<IReadOnlySet<string>> PassAsync(Work work, IReadOnlyList<ActiveSubscription> subscriptions, DateTimeOffset now, CancellationToken cancellationToken)
    {
        // Locked in the order of their ids, so that two transactions never wait for each other in a circle.
        await using var command = work.Command(
            """
            WITH free AS (
                SELECT s.id, n.until FROM subscription_state s JOIN unnest($2, $3) AS n(id, until) USING (id)
                WHERE s.tenant = $1 ORDER BY s.id FOR UPDATE OF s
            )
            UPDATE subscription_state s SET throttled_until = free.until FROM free
            WHERE s.tenant = $1 AND s.id = free.id AND (s.throttled_until IS NULL OR s.throttled_until <= $4) RETURNING s.id
            """,
            work.Tenant, subscriptions.Select(subscription => subscription.Id).ToArray(),
            new Npgsql.NpgsqlParameter { Value = subscriptions.Select(subscription => (now + subscription.Throttling!.Value).UtcDateTime).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.TimestampTz },
            now.UtcDateTime);
        var free = new HashSet<string>();
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken))
        {
            free.Add(rows.GetString(0));
        }

        return free;
    }
}
