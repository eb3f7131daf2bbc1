using System.Net;
using System.Text.Json.Nodes;
using LivingCity.Ingestion.Tests.Subscriptions;
using LivingCity.Testing;

namespace LivingCity.Ingestion.Tests.Registrations;

/// <summary>ETSI GS CIM 009, clauses 5.9 and 6.8, 6.9: the life of a registration.</summary>
public sealed class RegistrationTests(NotifyingFixture fixture) : IClassFixture<NotifyingFixture>
{
    private const string Endpoint = "\"endpoint\":\"http://my.csource.org:1026\"";

    private readonly Broker broker = fixture.Broker;

    [Fact]
    public async Task Create_ThenRetrieve_GivesTheSame()
    {
        var id = NewId();
        var registration = $$"""
            {"id":"{{id}}","type":"ContextSourceRegistration","registrationName":"Parking","description":"d","information":[{"entities":[{"type":"Building","idPattern":"urn:.*"}],"propertyNames":["name"],
            "relationshipNames":["locatedAt"]}],"observationInterval":{"startAt":"2020-08-01T22:07:00Z","endAt":"2021-08-01T21:07:00Z"},"location":{"type":"Point","coordinates":[-8.5,41.2]},
            "expiresAt":"2999-01-01T00:00:00Z","mode":"inclusive","operations":["federationOps","createEntity"],"management":{"timeout":1000,"cooldown":500},"contextSourceInfo":[{"key":"X-A","value":"b"}],
            "tenant":"porto","scope":"/porto","refreshRate":"PT1M","tag":"a description of its own",{{Endpoint}}}
            """;

        var created = await broker.SendAsync("POST", "/csourceRegistrations", registration);

        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        Assert.Equal($"/ngsi-ld/v1/csourceRegistrations/{id}", created.Headers.Location!.ToString());
        var actual = await broker.GetAsync($"/csourceRegistrations/{id}");
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(registration), actual), actual.ToJsonString());
        await Broker.AssertProblemAsync(await broker.SendAsync("POST", "/csourceRegistrations", registration), HttpStatusCode.Conflict, "AlreadyExists");
    }

    [Theory]
    [InlineData("""{"type":"ContextSourceRegistration",EP}""", "information")]
    [InlineData("""{"information":[{"entities":[{"type":"A"}]}],EP}""", "type")]
    [InlineData("""{"type":"Entity","information":[{"entities":[{"type":"A"}]}],EP}""", "type")]
    [InlineData("""{"id":"x","type":"ContextSourceRegistration","information":[{"entities":[{"type":"A"}]}],EP}""", "id")]
    [InlineData("""{"type":"ContextSourceRegistration","information":[],EP}""", "information")]
    [InlineData("""{"type":"ContextSourceRegistration","information":[{}],EP}""", "information[0]")]
    [InlineData("""{"type":"ContextSourceRegistration","information":[{"entities":[{"id":"urn:x:1"}]}],EP}""", "information[0].entities[0].type")]
    [InlineData("""{"type":"ContextSourceRegistration","information":[{"propertyNames":[]}],EP}""", "information[0].propertyNames")]
    [InlineData("""{"type":"ContextSourceRegistration","information":[{"entities":[{"type":"A"}]}]}""", "endpoint")]
    [InlineData("""{"type":"ContextSourceRegistration","information":[{"entities":[{"type":"A"}]}],"endpoint":"x"}""", "endpoint")]
    [InlineData("""{"type":"ContextSourceRegistration","information":[{"entities":[{"type":"A"}]}],"endpoint":"http://192.168.1.1"}""", "endpoint")]
    [InlineData("""{"type":"ContextSourceRegistration","information":[{"entities":[{"type":"A"}]}],"expiresAt":"2020-01-01T00:00:00Z",EP}""", "expiresAt")]
    [InlineData("""{"type":"ContextSourceRegistration","information":[{"entities":[{"type":"A"}]}],"mode":"perhaps",EP}""", "mode")]
    [InlineData("""{"type":"ContextSourceRegistration","information":[{"entities":[{"type":"A"}]}],"mode":"exclusive",EP}""", "information[0]")]
    [InlineData("""{"type":"ContextSourceRegistration","information":[{"entities":[{"type":"A"}]}],"mode":"auxiliary","operations":["createEntity"],EP}""", "operations")]
    [InlineData("""{"type":"ContextSourceRegistration","information":[{"entities":[{"type":"A"}]}],"operations":["fly"],EP}""", "operations")]
    [InlineData("""{"type":"ContextSourceRegistration","information":[{"entities":[{"type":"A"}]}],"observationInterval":{"endAt":"2021-01-01T00:00:00Z"},EP}""", "observationInterval.startAt")]
    [InlineData("""{"type":"ContextSourceRegistration","information":[{"entities":[{"type":"A"}]}],"location":{"type":"Point"},EP}""", "location")]
    [InlineData("""{"type":"ContextSourceRegistration","information":[{"entities":[{"type":"A"}]}],"refreshRate":"often",EP}""", "refreshRate")]
    [InlineData("""{"type":"ContextSourceRegistration","information":[{"entities":[{"type":"A"}]}],"scope":"//",EP}""", "scope")]
    public async Task Create_WhatIsNotValid_IsBadRequestDataNamingTheMember(string registration, string member) => await Broker.AssertProblemAsync(
        await broker.SendAsync("POST", "/csourceRegistrations", registration.Replace("EP", Endpoint, StringComparison.Ordinal)), HttpStatusCode.BadRequest, "BadRequestData", member);

    [Fact]
    public async Task Create_ExclusiveForWhatIsExclusiveAlready_Answers409()
    {
        var entity = $"urn:ngsi-ld:Building:{Guid.NewGuid()}";
        string Exclusive(string attributes) =>
            $$"""{"type":"ContextSourceRegistration","mode":"exclusive","information":[{"entities":[{"type":"Building","id":"{{entity}}"}],"propertyNames":[{{attributes}}]}],{{Endpoint}}}""";
        await broker.DoAsync("POST", "/csourceRegistrations", Exclusive("\"a\",\"b\""));

        await Broker.AssertProblemAsync(await broker.SendAsync("POST", "/csourceRegistrations", Exclusive("\"b\",\"c\"")), HttpStatusCode.Conflict, "Conflict");
        await broker.DoAsync("POST", "/csourceRegistrations", Exclusive("\"c\""));
    }

    /// <summary>Clauses 5.9.2.4 and 5.9.3.4: what sources hold alone cannot be here already.</summary>
    [Theory]
    [InlineData("exclusive", "\"id\":\"ID\"", "\"a\"", true)]
    [InlineData("exclusive", "\"id\":\"ID\"", "\"z\"", false)]
    [InlineData("redirect", "\"id\":\"ID\"", "\"a\"", true)]
    [InlineData("redirect", "\"idPattern\":\"^ID$\"", "\"a\",\"z\"", true)]
    [InlineData("redirect", "\"id\":\"ID\"", "\"z\"", false)]
    [InlineData("inclusive", "\"id\":\"ID\"", "\"a\"", false)]
    public async Task Create_ForWhatIsHeldHere_Answers409(string mode, string selector, string attributes, bool conflicts)
    {
        var entity = $"urn:ngsi-ld:Held:{Guid.NewGuid()}";
        await broker.UpsertAsync($$"""{"id":"{{entity}}","type":"Held","a":1}""");

        var answer = await broker.SendAsync("POST", "/csourceRegistrations",
            $$"""{"type":"ContextSourceRegistration","mode":"{{mode}}","information":[{"entities":[{"type":"Held",{{selector.Replace("ID", entity, StringComparison.Ordinal)}}}],"propertyNames":[{{attributes}}]}],{{Endpoint}}}""");

        if (conflicts)
        {
            await Broker.AssertProblemAsync(answer, HttpStatusCode.Conflict, "Conflict");
        }
        else
        {
            Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
            await broker.DoAsync("DELETE", $"/csourceRegistrations/{answer.Headers.Location!.ToString().Split('/')[^1]}");
        }
    }

    [Fact]
    public async Task Update_MergesAndDelete_EndsIt()
    {
        var id = NewId();
        await broker.DoAsync("POST", "/csourceRegistrations", $$"""{"id":"{{id}}","type":"ContextSourceRegistration","description":"d","information":[{"entities":[{"type":"A"}]}],{{Endpoint}}}""");

        await broker.DoAsync("PATCH", $"/csourceRegistrations/{id}", """{"description":null,"registrationName":"n","endpoint":"http://other.example"}""");
        var changed = await broker.GetAsync($"/csourceRegistrations/{id}");
        await Broker.AssertProblemAsync(await broker.SendAsync("PATCH", $"/csourceRegistrations/{id}", "{}"), HttpStatusCode.BadRequest, "BadRequestData");
        await Broker.AssertProblemAsync(await broker.SendAsync("PATCH", $"/csourceRegistrations/{id}", """{"information":[]}"""), HttpStatusCode.BadRequest, "BadRequestData", "information");
        var deleted = await broker.SendAsync("DELETE", $"/csourceRegistrations/{id}");

        Assert.Equal((null, "n", "http://other.example"), ((string?)changed["description"], (string?)changed["registrationName"], (string?)changed["endpoint"]));
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        await Broker.AssertProblemAsync(await broker.SendAsync("GET", $"/csourceRegistrations/{id}"), HttpStatusCode.NotFound, "ResourceNotFound");
        await Broker.AssertProblemAsync(await broker.SendAsync("PATCH", $"/csourceRegistrations/{id}", """{"description":"x"}"""), HttpStatusCode.NotFound, "ResourceNotFound");
        await Broker.AssertProblemAsync(await broker.SendAsync("DELETE", $"/csourceRegistrations/{id}"), HttpStatusCode.NotFound, "ResourceNotFound");
        await Broker.AssertProblemAsync(await broker.SendAsync("DELETE", "/csourceRegistrations/invalidId"), HttpStatusCode.BadRequest, "BadRequestData");
    }

    private static string NewId() => $"urn:ngsi-ld:ContextSourceRegistration:{Guid.NewGuid()}";
}

/// <summary>ETSI GS CIM 009, clauses 5.10.2, 5.12 and 6.8.3.2: finding sources.</summary>
public sealed class DiscoverSourcesTests(DiscoverSourcesTests.Registered registered) : IClassFixture<DiscoverSourcesTests.Registered>
{
    [Theory]
    [InlineData("type=Building", "buildings patterned placed scoped tagged")]
    [InlineData("type=Vehicle", "vehicles")]
    [InlineData("type=Building,Vehicle", "buildings patterned placed scoped tagged vehicles")]
    [InlineData("type=Building&attrs=name", "buildings patterned placed scoped tagged")]
    [InlineData("type=Building&attrs=height", "patterned placed scoped tagged")]
    [InlineData("attrs=speed", "patterned placed scoped tagged vehicles")]
    [InlineData("type=Building&id=urn:ngsi-ld:Building:special:1", "buildings patterned placed scoped tagged")]
    [InlineData("type=Building&id=urn:ngsi-ld:Building:plain:1", "buildings placed scoped tagged")]
    [InlineData("type=Building&georel=near;maxDistance==5000&geometry=Point&coordinates=[-8.5,41.2]", "placed")]
    [InlineData("type=Building&scopeQ=/city/%23", "scoped")]
    [InlineData("type=Building&csf=tag==\"x\"", "tagged")]
    [InlineData("type=Building&timerel=after&timeAt=2020-06-01T00:00:00Z", "historic")]
    [InlineData("type=Building&timerel=before&timeAt=2019-01-01T00:00:00Z", "")]
    [InlineData("type=Building&timerel=between&timeAt=2020-01-01T00:00:00Z&endTimeAt=2020-03-01T00:00:00Z", "historic")]
    public async Task Query_FindsTheSourcesThatMayHaveIt(string query, string expected)
    {
        var found = await registered.Broker.GetAsync($"/csourceRegistrations?{query}");

        Assert.Equal(expected, string.Join(' ', found.AsArray().Select(source => ((string)source!["id"]!).Split(':')[^1]).Order(StringComparer.Ordinal)));
    }

    [Theory]
    [InlineData("limit=5")]
    [InlineData("id=urn:x:1")]
    [InlineData("csf=tag==\"x\"")]
    [InlineData("scopeQ=/city")]
    [InlineData("type=Building&id=nouri")]
    [InlineData("type=Building&idPattern=(")]
    [InlineData("type=Building&georel=near")]
    [InlineData("type=Building&timerel=after")]
    [InlineData("type=Building&limit=-1")]
    public async Task Query_ThatIsNotValid_Answers400(string query) =>
        await Broker.AssertProblemAsync(await registered.Broker.SendAsync("GET", $"/csourceRegistrations?{query}"), HttpStatusCode.BadRequest, "BadRequestData");

    /// <summary>Clause 5.10.2.5: what was not asked about is left out.</summary>
    [Fact]
    public async Task Query_OfOneOfSeveralTypes_GivesWhatIsKnownOfIt()
    {
        var (own, other) = ($"T{Guid.NewGuid():N}", $"T{Guid.NewGuid():N}");
        var created = await registered.Broker.DoAsync("POST", "/csourceRegistrations",
            $$"""{"type":"ContextSourceRegistration","information":[{"entities":[{"type":"{{own}}"}],"propertyNames":["a"]},{"entities":[{"type":"{{other}}"}]}],"endpoint":"http://my.csource.org"}""");

        var found = await registered.Broker.GetAsync($"/csourceRegistrations?type={own}");
        await registered.Broker.DoAsync("DELETE", $"/csourceRegistrations/{created.Headers.Location!.ToString().Split('/')[^1]}");

        Assert.Equal(own, (string?)Assert.Single(Assert.Single(found.AsArray())!["information"]!.AsArray())!["entities"]![0]!["type"]);
    }

    [Fact]
    public async Task Query_PagesAndCounts()
    {
        var page = await registered.Broker.DoAsync("GET", "/csourceRegistrations?type=Building&limit=2&count=true");

        Assert.Equal("5", page.Headers.GetValues("NGSILD-Results-Count").Single());
        Assert.Contains(page.Headers.GetValues("Link"), link => link.Contains("rel=\"next\"", StringComparison.Ordinal));
    }

    public sealed class Registered(Infrastructure infrastructure) : IAsyncLifetime
    {
        private Broker? broker;

        public Broker Broker => broker!;

        public async ValueTask InitializeAsync()
        {
            broker = await Broker.StartAsync(infrastructure);
            const string Building = "\"information\":[{\"entities\":[{\"type\":\"Building\"}]}]";
            foreach (var (name, members) in new[]
            {
                ("buildings", "\"information\":[{\"entities\":[{\"type\":\"Building\"}],\"propertyNames\":[\"name\"]}]"),
                ("patterned", "\"information\":[{\"entities\":[{\"type\":\"Building\",\"idPattern\":\".*:special:.*\"}]}]"),
                ("vehicles", "\"information\":[{\"entities\":[{\"type\":\"Vehicle\"}]}]"),
                ("placed", Building + ",\"location\":{\"type\":\"Point\",\"coordinates\":[-8.51,41.21]}"),
                ("scoped", Building + ",\"scope\":[\"/city/north\"]"),
                ("tagged", Building + ",\"tag\":\"x\""),
                ("historic", Building + ",\"observationInterval\":{\"startAt\":\"2020-01-01T00:00:00Z\",\"endAt\":\"2020-12-31T00:00:00Z\"}"),
            })
            {
                await broker.DoAsync("POST", "/csourceRegistrations", $$"""{"id":"urn:ngsi-ld:ContextSourceRegistration:{{name}}","type":"ContextSourceRegistration",{{members}},"endpoint":"http://my.csource.org"}""");
            }
        }

        public ValueTask DisposeAsync() => broker!.DisposeAsync();
    }
}

/// <summary>ETSI GS CIM 009, clauses 5.11 and 5.3.2: subscriptions to sources.</summary>
public sealed class SourceSubscriptionTests(NotifyingFixture fixture) : IClassFixture<NotifyingFixture>
{
    private readonly Broker broker = fixture.Broker;
    private readonly Receiver receiver = fixture.Receiver;
    private readonly string type = $"T{Guid.NewGuid():N}";
    private readonly string path = $"/{Guid.NewGuid():N}";

    [Fact]
    public async Task Subscription_HearsOfSourcesThatMatchFromTheStart()
    {
        var old = await RegisterAsync(type);
        await SubscribeAsync();
        var first = Assert.Single(await receiver.WaitAsync(path));
        var id = await RegisterAsync(type);
        await broker.DoAsync("PATCH", $"/csourceRegistrations/{id}", """{"description":"changed"}""");
        await broker.DoAsync("PATCH", $"/csourceRegistrations/{id}", """{"information":[{"entities":[{"type":"Another"}]}]}""");
        await broker.DoAsync("DELETE", $"/csourceRegistrations/{id}");
        await broker.DoAsync("DELETE", $"/csourceRegistrations/{old}");

        var requests = await receiver.WaitAsync(path, 5);

        Assert.Equal("ContextSourceNotification", (string?)first.Body["type"]);
        Assert.Equal(old, (string?)Assert.Single(first.Data)!["id"]);
        Assert.Equal(["newlyMatching", "newlyMatching", "updated", "noLongerMatching", "noLongerMatching"], requests.Select(request => (string?)request.Body["triggerReason"]));
        Assert.Equal(5, requests.Count);
    }

    /// <summary>Clause 5.11.3.4.</summary>
    [Fact]
    public async Task Update_OfASubscription_TellsWhatMatchesNow()
    {
        var source = await RegisterAsync(type);
        var id = await SubscribeAsync("Another" + type);

        await broker.DoAsync("PATCH", $"/csourceSubscriptions/{id}", $$"""{"entities":[{"type":"{{type}}"}]}""");

        Assert.Equal(source, (string?)Assert.Single(Assert.Single(await receiver.WaitAsync(path)).Data)!["id"]);
    }

    [Fact]
    public async Task Life_IsThatOfASubscription()
    {
        var id = await SubscribeAsync();

        var subscription = await broker.GetAsync($"/csourceSubscriptions/{id}");
        await broker.DoAsync("PATCH", $"/csourceSubscriptions/{id}", """{"description":"changed"}""");

        Assert.Equal(type, (string?)subscription["entities"]![0]!["type"]);
        Assert.Contains(id, (await broker.GetAsync("/csourceSubscriptions?limit=1000")).AsArray().Select(item => (string)item!["id"]!));
        await Broker.AssertProblemAsync(await broker.SendAsync("GET", $"/subscriptions/{id}"), HttpStatusCode.NotFound, "ResourceNotFound");
        await Broker.AssertProblemAsync(await broker.SendAsync("POST", "/csourceSubscriptions", """{"type":"Subscription"}"""), HttpStatusCode.BadRequest, "BadRequestData", "notification");
        Assert.Equal(HttpStatusCode.NoContent, (await broker.SendAsync("DELETE", $"/csourceSubscriptions/{id}")).StatusCode);
        await Broker.AssertProblemAsync(await broker.SendAsync("DELETE", $"/csourceSubscriptions/{id}"), HttpStatusCode.NotFound, "ResourceNotFound");
    }

    private async Task<string> SubscribeAsync(string? to = null) => (await broker.DoAsync("POST", "/csourceSubscriptions",
        $$"""{"type":"Subscription","entities":[{"type":"{{to ?? type}}"}],"notification":{"endpoint":{"uri":"{{receiver.Address}}{{path}}"} } }""")).Headers.Location!.ToString().Split('/')[^1];

    private async Task<string> RegisterAsync(string of) => (await broker.DoAsync("POST", "/csourceRegistrations",
        $$"""{"type":"ContextSourceRegistration","information":[{"entities":[{"type":"{{of}}"}]}],"endpoint":"http://my.csource.org"}""")).Headers.Location!.ToString().Split('/')[^1];
}
