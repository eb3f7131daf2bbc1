using System.Globalization;
using System.Net;

namespace LivingCity.Ingestion.Tests.EntityMaps;

/// <summary>ETSI GS CIM 009, clauses 5.14, 6.32, 6.34, 6.35 (entity maps), 5.5.9.3 and 5.5.14 (pages by them).</summary>
[Collection<BrokerTests>]
public sealed class EntityMapTests(BrokerFixture fixture) : IAsyncLifetime
{
    private const string Header = "NGSILD-EntityMap";

    private readonly BrokerClient city = fixture.NewCity();

    public async ValueTask InitializeAsync() => await city.ExpectAsync(HttpStatusCode.Created, "POST", "/entityOperations/create",
        $"[{string.Join(',', Enumerable.Range(1, 9).Select(number => $$"""{"id":"urn:l:{{number}}","type":"Lamp","level":{"value":{{number}},"observedAt":"2026-01-0{{number}}T00:00:00Z"} }"""))}]");

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Theory]
    [InlineData("GET", "/entityMaps?type=Lamp&q=level>6", null)]
    [InlineData("POST", "/entityMaps", """{"type":"Query","entities":[{"type":"Lamp"}],"q":"level>6"}""")]
    [InlineData("GET", "/temporal/entityMaps?type=Lamp&timerel=after&timeAt=2026-01-06T00:00:00Z", null)]
    [InlineData("POST", "/temporal/entityMaps", """{"type":"Query","entities":[{"type":"Lamp"}],"temporalQ":{"timerel":"after","timeAt":"2026-01-06T00:00:00Z"} }""")]
    public async Task Create_OfAQuery_HoldsWhatItFinds(string method, string path, string? body)
    {
        var created = await city.ExpectAsync(HttpStatusCode.Created, method, path, body);
        var retrieved = await city.GetAsync(IdOf(created));

        Assert.Equal("EntityMap", (string)created.Body["type"]!);
        Assert.Equal(["urn:l:7", "urn:l:8", "urn:l:9"], created.Body["entityMap"]!.AsObject().Select(entry => entry.Key));
        Assert.All(created.Body["entityMap"]!.AsObject(), entry => Assert.Equal("[\"@none\"]", entry.Value!.ToJsonString()));
        Assert.Empty(created.Body["linkedMaps"]!.AsObject());
        Assert.Equal($"/ngsi-ld/v1/entityMaps/{created.Body["id"]}", created.Header(Header));
        retrieved.MeansSame(created.Text);
    }

    /// <summary>Clause 5.5.9.3: what no longer fulfils the query is left out, what is new does not come in, and each page is full as long as there is more.</summary>
    [Theory]
    [InlineData("")]
    [InlineData("&local=true&orderBy=level;desc")]
    public async Task Query_ByAMap_GivesPagesThatFitTogetherWhateverChanges(string order)
    {
        var first = await city.ExpectAsync(HttpStatusCode.Created, "GET", $"/entities?type=Lamp&q=level>0&limit=3&count=true&entityMap=true{order}");
        await city.ExpectAsync(HttpStatusCode.NoContent, "DELETE", "/entities/urn:l:2");
        await city.ExpectAsync(HttpStatusCode.NoContent, "PATCH", "/entities/urn:l:5", """{"level":{"value":-1} }""");
        await city.CreateAsync("""{"id":"urn:l:0","type":"Lamp","level":5}""");
        var all = Ids(first);
        for (var next = first; NextOf(next) is { } path;)
        {
            next = await city.SendAsync("GET", path, map: first.Header(Header));
            Assert.Equal((HttpStatusCode.OK, first.Header(Header)), (next.Status, next.Header(Header)));
            all = [.. all, .. Ids(next)];
        }

        var expected = Enumerable.Range(1, 9).Select(number => $"urn:l:{number}").ToArray();
        var unseen = order.Length == 0 ? new[] { "urn:l:5" } : ["urn:l:2", "urn:l:5"];
        Assert.Equal("9", first.Header("NGSILD-Results-Count"));
        Assert.Equal((order.Length == 0 ? expected : expected.Reverse()).Except(unseen), all);
    }

    [Fact]
    public async Task Query_ByAMap_FillsItsPages()
    {
        var map = (await city.ExpectAsync(HttpStatusCode.Created, "GET", "/entityMaps?type=Lamp&q=level>0")).Header(Header);
        await city.ExpectAsync(HttpStatusCode.NoContent, "DELETE", "/entities/urn:l:2");

        var page = await city.SendAsync("GET", "/entities?type=Lamp&q=level>0&limit=3", map: map);
        var posted = await city.SendAsync("POST", "/entityOperations/query?limit=3&offset=2", """{"type":"Query","entities":[{"type":"Lamp"}],"q":"level<8"}""", map: map);

        Assert.Equal(["urn:l:1", "urn:l:3", "urn:l:4"], Ids(page));
        Assert.Contains("offset=4>", page.Header("Link"), StringComparison.Ordinal);
        Assert.Equal(["urn:l:3", "urn:l:4", "urn:l:5"], Ids(posted));
    }

    [Fact]
    public async Task QueryOfHistory_ByAMap_GoesByIt()
    {
        const string Query = "/temporal/entities?type=Lamp&timerel=before&timeAt=2027-01-01T00:00:00Z&limit=5";
        var first = await city.ExpectAsync(HttpStatusCode.Created, "GET", $"{Query}&entityMap=true");
        await city.ExpectAsync(HttpStatusCode.NoContent, "DELETE", "/temporal/entities/urn:l:1");

        var second = await city.SendAsync("GET", NextOf(first)!, map: first.Header(Header));

        Assert.Equal(["urn:l:1", "urn:l:2", "urn:l:3", "urn:l:4", "urn:l:5"], Ids(first));
        Assert.Equal(["urn:l:6", "urn:l:7", "urn:l:8", "urn:l:9"], Ids(second));
    }

    /// <summary>Clauses 5.7.1.4 and 5.7.3.4: a map of one entity; one that is gone is made anew.</summary>
    [Theory]
    [InlineData("/entities/urn:l:1")]
    [InlineData("/temporal/entities/urn:l:1")]
    public async Task Retrieve_WithAMap_SaysWhereItIs(string path)
    {
        var made = await city.GetAsync($"{path}?entityMap=true");
        var same = await city.SendAsync("GET", path, map: made.Header(Header));
        var other = await city.SendAsync("GET", path, map: "urn:ngsi-ld:EntityMap:gone");

        Assert.Equal((HttpStatusCode.OK, made.Header(Header)), (same.Status, same.Header(Header)));
        Assert.Equal("urn:l:1", Assert.Single((await city.GetAsync(made.Header(Header)!["/ngsi-ld/v1".Length..])).Body["entityMap"]!.AsObject()).Key);
        Assert.NotNull(other.Header(Header));
        Assert.DoesNotContain("gone", other.Header(Header), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Update_ExpiresAt_IsLimitedToADayAndTheRestStays()
    {
        var created = await city.ExpectAsync(HttpStatusCode.Created, "GET", "/entityMaps?type=Lamp&entityMapLifetime=PT10M");
        await city.ExpectAsync(HttpStatusCode.NoContent, "PATCH", IdOf(created), """{"expiresAt":"2099-01-01T00:00:00Z","entityMap":{} }""");
        var updated = await city.GetAsync(IdOf(created));

        Assert.InRange(Expiry(created), DateTimeOffset.UtcNow.AddMinutes(5), DateTimeOffset.UtcNow.AddMinutes(10));
        Assert.InRange(Expiry(updated), DateTimeOffset.UtcNow.AddHours(23), DateTimeOffset.UtcNow.AddHours(24));
        Assert.Equal(9, updated.Body["entityMap"]!.AsObject().Count);
    }

    [Fact]
    public async Task Expired_IsGone()
    {
        var created = await city.ExpectAsync(HttpStatusCode.Created, "GET", "/entityMaps?type=Lamp");
        await city.ExpectAsync(HttpStatusCode.NoContent, "PATCH", IdOf(created), """{"expiresAt":"2020-01-01T00:00:00Z"}""");

        Assert.Equal(HttpStatusCode.NotFound, (await city.GetAsync(IdOf(created))).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await city.SendAsync("DELETE", IdOf(created))).Status);
    }

    [Fact]
    public async Task Map_OfATenant_IsNobodyElses()
    {
        var other = fixture.NewCity();
        await other.CreateAsync("""{"id":"urn:l:1","type":"Lamp"}""");
        var created = await city.ExpectAsync(HttpStatusCode.Created, "GET", "/entityMaps?type=Lamp");

        Assert.Equal(HttpStatusCode.NotFound, (await other.GetAsync(IdOf(created))).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await other.SendAsync("DELETE", IdOf(created))).Status);
        Assert.NotEqual(created.Header(Header), (await other.SendAsync("GET", "/entities?type=Lamp", map: created.Header(Header))).Header(Header));
        Assert.Equal(HttpStatusCode.NoContent, (await city.SendAsync("DELETE", IdOf(created))).Status);
    }

    /// <summary>What is open to the public does not let it fill the database.</summary>
    [Fact]
    public async Task Public_GetsNoMap()
    {
        var admin = new BrokerClient(fixture.Host.As(null, "platform-admin"), "");
        var anonymous = new BrokerClient(fixture.Host.Anonymous(), "");
        await admin.SendAsync("POST", "/entities", """{"id":"urn:x:bench","type":"Bench"}""", tenant: "open-city");

        var query = await anonymous.SendAsync("GET", "/entities?type=Bench&entityMap=true", tenant: "open-city");

        Assert.Equal((HttpStatusCode.OK, null), (query.Status, query.Header(Header)));
        Assert.Equal(HttpStatusCode.Unauthorized, (await anonymous.SendAsync("GET", "/entityMaps?type=Bench", tenant: "open-city")).Status);
    }

    [Theory]
    [InlineData("GET", "/entityMaps", null)]
    [InlineData("GET", "/entityMaps?id=urn:l:1", null)]
    [InlineData("GET", "/entityMaps?type=Lamp&entityMapLifetime=1hour", null)]
    [InlineData("GET", "/entityMaps?type=Lamp&entityMapLifetime=-PT1H", null)]
    [InlineData("GET", "/entityMaps?type=Lamp&entityMapLifetime=P99999999999999Y", null)]
    [InlineData("GET", "/entities?type=Lamp&entityMap=perhaps", null)]
    [InlineData("GET", "/temporal/entityMaps?type=Lamp", null)]
    [InlineData("POST", "/entityMaps", """{"type":"Other"}""")]
    [InlineData("POST", "/entityMaps", """{"type":"Query","entities":[{"type":"Lamp"}],"entityMapLifetime":5}""")]
    [InlineData("GET", "/entityMaps/relative", null)]
    [InlineData("PATCH", "/entityMaps/relative", "{}")]
    [InlineData("DELETE", "/entityMaps/relative", null)]
    [InlineData("PATCH", "/entityMaps/urn:m:1", """{"expiresAt":"tomorrow"}""")]
    public async Task Request_Wrong_Is400BadRequestData(string method, string path, string? body)
    {
        var answer = await city.SendAsync(method, path, body);

        Assert.Equal((HttpStatusCode.BadRequest, "BadRequestData"), (answer.Status, answer.Error));
    }

    [Theory]
    [InlineData("GET", null)]
    [InlineData("PATCH", """{"expiresAt":"2099-01-01T00:00:00Z"}""")]
    [InlineData("PATCH", "{}")]
    [InlineData("DELETE", null)]
    public async Task Map_Unknown_Is404(string method, string? body) => Assert.Equal("ResourceNotFound", (await city.SendAsync(method, "/entityMaps/urn:m:unknown", body)).Error);

    private static string IdOf(BrokerAnswer created) => $"/entityMaps/{created.Body["id"]}";

    private static DateTimeOffset Expiry(BrokerAnswer map) => DateTimeOffset.Parse((string)map.Body["expiresAt"]!, CultureInfo.InvariantCulture);

    private static string[] Ids(BrokerAnswer page) => [.. page.Body.AsArray().Select(entity => (string)entity!["id"]!)];

    private static string? NextOf(BrokerAnswer page) => page.Header("Link")?.Split(", <").FirstOrDefault(link => link.Contains("rel=\"next\"", StringComparison.Ordinal)) is { } link
        ? link.TrimStart('<')["/ngsi-ld/v1".Length..link.TrimStart('<').IndexOf('>', StringComparison.Ordinal)] : null;
}
