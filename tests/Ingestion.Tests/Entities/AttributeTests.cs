using System.Net;

namespace LivingCity.Ingestion.Tests.Entities;

/// <summary>ETSI GS CIM 009, clauses 5.6.2 (update), 5.6.3 (append), 5.6.4 (partial update), 5.6.5 (delete) and 5.6.19 (replace attribute).</summary>
[Collection<BrokerTests>]
public sealed class AttributeTests(BrokerFixture fixture) : IAsyncLifetime
{
    private const string Default = "https://uri.etsi.org/ngsi-ld/default-context/";

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

        Assert.Equal("application/json", answer.Header("Content-Type"));
        Assert.Equal(Default + "c", (string)Assert.Single(answer.Body["updated"]!.AsArray())!);
        Assert.Equal(Default + "a", (string)Assert.Single(answer.Body["notUpdated"]!.AsArray())!["attributeName"]!);
        Assert.Equal(1, (int)(await city.EntityAsync("urn:x:1", "?options=keyValues"))["a"]!);
    }

    /// <summary>Clause 5.6.2.4: what the entity has not is added.</summary>
    [Fact]
    public async Task Update_KnownAndUnknownAttributes_ReplacesAndAdds()
    {
        await city.ExpectAsync(HttpStatusCode.NoContent, "PATCH", "/entities/urn:x:1/attrs", """{"a":{"type":"Property","value":9},"zzz":{"type":"Property","value":3}}""");

        var entity = await city.EntityAsync("urn:x:1");
        Assert.Equal("""{"type":"Property","value":9}""", entity["a"]!.ToJsonString());
        Assert.Equal("""{"type":"Property","value":3}""", entity["zzz"]!.ToJsonString());
    }

    [Fact]
    public async Task Update_WithNull_DeletesTheAttribute()
    {
        await city.ExpectAsync(HttpStatusCode.NoContent, "PATCH", "/entities/urn:x:1/attrs", """{"a":{"type":"Property","value":"urn:ngsi-ld:null"}}""");

        Assert.Null((await city.EntityAsync("urn:x:1"))["a"]);
    }

    /// <summary>Clauses 4.5.18 to 4.5.22: each kind says in its own way that it goes.</summary>
    [Fact]
    public async Task Update_WithNullOfEachKind_DeletesTheAttribute()
    {
        await city.CreateAsync("""
            {"id":"urn:x:k","type":"T","lp":{"valueList":[1]},"lr":{"objectList":["urn:x:1"]},"l":{"languageMap":{"en":"x"}},"v":{"vocab":"fast"},"r":{"object":"urn:x:1"}}
            """);

        await city.ExpectAsync(HttpStatusCode.NoContent, "PATCH", "/entities/urn:x:k/attrs", """
            {"lp":{"type":"ListProperty","valueList":["urn:ngsi-ld:null"]},"lr":{"type":"ListRelationship","objectList":["urn:ngsi-ld:null"]},
             "l":{"type":"LanguageProperty","languageMap":{"@none":"urn:ngsi-ld:null"}},"v":{"type":"VocabProperty","vocab":"urn:ngsi-ld:null"},"r":{"type":"Relationship","object":"urn:ngsi-ld:null"}}
            """);

        (await city.GetAsync("/entities/urn:x:k")).MeansSame("""{"id":"urn:x:k","type":"T"}""");
    }

    /// <summary>Clauses 5.6.2.4 and 5.6.3.4: an update replaces scopes that are there, an append without overwriting adds to them.</summary>
    [Fact]
    public async Task Scopes_AreReplacedOrAddedTo()
    {
        await city.ExpectAsync(HttpStatusCode.NoContent, "PATCH", "/entities/urn:x:1/attrs", """{"c":1,"scope":"/Unheard"}""");
        Assert.Null((await city.EntityAsync("urn:x:1"))["scope"]);

        await city.ExpectAsync(HttpStatusCode.NoContent, "POST", "/entities/urn:x:1/attrs?options=noOverwrite", """{"scope":"/A"}""");
        await city.ExpectAsync(HttpStatusCode.NoContent, "POST", "/entities/urn:x:1/attrs?options=noOverwrite", """{"scope":["/A","/B"]}""");
        Assert.Equal("""["/A","/B"]""", (await city.EntityAsync("urn:x:1"))["scope"]!.ToJsonString());

        await city.ExpectAsync(HttpStatusCode.NoContent, "PATCH", "/entities/urn:x:1/attrs", """{"scope":"/C"}""");
        Assert.Equal("/C", (string?)(await city.EntityAsync("urn:x:1"))["scope"]);
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
    [InlineData("PATCH", "/entities/urn:x:1/attrs/scope", """{"value":"/A"}""", HttpStatusCode.BadRequest)]
    [InlineData("PUT", "/entities/urn:x:1/attrs/scope", """{"value":"/A"}""", HttpStatusCode.BadRequest)]
    [InlineData("PATCH", "/entities/urn:x:1/attrs/a", """{"value":"urn:ngsi-ld:null"}""", HttpStatusCode.BadRequest)]
    [InlineData("PUT", "/entities/urn:x:1/attrs/a", """{"value":"urn:ngsi-ld:null"}""", HttpStatusCode.BadRequest)]
    [InlineData("POST", "/entities/urn:x:1/attrs", """{"a":{"value":"urn:ngsi-ld:null"}}""", HttpStatusCode.BadRequest)]
    [InlineData("PATCH", "/entities/urn:x:1/attrs", """{"a":{"value":{"x":"urn:ngsi-ld:null"}}}""", HttpStatusCode.BadRequest)]
    [InlineData("POST", "/entities/urn:x:1/attrs?type=Other", """{"c":1}""", HttpStatusCode.NotFound)]
    [InlineData("PATCH", "/entities/urn:x:1/attrs?type=Other", """{"c":1}""", HttpStatusCode.NotFound)]
    [InlineData("PATCH", "/entities/urn:x:1/attrs/a?type=Other", """{"value":1}""", HttpStatusCode.NotFound)]
    [InlineData("PUT", "/entities/urn:x:1/attrs/a?type=Other", """{"value":1}""", HttpStatusCode.NotFound)]
    [InlineData("DELETE", "/entities/urn:x:1/attrs/a?type=Other", null, HttpStatusCode.NotFound)]
    [InlineData("PATCH", "/entities/urn:x:1/attrs?type=T%3BOther%7CT", """{"c":1}""", HttpStatusCode.NoContent)]
    public async Task Change_WrongTargetOrBody_IsRefused(string method, string path, string? body, HttpStatusCode expected) =>
        Assert.Equal(expected, (await city.SendAsync(method, path, body)).Status);
}
