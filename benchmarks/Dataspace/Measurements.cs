using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Npgsql;

namespace LivingCity.Dataspace.Benchmarks;

internal static class Measurements
{
    private const int Negotiations = 1000;

    /// <summary>Until the runtime has compiled what is run often: before, it takes a fifth of the machine.</summary>
    private const int WarmUp = 4000;
    private const int AtOnce = 64;
    private const int Datasets = 10_000;
    private const int Pages = 500;
    private const int Readers = 16;
    private const int Rounds = 3;
    private static readonly TimeSpan Round = TimeSpan.FromSeconds(8);

    /// <summary>From the officer's request to FINALIZED on both sides, by the consumer's database (the provider is there first). Never more than 64 are under way.</summary>
    public static async Task NegotiateAsync(Stand stand)
    {
        using var officer = stand.Officer(Stand.Consumer, Stand.Consumer);
        await using var consumer = await stand.DatabaseAsync(Stand.Consumer);
        await using var finished = new Finished(await stand.DatabaseAsync(Stand.Consumer));
        await RunAsync(WarmUp);
        var warm = await ScalarAsync<DateTime>(consumer, "SELECT max(changed_at) FROM negotiation");
        await RunAsync(Negotiations);
        await using var command = new NpgsqlCommand("""
            SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY ms), percentile_disc(0.99) WITHIN GROUP (ORDER BY ms), count(*) / extract(epoch FROM max(changed_at) - min(created_at))
            FROM (SELECT extract(epoch FROM changed_at - created_at) * 1000 AS ms, changed_at, created_at FROM negotiation WHERE created_at > $1 AND state = 'FINALIZED') n
            """, consumer) { Parameters = { new() { Value = warm } } };
        await using var row = await command.ExecuteReaderAsync();
        await row.ReadAsync();
        Console.WriteLine($"negotiation, {Negotiations} with {AtOnce} at once: p50 {row.GetDecimal(0):0} ms, p99 {row.GetDecimal(1):0} ms, {row.GetDecimal(2):0} per second");

        Task RunAsync(int count) => Parallel.ForEachAsync(Enumerable.Range(0, count), new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (_, stop) =>
        {
            using var begun = await officer.PostAsJsonAsync("/api/dataspace/v1/negotiations", new
            {
                datasetId = Stand.Dataset, offerId = $"{Stand.Dataset}:offer", providerId = $"urn:{Stand.Provider}", connectorAddress = stand.PeerAddress,
                policy = new { permission = new[] { new { action = "use" } }, obligation = new[] { new { action = "http://www.w3.org/ns/odrl/2/attribute" } } },
            }, stop);
            await finished.WaitAsync((string)(await begun.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonObject>(stop))!["id"]!);
        });
    }

    /// <summary>The first page of a hundred datasets out of ten thousand, one request after the other.</summary>
    public static async Task BrowseAsync(Stand stand)
    {
        await using (var provider = await stand.DatabaseAsync(Stand.Provider))
        {
            await using var fill = new NpgsqlCommand($$"""
                INSERT INTO dataset (tenant, id, title, description, keywords, theme, access_path, media_type, license, synthetic, issued_at, described_at, search)
                SELECT 'sofia', 'urn:bench:' || lpad(n::text, 6, '0'), '{"en": "Dataset"}', '{"en": "One of many."}', '{bench}', 'ENVI', '/', 'application/json', 'urn:l', false, now(), now(), 'dataset ' || n FROM generate_series(1, {{Datasets}}) n;
                INSERT INTO offer (tenant, id, dataset_id, policy, approval, created_at) SELECT 'sofia', id || ':offer', id, '{"permission": [{"action": "use"}]}', 'automatic', now() FROM dataset WHERE id LIKE 'urn:bench:%';
                ANALYZE
                """, provider);
            await fill.ExecuteNonQueryAsync();
        }

        using var anyone = stand.Anonymous();
        Console.WriteLine($"catalogue of {Datasets} datasets, first page of 100: DCAT-AP {await TimeAsync(() => anyone.GetAsync("/api/dataspace/v1/catalogue"))}; found by a word {await TimeAsync(() => anyone.GetAsync("/api/dataspace/v1/catalogue?q=9999"))}; Dataspace Protocol {
            await TimeAsync(() => anyone.PostAsJsonAsync("/dsp/2025-1/catalog/request", new JsonObject { ["@context"] = new JsonArray("https://w3id.org/dspace/2025/1/context.jsonld"), ["@type"] = "CatalogRequestMessage" }))}");
    }

    /// <summary>The same page of a hundred entities, from the context broker directly and through the data plane under a policy with an area: alternating rounds.</summary>
    public static async Task PullAsync(Stand stand)
    {
        var (endpoint, token) = await ContractAsync(stand);
        using var direct = stand.Officer("ingestion", Stand.Provider);
        using var plane = new HttpClient { DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", token) } };
        var (fromBroker, fromPlane) = (new List<double>(), new List<double>());
        for (var round = 0; round <= Rounds; round++)
        {
            var broker = await LoadAsync(() => direct.GetAsync("/ngsi-ld/v1/entities?type=AirQualityObserved&limit=100"));
            var pulled = await LoadAsync(() => plane.GetAsync($"{endpoint}?limit=100"));
            if (round > 0) // the first warms up
            {
                fromBroker.Add(broker);
                fromPlane.Add(pulled);
            }
        }

        var (one, other) = (fromBroker.Order().ElementAt(Rounds / 2), fromPlane.Order().ElementAt(Rounds / 2));
        Console.WriteLine($"pull of 100 entities, {Readers} readers: {one:0} per second from the context broker, {other:0} through the data plane with policy and ledger: {other / one:0.00}");
    }

    private static async Task<(string Endpoint, string Token)> ContractAsync(Stand stand)
    {
        using var provider = stand.Officer(Stand.Provider, Stand.Provider);
        using var consumer = stand.Officer(Stand.Consumer, Stand.Consumer);
        var policy = new { permission = new[] { new { action = "use", constraint = new[] { new { leftOperand = "http://www.w3.org/ns/odrl/2/spatial", @operator = "isPartOf", rightOperand = "urn:area:west" } } } } };
        using var made = await provider.PostAsJsonAsync("/api/dataspace/v1/offers", new { datasetId = Stand.Dataset, policy, approval = "automatic" });
        var offer = (string)(await made.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonObject>())!["id"]!;
        var negotiation = await ReachAsync(consumer, "negotiations", new { datasetId = Stand.Dataset, offerId = offer, providerId = $"urn:{Stand.Provider}", connectorAddress = stand.PeerAddress }, "FINALIZED");
        var transfer = await ReachAsync(consumer, "transfers", new { agreementId = (string)negotiation["agreementId"]!, format = "HttpData-PULL", providerId = $"urn:{Stand.Provider}", connectorAddress = stand.PeerAddress }, "STARTED");
        await using var database = await stand.DatabaseAsync(Stand.Consumer);
        var address = JsonNode.Parse((await ScalarAsync<string>(database, $"SELECT data_address::text FROM transfer WHERE id = '{(string)transfer["id"]!}'"))!)!;
        return ((string)address["endpoint"]!, (string)address["endpointProperties"]!.AsArray().Single(property => (string)property!["name"]! == "authorization")!["value"]!);
    }

    private static async Task<JsonObject> ReachAsync(HttpClient client, string kind, object request, string state)
    {
        using var begun = await client.PostAsJsonAsync($"/api/dataspace/v1/{kind}", request);
        var id = (string)(await begun.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonObject>())!["id"]!;
        while (true)
        {
            var now = (await client.GetFromJsonAsync<JsonObject>($"/api/dataspace/v1/{kind}/{id}"))!;
            if ((string)now["state"]! == state)
            {
                return now;
            }

            await Task.Delay(20);
        }
    }

    private static async Task<double> LoadAsync(Func<Task<HttpResponseMessage>> request)
    {
        var watch = Stopwatch.StartNew();
        var counts = await Task.WhenAll(Enumerable.Range(0, Readers).Select(async _ =>
        {
            var count = 0;
            while (watch.Elapsed < Round)
            {
                using var answer = await request();
                answer.EnsureSuccessStatusCode();
                await answer.Content.ReadAsByteArrayAsync();
                count++;
            }

            return count;
        }));
        return counts.Sum() / watch.Elapsed.TotalSeconds;
    }

    private static async Task<string> TimeAsync(Func<Task<HttpResponseMessage>> request)
    {
        var times = new List<double>();
        for (var i = 0; i < Pages + 50; i++)
        {
            var watch = Stopwatch.StartNew();
            using var answer = await request();
            answer.EnsureSuccessStatusCode();
            await answer.Content.ReadAsByteArrayAsync();
            times.Add(watch.Elapsed.TotalMilliseconds);
        }

        var sorted = times.Skip(50).Order().ToArray();
        return $"p50 {sorted[Pages / 2]:0.0} ms, p99 {sorted[Pages * 99 / 100]:0.0} ms";
    }

    private static async Task<T?> ScalarAsync<T>(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return (T?)await command.ExecuteScalarAsync();
    }
}
