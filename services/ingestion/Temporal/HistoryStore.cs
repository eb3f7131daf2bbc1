using LivingCity.Ingestion.Entities;
using LivingCity.ServiceDefaults.Data;
using Npgsql;
using NpgsqlTypes;

namespace LivingCity.Ingestion.Temporal;

/// <summary>The statements that write history: rows in one, whatever their number.</summary>
internal static class HistoryStore
{
    public static IEnumerable<NpgsqlBatchCommand> Write(string tenant, IReadOnlyList<HistoryRow> rows)
    {
        if (rows.Count == 0)
        {
            yield break;
        }

        var sorted = rows.OrderBy(row => row.Series).ThenBy(row => row.At).ToArray();
        yield return Statement.Of("""
            INSERT INTO history (tenant, series, at, number, observed, created_at, modified_at, deleted_at, instance)
            SELECT $1, series, at, number, observed, stored, stored, CASE WHEN deleted THEN stored END, instance
            FROM unnest($2, $3, $4, $5, $6, $7, $8) AS h(series, at, number, observed, stored, deleted, instance)
            ON CONFLICT (tenant, series, at) DO UPDATE SET
                number = excluded.number, observed = excluded.observed, modified_at = excluded.modified_at, deleted_at = excluded.deleted_at, instance = excluded.instance
            """,
            tenant,
            sorted.Select(row => row.Series).ToArray(),
            sorted.Select(row => row.At).ToArray(),
            new NpgsqlParameter { Value = sorted.Select(row => row.Instance.Number).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Double },
            sorted.Select(row => row.Instance.ObservedAt is not null).ToArray(),
            sorted.Select(row => row.StoredAt).ToArray(),
            sorted.Select(row => row.Instance.DeletedAt is not null).ToArray(),
            Sql.Jsons(sorted.Select(row => StoredAttributes.Write(row.Instance))));
    }

    /// <summary>Keeps what history knows of the entities themselves.</summary>
    public static IEnumerable<NpgsqlBatchCommand> WriteEntities(string tenant, EntityBatch batch)
    {
        var last = batch.Changes.GroupBy(change => change.Entity.Id).Select(group => group.Last()).ToArray();
        var alive = last.Where(change => change.After is { } after
            && (batch.Stored(after.Id) is not { } before || !before.Types.SequenceEqual(after.Types) || !(before.Scopes ?? []).SequenceEqual(after.Scopes ?? []))).ToArray();
        if (alive.Length > 0)
        {
            yield return Statement.Of("""
                INSERT INTO temporal_entity (tenant, id, types, scopes, created_at, modified_at)
                SELECT $1, id, string_to_array(types, ' '), string_to_array(scopes, ' '), created_at, modified_at FROM unnest($2, $3, $4, $5, $6) AS t(id, types, scopes, created_at, modified_at)
                ON CONFLICT (tenant, id) DO UPDATE SET types = excluded.types, scopes = excluded.scopes, modified_at = excluded.modified_at, deleted_at = NULL
                """,
                tenant, alive.Select(change => change.Entity.Id).ToArray(), alive.Select(change => string.Join(' ', change.Entity.Types)).ToArray(),
                Sql.Texts(alive.Select(change => change.Entity.Scopes is { Count: > 0 } scopes ? string.Join(' ', scopes) : null)),
                alive.Select(change => change.Entity.CreatedAt).ToArray(), alive.Select(change => change.At).ToArray());
        }

        var deleted = last.Where(change => change.After is null).ToArray();
        if (deleted.Length > 0)
        {
            yield return Statement.Of("UPDATE temporal_entity t SET deleted_at = $3, modified_at = $3 WHERE t.tenant = $1 AND t.id = ANY($2)",
                tenant, deleted.Select(change => change.Entity.Id).ToArray(), deleted[0].At);
        }
    }
}
