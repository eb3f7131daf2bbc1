using LivingCity.Ingestion.Entities;
using LivingCity.Ingestion.Errors;
using LivingCity.ServiceDefaults.Data;
using Npgsql;
using NpgsqlTypes;

namespace LivingCity.Ingestion.Subscriptions;

/// <summary>Subscriptions in the database. Every change counts the tenant's revision up, which makes changes of one tenant wait for each other.</summary>
internal static class SubscriptionStore
{
    /// <summary>How long it stays known that a subscription is gone: longer than an index in memory is used without a look.</summary>
    private static readonly TimeSpan KeepRevisions = TimeSpan.FromDays(1);

    /// <exception cref="NgsiLdException">The id is taken (AlreadyExists).</exception>
    public static async Task InsertAsync(Work work, SubscriptionRow row, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using (var insert = work.Command("""
            INSERT INTO subscription (tenant, id, kind, document, context, query_context, lane, named_tenant, named_snapshot, created_at, modified_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10) ON CONFLICT DO NOTHING
            """, work.Tenant, row.Id, (short)row.Kind, Json(row), row.Context, row.QueryContext, row.Lane, row.NamedTenant, row.NamedSnapshot, now.UtcDateTime))
        {
            if (await insert.ExecuteNonQueryAsync(cancellationToken) == 0)
            {
                throw NgsiLdException.AlreadyExists($"There is a subscription {row.Id} already.");
            }
        }

        await using var state = work.Command("INSERT INTO subscription_state (tenant, id, next_due) VALUES ($1, $2, $3)", work.Tenant, row.Id, NextDue(row, now));
        await state.ExecuteNonQueryAsync(cancellationToken);
        await ReviseAsync(work, row.Id, now, cancellationToken);
    }

    public static async Task UpdateAsync(Work work, SubscriptionRow row, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(work.Connection, work.Transaction)
        {
            BatchCommands =
            {
                new("UPDATE subscription SET document = $3, context = $4, query_context = $5, lane = $6, modified_at = $7 WHERE tenant = $1 AND id = $2")
                {
                    Parameters =
                    {
                        new() { Value = work.Tenant! }, new() { Value = row.Id }, Json(row), new() { Value = row.Context }, new() { Value = row.QueryContext }, new() { Value = row.Lane },
                        new() { Value = now.UtcDateTime },
                    },
                },
                new("UPDATE subscription_state SET next_due = $3 WHERE tenant = $1 AND id = $2") { Parameters = { new() { Value = work.Tenant! }, new() { Value = row.Id }, NextDue(row, now) } },
            },
        };
        await batch.ExecuteNonQueryAsync(cancellationToken);
        await ReviseAsync(work, row.Id, now, cancellationToken);
    }

    /// <summary>
    /// Notifications of one subscription in its lane. Those that a dispatcher is just settling are delivered and all but gone: to wait for them would be a deadlock,
    /// since it has them first and the subscription's counters next.
    /// </summary>
    private const string Waiting = "SELECT lane, position FROM notification WHERE lane = $1 AND tenant = $2 AND subscription = $3 FOR UPDATE SKIP LOCKED";

    /// <summary>Removes a subscription, and what it has waiting.</summary>
    /// <returns>False when there is none.</returns>
    public static async Task<bool> DeleteAsync(Work work, SubscriptionKind kind, string id, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using (var delete = work.Command("DELETE FROM subscription WHERE tenant = $1 AND id = $2 AND kind = $3 RETURNING lane", work.Tenant, id, (short)kind))
        {
            if (await delete.ExecuteScalarAsync(cancellationToken) is not long lane)
            {
                return false;
            }

            await using var forget = work.Command($"DELETE FROM notification WHERE (lane, position) IN ({Waiting})", lane, work.Tenant, id);
            await forget.ExecuteNonQueryAsync(cancellationToken);
        }

        await ReviseAsync(work, id, now, cancellationToken);
        await using var tidy = work.Command("""
            DELETE FROM subscription_revision r WHERE r.tenant = $1 AND r.changed_at < $2 AND r.id <> '' AND NOT EXISTS (SELECT FROM subscription s WHERE s.tenant = r.tenant AND s.id = r.id)
            """, work.Tenant, (now - KeepRevisions).UtcDateTime);
        await tidy.ExecuteNonQueryAsync(cancellationToken);
        return true;
    }

    public static async Task<(SubscriptionRow Row, SubscriptionState State)?> FindAsync(Work work, SubscriptionKind kind, string id, bool toChange, CancellationToken cancellationToken)
    {
        await using var command = work.Command($"""
            SELECT {SubscriptionRow.Columns}, {SubscriptionState.Columns} FROM subscription s JOIN subscription_state t USING (tenant, id)
            WHERE s.tenant = $1 AND s.id = $2 AND s.kind = $3 {(toChange ? "FOR UPDATE OF s" : "")}
            """, work.Tenant, id, (short)kind);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        return await row.ReadAsync(cancellationToken) ? (SubscriptionRow.Read(row), SubscriptionState.Read(row, SubscriptionRow.Width)) : null;
    }

    public static async Task<IReadOnlyList<(SubscriptionRow Row, SubscriptionState State)>> ListAsync(
        Work work, SubscriptionKind kind, int limit, int offset, CancellationToken cancellationToken)
    {
        await using var command = work.Command($"""
            SELECT {SubscriptionRow.Columns}, {SubscriptionState.Columns} FROM subscription s JOIN subscription_state t USING (tenant, id)
            WHERE s.tenant = $1 AND s.kind = $2 ORDER BY s.created_at, s.id LIMIT $3 OFFSET $4
            """, work.Tenant, (short)kind, limit, offset);
        var found = new List<(SubscriptionRow, SubscriptionState)>();
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken))
        {
            found.Add((SubscriptionRow.Read(row), SubscriptionState.Read(row, SubscriptionRow.Width)));
        }

        return found;
    }

    public static async Task<long> CountAsync(Work work, SubscriptionKind kind, CancellationToken cancellationToken)
    {
        await using var command = work.Command("SELECT count(*) FROM subscription WHERE tenant = $1 AND kind = $2", work.Tenant, (short)kind);
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>The lane of an endpoint, made where there is none. An endpoint that failed is tried again at once.</summary>
    public static async Task<long> LaneAsync(Work work, string endpoint, CancellationToken cancellationToken)
    {
        await using var command = work.Command("""
            INSERT INTO notification_lane (tenant, endpoint) VALUES ($1, $2) ON CONFLICT (tenant, endpoint) DO UPDATE SET retry_at = NULL RETURNING id
            """, work.Tenant, endpoint);
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>Lets what waits follow the subscription to its new endpoint.</summary>
    public static async Task RedirectAsync(Work work, long from, SubscriptionRow row, string target, CancellationToken cancellationToken)
    {
        await using var command = work.Command(
            $"UPDATE notification SET lane = $4, target = $5 WHERE (lane, position) IN ({Waiting})", from, work.Tenant, row.Id, row.Lane, target);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task ReviseAsync(Work work, string id, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var command = work.Command("""
            WITH tenant_revision AS (
                INSERT INTO subscription_revision (tenant, id, revision, changed_at) VALUES ($1, '', 1, $3)
                ON CONFLICT (tenant, id) DO UPDATE SET revision = subscription_revision.revision + 1, changed_at = $3 RETURNING revision
            )
            INSERT INTO subscription_revision (tenant, id, revision, changed_at) SELECT $1, $2, revision, $3 FROM tenant_revision
            ON CONFLICT (tenant, id) DO UPDATE SET revision = excluded.revision, changed_at = $3
            """, work.Tenant, id, now.UtcDateTime);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static NpgsqlParameter Json(SubscriptionRow row) => Sql.Json(row.Document.ToJsonString());

    private static NpgsqlParameter NextDue(SubscriptionRow row, DateTimeOffset now) => new()
    {
        NpgsqlDbType = NpgsqlDbType.TimestampTz,
        Value = (double?)row.Document["timeInterval"] is { } seconds && (bool?)row.Document["isActive"] != false ? now.UtcDateTime.AddSeconds(seconds) : DBNull.Value,
    };
}
