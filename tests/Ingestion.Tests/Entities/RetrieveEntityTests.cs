using System.Net;

namespace LivingCity.Ingestion.Tests.Entities;

/// <summary>ETSI GS CIM 009, clauses 5.7.1, 6.5.3.1, 6.3.6, 6.3.7, 4.5.16 and 4.21.</summary>
[Collection<BrokerTests>]
public sealed class RetrieveEntityTests(BrokerFixture fixture)
{
    private const string Id = "urn:ngsi-ld:Vehicle:A";
    private readonly BrokerClient city = fixture.NewCity();

    [Fact]
    public async Task Retrieve_UnknownAndRelativeId_Are404And400()
    {
        var unknown = await city.GetAsync("/entities/urn:x:unknown");
        var relative = await city.GetAsync("/entities/unknown");

        Assert.Equal((HttpStatusCode.NotFound, "ResourceNotFound"), (unknown.Status, unknown.Error));
        Assert.Equal((HttpStatusCode.BadRequest, "BadRequestData"), (relative.Status, relative.Error));
    }

    [Theory]
    [InlineData("", """{"id":"urn:ngsi-ld:Vehicle:A","type":"Vehicle","speed":[{"type":"Property","value":55,"observedAt":"2026-01-01T00:00:00Z"},{"type":"Property","value":54,"datasetId":"urn:x:gps"}],"brand":{"type":"Property","value":"M"},"label":{"type":"LanguageProperty","languageMap":{"en":"car","fr":"voiture"}},"owner":{"type":"Relationship","object":"urn:x:o","since":{"type":"Property","value":2020}},"location":{"type":"GeoProperty","value":{"type":"Point","coordinates":[2,41]}}}""")]
    [InlineData("?options=concise", """{"id":"urn:ngsi-ld:Vehicle:A","type":"Vehicle","speed":[{"value":55,"observedAt":"2026-01-01T00:00:00Z"},{"value":54,"datasetId":"urn:x:gps"}],"brand":"M","label":{"languageMap":{"en":"car","fr":"voiture"}},"owner":{"object":"urn:x:o","since":2020},"location":{"type":"Point","coordinates":[2,41]}}""")]
    [InlineData("?options=keyValues", """{"id":"urn:ngsi-ld:Vehicle:A","type":"Vehicle","speed":{"dataset":{"@none":55,"urn:x:gps":54}},"brand":"M","label":{"languageMap":{"en":"car","fr":"voiture"}},"owner":"urn:x:o","location":{"type":"Point","coordinates":[2,41]}}""")]
    [InlineData("?format=simplified&lang=fr", """{"id":"urn:ngsi-ld:Vehicle:A","type":"Vehicle","speed":{"dataset":{"@none":55,"urn:x:gps":54}},"brand":"M","label":"voiture","owner":"urn:x:o","location":{"type":"Point","coordinates":[2,41]}}""")]
    [InlineData("?attrs=label&lang=de;q=0.1,en", """{"id":"urn:ngsi-ld:Vehicle:A","type":"Vehicle","label":{"type":"Property","value":"car","lang":"en"}}""")]
    [InlineData("?pick=id,type,brand", """{"id":"urn:ngsi-ld:Vehicle:A","type":"Vehicle","brand":{"type":"Property","value":"M"}}""")]
    [InlineData("?omit=speed,label,owner,location,type", """{"id":"urn:ngsi-ld:Vehicle:A","brand":{"type":"Property","value":"M"}}""")]
    [InlineData("?attrs=speed&datasetId=urn:x:gps&options=keyValues", """{"id":"urn:ngsi-ld:Vehicle:A","type":"Vehicle","speed":54}""")]
    public async Task Retrieve_InEachForm_SaysWhatIsAskedFor(string parameters, string expected)
    {
        await CreateAsync();

        var answer = await city.ExpectAsync(HttpStatusCode.OK, "GET", $"/entities/{Id}{parameters}");

        answer.MeansSame(expected);
        Assert.Equal("application/json", answer.Header("Content-Type"));
        Assert.Contains("<https://uri.etsi.org/ngsi-ld/v1/ngsi-ld-core-context-v1.9.jsonld>; rel=\"http://www.w3.org/ns/json-ld#context\"", answer.Header("Link"), StringComparison.Ordinal);
    }

    /// <summary>Clause 4.5.4: lists are arrays; what is neither a value nor a relationship says what it is.</summary>
    [Fact]
    public async Task Retrieve_Simplified_SaysOfEachKindWhatItIs()
    {
        await city.CreateAsync("""
            {"id":"urn:x:k","type":"T","lp":{"valueList":["a","b"]},"lr":{"objectList":["urn:x:1","urn:x:2"]},"l":{"languageMap":{"en":"x"}},"v":{"vocab":"fast"},"j":{"json":{"id":"5"}},"r":{"object":["urn:x:1","urn:x:2"]}}
            """);

        (await city.GetAsync("/entities/urn:x:k?options=keyValues")).MeansSame("""
            {"id":"urn:x:k","type":"T","lp":["a","b"],"lr":["urn:x:1","urn:x:2"],"l":{"languageMap":{"en":"x"}},"v":{"vocab":"fast"},"j":{"json":{"id":"5"}},"r":["urn:x:1","urn:x:2"]}
            """);
    }

    /// <summary>Clause 6.3.7: format takes precedence over options.</summary>
    [Fact]
    public async Task Retrieve_FormatBesideOptions_TakesPrecedence()
    {
        await city.CreateAsync("""{"id":"urn:x:f","type":"T","r":{"object":"urn:x:1"}}""");

        (await city.GetAsync("/entities/urn:x:f?format=simplified&options=concise")).MeansSame("""{"id":"urn:x:f","type":"T","r":"urn:x:1"}""");
        (await city.GetAsync("/entities/urn:x:f?format=concise&options=keyValues")).MeansSame("""{"id":"urn:x:f","type":"T","r":{"object":"urn:x:1"}}""");
    }

    /// <summary>Clauses 5.7.1.4 and 5.7.2.4.</summary>
    [Theory]
    [InlineData("/entities/urn:x:unknown?geometryProperty=location")]
    [InlineData("/entities?type=T&geometryProperty=location")]
    public async Task Retrieve_GeometryPropertyWithoutGeoJson_Is400(string path) => Assert.Equal("BadRequestData", (await city.GetAsync(path)).Error);

    [Fact]
    public async Task Retrieve_SysAttrs_SaysTimesOfEntityAndAttributes()
    {
        await CreateAsync();

        var entity = await city.EntityAsync(Id, "?options=sysAttrs");

        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$", (string)entity["createdAt"]!);
        Assert.Equal((string)entity["createdAt"]!, (string)entity["brand"]!["modifiedAt"]!);
        Assert.NotNull(entity["owner"]!["since"]!["createdAt"]);
    }

    [Fact]
    public async Task Retrieve_WithoutAnyOfTheAttributes_Is404()
    {
        await CreateAsync();

        Assert.Equal(HttpStatusCode.NotFound, (await city.GetAsync($"/entities/{Id}?attrs=unknown")).Status);
    }

    [Fact]
    public async Task Retrieve_AsLdJson_HasTheContextInTheBodyAndNoLink()
    {
        await CreateAsync();

        var answer = await city.GetAsync($"/entities/{Id}", accept: "application/ld+json");

        Assert.Equal("application/ld+json", answer.Header("Content-Type"));
        Assert.Equal("https://uri.etsi.org/ngsi-ld/v1/ngsi-ld-core-context-v1.9.jsonld", (string)answer.Body["@context"]!);
        Assert.Null(answer.Header("Link"));
    }

    [Theory]
    [InlineData("*/*", "application/json")]
    [InlineData("application/*", "application/json")]
    [InlineData("application/ld+json, application/json", "application/json")]
    [InlineData("application/ld+json, application/json;q=0.5", "application/ld+json")]
    [InlineData("text/html, application/ld+json;q=0.1", "application/ld+json")]
    public async Task Retrieve_Accepting_NegotiatesTheMediaType(string accept, string expected)
    {
        await CreateAsync();

        Assert.Equal(expected, (await city.GetAsync($"/entities/{Id}", accept: accept)).Header("Content-Type"));
    }

    [Fact]
    public async Task Retrieve_AcceptingNothingThatIsThere_Is406()
    {
        await CreateAsync();

        var answer = await city.GetAsync($"/entities/{Id}", accept: "text/html");

        Assert.Equal((HttpStatusCode.NotAcceptable, "application/json"), (answer.Status, answer.Header("Content-Type")));
        Assert.Contains("application/json, application/ld+json, application/geo+json", (string?)answer.Body["detail"], StringComparison.Ordinal);
    }

    /// <summary>Clauses 6.3.3 and 6.3.6: errors are plain JSON, whatever the caller accepts.</summary>
    [Theory]
    [InlineData("/entities/urn:x:unknown", "application/ld+json", HttpStatusCode.NotFound)]
    [InlineData("/entities/unknown", "application/geo+json", HttpStatusCode.BadRequest)]
    [InlineData("/nothing", "application/ld+json", HttpStatusCode.NotFound)]
    [InlineData("/entityOperations/create", "application/ld+json", HttpStatusCode.MethodNotAllowed)]
    public async Task AnyError_WhateverIsAccepted_IsJson(string path, string accept, HttpStatusCode status)
    {
        var answer = await city.GetAsync(path, accept: accept);

        Assert.Equal((status, "application/json"), (answer.Status, answer.Header("Content-Type")));
        Assert.Equal(((int)status, true), ((int)answer.Body["status"]!, answer.Body["title"] is not null));
    }

    [Fact]
    public async Task Retrieve_AsGeoJson_IsAFeature()
    {
        await CreateAsync();

        var answer = await city.SendAsync("GET", $"/entities/{Id}?options=keyValues&attrs=brand", accept: "application/geo+json", prefer: "body=json");
        var whole = await city.GetAsync($"/entities/{Id}?options=keyValues&attrs=brand", accept: "application/geo+json");

        // Clause 6.3.6: the context is in the body unless the caller prefers plain JSON.
        Assert.Equal(("application/geo+json", "application/geo+json"), (answer.Header("Content-Type"), whole.Header("Content-Type")));
        Assert.Equal((false, true), (answer.Header("Link") is null, whole.Header("Link") is null));
        Assert.NotNull(whole.Body["@context"]);
        answer.MeansSame("""{"id":"urn:ngsi-ld:Vehicle:A","type":"Feature","geometry":{"type":"Point","coordinates":[2,41]},"properties":{"type":"Vehicle","brand":"M"}}""");
    }

    /// <summary>Clause 4.5.23: related entities, inside the relationship or after the entity.</summary>
    [Fact]
    public async Task Retrieve_Joined_HoldsTheRelatedEntities()
    {
        await CreateAsync();
        await city.CreateAsync("""{"id":"urn:x:o","type":"Person","name":"Ana","knows":{"object":"urn:ngsi-ld:Vehicle:A"}}""");

        var inline = await city.GetAsync($"/entities/{Id}?attrs=owner&join=inline&joinLevel=3");
        var simplified = await city.GetAsync($"/entities/{Id}?attrs=owner&join=inline&options=keyValues");
        var flat = await city.GetAsync($"/entities/{Id}?attrs=owner&join=flat&options=keyValues");

        Assert.Equal("Ana", (string)inline.Body["owner"]!["entity"]!["name"]!["value"]!);
        Assert.Null(inline.Body["owner"]!["entity"]!["knows"]!["entity"]);
        Assert.Equal("Ana", (string)simplified.Body["owner"]!["name"]!);
        Assert.Equal(["urn:ngsi-ld:Vehicle:A", "urn:x:o"], flat.Body.AsArray().Select(entity => (string)entity!["id"]!));
    }

    /// <summary>Clauses 4.21 and 5.7.1.5: of every entity in the answer only the members that were picked, none of those that were omitted.</summary>
    [Theory]
    [InlineData("pick=id,brand", """{"id":"urn:ngsi-ld:Vehicle:A","brand":"M"}""")]
    [InlineData("pick=brand|id", """{"id":"urn:ngsi-ld:Vehicle:A","brand":"M"}""")]
    [InlineData("pick=brand", """{"brand":"M"}""")]
    [InlineData("pick=id,owner{name}&join=inline", """{"id":"urn:ngsi-ld:Vehicle:A","owner":{"name":"Ana"}}""")]
    [InlineData("pick=owner{name,knows{brand}}&join=inline&joinLevel=2", """{"owner":{"name":"Ana","knows":{"brand":"N"}}}""")]
    [InlineData("pick=id,owner,name&join=inline", """{"id":"urn:ngsi-ld:Vehicle:A","owner":{"id":"urn:x:o","name":"Ana"}}""")]
    [InlineData("omit=type,speed,label,location,owner{type,knows}&join=inline", """{"id":"urn:ngsi-ld:Vehicle:A","brand":"M","owner":{"id":"urn:x:o","name":"Ana"}}""")]
    [InlineData("pick=id,owner{name}&join=flat", """[{"id":"urn:ngsi-ld:Vehicle:A","owner":"urn:x:o"},{"id":"urn:x:o","name":"Ana"}]""")]
    public async Task Retrieve_Projected_HasOnlyThoseMembers(string parameters, string expected)
    {
        await CreateAsync();
        await city.CreateAsync("""{"id":"urn:x:o","type":"Person","name":"Ana","knows":{"object":"urn:x:b"}}""");
        await city.CreateAsync("""{"id":"urn:x:b","type":"Vehicle","brand":"N"}""");

        (await city.GetAsync($"/entities/{Id}?options=keyValues&{parameters}")).MeansSame(expected);
    }

    /// <summary>Clause 4.14, and what configuration opens to the public.</summary>
    [Fact]
    public async Task Retrieve_OfATenant_IsForItsCallersAndTheOpenTypesForAll()
    {
        await CreateAsync();
        var admin = new BrokerClient(fixture.Host.As(null, "platform-admin"), "");
        var anonymous = new BrokerClient(fixture.Host.Anonymous(), "");
        await admin.SendAsync("POST", "/entities", """{"id":"urn:x:bench","type":"Bench"}""", tenant: "open-city");
        await admin.SendAsync("POST", "/entities", """{"id":"urn:x:safe","type":"Safe"}""", tenant: "open-city");

        var own = await city.SendAsync("GET", $"/entities/{Id}", tenant: city.City);
        var other = await city.SendAsync("GET", "/entities/urn:x:bench", tenant: "open-city");
        var nowhere = await admin.SendAsync("GET", "/entities/urn:x:1", tenant: "no-such-city");
        var open = await anonymous.SendAsync("GET", "/entities/urn:x:bench", tenant: "open-city");
        var closed = await anonymous.SendAsync("GET", "/entities/urn:x:safe", tenant: "open-city");
        var all = await anonymous.SendAsync("GET", "/entities?type=Bench|Safe", tenant: "open-city");
        var write = await anonymous.SendAsync("DELETE", "/entities/urn:x:bench", tenant: "open-city");

        Assert.Equal((HttpStatusCode.OK, city.City), (own.Status, own.Header("NGSILD-Tenant")));
        Assert.Equal((HttpStatusCode.NotFound, "NonexistentTenant"), (other.Status, other.Error));
        Assert.Equal((HttpStatusCode.NotFound, "NonexistentTenant"), (nowhere.Status, nowhere.Error));
        Assert.Equal(HttpStatusCode.OK, open.Status);
        Assert.Equal(HttpStatusCode.NotFound, closed.Status);
        Assert.Equal("urn:x:bench", (string)Assert.Single(all.Body.AsArray())!["id"]!);
        Assert.Equal(HttpStatusCode.Unauthorized, write.Status);
    }

    [Fact]
    public async Task Retrieve_IdWithSlashes_IsFoundByItsEncodedAddress()
    {
        await city.CreateAsync("""{"id":"https://example.org/things/1","type":"T"}""");

        Assert.Equal(HttpStatusCode.OK, (await city.GetAsync("/entities/https:%2F%2Fexample.org%2Fthings%2F1")).Status);
    }

    private Task CreateAsync() => city.CreateAsync($$"""
        {"id":"{{Id}}","type":"Vehicle","speed":[{"type":"Property","value":55,"observedAt":"2026-01-01T00:00:00Z"},{"type":"Property","value":54,"datasetId":"urn:x:gps"}],
         "brand":{"type":"Property","value":"M"},"label":{"type":"LanguageProperty","languageMap":{"en":"car","fr":"voiture"} },
         "owner":{"type":"Relationship","object":"urn:x:o","since":{"type":"Property","value":2020} },"location":{"type":"GeoProperty","value":{"type":"Point","coordinates":[2,41]} } }
        """);
}
