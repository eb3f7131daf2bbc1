using LivingCity.Ingestion.Temporal;
using LivingCity.ServiceDefaults.Data;
using Npgsql;
using NpgsqlTypes;

namespace LivingCity.Ingestion.Entities;

/// <summary>Current state in the database: a batch of any size in a constant number of statements.</summary>
internal static class EntityStore
{
    /// <summary>The columns that <see cref="Read"/> reads, of alias e.</summary>
    public const string Columns = "e.id, e.types, e.scopes, e.attributes::text, e.created_at, e.modified_at, e.expires_at";

    /// <summary>Reads entities and locks their rows in the order of their ids, so that overlapping batches cannot deadlock.</summary>
    public static NpgsqlBatchCommand Lock(string tenant, string[] sortedIds) => sortedIds.Length == 1
        ? Statement.Of($"SELECT {Columns} FROM entity e WHERE e.tenant = $1 AND e.id = $2 FOR UPDATE", tenant, sortedIds[0])
        : Statement.Of($"SELECT {Columns} FROM entity e WHERE e.tenant = $1 AND e.id = ANY($2) ORDER BY e.id FOR UPDATE", tenant, sortedIds);

    /// <summary>The entities in the rows of the current result.</summary>
    public static async Task<Dictionary<string, Entity>> ReadAllAsync(NpgsqlDataReader rows, CancellationToken cancellationToken)
    {
        var entities = new Dictionary<string, Entity>();
        while (await rows.ReadAsync(cancellationToken))
        {
            var entity = Read(rows);
            entities[entity.Id] = entity;
        }

        return entities;
    }

    /// <summary>The entity in the current row.</summary>
    public static Entity Read(NpgsqlDataReader row) => new()
    {
        Id = row.GetString(0),
        Types = row.GetFieldValue<string[]>(1),
        Scopes = row.IsDBNull(2) ? null : row.GetFieldValue<string[]>(2),
        Attributes = StoredAttributes.Read(row.GetFieldValue<byte[]>(3)),
        CreatedAt = row.GetFieldValue<DateTimeOffset>(4),
        ModifiedAt = row.GetFieldValue<DateTimeOffset>(5),
        ExpiresAt = row.IsDBNull(6) ? null : row.GetFieldValue<DateTimeOffset>(6),
    };

    /// <summary>
    /// The statements that write what a batch has done: state, what it is searched by, and history. They fail with a unique violation when another transaction made one of the new entities first.
    /// </summary>
    public static IReadOnlyList<NpgsqlBatchCommand> Save(string tenant, EntityBatch batch, IReadOnlyList<HistoryRow> history)
    {
        var states = batch.Changes.GroupBy(change => change.Entity.Id).Select(changes => (Id: changes.Key, Before: batch.Stored(changes.Key), changes.Last().After))
            .OrderBy(state => state.Id, StringComparer.Ordinal).ToArray();
        var commands = new List<NpgsqlBatchCommand>();
        SearchIndex.Write(commands, tenant, states);
        Delete(commands, tenant, [.. states.Where(state => state.Before is not null && state.After is null).Select(state => state.Id)]);
        Insert(commands, tenant, [.. states.Where(state => state.Before is null && state.After is not null).Select(state => state.After!)]);
        Update(commands, tenant, [.. states.Where(state => state.Before is not null && state.After is not null).Select(state => state.After!)]);
        commands.AddRange(HistoryStore.WriteEntities(tenant, batch));
        commands.AddRange(HistoryStore.Write(tenant, history));
        return commands;
    }

    /// <summary>Writes entities as they are, with their times: into a tenant that has none of them.</summary>
    public static void Import(ICollection<NpgsqlBatchCommand> commands, string tenant, IReadOnlyList<Entity> entities)
    {
        SearchIndex.Write(commands, tenant, [.. entities.Select(entity => (entity.Id, (Entity?)null, (Entity?)entity))]);
        Insert(commands, tenant, [.. entities]);
    }

    private static void Delete(ICollection<NpgsqlBatchCommand> commands, string tenant, string[] ids)
    {
        if (ids.Length > 0)
        {
            commands.Add("DELETE FROM entity WHERE tenant = $1 AND id = ANY($2)", tenant, ids);
        }
    }

    private static void Insert(ICollection<NpgsqlBatchCommand> commands, string tenant, Entity[] entities)
    {
        if (entities.Length > 0)
        {
            commands.Add("""
                INSERT INTO entity (tenant, id, types, scopes, attributes, created_at, modified_at, expires_at)
                SELECT $1, id, string_to_array(types, ' '), string_to_array(scopes, ' '), attributes, created_at, modified_at, expires_at
                FROM unnest($2, $3, $4, $5, $6, $7, $8) AS e(id, types, scopes, attributes, created_at, modified_at, expires_at)
                """,
                [tenant, .. Columnwise(entities), entities.Select(entity => entity.CreatedAt).ToArray(), entities.Select(entity => entity.ModifiedAt).ToArray(), Expiry(entities)]);
        }
    }

    private static void Update(ICollection<NpgsqlBatchCommand> commands, string tenant, Entity[] entities)
    {
        if (entities.Length > 0)
        {
            commands.Add("""
                UPDATE entity e SET types = string_to_array(n.types, ' '), scopes = string_to_array(n.scopes, ' '), attributes = n.attributes, modified_at = n.modified_at, expires_at = n.expires_at
                FROM unnest($2, $3, $4, $5, $6, $7) AS n(id, types, scopes, attributes, modified_at, expires_at)
                WHERE e.tenant = $1 AND e.id = n.id
                """,
                [tenant, .. Columnwise(entities), entities.Select(entity => entity.ModifiedAt).ToArray(), Expiry(entities)]);
        }
    }

    private static object[] Columnwise(Entity[] entities) =>
    [
        entities.Select(entity => entity.Id).ToArray(),
        entities.Select(entity => string.Join(' ', entity.Types)).ToArray(),
        Sql.Texts(entities.Select(entity => entity.Scopes is { Count: > 0 } scopes ? string.Join(' ', scopes) : null)),
        Sql.Jsons(entities.Select(entity => StoredAttributes.Write(entity.Attributes))),
    ];

    private static NpgsqlParameter Expiry(Entity[] entities) =>
        new() { Value = entities.Select(entity => entity.ExpiresAt).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.TimestampTz };
}
