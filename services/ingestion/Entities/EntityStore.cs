using System.Text.Json.Nodes;
using LivingCity.ServiceDefaults.Data;
using NpgsqlTypes;

namespace LivingCity.Ingestion.Entities;

/// <summary>Current state and history of a tenant's entities, a batch in a constant number of statements.</summary>
internal static class EntityStore
{
    private const string Location = "https://uri.etsi.org/ngsi-ld/location";

    /// <summary>Writes current state. Rows are locked in the order of their ids, so that overlapping batches cannot deadlock.</summary>
    /// <param name="work">The transaction.</param>
    /// <param name="fragments">Fragments, one for each entity id.</param>
    /// <param name="replace">True: an existing entity's attributes are replaced. False: those given are added or replaced, the others stay.</param>
    /// <param name="now">The time of writing.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>The ids of the entities that did not exist before.</returns>
    public static async Task<IReadOnlyList<string>> UpsertAsync(
        Work work, IReadOnlyCollection<EntityFragment> fragments, bool replace, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var ordered = fragments.OrderBy(fragment => fragment.Id, StringComparer.Ordinal).ToArray();
        await using var command = work.Command($"""
            INSERT INTO entity (tenant, id, types, attributes, location, created_at, modified_at)
            SELECT $1, id, string_to_array(types, ' '), attributes, ST_SetSRID(ST_GeomFromGeoJSON(location), 4326), $6, $6
            FROM unnest($2, $3, $4, $5) AS e(id, types, attributes, location)
            ON CONFLICT (tenant, id) DO UPDATE SET
                types = {(replace ? "excluded.types" : "ARRAY(SELECT DISTINCT unnest(entity.types || excluded.types))")},
                attributes = {(replace ? "excluded.attributes" : "jsonb_merge_instances(entity.attributes, excluded.attributes)")},
                location = {(replace ? "excluded.location" : "coalesce(excluded.location, entity.location)")},
                modified_at = excluded.modified_at,
                version = entity.version + 1
            RETURNING id, (xmax = 0) AS created
            """,
            work.Tenant,
            ordered.Select(fragment => fragment.Id).ToArray(),
            ordered.Select(fragment => string.Join(' ', fragment.Types)).ToArray(),
            Jsonb(ordered.Select(fragment => fragment.ToAttributes().ToJsonString())),
            Text(ordered.Select(LocationOf)),
            now);
        var created = new List<string>();
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken))
        {
            if (rows.GetBoolean(1))
            {
                created.Add(rows.GetString(0));
            }
        }

        return created;
    }

    /// <summary>Adds to history. An observation that is there already (same entity, attribute, dataset and time) is replaced, not added.</summary>
    public static async Task RecordAsync(Work work, IEnumerable<EntityFragment> fragments, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var rows = fragments
            .SelectMany(fragment => fragment.Instances.Select(instance => (fragment.Id, Instance: instance, ObservedAt: instance.ObservedAt ?? now)))
            .GroupBy(row => (row.Id, row.Instance.Attribute, row.Instance.DatasetId, row.ObservedAt))
            .Select(group => group.Last())
            .OrderBy(row => row.Id, StringComparer.Ordinal).ThenBy(row => row.Instance.Attribute, StringComparer.Ordinal)
            .ThenBy(row => row.Instance.DatasetId, StringComparer.Ordinal).ThenBy(row => row.ObservedAt)
            .ToArray();
        await using var command = work.Command("""
            INSERT INTO attribute_instance (tenant, entity_id, attribute, dataset_id, observed_at, number, instance, recorded_at)
            SELECT $1, entity_id, attribute, dataset_id, observed_at, number, instance, $8
            FROM unnest($2, $3, $4, $5, $6, $7) AS i(entity_id, attribute, dataset_id, observed_at, number, instance)
            ON CONFLICT (tenant, entity_id, attribute, dataset_id, observed_at) DO UPDATE SET number = excluded.number, instance = excluded.instance
            """,
            work.Tenant,
            rows.Select(row => row.Id).ToArray(),
            rows.Select(row => row.Instance.Attribute).ToArray(),
            rows.Select(row => row.Instance.DatasetId).ToArray(),
            rows.Select(row => row.ObservedAt).ToArray(),
            rows.Select(row => row.Instance.Number).ToArray(),
            Jsonb(rows.Select(row => row.Instance.Body.ToJsonString())),
            now);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static string? LocationOf(EntityFragment fragment) =>
        fragment.Instances.LastOrDefault(instance => instance.Attribute == Location && instance.DatasetId.Length == 0)?.Body["value"]?.ToJsonString();

    private static Npgsql.NpgsqlParameter Jsonb(IEnumerable<string> values) => new() { Value = values.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Jsonb };

    private static Npgsql.NpgsqlParameter Text(IEnumerable<string?> values) => new() { Value = values.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text };
}
