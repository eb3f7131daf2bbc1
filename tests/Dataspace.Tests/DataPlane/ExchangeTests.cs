using System.Net.Http.Json;
using System.Text.Json.Nodes;
using LivingCity.Dataspace.Tests.Hosting;
using LivingCity.Testing;
using static LivingCity.Dataspace.Tests.Hosting.ConnectorPair;

namespace LivingCity.Dataspace.Tests.DataPlane;

/// <summary>Two connectors and a context broker: what was agreed is what flows.</summary>
public sealed class ExchangeTests(ConnectorPair pair) : IClassFixture<ConnectorPair>
{
    private const string Count = "http://www.w3.org/ns/odrl/2/count";
    private const string Spatial = "http://www.w3.org/ns/odrl/2/spatial";
    private const string Purpose = "http://www.w3.org/ns/odrl/2/purpose";
    private const string Research = "https://w3id.org/dpv#AcademicResearch";

    [Fact]
    public async Task Offer_ThatEveryDatasetHas_IsNegotiatedAndDataFlowsWithAttribution()
    {
        var agreement = (string)(await pair.NegotiateAsync($"{Dataset}:offer"))["agreementId"]!;
        var transfer = (string)(await pair.TransferAsync(agreement))["id"]!;
        using var officer = pair.SantBoi.As("sant-boi", "data-officer");

        using var answer = await officer.GetAsync($"/api/dataspace/v1/transfers/{transfer}/data", TestContext.Current.CancellationToken);

        Assert.Equal(200, (int)answer.StatusCode);
        Assert.Equal(6, (await answer.Content.ReadFromJsonAsync<JsonArray>(TestContext.Current.CancellationToken))!.Count);
        Assert.Contains("sofia", answer.Headers.GetValues("Attribution").Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Negotiation_Finalized_LeavesNoStepForLater()
    {
        await pair.NegotiateAsync($"{Dataset}:offer");

        foreach (var side in (ServiceHost<Program>[])[pair.Sofia, pair.SantBoi])
        {
            await Eventually.EqualAsync(0L, () => side.ScalarAsync<long>("SELECT count(*) FROM due_step"));
        }
    }

    [Fact]
    public async Task Policy_WithAnArea_LetsOutOnlyWhatLiesInside()
    {
        await pair.AreaAsync("urn:nuts:BG411-west", 23.29, 42.69, 0.04);
        var (_, transfer) = await pair.ContractAsync(Permission(Constraint(Spatial, "isPartOf", "urn:nuts:BG411-west")));

        var (status, body) = await pair.FetchAsync(transfer);

        Assert.Equal(200, status);
        Assert.Equal([0, 1], body!.AsArray().Select(entity => int.Parse(((string)entity!["id"]!)[^1..], System.Globalization.CultureInfo.InvariantCulture)).Order());
    }

    [Fact]
    public async Task Policy_WithAttributes_MasksAllOthers()
    {
        var (_, transfer) = await pair.ContractAsync(Permission(Constraint("urn:living-city:odrl:attributes", "isAnyOf", "pm10", "location")));

        var (_, body) = await pair.FetchAsync(transfer);

        Assert.All(body!.AsArray(), entity =>
        {
            Assert.NotNull(entity!["pm10"]);
            Assert.Null(entity["no2"]);
            Assert.Null(entity["name"]);
        });
    }

    [Fact]
    public async Task Policy_WithACount_RefusesTheUseBeyondIt()
    {
        var (agreement, transfer) = await pair.ContractAsync(Permission(Constraint(Count, "lteq", "5")));

        var statuses = await Task.WhenAll(Enumerable.Range(0, 9).Select(async _ => (await pair.FetchAsync(transfer)).Status));

        Assert.Equal(5, statuses.Count(status => status == 200));
        Assert.Equal(4, statuses.Count(status => status == 403));
        using var officer = pair.SantBoi.As("sant-boi", "data-officer");
        using var answer = await officer.PostAsync($"/api/dataspace/v1/agreements/{agreement}/ledger/reconciliation", null, TestContext.Current.CancellationToken);
        var reconciliation = (await answer.Content.ReadFromJsonAsync<JsonObject>(TestContext.Current.CancellationToken))!;
        Assert.True((bool)reconciliation["agree"]!, reconciliation.ToJsonString());
        Assert.Equal(5, (int)reconciliation["ours"]!);
    }

    [Fact]
    public async Task Policy_WithAPurpose_StartsOnlyForIt()
    {
        var agreement = (string)(await pair.NegotiateAsync(await pair.OfferAsync(Permission(Constraint(Purpose, "isA", "https://w3id.org/dpv#ResearchAndDevelopment")))))["agreementId"]!;

        var refused = await pair.TransferAsync(agreement, "TERMINATED", purpose: "https://w3id.org/dpv#Marketing");
        var undeclared = await pair.TransferAsync(agreement, "TERMINATED");
        var started = await pair.TransferAsync(agreement, purpose: Research);

        Assert.Contains("Marketing", (string)refused["reason"]!, StringComparison.Ordinal);
        Assert.Contains("purpose", (string)undeclared["reason"]!, StringComparison.Ordinal);
        Assert.Equal(200, (await pair.FetchAsync((string)started["id"]!)).Status);
    }

    [Fact]
    public async Task Suspension_ClosesTheDataPlaneAtOnce_AndOnlyThePersonOpensItAgain()
    {
        var (agreement, transfer) = await pair.ContractAsync(Permission());
        using var provider = pair.Sofia.As("sofia", "data-officer");
        Assert.Equal(200, (await pair.FetchAsync(transfer)).Status);

        using var suspended = await provider.PostAsJsonAsync($"/api/dataspace/v1/agreements/{agreement}/suspension", new { reason = "A question is open." }, TestContext.Current.CancellationToken);
        var token = await TokenAsync(transfer);
        using var consumer = pair.Sofia.Anonymous();
        consumer.DefaultRequestHeaders.Authorization = new("Bearer", token.Token);
        using var refused = await consumer.GetAsync(token.Endpoint, TestContext.Current.CancellationToken);

        Assert.True(suspended.IsSuccessStatusCode);
        Assert.Equal(403, (int)refused.StatusCode);
        using var officer = pair.SantBoi.As("sant-boi", "data-officer");
        await Eventually.TrueAsync(async () => (string)(await officer.GetFromJsonAsync<JsonObject>($"/api/dataspace/v1/transfers/{transfer}"))!["state"]! == "SUSPENDED", "the consumer knows");
        Assert.Equal(409, (await pair.FetchAsync(transfer)).Status);

        using var lifted = await provider.PostAsync($"/api/dataspace/v1/agreements/{agreement}/resumption", null, TestContext.Current.CancellationToken);
        var theirs = await ProvidersTransferAsync(provider, agreement);
        using var resumed = await provider.PostAsync($"/api/dataspace/v1/transfers/{theirs}/resumption", null, TestContext.Current.CancellationToken);
        await Eventually.TrueAsync(async () => (string)(await officer.GetFromJsonAsync<JsonObject>($"/api/dataspace/v1/transfers/{transfer}"))!["state"]! == "STARTED", "it goes on");
        Assert.Equal(200, (await pair.FetchAsync(transfer)).Status);
        using var old = await consumer.GetAsync(token.Endpoint, TestContext.Current.CancellationToken);
        Assert.Equal(401, (int)old.StatusCode);
    }

    [Fact]
    public async Task Push_SendsAllThatThePolicyLetsOut_ThenCompletes()
    {
        await pair.AreaAsync("urn:nuts:BG411-push", 23.29, 42.69, 0.04);
        var agreement = (string)(await pair.NegotiateAsync(await pair.OfferAsync(Permission(Constraint(Spatial, "isPartOf", "urn:nuts:BG411-push")))))["agreementId"]!;

        var transfer = (string)(await pair.TransferAsync(agreement, "COMPLETED", "HttpData-PUSH"))["id"]!;

        using var officer = pair.SantBoi.As("sant-boi", "data-officer");
        var received = (await officer.GetFromJsonAsync<JsonArray>($"/api/dataspace/v1/transfers/{transfer}/received", TestContext.Current.CancellationToken))!;
        Assert.Equal(2, Assert.Single(received)!["body"]!.AsArray().Count);
    }

    [Fact]
    public async Task Stream_NotifiesOfNewObservationsInsideTheArea()
    {
        await pair.AreaAsync("urn:nuts:BG411-stream", 23.29, 42.69, 0.04);
        var (_, transfer) = await pair.ContractAsync(Permission(Constraint(Spatial, "isPartOf", "urn:nuts:BG411-stream")), format: "NgsiLd-SUBSCRIPTION");
        using var officer = pair.SantBoi.As("sant-boi", "data-officer");
        using var writer = pair.Broker.As("sofia", "data-officer");

        using var stored = await writer.PostAsJsonAsync("/ngsi-ld/v1/entityOperations/upsert", new[] { Station(0, 23.30, 42.70, 33, "2026-07-01T13:00:00Z"), Station(5, 23.40, 42.70, 44, "2026-07-01T13:00:00Z") }, TestContext.Current.CancellationToken);

        JsonArray received = [];
        await Eventually.TrueAsync(async () => (received = (await officer.GetFromJsonAsync<JsonArray>($"/api/dataspace/v1/transfers/{transfer}/received"))!).Count > 0, "a notification came");
        var notification = received[0]!["body"]!;
        Assert.Equal("Notification", (string)notification["type"]!);
        Assert.Equal(33, (double)Assert.Single(notification["data"]!.AsArray())!["pm10"]!["value"]!);
    }

    [Fact]
    public async Task Aggregates_OfTooFewStations_AreKeptBack_AndEntitiesAreRefused()
    {
        var policy = new JsonObject
        {
            ["permission"] = new JsonArray(new JsonObject { ["action"] = "http://www.w3.org/ns/odrl/2/aggregate", ["constraint"] = new JsonArray(Constraint("urn:living-city:odrl:groupSize", "gteq", "3")) }),
        };
        var (_, transfer) = await pair.ContractAsync(policy);

        var entities = await pair.FetchAsync(transfer);
        var table = await pair.FetchAsync(transfer, "?path=aggregates&attribute=pm10");

        Assert.Equal(403, entities.Status);
        Assert.Equal(200, table.Status);
        Assert.All(table.Body!["cells"]!.AsArray(), cell => Assert.True((double)cell!["individuals"]! >= 3));
    }

    [Fact]
    public async Task CounterOffer_OfTheConsumer_IsAnsweredWithTheOffer_AndAPersonDecides()
    {
        var offer = await pair.OfferAsync(Permission(Constraint(Count, "lteq", "10")));
        using var officer = pair.SantBoi.As("sant-boi", "data-officer");

        var negotiation = await pair.NegotiateAsync(offer, "OFFERED", Permission(Constraint(Count, "lteq", "1000000")));

        Assert.Contains("1000000", negotiation["terms"]!.ToJsonString().Replace("\"10\"", "1000000", StringComparison.Ordinal), StringComparison.Ordinal);
        await Eventually.TrueAsync(async () => (bool)(await officer.GetFromJsonAsync<JsonObject>($"/api/dataspace/v1/negotiations/{(string)negotiation["id"]!}"))!["awaitsDecision"]!, "a person is asked");
        using var approved = await officer.PostAsync($"/api/dataspace/v1/negotiations/{(string)negotiation["id"]!}/approval", null, TestContext.Current.CancellationToken);
        Assert.True(approved.IsSuccessStatusCode);
        await Eventually.TrueAsync(async () => (string)(await officer.GetFromJsonAsync<JsonObject>($"/api/dataspace/v1/negotiations/{(string)negotiation["id"]!}"))!["state"]! == "FINALIZED", "it is concluded");
    }

    [Fact]
    public async Task ManualOffer_WaitsForThePersonOfTheProvider()
    {
        var offer = await pair.OfferAsync(Permission(), "manual");
        using var provider = pair.Sofia.As("sofia", "data-officer");

        var negotiation = await pair.NegotiateAsync(offer, "REQUESTED");
        JsonNode? waiting = null;
        await Eventually.TrueAsync(async () => (waiting = (await provider.GetFromJsonAsync<JsonArray>("/api/dataspace/v1/negotiations"))!.FirstOrDefault(item => (string)item!["offerId"]! == offer && (bool)item["awaitsDecision"]!)) is not null, "a person is asked");
        using var approved = await provider.PostAsync($"/api/dataspace/v1/negotiations/{(string)waiting!["id"]!}/approval", null, TestContext.Current.CancellationToken);

        Assert.True(approved.IsSuccessStatusCode);
        using var officer = pair.SantBoi.As("sant-boi", "data-officer");
        await Eventually.TrueAsync(async () => (string)(await officer.GetFromJsonAsync<JsonObject>($"/api/dataspace/v1/negotiations/{(string)negotiation["id"]!}"))!["state"]! == "FINALIZED", "it is concluded");
    }

    [Fact]
    public async Task Ledger_TamperedWith_IsFound()
    {
        var (agreement, transfer) = await pair.ContractAsync(Permission());
        await pair.FetchAsync(transfer);
        await pair.FetchAsync(transfer);
        using var provider = pair.Sofia.As("sofia", "data-officer");
        var check = $"/api/dataspace/v1/agreements/{agreement}/ledger/check";
        Assert.True((bool)(await provider.GetFromJsonAsync<JsonObject>(check, TestContext.Current.CancellationToken))!["whole"]!);

        await Assert.ThrowsAsync<Npgsql.PostgresException>(() => pair.Sofia.ScalarAsync<long>($"UPDATE ledger_entry SET body = '{{}}' WHERE agreement_id = '{agreement}' AND number = 1", "sofia"));
        await pair.Sofia.ScalarAsync<long>($"ALTER TABLE ledger_entry DISABLE TRIGGER ALL; UPDATE ledger_entry SET body = '{{}}' WHERE agreement_id = '{agreement}' AND number = 1; ALTER TABLE ledger_entry ENABLE TRIGGER ALL; SELECT 1::bigint", "sofia");

        var found = (await provider.GetFromJsonAsync<JsonObject>(check, TestContext.Current.CancellationToken))!;
        Assert.False((bool)found["whole"]!);
        Assert.Equal("Entry 1 was changed.", (string)found["break"]!);
    }

    [Fact]
    public async Task Usage_IsThereForEveryCitizen()
    {
        var (_, transfer) = await pair.ContractAsync(Permission(), Research);
        await pair.FetchAsync(transfer);
        using var citizen = pair.Sofia.Anonymous();

        var uses = (await citizen.GetFromJsonAsync<JsonArray>("/api/dataspace/v1/usage?city=sofia", TestContext.Current.CancellationToken))!;

        Assert.Contains(uses, use => (string)use!["consumer"]! == SantBoiId && (string?)use["purpose"] == Research && (string)use["datasetId"]! == Dataset);
    }

    private async Task<(Uri Endpoint, string Token)> TokenAsync(string transfer)
    {
        var address = JsonNode.Parse((await pair.SantBoi.ScalarAsync<string>($"SELECT data_address::text FROM transfer WHERE id = '{transfer}'", "sant-boi"))!)!;
        return (new Uri((string)address["endpoint"]!), (string)address["endpointProperties"]!.AsArray().Single(property => (string)property!["name"]! == "authorization")!["value"]!);
    }

    private static async Task<string> ProvidersTransferAsync(HttpClient provider, string agreement) =>
        (string)(await provider.GetFromJsonAsync<JsonArray>($"/api/dataspace/v1/transfers?agreement={Uri.EscapeDataString(agreement)}"))!.Single()!["id"]!;
}
