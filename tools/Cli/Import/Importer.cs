using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using LivingCity.Cli.Platform;

namespace LivingCity.Cli.Import;

/// <summary>What became of every row.</summary>
/// <param name="Rows">Rows of the file.</param>
/// <param name="Sent">Readings that the platform acknowledged.</param>
/// <param name="Merged">Rows that repeat another one (same station, property and time); the later one counts.</param>
/// <param name="Quarantined">Rows that cannot be true, with their reasons.</param>
internal sealed record ImportReport(int Rows, int Sent, int Merged, IReadOnlyList<Quarantined> Quarantined)
{
    /// <summary>True when every row is accounted for.</summary>
    public bool AddsUp => Rows == Sent + Merged + Quarantined.Count;
}

/// <summary>Imports a CSV through the public NGSI-LD API. It may be stopped and run again at any time: what is stored already is stored once.</summary>
internal sealed class Importer(PlatformClient platform, Mapping mapping)
{
    private const int EntitiesPerBatch = 500;

    public async Task<ImportReport> RunAsync(TextReader csv, Action<int>? progress, CancellationToken cancellationToken)
    {
        var rows = new ReadingCsv(mapping).Read(csv).ToArray();
        var readings = rows.Select(row => row.Reading).OfType<Reading>().ToArray();
        var quarantined = rows.Select(row => row.Quarantined).OfType<Quarantined>().ToList();
        var unique = readings.GroupBy(reading => (Id(reading), reading.Measured.Property, reading.Time)).Select(group => group.Last()).OrderBy(reading => reading.Time).ThenBy(reading => reading.Row).ToArray();

        var stations = readings.GroupBy(Id).Select(group => Describe(group.First()));
        await UpsertAsync([.. stations], cancellationToken);
        var sent = 0;
        foreach (var batch in unique.GroupBy(reading => (Id: Id(reading), reading.Time)).Chunk(EntitiesPerBatch))
        {
            var refused = await UpsertAsync([.. batch.Select(group => Observe([.. group]))], cancellationToken);
            var lost = batch.SelectMany(group => group).Where(reading => refused.ContainsKey(Id(reading))).ToArray();
            quarantined.AddRange(lost.Select(reading => new Quarantined(reading.Row, "refused by the platform", refused[Id(reading)])));
            sent += batch.Sum(group => group.Count()) - lost.Length;
            progress?.Invoke(sent);
        }

        return new ImportReport(rows.Length, sent, readings.Length - unique.Length, quarantined);
    }

    /// <returns>The reason for each entity that was refused.</returns>
    private async Task<Dictionary<string, string>> UpsertAsync(JsonArray entities, CancellationToken cancellationToken)
    {
        if (entities.Count == 0)
        {
            return [];
        }

        var (status, body) = await platform.SendAsync(HttpMethod.Post, "/ngsi-ld/v1/entityOperations/upsert?options=update", entities, cancellationToken);
        return status == HttpStatusCode.MultiStatus
            ? body!["errors"]!.AsArray().GroupBy(error => (string)error!["entityId"]!).ToDictionary(group => group.Key, group => (string?)group.First()!["error"]!["detail"] ?? "")
            : [];
    }

    private string Id(Reading reading) => $"urn:ngsi-ld:{reading.Measured.Type}:{mapping.City}:station-{Uri.EscapeDataString(reading.Station)}";

    private JsonObject Describe(Reading reading) => new()
    {
        ["id"] = Id(reading),
        ["type"] = reading.Measured.Type,
        ["name"] = new JsonObject { ["type"] = "Property", ["value"] = reading.Name },
        ["location"] = new JsonObject { ["type"] = "GeoProperty", ["value"] = new JsonObject { ["type"] = "Point", ["coordinates"] = new JsonArray(reading.Longitude, reading.Latitude) } },
    };

    private JsonObject Observe(IReadOnlyList<Reading> readings)
    {
        var entity = new JsonObject { ["id"] = Id(readings[0]), ["type"] = readings[0].Measured.Type };
        foreach (var reading in readings)
        {
            entity[reading.Measured.Property] = new JsonObject
            {
                ["type"] = "Property",
                ["value"] = reading.Value,
                ["unitCode"] = reading.Measured.UnitCode,
                ["observedAt"] = reading.Time.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture),
            };
        }

        return entity;
    }
}
