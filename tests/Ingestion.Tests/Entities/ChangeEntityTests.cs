using System.Net;

namespace LivingCity.Ingestion.Tests.Entities;

/// <summary>ETSI GS CIM 009, clauses 5.6.6 (delete), 5.6.17 (merge), 5.6.18 (replace) and 5.6.21 (purge).</summary>
[Collection<BrokerTests>]
public sealed class ChangeEntityTests(BrokerFixture fixture)
{
    private readonly BrokerClient city = fixture.NewCity();

    [Fact]
    public async Task Replace_KeepsCreationAndNothingElse()
    {
        await city.CreateAsync("""{"id":"urn:x:1","type":"T","a":1,"b":2}""");
        var before = await city.EntityAsync("urn:x:1", "?options=sysAttrs");

        await city.ExpectAsync(HttpStatusCode.NoContent, "PUT", "/entities/urn:x:1", """{"id":"urn:x:1","type":"T","b":3}""");

        var after = await city.EntityAsync("urn:x:1", "?options=sysAttrs");
        Assert.Null(after["a"]);
        Assert.Equal(3, (int)after["b"]!["value"]!);
        Assert.Equal((string)before["createdAt"]!, (string)after["createdAt"]!);
        Assert.NotEqual((string)before["modifiedAt"]!, (string)after["modifiedAt"]!);
    }

    [Theory]
    [InlineData("PUT", "/entities/urn:x:none", """{"type":"T"}""", HttpStatusCode.NotFound)]
    [InlineData("PATCH", "/entities/urn:x:none", """{"a":1}""", HttpStatusCode.NotFound)]
    [InlineData("DELETE", "/entities/urn:x:none", null, HttpStatusCode.NotFound)]
    [InlineData("PUT", "/entities/none", """{"type":"T"}""", HttpStatusCode.BadRequest)]
    [InlineData("PATCH", "/entities/none", """{"a":1}""", HttpStatusCode.BadRequest)]
    [InlineData("DELETE", "/entities/none", null, HttpStatusCode.BadRequest)]
    [InlineData("PUT", "/entities/urn:x:1", """{"id":"urn:x:2","type":"T"}""", HttpStatusCode.BadRequest)]
    [InlineData("PATCH", "/entities/urn:x:1", """{"id":"urn:x:2"}""", HttpStatusCode.BadRequest)]
    [InlineData("PATCH", "/entities/urn:x:1", "", HttpStatusCode.BadRequest)]
    [InlineData("PATCH", "/entities/urn:x:1", "[]", HttpStatusCode.BadRequest)]
    [InlineData("PUT", "/entities/urn:x:1", """{"type":"T","a":{"value":"urn:ngsi-ld:null"}}""", HttpStatusCode.BadRequest)]
    public async Task Change_WrongTarget_IsRefused(string method, string path, string? body, HttpStatusCode expected) =>
        Assert.Equal(expected, (await city.SendAsync(method, path, body)).Status);

    /// <summary>Merge patch (clause 5.5.12): deep, with NGSI-LD's null.</summary>
    [Fact]
    public async Task Merge_ChangesWhatIsGivenAndDeletesNulls()
    {
        await city.CreateAsync("""
            {"id":"urn:x:m","type":"A","speed":{"value":5,"unitCode":"KMH","source":"gps","quality":1},"gone":1,"label":{"languageMap":{"en":"a","fr":"b"}},
             "owner":{"object":"urn:x:o"},"data":{"value":{"x":1,"y":{"z":2}}}}
            """);

        await city.ExpectAsync(HttpStatusCode.NoContent, "PATCH", "/entities/urn:x:m", """
            {"type":"B","speed":{"type":"Property","value":6,"quality":"urn:ngsi-ld:null"},"gone":"urn:ngsi-ld:null","label":{"type":"LanguageProperty","languageMap":{"fr":"urn:ngsi-ld:null","de":"c"}},
             "owner":{"type":"Relationship","object":"urn:x:p"},"data":{"type":"Property","value":{"y":{"z":3}}},"fresh":{"type":"Property","value":1}}
            """, BrokerClient.MergePatch);

        (await city.GetAsync("/entities/urn:x:m?options=concise")).MeansSame("""
            {"id":"urn:x:m","type":["A","B"],"speed":{"value":6,"unitCode":"KMH","source":"gps"},"label":{"languageMap":{"en":"a","de":"c"}},"owner":{"object":"urn:x:p"},"data":{"value":{"x":1,"y":{"z":3}}},"fresh":1}
            """);
    }

    /// <summary>Clauses 6.3.4 and 6.3.5: merge-patch+json is as plain as json.</summary>
    [Fact]
    public async Task Merge_PatchWithItsContextInside_Is400()
    {
        await city.CreateAsync("""{"id":"urn:x:m","type":"A"}""");

        var answer = await city.SendAsync("PATCH", "/entities/urn:x:m", """{"a":1,"@context":"https://uri.etsi.org/ngsi-ld/v1/ngsi-ld-core-context-v1.9.jsonld"}""", BrokerClient.MergePatch);

        Assert.Equal("BadRequestData", answer.Error);
    }

    [Fact]
    public async Task Merge_SimplifiedWithParameters_KeepsTheKinds()
    {
        await city.CreateAsync("""
            {"id":"urn:x:k","type":"A","speed":{"value":5,"observedAt":"2025-01-01T00:00:00Z"},"level":{"value":5},"label":{"languageMap":{"en":"a"}},"owner":{"object":"urn:x:o"},"gear":{"vocab":"low"},"route":{"valueList":[1]}}
            """);

        await city.ExpectAsync(HttpStatusCode.NoContent, "PATCH", "/entities/urn:x:k?options=keyValues&observedAt=2026-01-01T00:00:00Z&lang=fr", """
            {"speed":7,"level":8,"label":"b","owner":"urn:x:p","gear":"high","route":[2,3]}
            """);
        var wrong = await city.SendAsync("PATCH", "/entities/urn:x:k?options=keyValues", """{"owner":5}""");

        var entity = await city.EntityAsync("urn:x:k");
        Assert.Equal("""{"type":"Property","value":7,"observedAt":"2026-01-01T00:00:00Z"}""", entity["speed"]!.ToJsonString());
        Assert.Equal("""{"type":"Property","value":8}""", entity["level"]!.ToJsonString());
        Assert.Equal(("""{"type":"VocabProperty","vocab":"high"}""", """{"type":"ListProperty","valueList":[2,3]}"""), (entity["gear"]!.ToJsonString(), entity["route"]!.ToJsonString()));
        Assert.Equal("BadRequestData", wrong.Error);
        Assert.Equal("fr,en", string.Join(',', entity["label"]!["languageMap"]!.AsObject().Select(text => text.Key).OrderDescending()));
        Assert.Equal("urn:x:p", (string)entity["owner"]!["object"]!);
    }

    /// <summary>Clause 4.17: an entity of other types than those that are asked for is not known.</summary>
    [Fact]
    public async Task Change_OfOtherTypes_Is404()
    {
        await city.CreateAsync("""{"id":"urn:x:t","type":["A","B"]}""");

        foreach (var (method, body) in ((string, string?)[])[("PUT", """{"type":"A"}"""), ("PATCH", """{"a":1}"""), ("DELETE", null), ("GET", null)])
        {
            Assert.Equal("ResourceNotFound", (await city.SendAsync(method, "/entities/urn:x:t?type=A;C", body)).Error);
        }

        await city.ExpectAsync(HttpStatusCode.OK, "GET", "/entities/urn:x:t?type=A;B");
        await city.ExpectAsync(HttpStatusCode.NoContent, "DELETE", "/entities/urn:x:t?type=C|B");
    }

    [Fact]
    public async Task Delete_Entity_IsGoneFromEverywhere()
    {
        await city.CreateAsync("""{"id":"urn:x:d","type":"T","a":"x","location":{"type":"Point","coordinates":[1,1]}}""");

        await city.ExpectAsync(HttpStatusCode.NoContent, "DELETE", "/entities/urn:x:d");

        Assert.Equal(HttpStatusCode.NotFound, (await city.GetAsync("/entities/urn:x:d")).Status);
        Assert.Empty(await city.FindAsync("type=T"));
        Assert.Equal(0L, await fixture.Host.ScalarAsync<long>($"SELECT (SELECT count(*) FROM entity_search WHERE tenant = '{city.City}') + (SELECT count(*) FROM entity_geometry WHERE tenant = '{city.City}')"));
    }

    [Fact]
    public async Task Purge_ByQuery_DeletesWhatFulfilsItOrPartsOfIt()
    {
        foreach (var number in Enumerable.Range(0, 5))
        {
            await city.CreateAsync($$"""{"id":"urn:x:p{{number}}","type":"P","n":{{number}},"m":1}""");
        }

        await city.ExpectAsync(HttpStatusCode.NoContent, "DELETE", "/entities?type=P&q=n%3E=3");
        await city.ExpectAsync(HttpStatusCode.NoContent, "DELETE", "/entities?type=P&drop=m");
        var unrestricted = await city.SendAsync("DELETE", "/entities");

        Assert.Equal(["urn:x:p0", "urn:x:p1", "urn:x:p2"], await city.FindAsync("type=P"));
        Assert.Empty(await city.FindAsync("type=P&q=m"));
        Assert.Equal(HttpStatusCode.BadRequest, unrestricted.Status);
    }
}
