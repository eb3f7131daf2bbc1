using System.Text.Json;
using LivingCity.Contracts.Ingestion;
using LivingCity.Dataspace.Peers;
using LivingCity.ServiceDefaults.Data;
using LivingCity.ServiceDefaults.Messaging;
using NpgsqlTypes;

namespace LivingCity.Dataspace.Catalogue;

/// <summary>Offers a described dataset in the catalogue. A later description replaces an earlier one, never the other way round.</summary>
internal sealed class DatasetListing(Participant participant) : IMessageHandler<DatasetDescribed>
{
    public async Task HandleAsync(DatasetDescribed message, Work work, CancellationToken cancellationToken)
    {
        if (!participant.Serves(message.City))
        {
            return;
        }

        await using var command = work.Command("""
            INSERT INTO dataset (tenant, id, title, description, keywords, theme, access_path, media_type, license, entity_type, synthetic, issued_at, described_at, search)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $12, $13)
            ON CONFLICT (tenant, id) DO UPDATE SET
                title = excluded.title, description = excluded.description, keywords = excluded.keywords, theme = excluded.theme, access_path = excluded.access_path,
                media_type = excluded.media_type, license = excluded.license, entity_type = excluded.entity_type, synthetic = excluded.synthetic, described_at = excluded.described_at, search = excluded.search
            WHERE dataset.described_at < excluded.described_at
            """,
            message.City, message.DatasetId, Json(message.Title), Json(message.Description), message.Keywords.ToArray(), message.Theme, message.AccessPath, message.MediaType,
            message.License, message.EntityType, message.Synthetic, message.DescribedAt.ToUniversalTime(),
            SearchText.Fold(string.Join(' ', [.. message.Title.Values, .. message.Description.Values, .. message.Keywords, message.City])));
        await command.ExecuteNonQueryAsync(cancellationToken);

        // What a dataset is offered under unless its officer says otherwise: use is permitted, the source must be named.
        await using var offer = work.Command("""
            INSERT INTO offer (tenant, id, dataset_id, policy, approval, created_at)
            SELECT $1, $2 || ':offer', $2, '{"permission": [{"action": "use"}], "obligation": [{"action": "http://www.w3.org/ns/odrl/2/attribute"}]}', 'automatic', $3
            WHERE NOT EXISTS (SELECT FROM offer WHERE tenant = $1 AND dataset_id = $2)
            ON CONFLICT DO NOTHING
            """, message.City, message.DatasetId, message.DescribedAt.ToUniversalTime());
        await offer.ExecuteNonQueryAsync(cancellationToken);
    }

    private static Npgsql.NpgsqlParameter Json<T>(T value) => new() { Value = JsonSerializer.Serialize(value), NpgsqlDbType = NpgsqlDbType.Jsonb };
}

/// <summary>Widens the period and the rectangle that a dataset covers as observations come in.</summary>
internal sealed class CoverageUpdate(Participant participant, TimeProvider time) : IMessageHandler<ObservationsRecorded>
{
    public async Task HandleAsync(ObservationsRecorded message, Work work, CancellationToken cancellationToken)
    {
        if (!participant.Serves(message.City))
        {
            return;
        }

        // Where an entity is, is often said once and without a reading.
        var periods = message.Observations.Where(observation => observation.Values.Count > 0 || observation.Location is not null).GroupBy(observation => observation.EntityType).OrderBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => (Type: group.Key, Times: group.Where(observation => observation.Values.Count > 0).Select(observation => (DateTimeOffset?)observation.ObservedAt.ToUniversalTime()).ToArray(),
                Places: group.Select(observation => observation.Location).OfType<Position>().ToArray()))
            .ToArray();
        await using var command = work.Command("""
            INSERT INTO coverage AS c (tenant, entity_type, first_observed_at, last_observed_at, updated_at, west, south, east, north)
            SELECT $1, type, first, last, $5, west, south, east, north FROM unnest($2, $3, $4, $6, $7, $8, $9) AS p(type, first, last, west, south, east, north)
            ON CONFLICT (tenant, entity_type) DO UPDATE SET
                first_observed_at = least(c.first_observed_at, excluded.first_observed_at), last_observed_at = greatest(c.last_observed_at, excluded.last_observed_at), updated_at = excluded.updated_at,
                west = least(c.west, excluded.west), south = least(c.south, excluded.south), east = greatest(c.east, excluded.east), north = greatest(c.north, excluded.north)
            """,
            message.City, periods.Select(period => period.Type).ToArray(), periods.Select(period => period.Times.Min()).ToArray(),
            periods.Select(period => period.Times.Max()).ToArray(), time.GetUtcNow(),
            periods.Select(period => period.Places.Min(place => (double?)place.Longitude)).ToArray(), periods.Select(period => period.Places.Min(place => (double?)place.Latitude)).ToArray(),
            periods.Select(period => period.Places.Max(place => (double?)place.Longitude)).ToArray(), periods.Select(period => period.Places.Max(place => (double?)place.Latitude)).ToArray());
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
