using System.Net;

namespace LivingCity.Ingestion.Tests.Entities;

/// <summary>ETSI GS CIM 009, clauses 5.6.2 (update), 5.6.3 (append), 5.6.4 (partial update), 5.6.5 (delete) and 5.6.19 (replace attribute).</summary>
[Collection<BrokerTests>]
public sealed class AttributeTests(BrokerFixture fixture) : IAsyncLifetime
{
    private readonly BrokerClient city = fixture.NewCity();

    public async ValueTask InitializeAsync() => await city.CreateAsync("""
        {"id":"urn:x:1","type":"T","a":{"value":1,"unitCode":"CEL","sub":1},"b":[{"value":1},{"value":2,"datasetId":"urn:d:2"}],"r":{"object":"urn:x:o"}}
        """);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Append_NewAndExisting_AreTakenOver()
    {
        await city.ExpectAsync(HttpStatusCode.NoContent, "POST", "/entities/urn:x:1/attrs", """{"a":{"type":"Property","value":2},"c":{"type":"Property","value":3},"type":"U"}""");

        var entity = await city.EntityAsync("urn:x:1", "?options=keyValues");
        Assert.Equal((2, 3), ((int)entity["a"]!, (int)entity["c"]!));
        Assert.Equal(["T", "U"], entity["type"]!.AsArray().Select(type => (string)type!));
    }

    [Fact]
    public async Task Append_NoOverwrite_Is207WithWhatWasLeft()
    {
        var answer = await city.ExpectAsync(HttpStatusCode.MultiStatus, "POST", "/entities/urn:x:1/attrs?options=noOverwrite", """{"a":{"type":"Property","value":2},"c":{"type":"Property","value":3}}""");

        Assert.Equal("c", (string)Assert.Single(answer.Body["updated"]!.AsArray())!);
        Assert.Equal("a", (string)Assert.Single(answer.Body["notUpdated"]!.AsArray())!["attributeName"]!);
        Assert.Equal(1, (int)(await city.EntityAsync("urn:x:1", "?options=keyValues"))["a"]!);
    }

    [Fact]
    public async Task Update_UnknownAttribute_Is207AndTheOthersAreUpdated()
    {
        var answer = await city.ExpectAsync(HttpStatusCode.MultiStatus, "PATCH", "/entities/urn:x:1/attrs", """{"a":{"type":"Property","value":9},"zzz":{"type":"Property","value":3}}""");

        Assert.Equal("zzz", (string)Assert.Single(answer.Body["notUpdated"]!.AsArray())!["attributeName"]!);
        var entity = await city.EntityAsync("urn:x:1");
        Assert.Equal("""{"type":"Property","value":9}""", entity["a"]!.ToJsonString());
        Assert.Null(entity["zzz"]);
    }

    [Fact]
    public async Task Update_WithNull_DeletesTheAttribute()
    {
        await city.ExpectAsync(HttpStatusCode.NoContent, "PATCH", "/entities/urn:x:1/attrs", """{"a":{"type":"Property","value":"urn:ngsi-ld:null"}}""");

        Assert.Null((await city.EntityAsync("urn:x:1"))["a"]);
    }

    [Fact]
    public async Task Patch_PartOfAnAttribute_KeepsTheRest()
    {
        await city.ExpectAsync(HttpStatusCode.NoContent, "PATCH", "/entities/urn:x:1/attrs/a", """{"value":5}""");
        await city.ExpectAsync(HttpStatusCode.NoContent, "PATCH", "/entities/urn:x:1/attrs/b", """{"type":"Property","value":7,"datasetId":"urn:d:2"}""");

        var entity = await city.EntityAsync("urn:x:1", "?options=concise");
        Assert.Equal("""{"value":5,"unitCode":"CEL","sub":1}""", entity["a"]!.ToJsonString());
        Assert.Equal("""[1,{"value":7,"datasetId":"urn:d:2"}]""", entity["b"]!.ToJsonString());
    }

    [Fact]
    public async Task Replace_Attribute_LeavesNothingOfIt()
    {
        await city.ExpectAsync(HttpStatusCode.NoContent, "PUT", "/entities/urn:x:1/attrs/a", """{"type":"Relationship","object":"urn:x:2"}""");

        Assert.Equal("""{"type":"Relationship","object":"urn:x:2"}""", (await city.EntityAsync("urn:x:1"))["a"]!.ToJsonString());
    }

    [Fact]
    public async Task Delete_DefaultOneDatasetAndAll()
    {
        await city.ExpectAsync(HttpStatusCode.NoContent, "DELETE", "/entities/urn:x:1/attrs/b");
        await city.ExpectAsync(HttpStatusCode.NotFound, "DELETE", "/entities/urn:x:1/attrs/b");
        await city.ExpectAsync(HttpStatusCode.NoContent, "DELETE", "/entities/urn:x:1/attrs/b?datasetId=urn:d:2");
        await city.ExpectAsync(HttpStatusCode.NotFound, "DELETE", "/entities/urn:x:1/attrs/b?deleteAll=true");
        await city.ExpectAsync(HttpStatusCode.NoContent, "DELETE", "/entities/urn:x:1/attrs/a?deleteAll=true");

        Assert.Equal("""{"id":"urn:x:1","type":"T","r":{"object":"urn:x:o"}}""", (await city.EntityAsync("urn:x:1", "?options=concise")).ToJsonString());
    }

    [Theory]
    [InlineData("POST", "/entities/urn:x:none/attrs", """{"a":1}""", HttpStatusCode.NotFound)]
    [InlineData("PATCH", "/entities/urn:x:none/attrs", """{"a":1}""", HttpStatusCode.NotFound)]
    [InlineData("PATCH", "/entities/urn:x:none/attrs/a", """{"value":1}""", HttpStatusCode.NotFound)]
    [InlineData("PATCH", "/entities/urn:x:1/attrs/unknown", """{"value":1}""", HttpStatusCode.NotFound)]
    [InlineData("PUT", "/entities/urn:x:1/attrs/unknown", """{"value":1}""", HttpStatusCode.NotFound)]
    [InlineData("DELETE", "/entities/urn:x:1/attrs/unknown", null, HttpStatusCode.NotFound)]
    [InlineData("DELETE", "/entities/urn:x:none/attrs/a", null, HttpStatusCode.NotFound)]
    [InlineData("POST", "/entities/none/attrs", """{"a":1}""", HttpStatusCode.BadRequest)]
    [InlineData("POST", "/entities/urn:x:1/attrs", "{}", HttpStatusCode.BadRequest)]
    [InlineData("PATCH", "/entities/urn:x:1/attrs", "", HttpStatusCode.BadRequest)]
    [InlineData("PATCH", "/entities/urn:x:1/attrs/a", """{"type":"Relationship","object":"urn:x:2"}""", HttpStatusCode.BadRequest)]
    [InlineData("PATCH", "/entities/urn:x:1/attrs/a%3Bb", """{"value":1}""", HttpStatusCode.BadRequest)]
    [InlineData("DELETE", "/entities/urn:x:1/attrs/a?datasetId=relative", null, HttpStatusCode.BadRequest)]
    public async Task Change_WrongTargetOrBody_IsRefused(string method, string path, string? body, HttpStatusCode expected) =>
        Assert.Equal(expected, (await city.SendAsync(method, path, body)).Status);
}
