using System.Net;
using System.Text.Json.Nodes;

namespace LivingCity.Ingestion.Tests.Contexts;

/// <summary>ETSI GS CIM 009, clauses 5.13, 6.29, 6.30, 5.5.7 and 6.3.5.</summary>
[Collection<BrokerTests>]
public sealed class ContextTests(BrokerFixture fixture)
{
    private readonly BrokerClient city = fixture.NewCity();

    [Fact]
    public async Task Linked_IsFetchedOnceAndNamedInTheAnswer()
    {
        var address = fixture.Contexts.Serve("""{"@context":[{"ex":"https://example.org/","Car":"ex:Car","speed":{"@id":"ex:speed","@type":"xsd:double"},"name":"ex:name","status":"ex:status"},"https://uri.etsi.org/ngsi-ld/v1/ngsi-ld-core-context-v1.6.jsonld"]}""");
        await city.ExpectAsync(HttpStatusCode.Created, "POST", "/entities", """{"id":"urn:x:1","type":"Car","speed":1,"name":"n","status":"s","other":2}""", link: address);

        var linked = await city.GetAsync("/entities/urn:x:1?options=keyValues", address);
        var plain = await city.GetAsync("/entities/urn:x:1?options=keyValues");
        var inBody = await city.GetAsync("/entities?type=Car&options=keyValues&attrs=speed", address, BrokerClient.LdJson);

        linked.MeansSame("""{"id":"urn:x:1","type":"Car","speed":1,"name":"n","status":"s","other":2}""");
        Assert.StartsWith($"<{address}>", linked.Header("Link"), StringComparison.Ordinal);
        plain.MeansSame("""{"id":"urn:x:1","type":"https://example.org/Car","https://example.org/speed":1,"https://example.org/name":"n","status":"s","other":2}""");
        Assert.Equal(address, (string)inBody.Body[0]!["@context"]![0]!);
        Assert.Equal(1, fixture.Contexts.Requests(address));
    }

    [Theory]
    [InlineData("""{"id":"urn:x:1","type":"T","@context":5}""", HttpStatusCode.BadRequest, "BadRequestData")]
    [InlineData("""{"id":"urn:x:1","type":"T","@context":"relative"}""", HttpStatusCode.BadRequest, "BadRequestData")]
    [InlineData("""{"id":"urn:x:1","type":"T","@context":{"a":7}}""", HttpStatusCode.BadRequest, "BadRequestData")]
    [InlineData("""{"id":"urn:x:1","type":"T","@context":"http://10.0.0.1/x.jsonld"}""", HttpStatusCode.GatewayTimeout, "LdContextNotAvailable")]
    [InlineData("""{"id":"urn:x:1","type":"T","@context":"http://169.254.169.254/latest"}""", HttpStatusCode.GatewayTimeout, "LdContextNotAvailable")]
    public async Task Body_WrongContext_IsRefused(string body, HttpStatusCode status, string error)
    {
        var answer = await city.SendAsync("POST", "/entities", body, BrokerClient.LdJson);

        Assert.Equal((status, error), (answer.Status, answer.Error));
    }

    [Theory]
    [InlineData("[1,2]")]
    [InlineData("""{"no":"context"}""")]
    [InlineData("not json")]
    public async Task Linked_NoContext_Is504LdContextNotAvailable(string document) =>
        Assert.Equal("LdContextNotAvailable", (await city.GetAsync("/entities?type=T", fixture.Contexts.Serve(document))).Error);

    [Fact]
    public async Task Linked_IncludesItself_Is504()
    {
        var address = fixture.Contexts.Serve("{}");
        fixture.Contexts.Replace(address, $$"""{"@context":["{{address}}"]}""");

        Assert.Equal("LdContextNotAvailable", (await city.GetAsync("/entities?type=T", address)).Error);
    }

    [Fact]
    public async Task Hosted_IsListedServedUsedAndDeleted()
    {
        var added = await city.ExpectAsync(HttpStatusCode.Created, "POST", "/jsonldContexts", """{"@context":{"Car":"https://example.org/Car"}}""", BrokerClient.LdJson);
        var path = added.Header("Location")!["/ngsi-ld/v1".Length..];
        var url = (string)(await city.GetAsync("/jsonldContexts?kind=Hosted")).Body.AsArray().Single()!;
        await city.ExpectAsync(HttpStatusCode.Created, "POST", "/entities", """{"id":"urn:x:1","type":"Car"}""", link: url);

        var details = (await city.GetAsync("/jsonldContexts?details=true")).Body.AsArray().Single()!;
        var served = await city.GetAsync(path);

        Assert.Equal(("Hosted", url, true), ((string)details["kind"]!, (string)details["URL"]!, (long)details["numberOfHits"]! >= 1));
        served.MeansSame("""{"@context":{"Car":"https://example.org/Car"}}""");
        Assert.Equal(["urn:x:1"], await city.FindAsync("type=https://example.org/Car"));
        Assert.Equal("BadRequestData", (await city.SendAsync("DELETE", $"{path}?reload=true")).Error);
        await city.ExpectAsync(HttpStatusCode.NoContent, "DELETE", path);
        await city.ExpectAsync(HttpStatusCode.NotFound, "GET", path);
        await city.ExpectAsync(HttpStatusCode.NotFound, "DELETE", path);
    }

    [Fact]
    public async Task Cached_IsLoadedAgainOnRequest()
    {
        var address = fixture.Contexts.Serve("""{"@context":{"Car":"https://example.org/1"}}""");
        await city.GetAsync("/entities?type=Car", address);
        fixture.Contexts.Replace(address, """{"@context":{"Car":"https://example.org/2"}}""");
        var path = $"/jsonldContexts/{Uri.EscapeDataString(address)}";

        await city.ExpectAsync(HttpStatusCode.UnprocessableEntity, "GET", path);
        var details = (await city.GetAsync($"{path}?details=true")).Body;
        Assert.Equal(("Cached", address), ((string)details["kind"]!, (string)details["URL"]!));
        Assert.Equal("Cached", (string)(await city.GetAsync($"/jsonldContexts/{details["localId"]}?details=true")).Body["kind"]!); // clause 5.13.1: each has an identifier of its own here
        await city.ExpectAsync(HttpStatusCode.NoContent, "DELETE", $"{path}?reload=true");
        await city.ExpectAsync(HttpStatusCode.Created, "POST", "/entities", """{"id":"urn:x:1","type":"Car"}""", link: address);

        Assert.Equal(["urn:x:1"], await city.FindAsync("type=https://example.org/2"));
        fixture.Contexts.Replace(address, "gone");
        Assert.Equal("LdContextNotAvailable", (await city.SendAsync("DELETE", $"{path}?reload=true")).Error);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"@context":5}""")]
    [InlineData("[]")]
    public async Task Hosted_NoContext_Is400(string body) => Assert.Equal("BadRequestData", (await city.SendAsync("POST", "/jsonldContexts", body)).Error);

    /// <summary>An inline context cannot be named in a Link header, so one is made for it.</summary>
    [Fact]
    public async Task Inline_AnsweredInJson_IsNamedByAnAddressThatWorks()
    {
        await city.ExpectAsync(HttpStatusCode.Created, "POST", "/entities", """{"id":"urn:x:1","type":"Car","@context":{"Car":"https://example.org/Car"}}""", BrokerClient.LdJson);

        var answer = await city.ExpectAsync(HttpStatusCode.OK, "POST", "/entityOperations/query", """{"type":"Query","entities":[{"type":"Car"}],"@context":{"Car":"https://example.org/Car"}}""", BrokerClient.LdJson);
        var address = answer.Header("Link")!.Split('<', '>')[1];

        Assert.Equal("Car", (string)answer.Body[0]!["type"]!);
        Assert.Equal("urn:x:1", (string)(await city.GetAsync("/entities?type=Car", address)).Body[0]!["id"]!);
        Assert.Equal(address, (string)(await city.GetAsync("/jsonldContexts?kind=ImplicitlyCreated")).Body.AsArray().Single()!);
    }
}
