using LivingCity.ServiceDefaults.Data;
using Npgsql;
using NpgsqlTypes;

namespace LivingCity.Ingestion.Subscriptions.Delivery;

/// <summary>A notification to send.</summary>
/// <param name="Lane">The endpoint's lane.</param>
/// <param name="Subscription">Id of the subscription.</param>
/// <param name="Key">Notifications of a lane with the same key are delivered one after the other.</param>
/// <param name="Id">Stays the same however often it is sent.</param>
/// <param name="Target">A <see cref="NotificationTarget"/>, written.</param>
/// <param name="Body">What is sent.</param>
internal sealed record OutgoingNotification(long Lane, string Subscription, string Key, Guid Id, string Target, byte[] Body);

/// <summary>Notifications are rows of the transaction of the change that causes them: none is lost, and none is sent for what was rolled back.</summary>
internal static class NotificationOutbox
{
    public const string Channel = "notifications";

    public static async Task WriteAsync(Work work, IReadOnlyList<OutgoingNotification> notifications, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (notifications.Count == 0)
        {
            return;
        }

        await using var batch = new NpgsqlBatch(work.Connection, work.Transaction)
        {
            BatchCommands =
            {
                new("""
                    INSERT INTO notification (lane, tenant, subscription, key, id, target, body, created_at)
                    SELECT lane, $7, subscription, key, id, target, body, $8
                    FROM unnest($1, $2, $3, $4, $5, $6) WITH ORDINALITY AS n(lane, subscription, key, id, target, body, number) ORDER BY number
                    """)
                {
                    Parameters =
                    {
                        new() { Value = notifications.Select(notification => notification.Lane).ToArray() },
                        new() { Value = notifications.Select(notification => notification.Subscription).ToArray() },
                        new() { Value = notifications.Select(notification => notification.Key).ToArray() },
                        new() { Value = notifications.Select(notification => notification.Id).ToArray() },
                        new() { Value = notifications.Select(notification => notification.Target).ToArray() },
                        new() { Value = notifications.Select(notification => notification.Body).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea },
                        new() { Value = work.Tenant! },
                        new() { Value = now.UtcDateTime },
                    },
                },
                new($"NOTIFY {Channel}"),
            },
        };
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }
}
