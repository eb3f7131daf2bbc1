using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using LivingCity.Ingestion.Tests.Subscriptions;
using LivingCity.Testing;

namespace LivingCity.Ingestion.Tests.Snapshots;

/// <summary>ETSI GS CIM 009, clauses 5.16 and 6.36 to 6.38 (snapshots), 5.5.15 and 6.3.22 (operations on them).</summary>
[Collection<BrokerTests>]
public sealed class SnapshotTests(BrokerFixture fixture) : IAsyncLifetime
{
    private const string Lamps = """{"type":"Query","entities":[{"type":"Lamp"}],"q":"level>1"}""";
    private const string Past = """{"type":"Query","entities":[{"type":"Lamp"}],"temporalQ":{"timerel":"before","timeAt":"2026-01-03T00:00:00Z"}}""";

    private readonly BrokerClient city = fixture.NewCity();

    public async ValueTask InitializeAsync() => await city.ExpectAsync(HttpStatusCode.Created, "POST", "/entityOperations/create",
        $"[{string.Join(',', Enumerable.Range(1, 3).Select(number => $$"""{"id":"urn:l:{{number}}","type":"Lamp","level":{"value":{{number}},"observedAt":"2026-01-0{{number}}T00:00:00Z"},"location":{"type":"Point","coordinates":[{{number}},1]} }"""))}]");

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>Clause 5.16.1: what the queries find stays as it is, whatever becomes of the original.</summary>
    [Fact]
    public async Task Create_FreezesWhatTheQueriesFind()
    {
        var id = await CreateAsync($$"""{"type":"Snapshot","snapshotQueries":[{{Lamps}}],"snapshotTemporalQueries":[{{Past}}]}""");
        var original = await city.EntityAsync("urn:l:2", "?options=sysAttrs");
        await city.ExpectAsync(HttpStatusCode.NoContent, "PATCH", "/entities/urn:l:2", """{"level":{"value":99} }""");
        await city.ExpectAsync(HttpStatusCode.NoContent, "DELETE", "/entities/urn:l:3");

        var all = await OnAsync(id, "GET", "/entities?type=Lamp");
        var one = await OnAsync(id, "GET", "/entities/urn:l:2?options=sysAttrs");
        var near = await OnAsync(id, "GET", "/entities?georel=near;maxDistance==1000&geometry=Point&coordinates=[3,1]&options=keyValues&pick=id");
        var past = await OnAsync(id, "GET", "/temporal/entities?type=Lamp&timerel=before&timeAt=2027-01-01T00:00:00Z&options=temporalValues&attrs=level");
        var status = await city.GetAsync($"/snapshots/{id}");

        Assert.Equal(["urn:l:2", "urn:l:3"], all.Body.AsArray().Select(entity => (string)entity!["id"]!));
        one.MeansSame(original.ToJsonString());
        near.MeansSame("""[{"id":"urn:l:3"}]""");
        Assert.Equal(["urn:l:1", "urn:l:2"], past.Body.AsArray().Select(entity => (string)entity!["id"]!));
        Assert.Equal(("success", "success", "success", 5), ((string)status.Body["snapshotStatus"]!, (string)status.Body["snapshotQueriesDetails"]![0]!["resultStatus"]!,
            (string)status.Body["snapshotTemporalQueriesDetails"]![0]!["resultStatus"]!, (int)status.Body["snapshotPriority"]!));
        Assert.Equal(id, all.Header("NGSILD-Snapshot"));
    }

    /// <summary>Clause 5.5.15: operations on a snapshot change it alone.</summary>
    [Fact]
    public async Task Write_OnASnapshot_ChangesTheCopyAlone()
    {
        var id = await CreateAsync($$"""{"type":"Snapshot","snapshotQueries":[{{Lamps}}]}""");
        var described = await MessagesAsync();

        Assert.Equal(HttpStatusCode.NoContent, (await OnAsync(id, "PATCH", "/entities/urn:l:2", """{"level":{"value":7} }""")).Status);
        Assert.Equal(HttpStatusCode.Created, (await OnAsync(id, "POST", "/entities", """{"id":"urn:l:9","type":"Lantern","level":9}""")).Status);

        Assert.Equal(7, (int)(await OnAsync(id, "GET", "/entities/urn:l:2?options=keyValues")).Body["level"]!);
        Assert.Equal(2, (int)(await city.EntityAsync("urn:l:2", "?options=keyValues"))["level"]!);
        Assert.Equal(HttpStatusCode.NotFound, (await city.GetAsync("/entities/urn:l:9")).Status);
        Assert.Equal(["Lamp", "Lantern"], (await OnAsync(id, "GET", "/types")).Body["typeList"]!.AsArray().Select(type => (string)type!));
        Assert.Equal(described, await MessagesAsync()); // nobody outside hears of it
    }

    [Theory]
    [InlineData("""{"type":"Query","entities":[{"type":"Nothing"}]}""", "empty", "empty")]
    [InlineData("""{"type":"Query","entities":[{"type":"Lamp"}]},{"type":"Query","entities":[{"type":"Nothing"}]}""", "partial", "success,empty")]
    [InlineData("""{"type":"Query","entities":[{"type":"Lamp","idPattern":"(?<a>x)"}]}""", "failure", "failure")]
    public async Task Create_Status_SaysWhatCameOfTheQueries(string queries, string status, string details)
    {
        var id = await CreateAsync($$"""{"type":"Snapshot","snapshotQueries":[{{queries}}]}""");

        var snapshot = (await city.GetAsync($"/snapshots/{id}")).Body;

        Assert.Equal(status, (string)snapshot["snapshotStatus"]!);
        Assert.Equal(details.Split(','), snapshot["snapshotQueriesDetails"]!.AsArray().Select(detail => (string)detail!["resultStatus"]!));
        Assert.Equal(HttpStatusCode.OK, (await OnAsync(id, "GET", "/entities?type=Lamp")).Status);
    }

    /// <summary>Clause 5.16.2.</summary>
    [Fact]
    public async Task Clone_HasTheSameDataAndALifeOfItsOwn()
    {
        var id = await CreateAsync($$"""{"type":"Snapshot","snapshotQueries":[{{Lamps}}],"snapshotTemporalQueries":[{{Past}}],"snapshotPriority":3}""");
        var clone = await CreateAsync("""{"type":"Snapshot","snapshotPriority":8}""", $"/snapshots/{id}/clone");
        await city.ExpectAsync(HttpStatusCode.NoContent, "DELETE", $"/snapshots/{id}");

        Assert.Equal(HttpStatusCode.NotFound, (await OnAsync(id, "GET", "/entities?type=Lamp")).Status);
        Assert.Equal(["urn:l:2", "urn:l:3"], (await OnAsync(clone, "GET", "/entities?type=Lamp")).Body.AsArray().Select(entity => (string)entity!["id"]!));
        Assert.Equal(HttpStatusCode.OK, (await OnAsync(clone, "GET", "/temporal/entities/urn:l:1")).Status);
        Assert.Equal(8, (int)(await city.GetAsync($"/snapshots/{clone}")).Body["snapshotPriority"]!);
    }

    /// <summary>Clause 5.16.6: when it is ready, and when it changes.</summary>
    [Fact]
    public async Task Endpoint_HearsOfTheStatus()
    {
        await using var receiver = await Receiver.StartAsync();
        var id = await CreateAsync($$"""{"type":"Snapshot","snapshotQueries":[{{Lamps}}],"endpoint":"{{receiver.Address}}/s","receiverInfo":[{"key":"X-Key","value":"k"}]}""");
        await receiver.WaitAsync("/s");
        var updated = await city.ExpectAsync(HttpStatusCode.OK, "PATCH", $"/snapshots/{id}", """{"snapshotLifetime":"PT2H","snapshotPriority":9}""");

        var told = await receiver.WaitAsync("/s", 2);

        Assert.Equal(("SnapshotNotification", id, "success"), ((string)told[0].Body["type"]!, (string)told[0].Body["snapshotId"]!, (string)told[0].Body["snapshotStatus"]!));
        Assert.Equal("k", told[0].Headers["X-Key"]);
        Assert.Equal((9, (string)updated.Body["expiresAt"]!), ((int)told[1].Body["snapshotPriority"]!, (string)told[1].Body["expiresAt"]!));
        Assert.InRange(DateTimeOffset.Parse((string)updated.Body["expiresAt"]!, CultureInfo.InvariantCulture), DateTimeOffset.UtcNow.AddMinutes(110), DateTimeOffset.UtcNow.AddMinutes(121));
    }

    /// <summary>Clause 6.3.22: who is told of a change on a snapshot is told on which.</summary>
    [Fact]
    public async Task Subscription_OnASnapshot_NamesItInItsNotifications()
    {
        await using var receiver = await Receiver.StartAsync();
        var id = await CreateAsync($$"""{"type":"Snapshot","snapshotQueries":[{{Lamps}}]}""");
        var subscribed = await city.SendAsync("POST", "/subscriptions", $$"""{"type":"Subscription","entities":[{"type":"Lamp"}],"notification":{"endpoint":{"uri":"{{receiver.Address}}/n"} } }""", tenant: city.City, snapshot: id);

        await OnAsync(id, "PATCH", "/entities/urn:l:2/attrs", """{"level":{"type":"Property","value":77} }""");

        Assert.Equal(HttpStatusCode.Created, subscribed.Status);
        var told = (await receiver.WaitAsync("/n"))[0];
        Assert.Equal((id, city.City, 77), (told.Headers["NGSILD-Snapshot"], told.Headers["NGSILD-Tenant"], (int)told.Body["data"]![0]!["level"]!["value"]!));
    }

    /// <summary>Clause 5.16.7.</summary>
    [Theory]
    [InlineData("snapshotPriority<5", 1)]
    [InlineData("snapshotStatus==%22success%22", 2)]
    [InlineData("createdAt>2020-01-01T00:00:00Z;snapshotPriority==2..7", 2)]
    public async Task Purge_DeletesThoseThatFulfilTheCondition(string q, int gone)
    {
        var ids = new[]
        {
            await CreateAsync($$"""{"type":"Snapshot","snapshotQueries":[{{Lamps}}],"snapshotPriority":2}"""), await CreateAsync($$"""{"type":"Snapshot","snapshotQueries":[{{Lamps}}],"snapshotPriority":7}"""),
        };

        Assert.Equal(HttpStatusCode.NoContent, (await city.SendAsync("DELETE", $"/snapshots?q={q}")).Status);

        var left = await Task.WhenAll(ids.Select(id => city.GetAsync($"/snapshots/{id}")));
        Assert.Equal(gone, left.Count(answer => answer.Status == HttpStatusCode.NotFound));
        Assert.Equal(HttpStatusCode.NotFound, (await city.SendAsync("DELETE", "/snapshots?q=snapshotPriority==1")).Status);
    }

    /// <summary>What is deleted, or whose time is over, leaves no row behind.</summary>
    [Fact]
    public async Task Delete_RemovesTheData()
    {
        var id = await CreateAsync($$"""{"type":"Snapshot","snapshotQueries":[{{Lamps}}],"snapshotTemporalQueries":[{{Past}}]}""");
        var tenant = await fixture.Host.ScalarAsync<string>($"SELECT data_tenant FROM snapshot_task WHERE snapshot = '{id}'");
        async Task<long> RowsAsync()
        {
            long rows = 0;
            foreach (var table in (string[])["entity", "entity_type", "entity_search", "entity_geometry", "temporal_entity", "series", "history"])
            {
                rows += await fixture.Host.ScalarAsync<long>($"SET app.tenant = '{tenant}'; SELECT count(*) FROM {table} WHERE tenant = '{tenant}'");
            }

            return rows;
        }

        Assert.True(await RowsAsync() > 10);
        await city.ExpectAsync(HttpStatusCode.NoContent, "DELETE", $"/snapshots/{id}");

        await Eventually.EqualAsync(0L, RowsAsync);
        await Eventually.EqualAsync(0L, () => fixture.Host.ScalarAsync<long>($"SELECT count(*) FROM snapshot_task WHERE data_tenant = '{tenant}'"));
    }

    [Fact]
    public async Task Snapshot_OfATenant_IsNobodyElses()
    {
        var id = await CreateAsync($$"""{"type":"Snapshot","snapshotQueries":[{{Lamps}}]}""");
        var tenant = await fixture.Host.ScalarAsync<string>($"SELECT data_tenant FROM snapshot_task WHERE snapshot = '{id}'");
        var other = fixture.NewCity();
        var admin = new BrokerClient(fixture.Host.As(null, "platform-admin"), "");

        Assert.Equal(HttpStatusCode.NotFound, (await other.GetAsync($"/snapshots/{id}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await other.SendAsync("GET", "/entities?type=Lamp", snapshot: id)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await other.SendAsync("DELETE", $"/snapshots/{id}")).Status);
        Assert.Equal("NonexistentTenant", (await admin.SendAsync("GET", "/entities?type=Lamp", tenant: tenant)).Error);
        Assert.Equal(HttpStatusCode.OK, (await admin.SendAsync("GET", "/entities?type=Lamp", tenant: city.City, snapshot: id)).Status);
    }

    [Theory]
    [InlineData("POST", "/snapshots", """{"type":"Other","snapshotQueries":[{"type":"Query","entities":[{"type":"Lamp"}]}]}""")]
    [InlineData("POST", "/snapshots", """{"type":"Snapshot"}""")]
    [InlineData("POST", "/snapshots", """{"type":"Snapshot","snapshotQueries":[]}""")]
    [InlineData("POST", "/snapshots", """{"type":"Snapshot","snapshotQueries":["q"]}""")]
    [InlineData("POST", "/snapshots", """{"type":"Snapshot","snapshotQueries":[{"type":"Query"}]}""")]
    [InlineData("POST", "/snapshots", """{"type":"Snapshot","snapshotQueries":[{"type":"Query","entities":[{"type":"Lamp"}],"q":"("}]}""")]
    [InlineData("POST", "/snapshots", """{"type":"Snapshot","snapshotTemporalQueries":[{"type":"Query","entities":[{"type":"Lamp"}]}]}""")]
    [InlineData("POST", "/snapshots", """{"type":"Snapshot","snapshotQueries":[{"type":"Query","entities":[{"type":"Lamp"}]}],"snapshotPriority":11}""")]
    [InlineData("POST", "/snapshots", """{"type":"Snapshot","snapshotQueries":[{"type":"Query","entities":[{"type":"Lamp"}]}],"snapshotPriority":"high"}""")]
    [InlineData("POST", "/snapshots", """{"type":"Snapshot","snapshotQueries":[{"type":"Query","entities":[{"type":"Lamp"}]}],"snapshotLifetime":"long"}""")]
    [InlineData("POST", "/snapshots", """{"type":"Snapshot","snapshotQueries":[{"type":"Query","entities":[{"type":"Lamp"}]}],"endpoint":"http://169.254.169.254/"}""")]
    [InlineData("POST", "/snapshots", """{"type":"Snapshot","snapshotQueries":[{"type":"Query","entities":[{"type":"Lamp"}]}],"receiverInfo":[{}]}""")]
    [InlineData("POST", "/snapshots", """{"id":"relative","type":"Snapshot","snapshotQueries":[{"type":"Query","entities":[{"type":"Lamp"}]}]}""")]
    [InlineData("DELETE", "/snapshots", null)]
    [InlineData("DELETE", "/snapshots?q=level>1", null)]
    [InlineData("DELETE", "/snapshots?q=(", null)]
    [InlineData("GET", "/snapshots/relative", null)]
    [InlineData("PATCH", "/snapshots/urn:s:1", """{"snapshotQueries":[{"type":"Query","entities":[{"type":"Lamp"}]}]}""")]
    [InlineData("PATCH", "/snapshots/urn:s:1", """{"id":"urn:s:2"}""")]
    public async Task Request_Wrong_Is400BadRequestData(string method, string path, string? body)
    {
        var answer = await city.SendAsync(method, path, body);

        Assert.Equal((HttpStatusCode.BadRequest, "BadRequestData"), (answer.Status, answer.Error));
    }

    [Theory]
    [InlineData("GET", "/snapshots/urn:s:none", null)]
    [InlineData("PATCH", "/snapshots/urn:s:none", """{"snapshotPriority":1}""")]
    [InlineData("DELETE", "/snapshots/urn:s:none", null)]
    [InlineData("POST", "/snapshots/urn:s:none/clone", """{"type":"Snapshot"}""")]
    public async Task Snapshot_Unknown_Is404(string method, string path, string? body) => Assert.Equal("ResourceNotFound", (await city.SendAsync(method, path, body)).Error);

    [Fact]
    public async Task Create_TheSameIdTwice_Is409()
    {
        var id = await CreateAsync($$"""{"id":"urn:s:twice","type":"Snapshot","snapshotQueries":[{{Lamps}}]}""");

        Assert.Equal("urn:s:twice", id);
        Assert.Equal("AlreadyExists", (await city.SendAsync("POST", "/snapshots", $$"""{"id":"urn:s:twice","type":"Snapshot","snapshotQueries":[{{Lamps}}]}""")).Error);
    }

    /// <summary>Creates a snapshot and waits until it is ready.</summary>
    private async Task<string> CreateAsync(string body, string path = "/snapshots")
    {
        var created = await city.ExpectAsync(HttpStatusCode.Created, "POST", path, body);
        var id = Uri.UnescapeDataString(created.Header("Location")!.Split('/')[^1]);
        await Eventually.TrueAsync(async () => (string)(await city.GetAsync($"/snapshots/{id}")).Body["snapshotStatus"]! != "preparing", $"the snapshot {id} is ready");
        return id;
    }

    private Task<BrokerAnswer> OnAsync(string snapshot, string method, string path, string? body = null) => city.SendAsync(method, path, body, snapshot: snapshot);

    private Task<long> MessagesAsync() => fixture.Host.ScalarAsync<long>("SELECT count(*) FROM dataset WHERE tenant LIKE 'snapshot:%'");
}
