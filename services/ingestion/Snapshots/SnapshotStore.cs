using System.Text.Json.Nodes;
using LivingCity.Ingestion.Entities;
using LivingCity.Ingestion.Errors;
using LivingCity.ServiceDefaults.Data;
using Npgsql;

namespace LivingCity.Ingestion.Snapshots;

/// <summary>Snapshots in the database, and what is to be done with them.</summary>
internal static class SnapshotStore
{
    private const string Columns = "s.id, s.data_tenant, s.document::text, s.context, s.status, s.details::text, s.created_at, s.modified_at, s.expires_at, s.last_used_at";

    /// <summary>Keeps a new snapshot, to be filled and, when its time is over, removed.</summary>
    /// <param name="work">The transaction.</param>
    /// <param name="snapshot">The snapshot.</param>
    /// <param name="source">For a clone: where the data to copy lies.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="NgsiLdException">The id is taken (AlreadyExists).</exception>
    public static async Task InsertAsync(Work work, Snapshot snapshot, string? source, CancellationToken cancellationToken)
    {
        await using (var insert = work.Command(
            "INSERT INTO snapshot (tenant, id, data_tenant, document, context, status, created_at, modified_at, expires_at, last_used_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $7, $8, $7) ON CONFLICT (tenant, id) DO NOTHING",
            work.Tenant, snapshot.Id, snapshot.DataTenant, Sql.Json(snapshot.Document.ToJsonString()), snapshot.Context, snapshot.Status, snapshot.CreatedAt, snapshot.ExpiresAt))
        {
            if (await insert.ExecuteNonQueryAsync(cancellationToken) == 0)
            {
                throw NgsiLdException.AlreadyExists($"There is a snapshot {snapshot.Id} already.");
            }
        }

        await using var tasks = work.Command(
            "INSERT INTO snapshot_task (data_tenant, removes, tenant, snapshot, source, due_at) VALUES ($1, false, $2, $3, $4, $5), ($1, true, $2, $3, NULL, $6)",
            snapshot.DataTenant, work.Tenant, snapshot.Id, new NpgsqlParameter { Value = (object?)source ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text }, snapshot.CreatedAt, snapshot.ExpiresAt);
        await tasks.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>The snapshot, or null when there is none or its time is over.</summary>
    public static async Task<Snapshot?> FindAsync(Work work, string id, DateTimeOffset now, bool toChange, CancellationToken cancellationToken)
    {
        await using var command = work.Command($"SELECT {Columns} FROM snapshot s WHERE s.tenant = $1 AND s.id = $2 AND s.expires_at > $3 {(toChange ? "FOR UPDATE" : "")}", work.Tenant, id, now);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        return await row.ReadAsync(cancellationToken) ? Read(row) : null;
    }

    public static async Task<IReadOnlyList<Snapshot>> ListAsync(Work work, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var command = work.Command($"SELECT {Columns} FROM snapshot s WHERE s.tenant = $1 AND s.expires_at > $2 ORDER BY s.created_at, s.id", work.Tenant, now);
        var found = new List<Snapshot>();
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken))
        {
            found.Add(Read(rows));
        }

        return found;
    }

    /// <summary>Where the data of a snapshot lies, noting that it was used; null when there is none. What is noted may be a minute old, so that reading seldom writes.</summary>
    public static Task<string?> UseAsync(Database database, string tenant, string id, DateTimeOffset now, CancellationToken cancellationToken) => database.ReadAsync(
        tenant,
        [
            Statement.Of("UPDATE snapshot SET last_used_at = $3 WHERE tenant = $1 AND id = $2 AND last_used_at < $3 - interval '1 minute'", tenant, id, now),
            Statement.Of("SELECT data_tenant FROM snapshot WHERE tenant = $1 AND id = $2 AND expires_at > $3", tenant, id, now),
        ],
        async row => await row.ReadAsync(cancellationToken) ? row.GetString(0) : null,
        cancellationToken);

    /// <summary>Writes what may change of a snapshot.</summary>
    public static async Task UpdateAsync(Work work, Snapshot snapshot, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(work.Connection, work.Transaction);
        batch.BatchCommands.Add("UPDATE snapshot SET document = $3, status = $4, details = $5, modified_at = $6, expires_at = $7 WHERE tenant = $1 AND id = $2",
            work.Tenant, snapshot.Id, Sql.Json(snapshot.Document.ToJsonString()), snapshot.Status, Sql.Json(snapshot.Details.ToJsonString()), snapshot.ModifiedAt, snapshot.ExpiresAt);
        batch.BatchCommands.Add("UPDATE snapshot_task SET due_at = $2 WHERE data_tenant = $1 AND removes", snapshot.DataTenant, snapshot.ExpiresAt);
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Deletes snapshots. What they hold is removed soon after.</summary>
    public static async Task DeleteAsync(Work work, IReadOnlyList<Snapshot> snapshots, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(work.Connection, work.Transaction);
        batch.BatchCommands.Add("DELETE FROM snapshot WHERE tenant = $1 AND id = ANY($2)", work.Tenant, snapshots.Select(snapshot => snapshot.Id).ToArray());
        batch.BatchCommands.Add("UPDATE snapshot_task SET due_at = $2 WHERE data_tenant = ANY($1) AND removes", snapshots.Select(snapshot => snapshot.DataTenant).ToArray(), now);
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    private static Snapshot Read(NpgsqlDataReader row) => new(
        row.GetString(0), row.GetString(1), JsonNode.Parse(row.GetString(2))!.AsObject(), row.GetString(3), row.GetString(4), JsonNode.Parse(row.GetString(5))!.AsObject(),
        row.GetFieldValue<DateTimeOffset>(6), row.GetFieldValue<DateTimeOffset>(7), row.GetFieldValue<DateTimeOffset>(8), row.GetFieldValue<DateTimeOffset>(9));
}
