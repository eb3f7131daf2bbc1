using Npgsql;
using NpgsqlTypes;

namespace LivingCity.Ingestion.Entities;

/// <summary>Keeps what entities are searched by: types, facts and geometries. Writes only what is different, so that measurements cost nothing here.</summary>
internal static class SearchIndex
{
    public static void Write(ICollection<NpgsqlBatchCommand> commands, string tenant, IReadOnlyList<(string Id, Entity? Before, Entity? After)> states)
    {
        WriteTypes(commands, tenant, states);
        WriteFacts(commands, tenant, states);
        WriteGeometries(commands, tenant, states);
        WriteExpiries(commands, tenant, states);
    }

    /// <summary>When the first transient attribute of an entity ends, or null.</summary>
    public static DateTimeOffset? FirstExpiry(Entity? entity)
    {
        DateTimeOffset? first = null;
        foreach (var instances in entity?.Attributes.Values ?? Enumerable.Empty<IReadOnlyList<AttributeInstance>>())
        {
            foreach (var instance in instances)
            {
                first = instance.ExpiresAt is not null && Instants.TryRead(instance.ExpiresAt, out var end) && !(first <= end) ? end : first;
            }
        }

        return first;
    }

    private static void WriteExpiries(ICollection<NpgsqlBatchCommand> commands, string tenant, IEnumerable<(string Id, Entity? Before, Entity? After)> states)
    {
        var changed = states.Select(state => (state.Id, Before: FirstExpiry(state.Before), After: FirstExpiry(state.After))).Where(state => state.Before != state.After).ToArray();
        if (changed.Length > 0)
        {
            commands.Add("DELETE FROM attribute_expiry WHERE tenant = $1 AND id = ANY($2)", tenant, changed.Select(state => state.Id).ToArray());
            commands.Add("INSERT INTO attribute_expiry (tenant, id, expires_at) SELECT $1, id, expires_at FROM unnest($2, $3) AS e(id, expires_at) WHERE expires_at IS NOT NULL",
                tenant, changed.Select(state => state.Id).ToArray(), new NpgsqlParameter { Value = changed.Select(state => state.After).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.TimestampTz });
        }
    }

    private static void WriteTypes(ICollection<NpgsqlBatchCommand> commands, string tenant, IEnumerable<(string Id, Entity? Before, Entity? After)> states)
    {
        var changed = states.Where(state => !(state.Before?.Types ?? []).SequenceEqual(state.After?.Types ?? [])).ToArray();
        var gone = changed.SelectMany(state => (state.Before?.Types ?? []).Except(state.After?.Types ?? []), (state, type) => (Type: type, state.Id)).ToArray();
        var come = changed.SelectMany(state => (state.After?.Types ?? []).Except(state.Before?.Types ?? []), (state, type) => (Type: type, state.Id)).ToArray();
        if (gone.Length > 0)
        {
            commands.Add("DELETE FROM entity_type t USING unnest($2, $3) AS g(type, id) WHERE t.tenant = $1 AND t.type = g.type AND t.id = g.id",
                tenant, gone.Select(row => row.Type).ToArray(), gone.Select(row => row.Id).ToArray());
        }

        if (come.Length > 0)
        {
            commands.Add("INSERT INTO entity_type (tenant, type, id) SELECT $1, type, id FROM unnest($2, $3) AS c(type, id)",
                tenant, come.Select(row => row.Type).ToArray(), come.Select(row => row.Id).ToArray());
        }
    }

    public static void WriteFacts(ICollection<NpgsqlBatchCommand> commands, string tenant, IEnumerable<(string Id, Entity? Before, Entity? After)> states)
    {
        var gone = new List<string>();
        var come = new List<(string Id, long[] Facts)>();
        foreach (var (id, before, after) in states)
        {
            var facts = after is null ? null : Facts.Of(after);
            if (facts is null)
            {
                gone.Add(id);
            }
            else if (before is null || !Facts.Of(before).AsSpan().SequenceEqual(facts))
            {
                come.Add((id, facts));
            }
        }

        if (gone.Count > 0)
        {
            commands.Add("DELETE FROM entity_search WHERE tenant = $1 AND id = ANY($2)", tenant, gone.ToArray());
        }

        if (come.Count > 0)
        {
            commands.Add("""
                INSERT INTO entity_search (tenant, id, facts) SELECT $1, id, string_to_array(facts, ' ')::bigint[] FROM unnest($2, $3) AS c(id, facts)
                ON CONFLICT (tenant, id) DO UPDATE SET facts = excluded.facts
                """,
                tenant, come.Select(row => row.Id).ToArray(), come.Select(row => string.Join(' ', row.Facts)).ToArray());
        }
    }

    private static void WriteGeometries(ICollection<NpgsqlBatchCommand> commands, string tenant, IEnumerable<(string Id, Entity? Before, Entity? After)> states)
    {
        var changed = states.Select(state => (state.Id, Before: Geometries(state.Before), After: Geometries(state.After))).Where(state => !state.Before.SequenceEqual(state.After)).ToArray();
        if (changed.Any(state => state.Before.Length > 0))
        {
            commands.Add("DELETE FROM entity_geometry WHERE tenant = $1 AND id = ANY($2)", tenant, changed.Select(state => state.Id).ToArray());
        }

        var rows = changed.SelectMany(state => state.After, (state, geometry) => (state.Id, geometry.Types, geometry.Attribute, geometry.Json)).ToArray();
        if (rows.Length > 0)
        {
            commands.Add("""
                INSERT INTO entity_geometry (tenant, id, types, attribute, geometry)
                SELECT $1, id, string_to_array(types, ' '), attribute, ST_CollectionExtract(ST_MakeValid(ST_SetSRID(ST_Force2D(ST_GeomFromGeoJSON(geometry)), 4326)))
                FROM unnest($2, $3, $4, $5) AS g(id, types, attribute, geometry)
                """,
                tenant, rows.Select(row => row.Id).ToArray(), rows.Select(row => row.Types).ToArray(), rows.Select(row => row.Attribute).ToArray(),
                new NpgsqlParameter { Value = rows.Select(row => row.Json).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text });
        }
    }

    private static (string Types, string Attribute, string Json)[] Geometries(Entity? entity) => entity is null ? [] :
    [
        .. entity.Attributes.SelectMany(attribute => attribute.Value, (attribute, instance) => (attribute.Key, Instance: instance))
            .Where(item => item.Instance is { Kind: AttributeKind.GeoProperty, Value.ValueKind: System.Text.Json.JsonValueKind.Object })
            .Select(item => (string.Join(' ', entity.Types), item.Key, item.Instance.Value.GetRawText())),
    ];
}
