using System.Net;

namespace LivingCity.Ingestion.Tests.Entities;

/// <summary>ETSI GS CIM 009, clauses 5.6.7 (create), 5.6.9 (update), 5.6.10 (delete), 5.6.20 (merge) and 6.14 to 6.17; upsert has a class of its own.</summary>
[Collection<BrokerTests>]
public sealed class BatchTests(BrokerFixture fixture)
{
    private readonly BrokerClient city = fixture.NewCity();

    [Fact]
    public async Task Create_AllNew_Is201WithIds_SomeExist_Is207()
    {
        var all = await city.ExpectAsync(HttpStatusCode.Created, "POST", "/entityOperations/create", """[{"id":"urn:x:1","type":"T"},{"id":"urn:x:2","type":"T"}]""");
        var some = await city.ExpectAsync(HttpStatusCode.MultiStatus, "POST", "/entityOperations/create", """[{"id":"urn:x:2","type":"T"},{"id":"urn:x:3","type":"T"},{"id":"urn:x:3","type":"T"}]""");

        Assert.Equal(("application/json", "application/json"), (all.Header("Content-Type"), some.Header("Content-Type")));
        all.MeansSame("""["urn:x:1","urn:x:2"]""");
        Assert.Equal(["urn:x:3"], some.Body["success"]!.AsArray().Select(id => (string)id!));
        Assert.Equal(["urn:x:2", "urn:x:3"], some.Body["errors"]!.AsArray().Select(error => (string)error!["entityId"]!));
        Assert.All(some.Body["errors"]!.AsArray(), error => Assert.EndsWith("AlreadyExists", (string)error!["error"]!["type"]!, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Update_OverwritesUnlessToldNot_UnknownIsReported()
    {
        await city.CreateAsync("""{"id":"urn:x:1","type":"T","a":1}""");

        var answer = await city.ExpectAsync(HttpStatusCode.MultiStatus, "POST", "/entityOperations/update", """[{"id":"urn:x:1","type":"T","a":2},{"id":"urn:x:9","type":"T","a":2}]""");
        await city.ExpectAsync(HttpStatusCode.NoContent, "POST", "/entityOperations/update?options=noOverwrite", """[{"id":"urn:x:1","type":"T","a":3,"b":3}]""");

        Assert.EndsWith("ResourceNotFound", (string)Assert.Single(answer.Body["errors"]!.AsArray())!["error"]!["type"]!, StringComparison.Ordinal);
        (await city.GetAsync("/entities/urn:x:1?options=keyValues")).MeansSame("""{"id":"urn:x:1","type":"T","a":2,"b":3}""");
    }

    /// <summary>Clause 5.6.8.4: what exists is updated as by clause 5.6.2, what is new must be whole.</summary>
    [Fact]
    public async Task Upsert_ToUpdate_DeletesByNullAndRefusesHalfOfANewEntity()
    {
        await city.CreateAsync("""{"id":"urn:x:1","type":"T","a":1,"b":2}""");

        var answer = await city.ExpectAsync(HttpStatusCode.MultiStatus, "POST", "/entityOperations/upsert?options=update", """
            [{"id":"urn:x:1","a":{"type":"Property","value":"urn:ngsi-ld:null"},"c":3},{"id":"urn:x:2","a":1},{"id":"urn:x:3","type":"T","a":"urn:ngsi-ld:null"}]
            """);

        Assert.Equal(["urn:x:2", "urn:x:3"], answer.Body["errors"]!.AsArray().Select(error => (string)error!["entityId"]!));
        (await city.GetAsync("/entities/urn:x:1?options=keyValues")).MeansSame("""{"id":"urn:x:1","type":"T","b":2,"c":3}""");
    }

    [Fact]
    public async Task Merge_IsDeep()
    {
        await city.CreateAsync("""{"id":"urn:x:1","type":"T","a":{"value":1,"unitCode":"CEL"},"b":1}""");

        await city.ExpectAsync(HttpStatusCode.NoContent, "POST", "/entityOperations/merge", """[{"id":"urn:x:1","a":{"value":2},"b":"urn:ngsi-ld:null"}]""");

        (await city.GetAsync("/entities/urn:x:1?options=concise")).MeansSame("""{"id":"urn:x:1","type":"T","a":{"value":2,"unitCode":"CEL"} }""");
    }

    [Fact]
    public async Task Delete_SomeUnknown_Is207()
    {
        await city.CreateAsync("""{"id":"urn:x:1","type":"T"}""");
        await city.CreateAsync("""{"id":"urn:x:2","type":"T"}""");

        await city.ExpectAsync(HttpStatusCode.NoContent, "POST", "/entityOperations/delete", """["urn:x:2"]""");
        var answer = await city.ExpectAsync(HttpStatusCode.MultiStatus, "POST", "/entityOperations/delete", """["urn:x:1","urn:x:8","relative"]""");

        answer.MeansSame($$"""{"success":["urn:x:1"],"errors":{{answer.Body["errors"]!.ToJsonString()}}}""");
        Assert.Equal(["relative", "urn:x:8"], answer.Body["errors"]!.AsArray().Select(error => (string)error!["entityId"]!).Order());
    }

    [Theory]
    [InlineData("create")]
    [InlineData("upsert")]
    [InlineData("update")]
    [InlineData("merge")]
    [InlineData("delete")]
    public async Task Batch_EmptyOrNoArrayOrWithNull_Is400(string operation)
    {
        Assert.Equal("BadRequestData", (await city.SendAsync("POST", $"/entityOperations/{operation}", "[]")).Error);
        Assert.Equal("BadRequestData", (await city.SendAsync("POST", $"/entityOperations/{operation}", "{}")).Error);
        Assert.Equal("BadRequestData", (await city.SendAsync("POST", $"/entityOperations/{operation}", "[null]")).Error);
        Assert.Equal("InvalidRequest", (await city.SendAsync("POST", $"/entityOperations/{operation}", "")).Error);
    }

    /// <summary>Clause 6.3.5: in a batch of JSON-LD each entity has a context of its own.</summary>
    [Fact]
    public async Task Batch_OfLdJson_ExpandsEachWithItsContext()
    {
        var answer = await city.ExpectAsync(HttpStatusCode.MultiStatus, "POST", "/entityOperations/upsert", """
            [{"id":"urn:x:1","type":"T","@context":{"T":"https://example.org/T1"}},{"id":"urn:x:2","type":"T","@context":{"T":"https://example.org/T2"}},{"id":"urn:x:3","type":"T"}]
            """, BrokerClient.LdJson);

        Assert.Equal("urn:x:3", (string)Assert.Single(answer.Body["errors"]!.AsArray())!["entityId"]!);
        Assert.Equal(["urn:x:2"], await city.FindAsync("type=https://example.org/T2"));
    }
}
