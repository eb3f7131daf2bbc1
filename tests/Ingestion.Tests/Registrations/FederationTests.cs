using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using LivingCity.Ingestion.Tests.Subscriptions;
using LivingCity.Testing;

namespace LivingCity.Ingestion.Tests.Registrations;

/// <summary>Two brokers with a database each, one a source of the other (ETSI GS CIM 009, clauses 4.3.6, 5.7 and 5.14).</summary>
public sealed class FederationTests(NotifyingFixture fixture) : IClassFixture<NotifyingFixture>, IAsyncLifetime
{
    private readonly Broker here = fixture.Broker;
    private readonly string type = $"T{Guid.NewGuid():N}";
    private Broker? there;
    private string registration = "";

    private Broker There => there!;

    public async ValueTask InitializeAsync()
    {
        there = await Broker.StartAsync(fixture.Infrastructure);
        await here.UpsertAsync(Entity(1, "\"level\":1,\"name\":\"one\""), Entity(2, "\"level\":2"));
        await there.UpsertAsync(Entity(1, "\"speed\":10"), Entity(3, "\"level\":3"), Entity(4, "\"level\":4"));
    }

    public ValueTask DisposeAsync() => There.DisposeAsync();

    [Fact]
    public async Task EntityMap_OfAFederation_SaysWhoHoldsWhat()
    {
        await RegisterAsync();

        var map = await here.GetAsync($"/entityMaps?type={type}");

        Assert.Equal($$"""{"{{Id(1)}}":["@none","{{registration}}"],"{{Id(2)}}":["@none"],"{{Id(3)}}":["{{registration}}"],"{{Id(4)}}":["{{registration}}"]}""", map["entityMap"]!.ToJsonString());
        var linked = (string)map["linkedMaps"]![registration]!;
        Assert.Equal(3, (await There.GetAsync($"/entityMaps/{linked}"))["entityMap"]!.AsObject().Count);
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("POST")]
    public async Task Query_ByAMap_AsksEachSourceForWhatItHolds(string method)
    {
        await RegisterAsync();
        Task<HttpResponseMessage> QueryAsync(string parameters, params (string, string)[] headers) => method == "GET"
            ? here.DoAsync("GET", $"/entities?type={type}&options=keyValues&{parameters}", headers: headers)
            : here.DoAsync("POST", $"/entityOperations/query?options=keyValues&{parameters}", $$"""{"type":"Query","entities":[{"type":"{{type}}"}]}""", headers: headers);
        using var first = await QueryAsync("entityMap=true&limit=2");
        var map = first.Headers.GetValues("NGSILD-EntityMap").Single();
        await There.DoAsync("DELETE", $"/entities/{Id(3)}");

        using var second = await QueryAsync("limit=2&offset=2", ("NGSILD-EntityMap", map));

        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.OK), (first.StatusCode, second.StatusCode));
        var entities = await EntitiesAsync(first);
        Assert.Equal([Id(1), Id(2)], entities.Select(entity => (string)entity!["id"]!));
        Assert.Equal(("one", 10), ((string)entities[0]!["name"]!, (int)entities[0]!["speed"]!));
        Assert.Equal([Id(4)], (await EntitiesAsync(second)).Select(entity => (string)entity!["id"]!));
    }

    [Fact]
    public async Task EntityMap_OfASourceWithoutThatOperation_HoldsWhatIsHere()
    {
        await RegisterAsync(""","operations":["associationOps"]""");

        Assert.Equal([Id(1), Id(2)], (await here.GetAsync($"/entityMaps?type={type}"))["entityMap"]!.AsObject().Select(entity => entity.Key));
    }

    /// <summary>Clause 5.7.2.4: where entities may be split, filters are judged on the whole.</summary>
    [Theory]
    [InlineData("", 0)]
    [InlineData("&splitEntities=true", 1)]
    [InlineData("&splitEntities=true&entityMap=true", 1)]
    [InlineData("&splitEntities=true&local=true", 0)]
    public async Task Query_ForWhatIsSplit_JudgesTheWhole(string parameters, int found)
    {
        await RegisterAsync();

        var entities = (await here.GetAsync($"/entities?type={type}&q=name==%22one%22;speed>5{parameters}")).AsArray();

        Assert.Equal(Enumerable.Range(1, found).Select(Id), entities.Select(entity => (string)entity!["id"]!));
    }

    /// <summary>Clauses 5.7.3 and 5.7.4: the history of an entity is that of all who have one.</summary>
    [Theory]
    [InlineData("", "5,4,3,2,1")]
    [InlineData("&lastN=2", "5,4")]
    [InlineData("&timerel=between&timeAt=2026-01-02T00:00:00Z&endTimeAt=2026-01-05T00:00:00Z", "4,3,2")]
    [InlineData("&local=true", "5,3,1")]
    public async Task History_OfBoth_IsOne(string parameters, string expected)
    {
        await RecordAsync();
        await RegisterAsync(""","operations":["retrieveTemporal","queryTemporal"]""");
        var window = parameters.Contains("timerel", StringComparison.Ordinal) ? "" : "&timerel=before&timeAt=2027-01-01T00:00:00Z";

        var one = await here.GetAsync($"/temporal/entities/{Id(7)}?attrs=level{parameters}");
        var queried = (await here.GetAsync($"/temporal/entities?type={type}&attrs=level{window}{parameters}")).AsArray();
        var values = await here.GetAsync($"/temporal/entities/{Id(7)}?options=temporalValues&attrs=level{parameters}");

        Assert.Equal(expected, string.Join(',', one["level"]!.AsArray().Select(instance => (int)instance!["value"]!)));
        Assert.Equal(parameters.Contains("local", StringComparison.Ordinal) || window.Length == 0 ? [Id(7)] : [Id(7), Id(8)], queried.Select(entity => (string)entity!["id"]!).Where(id => id != Id(1) && id != Id(2)));
        Assert.Equal(expected, string.Join(',', queried.Single(entity => (string)entity!["id"]! == Id(7))!["level"]!.AsArray().Select(instance => (int)instance!["value"]!)));
        Assert.Equal(expected, string.Join(',', values["level"]!["values"]!.AsArray().Select(pair => (int)pair![0]!)));
    }

    [Fact]
    public async Task History_OnlyThere_IsFoundAndSumsAreOfWhatIsHere()
    {
        await RecordAsync();
        await RegisterAsync(""","operations":["retrieveTemporal","queryTemporal","createEntityMapQueryTemporal"]""");
        const string Window = "timerel=after&timeAt=2026-01-01T12:00:00Z";

        var there = await here.GetAsync($"/temporal/entities/{Id(8)}?attrs=level");
        var sums = await here.GetAsync($"/temporal/entities/{Id(7)}?attrs=level&options=aggregatedValues&aggrMethods=totalCount&{Window}");
        var mapped = await here.DoAsync("GET", $"/temporal/entities?type={type}&attrs=level&{Window}&entityMap=true");
        var posted = await EntitiesAsync(await here.DoAsync("POST", "/temporal/entityOperations/query?limit=1&offset=1", $$"""
            {"type":"Query","entities":[{"type":"{{type}}","idPattern":"[78]$"}],"attrs":["level"],"temporalQ":{"timerel":"after","timeAt":"2026-01-01T12:00:00Z"} }
            """));

        Assert.Equal(8, (int)there["level"]!.AsArray().Single()!["value"]!);
        Assert.Equal(2, (int)sums["level"]!["totalCount"]![0]![0]!);
        Assert.Equal(HttpStatusCode.Created, mapped.StatusCode);
        Assert.Equal([Id(7), Id(8)], (await EntitiesAsync(mapped)).Select(entity => (string)entity!["id"]!));
        Assert.Equal([Id(8)], posted.Select(entity => (string)entity!["id"]!));
        await Broker.AssertProblemAsync(await here.SendAsync("GET", $"/temporal/entities/{Id(9)}"), HttpStatusCode.NotFound, "ResourceNotFound");
    }

    private async Task RecordAsync()
    {
        string Level(int value) => $$"""{"type":"Property","value":{{value}},"observedAt":"2026-01-0{{value}}T00:00:00Z"}""";
        await here.DoAsync("POST", "/temporal/entities", Entity(7, $"\"level\":[{Level(1)},{Level(3)},{Level(5)}]"));
        await There.DoAsync("POST", "/temporal/entities", Entity(7, $"\"level\":[{Level(2)},{Level(3)},{Level(4)}]"));
        await There.DoAsync("POST", "/temporal/entities", Entity(8, $"\"level\":[{Level(8)}]"));
    }

    /// <summary>Clause 5.16.1: the queries of a snapshot are asked at the sources too.</summary>
    [Fact]
    public async Task Snapshot_OfAFederation_HoldsWhatTheSourcesHave()
    {
        await RegisterAsync();
        using var created = await here.DoAsync("POST", "/snapshots", $$"""{"type":"Snapshot","snapshotQueries":[{"type":"Query","entities":[{"type":"{{type}}"}]}]}""");
        var id = created.Headers.Location!.ToString().Split('/')[^1];
        await Eventually.TrueAsync(async () => (string?)(await here.GetAsync($"/snapshots/{id}"))["snapshotStatus"] == "success", "the snapshot is ready");
        await There.DoAsync("DELETE", $"/entities/{Id(3)}");

        var entities = (await here.GetAsync($"/entities?type={type}&options=keyValues", ("NGSILD-Snapshot", id))).AsArray();

        Assert.Equal(Enumerable.Range(1, 4).Select(Id), entities.Select(entity => (string)entity!["id"]!));
        Assert.Equal(("one", 10), ((string)entities[0]!["name"]!, (int)entities[0]!["speed"]!));
    }

    private async Task RegisterAsync(string more = "")
    {
        var token = fixture.Infrastructure.Issuer.Token("sofia", "data-officer");
        using var answer = await here.DoAsync("POST", "/csourceRegistrations", $$"""
            {"type":"ContextSourceRegistration","information":[{"entities":[{"type":"{{type}}"}]}],"endpoint":"{{There.Client.BaseAddress!.ToString().TrimEnd('/')}}",
            "contextSourceInfo":[{"key":"Authorization","value":"Bearer {{token}}"}]{{more}}}
            """);
        registration = Uri.UnescapeDataString(answer.Headers.Location!.ToString().Split('/')[^1]);
    }

    private static async Task<JsonArray> EntitiesAsync(HttpResponseMessage answer) => (await answer.Content.ReadFromJsonAsync<JsonArray>(TestContext.Current.CancellationToken))!;

    private string Id(int number) => $"urn:ngsi-ld:{type}:{number}";

    private string Entity(int number, string attributes) => $$"""{"id":"{{Id(number)}}","type":"{{type}}",{{attributes}}}""";
}
