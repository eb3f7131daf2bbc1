using LivingCity.Contracts.Ingestion;
using LivingCity.ServiceDefaults.Data;
using LivingCity.ServiceDefaults.Messaging;
using LivingCity.Twin.Register;
using Npgsql;
using NpgsqlTypes;

namespace LivingCity.Twin.Stations;

/// <summary>Keeps the latest two days of each station from what the context broker records. A message costs three statements, whatever its size.</summary>
internal sealed class LiveState(ModelsTold models) : IMessageHandler<ObservationsRecorded>
{
    public async Task HandleAsync(ObservationsRecorded message, Work work, CancellationToken cancellationToken)
    {
        await RememberStationsAsync(message, work, cancellationToken);
        await RememberReadingsAsync(message, work, cancellationToken);
        await models.TellAsync(message, work, cancellationToken);
    }

    private static async Task RememberStationsAsync(ObservationsRecorded message, Work work, CancellationToken cancellationToken)
    {
        var stations = message.Observations.GroupBy(observation => observation.EntityId).OrderBy(group => group.Key, StringComparer.Ordinal).Select(group => (
            Id: group.Key,
            group.Last().EntityType,
            Name: group.LastOrDefault(observation => observation.Name is not null)?.Name,
            Location: group.LastOrDefault(observation => observation.Location is not null)?.Location,
            Synthetic: group.Any(observation => observation.Synthetic))).ToArray();
        await using var command = work.Command("""
            INSERT INTO station AS s (tenant, id, type, name, longitude, latitude, synthetic)
            SELECT $1, * FROM unnest($2, $3, $4, $5, $6, $7)
            ON CONFLICT (tenant, id) DO UPDATE SET
                type = excluded.type, name = coalesce(excluded.name, s.name), longitude = coalesce(excluded.longitude, s.longitude),
                latitude = coalesce(excluded.latitude, s.latitude), synthetic = excluded.synthetic OR s.synthetic
            """,
            message.City,
            stations.Select(station => station.Id).ToArray(),
            stations.Select(station => station.EntityType).ToArray(),
            new NpgsqlParameter { Value = stations.Select(station => station.Name).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text },
            stations.Select(station => station.Location?.Longitude).ToArray(),
            stations.Select(station => station.Location?.Latitude).ToArray(),
            stations.Select(station => station.Synthetic).ToArray());
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task RememberReadingsAsync(ObservationsRecorded message, Work work, CancellationToken cancellationToken)
    {
        var readings = message.Observations
            .SelectMany(observation => observation.Values.Select(value => (Station: observation.EntityId, Property: value.Key, At: observation.ObservedAt.ToUniversalTime(), value.Value)))
            .GroupBy(reading => (reading.Station, reading.Property, reading.At))
            .Select(group => group.Last())
            .OrderBy(reading => reading.Station, StringComparer.Ordinal).ThenBy(reading => reading.Property, StringComparer.Ordinal).ThenBy(reading => reading.At)
            .ToArray();
        var keys = readings.Select(reading => (reading.Station, reading.Property)).Distinct().ToArray();
        await using var insert = work.Command("""
            INSERT INTO reading (tenant, station_id, property, observed_at, value, unit_code)
            SELECT $1, * FROM unnest($2, $3, $4, $5, $6)
            ON CONFLICT (tenant, station_id, property, observed_at) DO UPDATE SET value = excluded.value, unit_code = excluded.unit_code
            """,
            message.City,
            readings.Select(reading => reading.Station).ToArray(),
            readings.Select(reading => reading.Property).ToArray(),
            readings.Select(reading => reading.At).ToArray(),
            readings.Select(reading => reading.Value.Value).ToArray(),
            new NpgsqlParameter { Value = readings.Select(reading => reading.Value.UnitCode).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text });
        await insert.ExecuteNonQueryAsync(cancellationToken);

        await using var forget = work.Command("""
            DELETE FROM reading r USING (
                SELECT station_id, property, max(observed_at) AS latest FROM reading
                WHERE tenant = $1 AND (station_id, property) IN (SELECT * FROM unnest($2, $3)) GROUP BY station_id, property) l
            WHERE r.tenant = $1 AND r.station_id = l.station_id AND r.property = l.property AND r.observed_at < l.latest - interval '48 hours'
            """, message.City, keys.Select(key => key.Station).ToArray(), keys.Select(key => key.Property).ToArray());
        await forget.ExecuteNonQueryAsync(cancellationToken);
    }
}
