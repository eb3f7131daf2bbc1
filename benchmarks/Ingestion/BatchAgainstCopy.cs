using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using LivingCity.Ingestion.Entities;
using Npgsql;
using NpgsqlTypes;

namespace LivingCity.Ingestion.Benchmarks;

/// <summary>
/// Observations by batch upsert through HTTP, against COPY of the same rows into the same tables with the same indexes: history, and current state as new entities. COPY is the
/// limit: it reads no JSON of a request, looks up no entity, merges nothing and tells nobody. They alternate, so that what else runs disturbs both.
/// </summary>
internal sealed class BatchAgainstCopy(Stand stand, int entities)
{
    private const int Stations = 500;
    private const int Attributes = 4;
    private const int Batches = 20;
    private const int Rounds = 4;
    private const int RowsPerRound = Batches * Stations * Attributes;

    private static readonly DateTimeOffset Start = new(2026, 7, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Stations, series and the month's partition come to be.</summary>
    public async Task PrepareAsync()
    {
        using var http = stand.Client();
        await PostAsync(http, 0);
        await PostAsync(http, 1);
    }

    public async Task MeasureAsync()
    {
        using var http = stand.Client();
        var (upsert, copy) = (new List<double>(), new List<double>());
        for (var round = 0; round < Rounds; round++)
        {
            upsert.Add(await RateAsync(() => UpsertAsync(http, round)));
            copy.Add(await RateAsync(() => CopyAsync(round)));
        }

        var (first, second) = (upsert.Order().ElementAt(Rounds / 2), copy.Order().ElementAt(Rounds / 2));
        Console.WriteLine(FormattableString.Invariant($"\nobservations, {Rounds} rounds of {RowsPerRound:N0} beside {entities:N0} entities: batch upsert over HTTP {first:F0} rows/s, COPY {second:F0} rows/s, ratio {first / second:F2}"));
    }

    private static async Task<double> RateAsync(Func<Task> work)
    {
        var watch = Stopwatch.StartNew();
        await work();
        return RowsPerRound / watch.Elapsed.TotalSeconds;
    }

    /// <summary>Two clients at once, as the machine has two processors.</summary>
    private static Task UpsertAsync(HttpClient http, int round) => Parallel.ForEachAsync(
        Enumerable.Range(2 + (round * Batches), Batches), new ParallelOptions { MaxDegreeOfParallelism = 2 }, async (batch, _) => await PostAsync(http, batch));

    private static async Task PostAsync(HttpClient http, int batch)
    {
        var time = Start.AddMinutes(batch).ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
        var body = new StringBuilder("[");
        for (var station = 0; station < Stations; station++)
        {
            // Two halves, so that clients at once seldom wait for the same stations.
            body.Append(station > 0 ? "," : "").Append(CultureInfo.InvariantCulture, $$"""{"id":"urn:ngsi-ld:AirQualityObserved:{{batch % 2}}-{{station}}","type":"AirQualityObserved" """);
            for (var attribute = 0; attribute < Attributes; attribute++)
            {
                body.Append(CultureInfo.InvariantCulture, $$""","a{{attribute}}":{"type":"Property","value":{{((station * 31) + batch + attribute) % 97}}.5,"unitCode":"GQ","observedAt":"{{time}}"}""");
            }

            body.Append('}');
        }

        using var content = new StringContent(body.Append(']').ToString(), Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
        using var answer = await http.PostAsync(new Uri("/ngsi-ld/v1/entityOperations/upsert?options=update", UriKind.Relative), content);
        answer.EnsureSuccessStatusCode();
    }

    private async Task CopyAsync(int round)
    {
        await using var connection = new NpgsqlConnection(stand.Database);
        await connection.OpenAsync();
        for (var batch = 0; batch < Batches; batch++)
        {
            await using var transaction = await connection.BeginTransactionAsync();
            var number = (round * Batches) + batch;
            var at = Start.AddMinutes(number);
            var states = Enumerable.Range(0, Stations).Select(station => Station(number, station, at)).ToArray();
            await using (var copy = await connection.BeginBinaryImportAsync("COPY entity (tenant, id, types, attributes, created_at, modified_at) FROM STDIN (FORMAT BINARY)"))
            {
                foreach (var state in states)
                {
                    await City.WriteStateAsync(copy, state);
                }

                await copy.CompleteAsync();
            }

            await using (var copy = await connection.BeginBinaryImportAsync("COPY history (tenant, series, at, number, observed, created_at, modified_at, instance) FROM STDIN (FORMAT BINARY)"))
            {
                foreach (var (instance, index) in states.SelectMany(state => state.Attributes.Values.Select(instances => instances[0])).Select((instance, index) => (instance, index)))
                {
                    await WriteAsync(copy, 1_000_000_000 + index, at, instance);
                }

                await copy.CompleteAsync();
            }

            await transaction.CommitAsync();
        }
    }

    private static async Task WriteAsync(NpgsqlBinaryImporter copy, long series, DateTimeOffset at, AttributeInstance instance)
    {
        await copy.StartRowAsync();
        await copy.WriteAsync(Stand.Tenant, NpgsqlDbType.Text);
        await copy.WriteAsync(series, NpgsqlDbType.Bigint);
        await copy.WriteAsync(at, NpgsqlDbType.TimestampTz);
        await copy.WriteAsync(instance.Number!.Value, NpgsqlDbType.Double);
        await copy.WriteAsync(true, NpgsqlDbType.Boolean);
        await copy.WriteAsync(at, NpgsqlDbType.TimestampTz);
        await copy.WriteAsync(at, NpgsqlDbType.TimestampTz);
        await copy.WriteAsync(StoredAttributes.Write(instance), NpgsqlDbType.Jsonb);
    }

    private static Entity Station(int batch, int station, DateTimeOffset at)
    {
        var attributes = new Attributes();
        for (var attribute = 0; attribute < Attributes; attribute++)
        {
            attributes[$"https://uri.etsi.org/ngsi-ld/default-context/a{attribute}"] =
            [
                new AttributeInstance(AttributeKind.Property, System.Text.Json.JsonSerializer.SerializeToElement(((station * 31) + batch + attribute) % 97)) { UnitCode = "GQ", ObservedAt = Instants.Write(at) },
            ];
        }

        return new Entity { Id = $"urn:copy:{batch}:{station}", Types = ["https://uri.etsi.org/ngsi-ld/default-context/AirQualityObserved"], Attributes = attributes, CreatedAt = at, ModifiedAt = at };
    }
}
