using System.Net;

namespace LivingCity.Ingestion.Tests.Subscriptions;

/// <summary>ETSI GS CIM 009, clauses 5.8.1 and 6.10.3.1.</summary>
public sealed class CreateSubscriptionTests(NotifyingFixture fixture) : IClassFixture<NotifyingFixture>
{
    private const string Endpoint = "\"endpoint\":{\"uri\":\"http://my.endpoint.org/notify\",\"accept\":\"application/json\"}";

    private readonly Broker broker = fixture.Broker;

    [Fact]
    public async Task Create_WithId_Answers201WithItsLocation()
    {
        var id = NewId();

        var created = await broker.SendAsync("POST", "/subscriptions", Minimal(id));

        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        Assert.Equal($"/ngsi-ld/v1/subscriptions/{id}", created.Headers.Location!.ToString());
        Assert.Equal(0, created.Content.Headers.ContentLength);
    }

    [Fact]
    public async Task Create_WithoutId_GivesOne()
    {
        var created = await broker.SendAsync("POST", "/subscriptions", Minimal(null));

        Assert.StartsWith("/ngsi-ld/v1/subscriptions/urn:ngsi-ld:Subscription:", created.Headers.Location!.ToString(), StringComparison.Ordinal);
        Assert.Equal("active", (string?)(await broker.GetAsync($"/subscriptions/{created.Headers.Location!.ToString().Split('/')[^1]}"))["status"]);
    }

    [Fact]
    public async Task Create_WithAnIdThatIsTaken_Answers409()
    {
        var id = NewId();
        await broker.DoAsync("POST", "/subscriptions", Minimal(id));

        await Broker.AssertProblemAsync(await broker.SendAsync("POST", "/subscriptions", Minimal(id)), HttpStatusCode.Conflict, "AlreadyExists");
    }

    [Theory]
    [InlineData("""{"type":"Subscription"}""", "entities")]
    [InlineData("""{"entities":[{"type":"Building"}],"notification":{EP}}""", "type")]
    [InlineData("""{"type":"Nonsense","entities":[{"type":"Building"}],"notification":{EP}}""", "type")]
    [InlineData("""{"id":"no-uri","type":"Subscription","entities":[{"type":"Building"}],"notification":{EP}}""", "id")]
    [InlineData("""{"type":"Subscription","notification":{EP}}""", "entities")]
    [InlineData("""{"type":"Subscription","entities":[],"notification":{EP}}""", "entities")]
    [InlineData("""{"type":"Subscription","entities":["Building"],"notification":{EP}}""", "entities[0]")]
    [InlineData("""{"type":"Subscription","entities":[{"id":"urn:x:1"}],"notification":{EP}}""", "entities[0].type")]
    [InlineData("""{"type":"Subscription","entities":[{"type":"A|"}],"notification":{EP}}""", "entities[0].type")]
    [InlineData("""{"type":"Subscription","entities":[{"type":"Building","id":"x"}],"notification":{EP}}""", "entities[0].id")]
    [InlineData("""{"type":"Subscription","entities":[{"type":"Building","idPattern":"("}],"notification":{EP}}""", "entities[0].idPattern")]
    [InlineData("""{"type":"Subscription","entities":[{"type":"Building"}]}""", "notification")]
    [InlineData("""{"type":"Subscription","entities":[{"type":"Building"}],"notification":{}}""", "notification.endpoint")]
    [InlineData("""{"type":"Subscription","entities":[{"type":"Building"}],"notification":{"endpoint":{}}}""", "notification.endpoint.uri")]
    [InlineData("""{"type":"Subscription","entities":[{"type":"Building"}],"notification":{"endpoint":{"uri":"invalidUri"}}}""", "notification.endpoint.uri")]
    [InlineData("""{"type":"Subscription","entities":[{"type":"Building"}],"notification":{"endpoint":{"uri":"file:///etc/passwd"}}}""", "notification.endpoint.uri")]
    [InlineData("""{"type":"Subscription","entities":[{"type":"Building"}],"notification":{"endpoint":{"uri":"http://a:b@c.example/"}}}""", "notification.endpoint.uri")]
    [InlineData("""{"type":"Subscription","entities":[{"type":"Building"}],"notification":{"endpoint":{"uri":"http://169.254.169.254/latest"}}}""", "notification.endpoint.uri")]
    [InlineData("""{"type":"Subscription","entities":[{"type":"Building"}],"notification":{"endpoint":{"uri":"http://[fd00::1]/"}}}""", "notification.endpoint.uri")]
    [InlineData("""{"type":"Subscription","entities":[{"type":"Building"}],"notification":{"endpoint":{"uri":"mqtt://10.0.0.1/topic"}}}""", "notification.endpoint.uri")]
    [InlineData("""{"type":"Subscription","entities":[{"type":"Building"}],"notification":{"endpoint":{"uri":"mqtt://broker.example"}}}""", "notification.endpoint.uri")]
    [InlineData("""{"type":"Subscription","entities":[{"type":"Building"}],"notification":{"endpoint":{"uri":"mqtt://broker.example/a","notifierInfo":[{"key":"MQTT-QoS","value":"3"}]}}}""", "notification.endpoint.notifierInfo")]
    [InlineData("""{"type":"Subscription","entities":[{"type":"Building"}],"notification":{"endpoint":{"uri":"http://a.example/","accept":"text/plain"}}}""", "notification.endpoint.accept")]
    [InlineData("""{"type":"Subscription","entities":[{"type":"Building"}],"notification":{"endpoint":{"uri":"http://a.example/","receiverInfo":[{"key":"A"}]}}}""", "notification.endpoint.receiverInfo[0]")]
    [InlineData("""{"type":"Subscription","entities":[{"type":"Building"}],"notification":{"endpoint":{"uri":"http://a.example/","timeout":-1}}}""", "notification.endpoint.timeout")]
    [InlineData("""{"type":"Subscription","entities":[{"type":"Building"}],"notification":{"format":"pretty",EP}}""", "notification.format")]
    [InlineData("""{"type":"Subscription","entities":[{"type":"Building"}],"notification":{"attributes":[],EP}}""", "notification.attributes")]
    [InlineData("""{"type":"Subscription","entities":[{"type":"Building"}],"notification":{"attributes":["a"],"pick":["a"],EP}}""", "notification.attributes")]
    [InlineData("""{"type":"Subscription","entities":[{"type":"Building"}],"notification":{"join":"sideways",EP}}""", "notification.join")]
    [InlineData("""{"type":"Subscription","entities":[{"type":"Building"}],"notification":{"join":"flat","joinLevel":0,EP}}""", "notification.joinLevel")]
    [InlineData("""{"type":"Subscription","entities":[{"type":"Building"}],"notification":{"join":"flat","joinLevel":"deep",EP}}""", "notification.joinLevel")]
    [InlineData("""{"type":"Subscription","entities":[{"type":"Building"}],"notification":{"pick":["owner{name"],EP}}""", "notification.pick")]
    [InlineData("""{"type":"Subscription","entities":[{"type":"Building"}],"notification":{"showChanges":true,"format":"keyValues",EP}}""", "notification.showChanges")]
    [InlineData("""{"type":"Subscription","entities":[{"type":"Building"}],"notification":{"sysAttrs":"yes",EP}}""", "notification.sysAttrs")]
    [InlineData("""{"type":"Subscription","watchedAttributes":[],"notification":{EP}}""", "watchedAttributes")]
    [InlineData("""{"type":"Subscription","watchedAttributes":"a","notification":{EP}}""", "watchedAttributes")]
    [InlineData("""{"type":"Subscription","entities":[{"type":"Building"}],"timeInterval":10,"throttling":5,"notification":{EP}}""", "timeInterval")]
    [InlineData("""{"type":"Subscription","entities":[{"type":"Building"}],"timeInterval":10,"watchedAttributes":["a"],"notification":{EP}}""", "timeInterval")]
    [InlineData("""{"type":"Subscription","entities":[{"type":"Building"}],"timeInterval":-10,"notification":{EP}}""", "timeInterval")]
    [InlineData("""{"type":"Subscription","entities":[{"type":"Building"}],"throttling":0,"notification":{EP}}""", "throttling")]
    [InlineData("""{"type":"Subscription","entities":[{"type":"Building"}],"expiresAt":"2020-01-01T00:00:00Z","notification":{EP}}""", "expiresAt")]
    [InlineData("""{"type":"Subscription","entities":[{"type":"Building"}],"expiresAt":"tomorrow","notification":{EP}}""", "expiresAt")]
    [InlineData("""{"type":"Subscription","entities":[{"type":"Building"}],"q":"invalidQuery==","notification":{EP}}""", "q")]
    [InlineData("""{"type":"Subscription","entities":[{"type":"Building"}],"geoQ":{"georel":"near"},"notification":{EP}}""", "geoQ")]
    [InlineData("""{"type":"Subscription","entities":[{"type":"Building"}],"geoQ":{"georel":"near;maxDistance==10","geometry":"Point","coordinates":[200,0]},"notification":{EP}}""", "geoQ")]
    [InlineData("""{"type":"Subscription","entities":[{"type":"Building"}],"scopeQ":"//","notification":{EP}}""", "scopeQ")]
    [InlineData("""{"type":"Subscription","entities":[{"type":"Building"}],"notificationTrigger":["sometimes"],"notification":{EP}}""", "notificationTrigger")]
    [InlineData("""{"type":"Subscription","entities":[{"type":"Building"}],"temporalQ":{"timerel":"after","timeAt":"2026-01-01T00:00:00Z"},"notification":{EP}}""", "temporalQ")]
    [InlineData("""{"type":"Subscription","entities":[{"type":"Building"}],"isActive":"true","notification":{EP}}""", "isActive")]
    [InlineData("""{"type":"Subscription","entities":[{"type":"Building"}],"jsonldContext":"x","notification":{EP}}""", "jsonldContext")]
    [InlineData("""{"type":"Subscription","entities":null,"notification":{EP}}""", "entities")]
    public async Task Create_WhatIsNotValid_IsBadRequestDataNamingTheMember(string subscription, string member)
    {
        var answer = await broker.SendAsync("POST", "/subscriptions", subscription.Replace("EP", Endpoint, StringComparison.Ordinal));

        await Broker.AssertProblemAsync(answer, HttpStatusCode.BadRequest, "BadRequestData", member);
    }

    [Theory]
    [InlineData("{ not json", "InvalidRequest")]
    [InlineData("[]", "BadRequestData")]
    public async Task Create_AnotherBody_IsRefused(string body, string type) =>
        await Broker.AssertProblemAsync(await broker.SendAsync("POST", "/subscriptions", body), HttpStatusCode.BadRequest, type);

    [Fact]
    public async Task Create_WithAJsonLdContextThatCannotBeHad_Answers504()
    {
        var body = Minimal(null).Replace("\"type\":\"Subscription\"", "\"type\":\"Subscription\",\"jsonldContext\":\"http://127.0.0.1:9/context.jsonld\"", StringComparison.Ordinal);

        await Broker.AssertProblemAsync(await broker.SendAsync("POST", "/subscriptions", body), HttpStatusCode.GatewayTimeout, "LdContextNotAvailable");
    }

    [Fact]
    public async Task Create_SeveralMistakes_AreAllNamed()
    {
        var answer = await broker.SendAsync("POST", "/subscriptions", """{"type":"Subscription","throttling":-1,"isActive":1,"notification":{}}""");

        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.All(["entities", "throttling", "isActive", "notification.endpoint"], member => Assert.Contains(member, text, StringComparison.Ordinal));
    }

    private static string NewId() => $"urn:ngsi-ld:Subscription:{Guid.NewGuid()}";

    private static string Minimal(string? id) => $$"""{ {{(id is null ? "" : $"\"id\":\"{id}\",")}}"type":"Subscription","entities":[{"type":"Building"}],"notification":{ {{Endpoint}} } }""";
}
