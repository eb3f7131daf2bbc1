using System.Net;

namespace LivingCity.Ingestion.Tests.Entities;

/// <summary>ETSI GS CIM 009, clauses 5.6.1 and 6.4.3.1, with 6.3.2 to 6.3.5 for what is wrong with a request.</summary>
[Collection<BrokerTests>]
public sealed class CreateEntityTests(BrokerFixture fixture)
{
    private readonly BrokerClient city = fixture.NewCity();

    [Fact]
    public async Task Create_Whole_Is201WithLocation()
    {
        var answer = await city.SendAsync("POST", "/entities", """{"id":"urn:ngsi-ld:Building:1","type":"Building","name":{"type":"Property","value":"Town hall"}}""");

        Assert.Equal((HttpStatusCode.Created, ""), (answer.Status, answer.Text));
        Assert.Equal("/ngsi-ld/v1/entities/urn:ngsi-ld:Building:1", answer.Header("Location"));
    }

    [Fact]
    public async Task Create_ExistingId_Is409AlreadyExists()
    {
        await city.CreateAsync("""{"id":"urn:x:1","type":"T"}""");

        var again = await city.SendAsync("POST", "/entities", """{"id":"urn:x:1","type":"T"}""");

        Assert.Equal((HttpStatusCode.Conflict, "AlreadyExists"), (again.Status, again.Error));
    }

    [Theory]
    [InlineData("""{"type":"T"}""")]
    [InlineData("""{"id":"not-a-uri","type":"T"}""")]
    [InlineData("""{"id":"urn:x:1"}""")]
    [InlineData("""{"id":"urn:x:1","type":""}""")]
    [InlineData("""{"id":"urn:x:1","type":"T","a":null}""")]
    [InlineData("""{"id":"urn:x:1","type":"T","a":"urn:ngsi-ld:null"}""")]
    [InlineData("""{"id":"urn:x:1","type":"T","a":{"type":"Property"}}""")]
    [InlineData("""{"id":"urn:x:1","type":"T","a":{"type":"Property","value":null}}""")]
    [InlineData("""{"id":"urn:x:1","type":"T","a":{"type":"Property","object":"urn:x:2"}}""")]
    [InlineData("""{"id":"urn:x:1","type":"T","a":{"type":"Relationship","value":"urn:x:2"}}""")]
    [InlineData("""{"id":"urn:x:1","type":"T","a":{"type":"Relationship","object":"no uri"}}""")]
    [InlineData("""{"id":"urn:x:1","type":"T","a":{"type":"LanguageProperty","languageMap":{"en":5}}}""")]
    [InlineData("""{"id":"urn:x:1","type":"T","a":{"type":"VocabProperty","vocab":5}}""")]
    [InlineData("""{"id":"urn:x:1","type":"T","a":{"type":"ListProperty","valueList":5}}""")]
    [InlineData("""{"id":"urn:x:1","type":"T","a":{"type":"Nonsense","value":5}}""")]
    [InlineData("""{"id":"urn:x:1","type":"T","a":{"street":"without a value member"}}""")]
    [InlineData("""{"id":"urn:x:1","type":"T","a":[{"value":1},{"value":2}]}""")]
    [InlineData("""{"id":"urn:x:1","type":"T","a;b":{"value":1}}""")]
    [InlineData("""{"id":"urn:x:1","type":"T","scope":"no /// scope"}""")]
    [InlineData("""{"id":"urn:x:1","type":"T","expiresAt":"tomorrow"}""")]
    [InlineData("""{"id":"urn:x:1","type":"T","location":{"type":"GeoProperty","value":{"type":"Point","coordinates":["a",1]}}}""")]
    [InlineData("""{"id":"urn:x:1","type":"T","@context":"https://uri.etsi.org/ngsi-ld/v1/ngsi-ld-core-context.jsonld"}""")]
    [InlineData("""{"id":"urn:x:1","type":"T","a":{"value":"\u0000"}}""")]
    [InlineData("""{"id":"urn:x:1","type":"T","a":{"value":1e999}}""")]
    [InlineData("""{"id":"urn:x:1","type":"T","a":{"type":"Property","value":{"x":{"y":"urn:ngsi-ld:null"}}}}""")]
    [InlineData("""{"id":"urn:x:1","type":"T","a":{"type":"Property","value":[{"y":"urn:ngsi-ld:null"}]}}""")]
    [InlineData("""{"id":"urn:x:1","type":"T","a":{"type":"ListProperty","valueList":["urn:ngsi-ld:null"]}}""")]
    [InlineData("""{"id":"urn:x:1","type":"T","a":{"value":1,"expiresAt":"tomorrow"}}""")]
    [InlineData("""{"id":"urn:x:1","type":"T","datasetId":{"value":1}}""")]
    [InlineData("""["urn:x:1"]""")]
    public async Task Create_NotAnEntity_Is400BadRequestData(string body)
    {
        var answer = await city.SendAsync("POST", "/entities", body);

        Assert.Equal((HttpStatusCode.BadRequest, "BadRequestData"), (answer.Status, answer.Error));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("""{"id":"urn:x:1","type":"T"}}""")]
    public async Task Create_NotJson_Is400InvalidRequest(string body)
    {
        var answer = await city.SendAsync("POST", "/entities", body);

        Assert.Equal((HttpStatusCode.BadRequest, "InvalidRequest"), (answer.Status, answer.Error));
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/xml")]
    [InlineData("application/merge-patch+json")]
    public async Task Create_OtherMediaType_Is415AndSaysWhichAreTaken(string media)
    {
        var answer = await city.SendAsync("POST", "/entities", """{"id":"urn:x:1","type":"T"}""", media);

        Assert.Equal((HttpStatusCode.UnsupportedMediaType, "", "application/json, application/ld+json"), (answer.Status, answer.Text, answer.Header("Accept")));
    }

    [Fact]
    public async Task Create_LdJsonWithoutContextOrWithLink_Is400()
    {
        var link = fixture.Contexts.Serve("""{"@context":{}}""");

        var without = await city.SendAsync("POST", "/entities", """{"id":"urn:x:1","type":"T"}""", BrokerClient.LdJson);
        var both = await city.SendAsync("POST", "/entities", """{"id":"urn:x:1","type":"T","@context":{}}""", BrokerClient.LdJson, link);

        Assert.Equal((HttpStatusCode.BadRequest, "BadRequestData"), (without.Status, without.Error));
        Assert.Equal((HttpStatusCode.BadRequest, "BadRequestData"), (both.Status, both.Error));
    }

    [Theory]
    [InlineData("PUT", "/entities", "GET, POST, DELETE")]
    [InlineData("POST", "/entities/urn:x:1", "GET, PUT, PATCH, DELETE")]
    [InlineData("GET", "/entityOperations/create", "POST")]
    public async Task AnyOther_Method_Is405WithAllow(string method, string path, string allowed)
    {
        var answer = await city.SendAsync(method, path);

        Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.Status);
        Assert.Equal(allowed.Split(", ").Order(), answer.Header("Allow")!.Split(", ").Order());
    }

    /// <summary>Concise input (clause 4.5.1) means the same as normalized input.</summary>
    [Fact]
    public async Task Create_Concise_IsReadBackNormalized()
    {
        await city.CreateAsync("""
            {"id":"urn:x:c","type":["A","B"],"scope":["/x/y","/z"],"speed":{"value":5,"unitCode":"KMH","accuracy":0.5},"name":"N","flags":[1,2],
             "owner":{"object":"urn:x:o"},"label":{"languageMap":{"en":"Hall","fr":"Salle"}},"kind":{"vocab":"hotel"},"raw":{"json":{"a":null}},
             "steps":{"valueList":[1,"a"]},"near":{"objectList":["urn:x:1",{"object":"urn:x:2"}]},"place":{"type":"Point","coordinates":[1,2]}}
            """);

        var entity = await city.EntityAsync("urn:x:c");

        Assert.Equal(["A", "B"], entity["type"]!.AsArray().Select(type => (string)type!));
        Assert.Equal(["/x/y", "/z"], entity["scope"]!.AsArray().Select(scope => (string)scope!));
        Assert.Equal("""{"type":"Property","value":5,"unitCode":"KMH","accuracy":{"type":"Property","value":0.5}}""", entity["speed"]!.ToJsonString());
        Assert.Equal("""{"type":"Property","value":[1,2]}""", entity["flags"]!.ToJsonString());
        Assert.Equal("""{"type":"Relationship","object":"urn:x:o"}""", entity["owner"]!.ToJsonString());
        Assert.Equal("""{"type":"LanguageProperty","languageMap":{"en":"Hall","fr":"Salle"}}""", entity["label"]!.ToJsonString());
        Assert.Equal("""{"type":"VocabProperty","vocab":"hotel"}""", entity["kind"]!.ToJsonString());
        Assert.Equal("""{"type":"JsonProperty","json":{"a":null}}""", entity["raw"]!.ToJsonString());
        Assert.Equal("""{"type":"ListRelationship","objectList":["urn:x:1","urn:x:2"]}""", entity["near"]!.ToJsonString());
        Assert.Equal("""{"type":"GeoProperty","value":{"type":"Point","coordinates":[1,2]}}""", entity["place"]!.ToJsonString());
    }

    [Fact]
    public async Task Create_TransientEntity_EndsAtItsTime()
    {
        await city.CreateAsync("""{"id":"urn:x:past","type":"T","expiresAt":"2020-01-01T00:00:00Z"}""");
        await city.CreateAsync("""{"id":"urn:x:future","type":"T","expiresAt":"2090-01-01T00:00:00Z"}""");

        Assert.Equal(HttpStatusCode.NotFound, (await city.GetAsync("/entities/urn:x:past")).Status);
        Assert.Equal(["urn:x:future"], await city.FindAsync("type=T"));
        Assert.Equal("2090-01-01T00:00:00Z", (string?)(await city.EntityAsync("urn:x:future"))["expiresAt"]);
        await city.CreateAsync("""{"id":"urn:x:past","type":"T"}""");
    }

    /// <summary>Clause 4.22: attributes can be transient, too.</summary>
    [Fact]
    public async Task Create_TransientAttribute_IsKeptAsSuch()
    {
        await city.CreateAsync("""{"id":"urn:x:1","type":"T","a":{"value":1,"expiresAt":"2090-01-01T00:00:00Z"},"b":2}""");
        await city.ExpectAsync(HttpStatusCode.NoContent, "PATCH", "/entities/urn:x:1/attrs/a", """{"value":3}""");

        (await city.GetAsync("/entities/urn:x:1")).MeansSame("""
            {"id":"urn:x:1","type":"T","a":{"type":"Property","value":3,"expiresAt":"2090-01-01T00:00:00Z"},"b":{"type":"Property","value":2}}
            """);
        (await city.GetAsync("/entities/urn:x:1?options=concise")).MeansSame("""{"id":"urn:x:1","type":"T","a":{"value":3,"expiresAt":"2090-01-01T00:00:00Z"},"b":2}""");
    }
}
