using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace LivingCity.Platform.Tests;

/// <summary>Two cities with a connector each (<c>--participants sofia,sant-boi</c>): Sant Boi finds Sofia's air data, negotiates, pulls it under a policy, and both ledgers say the same.</summary>
public sealed class DataspaceTests : IAsyncLifetime
{
    private const string Dataset = "urn:living-city:dataset:sofia:AirQualityObserved";
    private const string Sofia = "urn:living-city:participant:sofia";
    private const string West = "urn:living-city:area:sofia-west";
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

    [Fact]
    public async Task Cities_ExchangeRealAirData_UnderAPolicyThatIsKept()
    {
        var mapping = Path.Combine(AppContext.BaseDirectory, "mappings", "sofia-air.json");
        var (exitCode, output) = await CommandLine.RunAsync(app.GetEndpoint("gateway"), "import", Path.Combine(PublishedData.Folder(), "sofia-air", "sample.csv"), "--mapping", mapping);
        Assert.True(exitCode == 0, output);
        using var provider = await SignInAsync("connector-sofia", "officer@sofia.example");
        using var consumer = await SignInAsync("connector-sant-boi", "officer@sant-boi.example");
        var peer = app.GetEndpoint("connector-sofia") + "dsp/2025-1";
        await Eventually.TrueAsync(async () => (await provider.GetAsync($"/api/dataspace/v1/datasets/{Dataset}")).IsSuccessStatusCode, "the data is in the catalogue");
        var offer = await PublishAsync(provider);

        // Catalogue: only Sofia's own connector lists it.
        using var listing = await consumer.GetAsync(new Uri($"{peer}/catalog/datasets/{Dataset}"), TestContext.Current.CancellationToken);
        Assert.Contains(offer, await listing.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Equal(404, (int)(await consumer.GetAsync($"/dsp/2025-1/catalog/datasets/{Dataset}", TestContext.Current.CancellationToken)).StatusCode);

        var negotiation = await BeginAsync(consumer, "negotiations", new { datasetId = Dataset, offerId = offer, providerId = Sofia, connectorAddress = peer }, "FINALIZED");
        var agreement = (string)negotiation["agreementId"]!;
        var transfer = (string)(await BeginAsync(consumer, "transfers", new { agreementId = agreement, format = "HttpData-PULL", providerId = Sofia, connectorAddress = peer }, "STARTED"))["id"]!;

        // The area: stations west of 23.30° E only.
        var first = (await consumer.GetFromJsonAsync<JsonArray>($"/api/dataspace/v1/transfers/{transfer}/data?limit=1000", TestContext.Current.CancellationToken))!;
        Assert.NotEmpty(first);
        Assert.All(first, entity => Assert.True((double)entity!["location"]!["value"]!["coordinates"]![0]! < 23.30));

        // The count: this was the first of a thousand.
        var statuses = new int[Agreed];
        await Parallel.ForEachAsync(Enumerable.Range(0, Agreed), new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = TestContext.Current.CancellationToken }, async (number, stop) =>
        {
            using var answer = await consumer.GetAsync($"/api/dataspace/v1/transfers/{transfer}/data?limit=1", stop);
            statuses[number] = (int)answer.StatusCode;
        });
        Assert.Equal(Agreed - 1, statuses.Count(status => status == 200));
        Assert.Equal(1, statuses.Count(status => status == 403));

        using var reconciled = await consumer.PostAsync($"/api/dataspace/v1/agreements/{agreement}/ledger/reconciliation", null, TestContext.Current.CancellationToken);
        var counts = (await reconciled.Content.ReadFromJsonAsync<JsonObject>(TestContext.Current.CancellationToken))!;
        Assert.True((bool)counts["agree"]!, counts.ToJsonString());
        Assert.Equal(Agreed, (int)counts["ours"]!);
        foreach (var side in (HttpClient[])[provider, consumer])
        {
            Assert.True((bool)(await side.GetFromJsonAsync<JsonObject>($"/api/dataspace/v1/agreements/{agreement}/ledger/check", TestContext.Current.CancellationToken))!["whole"]!);
        }

        // Suspension: closed with the answer that says so, whatever the consumer does.
        using var suspended = await provider.PostAsJsonAsync($"/api/dataspace/v1/agreements/{agreement}/suspension", new { reason = "A question is open." }, TestContext.Current.CancellationToken);
        Assert.True(suspended.IsSuccessStatusCode);
        using var after = await consumer.GetAsync($"/api/dataspace/v1/transfers/{transfer}/data", TestContext.Current.CancellationToken);
        Assert.Contains((int)after.StatusCode, new[] { 403, 409 });
        await Eventually.TrueAsync(async () => (string)(await consumer.GetFromJsonAsync<JsonObject>($"/api/dataspace/v1/transfers/{transfer}"))!["state"]! == "SUSPENDED", "the consumer was told");
    }

    /// <summary>An offer with an area, a period and a number of requests.</summary>
    private static async Task<string> PublishAsync(HttpClient provider)
    {
        var ring = JsonSerializer.SerializeToNode(new[] { new[] { new[] { 23.0, 42.5 }, [23.3, 42.5], [23.3, 43.0], [23.0, 43.0], [23.0, 42.5] } });
        using var area = await provider.PutAsJsonAsync($"/api/dataspace/v1/areas/{West}", new { name = "Sofia west of 23.30° E", geometry = new JsonObject { ["type"] = "Polygon", ["coordinates"] = ring } });
        Assert.True(area.IsSuccessStatusCode, await area.Content.ReadAsStringAsync());
        static object Constraint(string left, string name, string right) => new { leftOperand = $"http://www.w3.org/ns/odrl/2/{left}", @operator = name, rightOperand = right };
        using var made = await provider.PostAsJsonAsync("/api/dataspace/v1/offers", new
        {
            datasetId = Dataset,
            approval = "automatic",
            policy = new
            {
                permission = new[] { new { action = "use", constraint = new[] { Constraint("spatial", "isPartOf", West), Constraint("dateTime", "gteq", "2020-01-01T00:00:00Z"), Constraint("dateTime", "lteq", "2099-12-31T00:00:00Z"), Constraint("count", "lteq", $"{Agreed}") } } },
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
