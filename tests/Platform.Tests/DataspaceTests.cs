using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Npgsql;

namespace LivingCity.Platform.Tests;

/// <summary>
/// Two cities with a connector each (<c>--participants sofia,sant-boi</c>): Sant Boi finds Sofia's air data, negotiates, pulls it under a policy, and both ledgers say the same. Once with Sofia's own
/// connector, and once with the platform's, which stands behind the gateway.
/// </summary>
public sealed class DataspaceTests : IAsyncLifetime
{
    private const string Dataset = "urn:living-city:dataset:sofia:AirQualityObserved";
    private const string Participant = "urn:living-city:participant:";
    private const string West = "urn:living-city:area:sofia-west";
    private const string Since = "2018-06-01T00:00:00Z";
    private const int Agreed = 1000;

    private DistributedApplication app = null!;

    public async ValueTask InitializeAsync()
    {
        app = await (await DistributedApplicationTestingBuilder.CreateAsync<AppHostEntryPoint>("--participants=sofia,sant-boi")).BuildAsync(TestContext.Current.CancellationToken);
        await app.StartAsync(TestContext.Current.CancellationToken);
        foreach (var resource in (string[])["gateway", "connector-sofia", "connector-sant-boi"])
        {
            await app.ResourceNotifications.WaitForResourceHealthyAsync(resource, TestContext.Current.CancellationToken);
        }
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    [Theory]
    [InlineData("connector-sofia", "sofia")]
    [InlineData("gateway", "platform")]
    public async Task Cities_ExchangeRealAirData_UnderAPolicyThatIsKept(string resource, string participant)
    {
        var stop = TestContext.Current.CancellationToken;
        var mapping = Path.Combine(AppContext.BaseDirectory, "mappings", "sofia-air.json");
        var (exitCode, output) = await CommandLine.RunAsync(app.GetEndpoint("gateway"), "import", Path.Combine(PublishedData.Folder(), "sofia-air", "sample.csv"), "--mapping", mapping);
        Assert.True(exitCode == 0, output);
        using var provider = await SignInAsync(resource, "officer@sofia.example");
        using var consumer = await SignInAsync("connector-sant-boi", "officer@sant-boi.example");
        var (peer, id) = (app.GetEndpoint(resource) + "dsp/2025-1", Participant + participant);
        await Eventually.TrueAsync(async () => (await provider.GetAsync($"/api/dataspace/v1/datasets/{Dataset}")).IsSuccessStatusCode, "the data is in the catalogue");
        var offer = await PublishAsync(provider);

        // Catalogue: who asks is known, and Sant Boi's own connector has no such data.
        using var listing = await consumer.GetAsync(new Uri($"{peer}/catalog/datasets/{Dataset}"), stop);
        Assert.Contains(offer, await listing.Content.ReadAsStringAsync(stop), StringComparison.Ordinal);
        Assert.Equal(404, (int)(await consumer.GetAsync($"/dsp/2025-1/catalog/datasets/{Dataset}", stop)).StatusCode);

        var negotiation = await BeginAsync(consumer, "negotiations", new { datasetId = Dataset, offerId = offer, providerId = id, connectorAddress = peer }, "FINALIZED");
        var agreement = (string)negotiation["agreementId"]!;
        var transfer = (string)(await BeginAsync(consumer, "transfers", new { agreementId = agreement, format = "HttpData-PULL", providerId = id, connectorAddress = peer }, "STARTED"))["id"]!;

        // The area: stations west of 23.30° E only. The period: readings since June only, of stations that have older ones.
        var first = (await consumer.GetFromJsonAsync<JsonArray>($"/api/dataspace/v1/transfers/{transfer}/data?limit=1000", stop))!;
        using var broker = await SignInAsync("gateway", "officer@sofia.example");
        var all = (await broker.GetFromJsonAsync<JsonArray>("/ngsi-ld/v1/entities?type=AirQualityObserved&limit=1000", stop))!;
        Assert.NotEmpty(first);
        Assert.All(first, entity => Assert.True((double)entity!["location"]!["value"]!["coordinates"]![0]! < 23.30));
        Assert.Equal(Readings(all.Where(entity => (double)entity!["location"]!["value"]!["coordinates"]![0]! < 23.30)).Where(reading => string.CompareOrdinal(reading, Since) >= 0).Order(), Readings(first).Order());
        Assert.Contains(Readings(all), reading => string.CompareOrdinal(reading, Since) < 0);

        // The count: this was the first of a thousand.
        var statuses = new int[Agreed];
        await Parallel.ForEachAsync(Enumerable.Range(0, Agreed), new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = stop }, async (number, cancelled) =>
        {
            using var answer = await consumer.GetAsync($"/api/dataspace/v1/transfers/{transfer}/data?limit=1", cancelled);
            statuses[number] = (int)answer.StatusCode;
        });
        Assert.Equal([(200, Agreed - 1), (403, 1)], statuses.CountBy(status => status).Select(pair => (pair.Key, pair.Value)).Order());

        foreach (var side in (HttpClient[])[provider, consumer])
        {
            using var reconciled = await side.PostAsync($"/api/dataspace/v1/agreements/{agreement}/ledger/reconciliation", null, stop);
            var counts = (await reconciled.Content.ReadFromJsonAsync<JsonObject>(stop))!;
            Assert.True((bool)counts["agree"]!, counts.ToJsonString());
            Assert.Equal(Agreed, (int)counts["ours"]!);
            Assert.True((bool)(await side.GetFromJsonAsync<JsonObject>($"/api/dataspace/v1/agreements/{agreement}/ledger/check", stop))!["whole"]!);
        }

        // Suspension: the next request with the transfer's own token is refused, whatever the consumer knows.
        using var suspended = await provider.PostAsJsonAsync($"/api/dataspace/v1/agreements/{agreement}/suspension", new { reason = "A question is open." }, stop);
        Assert.True(suspended.IsSuccessStatusCode);
        var (endpoint, token) = await AddressAsync(transfer);
        using var plane = new HttpClient { DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", token) } };
        using var after = await plane.GetAsync(endpoint, stop);
        Assert.Equal(403, (int)after.StatusCode);
        Assert.Contains("suspended", await after.Content.ReadAsStringAsync(stop), StringComparison.Ordinal);
        Assert.Equal(app.GetEndpoint(resource).Authority, endpoint.Authority);
        await Eventually.TrueAsync(async () => (string)(await consumer.GetFromJsonAsync<JsonObject>($"/api/dataspace/v1/transfers/{transfer}"))!["state"]! == "SUSPENDED", "the consumer was told");
    }

    /// <summary>The times of all readings.</summary>
    private static IEnumerable<string> Readings(IEnumerable<JsonNode?> entities) =>
        entities.SelectMany(entity => entity!.AsObject()).Select(member => member.Value is JsonObject attribute ? (string?)attribute["observedAt"] : null).OfType<string>();

    /// <summary>Where the provider lets the consumer fetch, as its start message said.</summary>
    private async Task<(Uri Endpoint, string Token)> AddressAsync(string transfer)
    {
        await using var connection = new NpgsqlConnection(await app.GetConnectionStringAsync("connector-sant-boi-db"));
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand($"SET app.tenant = 'sant-boi'; SELECT data_address::text FROM transfer WHERE id = '{transfer}'", connection);
        var address = JsonNode.Parse((string)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!)!;
        return (new Uri((string)address["endpoint"]!), (string)address["endpointProperties"]!.AsArray().Single(property => (string)property!["name"]! == "authorization")!["value"]!);
    }

    /// <summary>An offer with an area, a period and a number of requests.</summary>
    private static async Task<string> PublishAsync(HttpClient provider)
    {
        var ring = JsonSerializer.SerializeToNode(new[] { new[] { new[] { 23.0, 42.5 }, [23.3, 42.5], [23.3, 43.0], [23.0, 43.0], [23.0, 42.5] } });
        using var area = await provider.PutAsJsonAsync($"/api/dataspace/v1/areas/{West}", new { name = "Sofia west of 23.30° E", geometry = new JsonObject { ["type"] = "Polygon", ["coordinates"] = ring } });
        Assert.True(area.IsSuccessStatusCode, await area.Content.ReadAsStringAsync());
        static object Constraint(string left, string name, string right) => new { leftOperand = $"http://www.w3.org/ns/odrl/2/{left}", @operator = name, rightOperand = right };
        object observed = new { leftOperand = "urn:living-city:odrl:observedAt", @operator = "gteq", rightOperand = Since };
        using var made = await provider.PostAsJsonAsync("/api/dataspace/v1/offers", new
        {
            datasetId = Dataset,
            approval = "automatic",
            policy = new
            {
                permission = new[] { new { action = "use", constraint = new[] { Constraint("spatial", "isPartOf", West), Constraint("dateTime", "gteq", "2020-01-01T00:00:00Z"), Constraint("dateTime", "lteq", "2099-12-31T00:00:00Z"), Constraint("count", "lteq", $"{Agreed}"), observed } } },
            },
        });
        Assert.True(made.IsSuccessStatusCode, await made.Content.ReadAsStringAsync());
        return (string)(await made.Content.ReadFromJsonAsync<JsonObject>())!["id"]!;
    }

    private static async Task<JsonObject> BeginAsync(HttpClient client, string kind, object request, string state)
    {
        using var begun = await client.PostAsJsonAsync($"/api/dataspace/v1/{kind}", request);
        Assert.True(begun.IsSuccessStatusCode, await begun.Content.ReadAsStringAsync());
        var id = (string)(await begun.Content.ReadFromJsonAsync<JsonObject>())!["id"]!;
        JsonObject? now = null;
        await Eventually.TrueAsync(async () => (string)(now = await client.GetFromJsonAsync<JsonObject>($"/api/dataspace/v1/{kind}/{id}"))!["state"]! == state, $"{kind} is {state}");
        return now!;
    }

    private async Task<HttpClient> SignInAsync(string service, string user)
    {
        using var realm = app.CreateHttpClient("keycloak");
        using var form = new FormUrlEncodedContent(new Dictionary<string, string> { ["grant_type"] = "password", ["client_id"] = "demo-cli", ["username"] = user, ["password"] = "demo", ["scope"] = "openid" });
        using var answer = await realm.PostAsync("/realms/city/protocol/openid-connect/token", form);
        var token = (string)(await answer.Content.ReadFromJsonAsync<JsonObject>())!["access_token"]!;
        return new HttpClient { BaseAddress = app.GetEndpoint(service), DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", token) } };
    }
}
