using LivingCity.Ingestion.Entities;
using LivingCity.ServiceDefaults.Data;

namespace LivingCity.Ingestion.Discovery;

/// <summary>An attribute as a type has it.</summary>
/// <param name="Attribute">IRI.</param>
/// <param name="Count">How many entities have it.</param>
/// <param name="Kinds">Its kinds.</param>
internal sealed record AttributeUse(string Attribute, long Count, IReadOnlyList<string> Kinds);

/// <summary>Asks the current state which types and attributes there are. A caller who may read some types only hears of these.</summary>
internal sealed class DiscoveryStore(Database database)
{
    private const string Visible = "e.tenant = $1 AND (e.expires_at IS NULL OR e.expires_at > now()) AND ($2::text[] IS NULL OR e.types && $2)";

    /// <summary>IRIs of the types, in order.</summary>
    public Task<List<string>> TypesAsync(string tenant, IReadOnlySet<string>? open, CancellationToken cancellationToken) =>
        // From each type straight to the next: as many steps as there are types, however many entities they have.
        ReadAsync(tenant, """
            WITH RECURSIVE step AS (
                (SELECT type FROM entity_type WHERE tenant = $1 ORDER BY type LIMIT 1)
                UNION ALL
                SELECT (SELECT t.type FROM entity_type t WHERE t.tenant = $1 AND t.type > step.type ORDER BY t.type LIMIT 1) FROM step WHERE step.type IS NOT NULL)
            SELECT type FROM step WHERE type IS NOT NULL AND ($2::text[] IS NULL OR type = ANY($2))
            """, open, [], row => row.GetString(0), cancellationToken);

    /// <summary>Types with their attributes.</summary>
    public Task<List<(string Type, string[] Attributes)>> TypeDetailsAsync(string tenant, IReadOnlySet<string>? open, CancellationToken cancellationToken) =>
        ReadAsync(tenant, $"""
            SELECT type, coalesce(array_agg(DISTINCT attribute ORDER BY attribute) FILTER (WHERE attribute IS NOT NULL), ARRAY[]::text[])
            FROM entity e CROSS JOIN unnest(e.types) type LEFT JOIN LATERAL jsonb_object_keys(e.attributes) attribute ON true
            WHERE {Visible} AND ($2::text[] IS NULL OR type = ANY($2)) GROUP BY type ORDER BY type
            """, open, [], row => (row.GetString(0), row.GetFieldValue<string[]>(1)), cancellationToken);

    /// <summary>How many entities have a type.</summary>
    public async Task<long> CountAsync(string tenant, IReadOnlySet<string>? open, string type, CancellationToken cancellationToken) =>
        (await ReadAsync(tenant, $"SELECT count(*) FROM entity_type t JOIN entity e ON e.tenant = t.tenant AND e.id = t.id WHERE t.tenant = $1 AND t.type = $3 AND {Visible}",
            open, [type], row => row.GetInt64(0), cancellationToken))[0];

    /// <summary>The attributes of a type.</summary>
    public Task<List<AttributeUse>> AttributesOfAsync(string tenant, IReadOnlySet<string>? open, string type, CancellationToken cancellationToken) =>
        ReadAsync(tenant, $"""
            SELECT a.key, count(DISTINCT e.id), array_agg(DISTINCT i ->> 'type')
            FROM entity_type t JOIN entity e ON e.tenant = t.tenant AND e.id = t.id CROSS JOIN jsonb_each(e.attributes) a CROSS JOIN jsonb_array_elements(a.value) i
            WHERE t.tenant = $1 AND t.type = $3 AND {Visible} GROUP BY a.key ORDER BY a.key
            """, open, [type], row => new AttributeUse(row.GetString(0), row.GetInt64(1), row.GetFieldValue<string[]>(2)), cancellationToken);

    /// <summary>Attributes with the types of the entities that have them.</summary>
    public Task<List<(string Attribute, string[] Types)>> AttributesAsync(string tenant, IReadOnlySet<string>? open, CancellationToken cancellationToken) =>
        ReadAsync(tenant, $"""
            SELECT attribute, array_agg(DISTINCT type ORDER BY type)
            FROM entity e CROSS JOIN unnest(e.types) type CROSS JOIN jsonb_object_keys(e.attributes) attribute
            WHERE {Visible} GROUP BY attribute ORDER BY attribute
            """, open, [], row => (row.GetString(0), row.GetFieldValue<string[]>(1)), cancellationToken);

    /// <summary>One attribute: how many entities have it, its kinds, and their types. Null when no entity has it.</summary>
    public async Task<(AttributeUse Use, string[] Types)?> AttributeAsync(string tenant, IReadOnlySet<string>? open, string attribute, CancellationToken cancellationToken)
    {
        var found = await ReadAsync(tenant, $"""
            SELECT count(DISTINCT e.id), array_agg(DISTINCT i ->> 'type'), array_agg(DISTINCT type ORDER BY type)
            FROM entity_search s JOIN entity e ON e.tenant = s.tenant AND e.id = s.id CROSS JOIN unnest(e.types) type CROSS JOIN jsonb_array_elements(e.attributes -> $3) i
            WHERE s.tenant = $1 AND s.facts @> $4 AND {Visible} HAVING count(*) > 0
            """, open, [attribute, (long[])[Facts.HasAttribute(attribute)]],
            row => (new AttributeUse(attribute, row.GetInt64(0), row.GetFieldValue<string[]>(1)), row.GetFieldValue<string[]>(2)), cancellationToken);
        return found.Count == 0 ? null : found[0];
    }

    private async Task<List<T>> ReadAsync<T>(string tenant, string sql, IReadOnlySet<string>? open, object[] parameters, Func<Npgsql.NpgsqlDataReader, T> read, CancellationToken cancellationToken)
    {
        await using var work = await database.BeginAsync(tenant, cancellationToken);
        var types = new Npgsql.NpgsqlParameter { Value = (object?)open?.ToArray() ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Array | NpgsqlTypes.NpgsqlDbType.Text };
        await using var command = work.Command(sql, [tenant, types, .. parameters]);
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        var found = new List<T>();
        while (await rows.ReadAsync(cancellationToken))
        {
            found.Add(read(rows));
        }

        return found;
    }
}
