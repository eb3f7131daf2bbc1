using System.Globalization;
using System.Text.Json;
using LivingCity.Ingestion.Contexts;
using LivingCity.Ingestion.Entities;
using Npgsql;
using NpgsqlTypes;

namespace LivingCity.Ingestion.Benchmarks;

/// <summary>Entities of 40 types (sensors, stops, road segments, parking and what else a city has), each with 5 to 20 attributes, placed over a square of half a degree.</summary>
internal static class City
{
    public const int Types = 40;
    private static readonly string[] Kinds = ["Sensor", "Stop", "RoadSegment", "Parking", "Bench", "Tree", "Lamp", "Container"];
    private static readonly string[] States = ["working", "outOfService", "underRepair", "closed"];

    public static string TypeOf(int number) => $"{Kinds[number % Kinds.Length]}{number % Types}";

    public static string Id(int number) => $"urn:ngsi-ld:{TypeOf(number)}:{number:0000000}";

    /// <summary>Writes entities past the API, as the API would write them but without history: only so many can be loaded in minutes.</summary>
    public static async Task CopyAsync(Stand stand, int from, int to)
    {
        await using var connection = new NpgsqlConnection(stand.Database);
        await connection.OpenAsync();
        var entities = Enumerable.Range(from, to - from).Select(Entity);
        const int AtOnce = 20_000;
        foreach (var chunk in entities.Chunk(AtOnce))
        {
            await using (var copy = await connection.BeginBinaryImportAsync("COPY entity (tenant, id, types, attributes, created_at, modified_at) FROM STDIN (FORMAT BINARY)"))
            {
                foreach (var entity in chunk)
                {
                    await WriteStateAsync(copy, entity);
                }

                await copy.CompleteAsync();
            }

            await CopySearchAsync(connection, chunk);
        }

        await using var analyze = new NpgsqlCommand("VACUUM ANALYZE", connection) { CommandTimeout = 0 };
        await analyze.ExecuteNonQueryAsync();
    }

    public static async Task WriteStateAsync(NpgsqlBinaryImporter copy, Entity entity)
    {
        await copy.StartRowAsync();
        await copy.WriteAsync(Stand.Tenant, NpgsqlDbType.Text);
        await copy.WriteAsync(entity.Id, NpgsqlDbType.Text);
        await copy.WriteAsync(entity.Types.ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Text);
        await copy.WriteAsync(StoredAttributes.Write(entity.Attributes), NpgsqlDbType.Jsonb);
        await copy.WriteAsync(entity.CreatedAt, NpgsqlDbType.TimestampTz);
        await copy.WriteAsync(entity.ModifiedAt, NpgsqlDbType.TimestampTz);
    }

    public static async Task CopySearchAsync(NpgsqlConnection connection, IReadOnlyList<Entity> entities)
    {
        await using (var copy = await connection.BeginBinaryImportAsync("COPY entity_type (tenant, type, id) FROM STDIN (FORMAT BINARY)"))
        {
            foreach (var entity in entities)
            {
                await copy.StartRowAsync();
                await copy.WriteAsync(Stand.Tenant, NpgsqlDbType.Text);
                await copy.WriteAsync(entity.Types[0], NpgsqlDbType.Text);
                await copy.WriteAsync(entity.Id, NpgsqlDbType.Text);
            }

            await copy.CompleteAsync();
        }

        await using (var copy = await connection.BeginBinaryImportAsync("COPY entity_search (tenant, id, facts) FROM STDIN (FORMAT BINARY)"))
        {
            foreach (var entity in entities)
            {
                await copy.StartRowAsync();
                await copy.WriteAsync(Stand.Tenant, NpgsqlDbType.Text);
                await copy.WriteAsync(entity.Id, NpgsqlDbType.Text);
                await copy.WriteAsync(Facts.Of(entity), NpgsqlDbType.Array | NpgsqlDbType.Bigint);
            }

            await copy.CompleteAsync();
        }

        await using var geometry = new NpgsqlCommand("""
            INSERT INTO entity_geometry (tenant, id, types, attribute, geometry)
            SELECT $1, id, ARRAY[type], $2, ST_SetSRID(ST_MakePoint(x, y), 4326) FROM unnest($3, $4, $5, $6) AS g(id, type, x, y)
            """, connection)
        {
            CommandTimeout = 0,
            Parameters =
            {
                new() { Value = Stand.Tenant }, new() { Value = LdContext.Core.Expand("location") }, new() { Value = entities.Select(entity => entity.Id).ToArray() },
                new() { Value = entities.Select(entity => entity.Types[0]).ToArray() },
                new() { Value = entities.Select(entity => Place(entity, 0)).ToArray() }, new() { Value = entities.Select(entity => Place(entity, 1)).ToArray() },
            },
        };
        await geometry.ExecuteNonQueryAsync();
    }

    /// <summary>The entity of a number: always the same.</summary>
    public static Entity Entity(int number)
    {
        var random = new Random(number);
        var more = string.Concat(Enumerable.Range(0, random.Next(16)).Select(extra => string.Create(CultureInfo.InvariantCulture, $",\"p{extra}\":{{\"type\":\"Property\",\"value\":{random.NextDouble() * 100:F2}}}")));
        var json = string.Create(CultureInfo.InvariantCulture, $$"""
            {"id":"{{Id(number)}}","type":"{{TypeOf(number)}}","name":{"type":"Property","value":"{{TypeOf(number)}} {{number}}"},
             "status":{"type":"Property","value":"{{States[random.Next(4)]}}"},"level":{"type":"Property","value":{{random.Next(1000)}},"unitCode":"C62","observedAt":"2026-06-01T00:00:00Z"},
             "owner":{"type":"Relationship","object":"urn:ngsi-ld:Department:{{number % 500}}"},
             "location":{"type":"GeoProperty","value":{"type":"Point","coordinates":[{{23 + (random.NextDouble() / 2):F6}},{{42.5 + (random.NextDouble() / 2):F6}}]} }{{more}} }
            """);
        var read = EntityReader.Read(JsonElement.Parse(json), LdContext.Core);
        return Stamping.Compare(null, read, new DateTimeOffset(2026, 6, 1, 0, 0, 0, TimeSpan.Zero))!.After!;
    }

    private static double Place(Entity entity, int axis) => entity.Find(LdContext.Core.Expand("location"))!.Value.GetProperty("coordinates")[axis].GetDouble();
}
