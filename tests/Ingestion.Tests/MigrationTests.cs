using System.Net;
using System.Security.Cryptography;
using System.Text;
using LivingCity.Testing;
using Npgsql;

namespace LivingCity.Ingestion.Tests;

/// <summary>What the first schema held is there in the present one.</summary>
public sealed class MigrationTests(Infrastructure infrastructure)
{
    [Fact]
    public async Task Migration_OfTheFirstSchema_KeepsStateAndHistory()
    {
        var database = await infrastructure.CreateDatabaseAsync();
        await FillAsync(database);

        await using var host = await ServiceHost<Program>.StartAsync(infrastructure, database: database);
        var city = new BrokerClient(host.As("sofia", "data-officer"), "sofia");

        (await city.GetAsync("/entities/urn:s:1")).MeansSame("""
            {"id":"urn:s:1","type":"AirQualityObserved","pm10":[{"type":"Property","value":12.5,"unitCode":"GQ","observedAt":"2026-01-02T00:00:00Z","synthetic":{"type":"Property","value":true}},
             {"type":"Property","value":13,"datasetId":"urn:d:2"}],"name":{"type":"Property","value":"Mladost"},"refDevice":{"type":"Relationship","object":"urn:d:1"},"location":{"type":"GeoProperty","value":{"type":"Point","coordinates":[23.3,42.7]}}}
            """);
        (await city.GetAsync("/temporal/entities/urn:s:1?options=temporalValues&attrs=pm10")).MeansSame("""
            {"id":"urn:s:1","type":"AirQualityObserved","pm10":{"type":"Property","values":[[12.5,"2026-01-02T00:00:00Z"],[11,"2025-12-31T23:00:00Z"]]}}
            """);
        Assert.Equal(["urn:s:1"], await city.FindAsync("type=AirQualityObserved&georel=near;maxDistance==10&geometry=Point&coordinates=[23.3,42.7]"));
        Assert.Equal(["urn:s:1"], await city.FindAsync("type=AirQualityObserved&q=pm10>12"));
        await Eventually.EqualAsync("urn:s:1", async () => string.Join(',', await city.FindAsync("type=AirQualityObserved&q=name==%22Mladost%22")));
        await city.ExpectAsync(HttpStatusCode.NoContent, "PATCH", "/entities/urn:s:1", """{"pm10":{"value":14,"observedAt":"2026-01-03T00:00:00Z"} }""");
        Assert.Equal(HttpStatusCode.NotFound, (await new BrokerClient(host.As("porto", "data-officer"), "porto").GetAsync("/entities/urn:s:1")).Status);
    }

    private static async Task FillAsync(string database)
    {
        const string Name = "0001_context.sql";
        var resource = typeof(Program).Assembly.GetManifestResourceNames().Single(name => name.EndsWith(Name, StringComparison.Ordinal));
        using var reader = new StreamReader(typeof(Program).Assembly.GetManifestResourceStream(resource)!);
        var sql = await reader.ReadToEndAsync();
        await using var source = NpgsqlDataSource.Create(database);
        await using (var schema = source.CreateCommand($"""
            CREATE TABLE schema_migration (
                source text NOT NULL, number int NOT NULL, name text NOT NULL, sha256 text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now(), PRIMARY KEY (source, number));
            INSERT INTO schema_migration VALUES ('{typeof(Program).Assembly.GetName().Name}', 1, '{Name}', '{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(sql)))}');
            """ + sql))
        {
            await schema.ExecuteNonQueryAsync();
        }

        await using var rows = source.CreateCommand("""
            SET app.tenant = 'sofia';
            INSERT INTO entity (tenant, id, types, attributes, location, created_at, modified_at) VALUES ('sofia', 'urn:s:1', '{https://uri.etsi.org/ngsi-ld/default-context/AirQualityObserved}',
                '{"https://uri.etsi.org/ngsi-ld/default-context/pm10": {"": {"type": "Property", "value": 12.5, "unitCode": "GQ", "observedAt": "2026-01-02T00:00:00Z", "synthetic": {"type": "Property", "value": true}},
                                                                        "urn:d:2": {"type": "Property", "value": 13, "datasetId": "urn:d:2"}},
                  "https://uri.etsi.org/ngsi-ld/default-context/name": {"": {"type": "Property", "value": "Mladost"}},
                  "https://uri.etsi.org/ngsi-ld/default-context/refDevice": {"": {"type": "Relationship", "object": "urn:d:1"}},
                  "https://uri.etsi.org/ngsi-ld/location": {"": {"type": "GeoProperty", "value": {"type": "Point", "coordinates": [23.3, 42.7]}}}}',
                ST_SetSRID(ST_MakePoint(23.3, 42.7), 4326), '2026-01-01T00:00:00Z', '2026-01-02T00:00:00Z');
            INSERT INTO attribute_instance (tenant, entity_id, attribute, observed_at, number, instance, recorded_at) VALUES
                ('sofia', 'urn:s:1', 'https://uri.etsi.org/ngsi-ld/default-context/pm10', '2025-12-31T23:00:00Z', 11, '{"type": "Property", "value": 11, "observedAt": "2025-12-31T23:00:00Z"}', '2026-01-01T00:00:00Z'),
                ('sofia', 'urn:s:1', 'https://uri.etsi.org/ngsi-ld/default-context/pm10', '2026-01-02T00:00:00Z', 12.5, '{"type": "Property", "value": 12.5, "observedAt": "2026-01-02T00:00:00Z"}', '2026-01-02T00:00:00Z');
            """);
        await rows.ExecuteNonQueryAsync();
    }
}
