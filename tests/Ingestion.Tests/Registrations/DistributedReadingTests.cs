using System.Net;
using System.Text.Json.Nodes;
using LivingCity.Ingestion.Tests.Subscriptions;
using LivingCity.Testing;
using Microsoft.AspNetCore.Http;

namespace LivingCity.Ingestion.Tests.Registrations;

/// <summary>ETSI GS CIM 009, clauses 4.3.6, 5.7.1 and 5.7.2: reading what is at other sources.</summary>
public sealed class DistributedReadingTests(NotifyingFixture fixture) : DistributedTests(fixture)
{
    [Fact]
    public async Task Retrieve_InclusiveSource_AddsWhatItHas()
    {
        await Broker.UpsertAsync(Entity(Property("name", "\"here\"")));
        await RegisterAsync("inclusive");
        Source.Answer = _ => Json(Entity(Property("speed", "50")));

        var entity = await Broker.GetAsync($"/entities/{Id}");

        Assert.Equal(("here", 50), ((string?)entity["name"]!["value"], (int)entity["speed"]!["value"]!));
        var request = Assert.Single(Source.All);
        Assert.Equal(("GET", $"/source/ngsi-ld/v1/entities/{Id}", ""), (request.Method, request.Path, request.Query));
        Assert.Equal($"1.1 {(await Broker.GetAsync("/info/sourceIdentity"))["contextSourceAlias"]}", request.Headers["Via"]);
        Assert.Contains("json-ld#context", request.Headers["Link"], StringComparison.Ordinal);
        Assert.False(request.Headers.ContainsKey("Authorization"));
    }

    [Fact]
    public async Task Retrieve_WithoutJoin_LeavesRelatedEntitiesAlone()
    {
        await Broker.UpsertAsync(Entity("\"owner\":{\"type\":\"Relationship\",\"object\":\"urn:x:owner\"}"), """{"id":"urn:x:owner","type":"Person"}""");
        await RegisterAsync("inclusive");
        Source.Answer = _ => Json(Entity(Property("speed", "50")));

        Assert.Equal(["type", "object"], (await Broker.GetAsync($"/entities/{Id}"))["owner"]!.AsObject().Select(member => member.Key));
    }

    [Fact]
    public async Task Retrieve_OnlyAtTheSource_IsFound()
    {
        await RegisterAsync("inclusive");
        Source.Answer = _ => Json(Entity(Property("speed", "50")));

        var entity = await Broker.GetAsync($"/entities/{Id}?options=keyValues");

        Assert.Equal(50, (int)entity["speed"]!);
    }

    [Fact]
    public async Task Retrieve_WithLocal_AsksNobody()
    {
        await RegisterAsync("inclusive");

        await Broker.AssertProblemAsync(await Broker.SendAsync("GET", $"/entities/{Id}?local=true"), HttpStatusCode.NotFound, "ResourceNotFound");
        Assert.Empty(Source.All);
    }

    [Fact]
    public async Task Retrieve_ExclusiveSource_HidesWhatIsHere()
    {
        await RegisterAsync("exclusive", $",\"id\":\"{Id}\"", "\"speed\"");
        await Broker.DoAsync("POST", "/entities?local=true", Entity(Property("speed", "1"), Property("name", "\"here\"")));
        Source.Answer = _ => Json(Entity(Property("speed", "50"), Property("name", "\"there\"")));

        var entity = await Broker.GetAsync($"/entities/{Id}");

        Assert.Equal(("here", 50), ((string?)entity["name"]!["value"], (int)entity["speed"]!["value"]!));
    }

    [Fact]
    public async Task Retrieve_AuxiliarySource_FillsOnlyWhatIsMissing()
    {
        await Broker.UpsertAsync(Entity(Property("name", "\"here\"")));
        await RegisterAsync("auxiliary", more: ",\"operations\":[\"retrieveOps\"]");
        Source.Answer = _ => Json(Entity(Property("name", "\"there\""), Property("speed", "50")));

        var entity = await Broker.GetAsync($"/entities/{Id}");

        Assert.Equal(("here", 50), ((string?)entity["name"]!["value"], (int)entity["speed"]!["value"]!));
    }

    [Fact]
    public async Task Retrieve_TheSameAttributeTwice_TakesTheOneObservedLast()
    {
        await Broker.UpsertAsync(Entity("\"speed\":{\"type\":\"Property\",\"value\":1,\"observedAt\":\"2026-01-01T08:00:00Z\"}"));
        await RegisterAsync("inclusive");
        Source.Answer = _ => Json(Entity("\"speed\":{\"type\":\"Property\",\"value\":2,\"observedAt\":\"2026-01-01T09:00:00Z\"}"));

        Assert.Equal(2, (int)(await Broker.GetAsync($"/entities/{Id}"))["speed"]!["value"]!);
    }

    [Fact]
    public async Task Retrieve_SourceThatFails_IsAWarningBesideTheRest()
    {
        await Broker.UpsertAsync(Entity(Property("name", "\"here\"")));
        await RegisterAsync("inclusive");
        Source.Answer = _ => Task.FromResult(Results.StatusCode(500));

        var answer = await Broker.DoAsync("GET", $"/entities/{Id}");

        Assert.StartsWith("199 ", answer.Headers.GetValues("NGSILD-Warning").Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Retrieve_SourceThatIsSilent_IsGivenUpAfterItsTimeOut()
    {
        await Broker.UpsertAsync(Entity(Property("name", "\"here\"")));
        await RegisterAsync("inclusive", more: ",\"management\":{\"timeout\":50,\"cooldown\":60000}");
        var never = new TaskCompletionSource<IResult>();
        Source.Answer = _ => never.Task;

        var answer = await Broker.DoAsync("GET", $"/entities/{Id}");
        await Broker.DoAsync("GET", $"/entities/{Id}");

        Assert.Contains("in time", answer.Headers.GetValues("NGSILD-Warning").Single(), StringComparison.Ordinal);
        Assert.Single(Source.All); // left alone for its cooldown
        never.SetResult(Results.Ok());
    }

    [Fact]
    public async Task Retrieve_SourceThatTalksNonsense_IsAWarning()
    {
        await Broker.UpsertAsync(Entity(Property("name", "\"here\"")));
        await RegisterAsync("inclusive");
        Source.Answer = _ => Task.FromResult(Results.Text("<html>", "text/html"));

        Assert.Single((await Broker.DoAsync("GET", $"/entities/{Id}")).Headers.GetValues("NGSILD-Warning"));
    }

    [Fact]
    public async Task Retrieve_ForwardsTenantAndHeadersOfTheRegistration()
    {
        await RegisterAsync("inclusive", more: ",\"tenant\":\"porto\",\"contextSourceInfo\":[{\"key\":\"X-Key\",\"value\":\"k\"},{\"key\":\"X-Trace\",\"value\":\"urn:ngsi-ld:request\"}]");
        Source.Answer = _ => Json(Entity(Property("speed", "50")));

        await Broker.GetAsync($"/entities/{Id}", ("X-Trace", "t"));

        var headers = Assert.Single(Source.All).Headers;
        Assert.Equal(("porto", "k", "t"), (headers["NGSILD-Tenant"], headers["X-Key"], headers["X-Trace"]));
    }

    [Fact]
    public async Task Query_MergesWhatIsHereAndThere()
    {
        await Broker.UpsertAsync(Entity(Property("name", "\"here\"")));
        await RegisterAsync("inclusive");
        Source.Answer = _ => Json($"[{Entity(Property("speed", "50"))},{Entity(Property("speed", "60")).Replace(Id, $"urn:ngsi-ld:{Type}:2", StringComparison.Ordinal)}]");

        var answer = await Broker.DoAsync("GET", $"/entities?type={Type}&count=true");

        var entities = JsonNode.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!.AsArray();
        Assert.Equal([50, 60], entities.Select(entity => (int)entity!["speed"]!["value"]!));
        Assert.Equal("here", (string?)entities[0]!["name"]!["value"]);
        Assert.Equal("2", answer.Headers.GetValues("NGSILD-Results-Count").Single());
        Assert.Equal($"?type={Type}", Assert.Single(Source.All).Query);
    }

    [Fact]
    public async Task QueryInTheBody_MergesWhatIsHereAndThere()
    {
        await Broker.UpsertAsync(Entity(Property("name", "\"here\"")));
        await RegisterAsync("inclusive");
        Source.Answer = _ => Json($"[{Entity(Property("speed", "50"))}]");

        var entities = JsonNode.Parse(await (await Broker.DoAsync("POST", "/entityOperations/query?count=true", $$"""{"type":"Query","entities":[{"type":"{{Type}}"}],"pick":["speed"]}"""))
            .Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!.AsArray();

        Assert.Equal(["speed"], Assert.Single(entities)!.AsObject().Select(member => member.Key));
        var request = Assert.Single(Source.All);
        Assert.Equal(("POST", "/source/ngsi-ld/v1/entityOperations/query"), (request.Method, request.Path));
        Assert.Equal(["type", "entities"], request.Body.Select(member => member.Key)); // what it picks is this broker's affair
    }

    [Theory]
    [InlineData("/types", """{"id":"urn:l:1","type":"EntityTypeList","typeList":["TYPE","Far"]}""", "typeList", "Far")]
    [InlineData("/types?details=true", """[{"id":"x","type":"EntityType","typeName":"TYPE","attributeNames":["far"]}]""", "attributeNames", "far")]
    [InlineData("/types/TYPE", """{"id":"x","type":"EntityTypeInfo","typeName":"TYPE","entityCount":4,"attributeDetails":[{"id":"y","type":"Attribute","attributeName":"far","attributeTypes":["Property"]}]}""", "attributeDetails", "far")]
    [InlineData("/attributes", """{"id":"urn:l:1","type":"AttributeList","attributeList":["far"]}""", "attributeList", "far")]
    [InlineData("/attributes?details=true", """[{"id":"x","type":"Attribute","attributeName":"name","typeNames":["Far"]}]""", "typeNames", "Far")]
    [InlineData("/attributes/name", """{"id":"x","type":"Attribute","attributeName":"name","attributeCount":4,"attributeTypes":["Property"],"typeNames":["Far"]}""", "typeNames", "Far")]
    public async Task Discovery_ToldByASource_IsAdded(string path, string told, string member, string expected)
    {
        await Broker.UpsertAsync(Entity(Property("name", "\"here\"")));
        await RegisterAsync("inclusive");
        Source.Answer = _ => Json(told.Replace("TYPE", Type, StringComparison.Ordinal));

        var answer = (await Broker.GetAsync(path.Replace("TYPE", Type, StringComparison.Ordinal))).ToJsonString();
        var local = (await Broker.GetAsync(path.Replace("TYPE", Type, StringComparison.Ordinal) + (path.Contains('?', StringComparison.Ordinal) ? "&" : "?") + "local=true")).ToJsonString();

        Assert.Contains(member, answer, StringComparison.Ordinal);
        Assert.Contains($"\"{expected}\"", answer, StringComparison.Ordinal);
        Assert.DoesNotContain($"\"{expected}\"", local, StringComparison.Ordinal);
        Assert.Single(Source.All);
    }

    [Fact]
    public async Task Discovery_CountsOfASource_AreAdded()
    {
        await Broker.UpsertAsync(Entity(Property("name", "\"here\"")));
        await RegisterAsync("inclusive");
        Source.Answer = _ => Json($$"""{"id":"x","type":"EntityTypeInfo","typeName":"{{Type}}","entityCount":4,"attributeDetails":[]}""");

        Assert.Equal(5, (int)(await Broker.GetAsync($"/types/{Type}"))["entityCount"]!);
    }

    [Theory]
    [InlineData("[1]")]
    [InlineData("""{"typeList":[1,{}],"typeName":5}""")]
    [InlineData("""[{"typeName":["a"],"attributeNames":"b"}]""")]
    public async Task Discovery_NonsenseOfASource_ChangesNothing(string told)
    {
        await Broker.UpsertAsync(Entity(Property("name", "\"here\"")));
        await RegisterAsync("inclusive");
        Source.Answer = _ => Json(told);

        foreach (var path in (string[])["/types", "/types?details=true", $"/types/{Type}", "/attributes", "/attributes?details=true", "/attributes/name"])
        {
            await Broker.GetAsync(path);
        }
    }

    [Fact]
    public async Task Query_ForAnotherType_AsksNobody()
    {
        await RegisterAsync("inclusive");

        await Broker.GetAsync($"/entities?type=Another{Type}");

        Assert.Empty(Source.All);
    }

    [Fact]
    public async Task Brokers_ThatAreSourcesOfEachOther_DoNotGoInCircles()
    {
        await using var other = await Broker.StartAsync(Fixture.Infrastructure);
        var token = Fixture.Infrastructure.Issuer.Token("sofia", "data-officer");
        string Register(Broker of) => $$"""
            {"type":"ContextSourceRegistration","information":[{"entities":[{"type":"{{Type}}","idPattern":"{{Type}}"}]}],"endpoint":"{{of.Client.BaseAddress!.ToString().TrimEnd('/')}}",
            "contextSourceInfo":[{"key":"Authorization","value":"Bearer {{token}}"}]}
            """;
        await RegisterDocumentAsync(Register(other));
        await other.DoAsync("POST", "/csourceRegistrations", Register(Broker));
        await Broker.UpsertAsync(Entity(Property("name", "\"one\"")));
        await other.UpsertAsync(Entity(Property("speed", "50")));

        var entity = await Broker.GetAsync($"/entities/{Id}");

        Assert.Equal(("one", 50), ((string?)entity["name"]!["value"], (int)entity["speed"]!["value"]!));
    }

    [Fact]
    public async Task Registration_MadeOnOneReplica_CountsOnTheOther()
    {
        await using var replica = await Broker.StartAsync(Fixture.Infrastructure, peer: Broker);
        Source.Answer = _ => Json(Entity(Property("speed", "50")));
        await replica.SendAsync("GET", $"/entities/{Id}");

        await RegisterAsync("inclusive");

        await Eventually.EqualAsync(HttpStatusCode.OK, async () => (await replica.SendAsync("GET", $"/entities/{Id}")).StatusCode);
    }

    private static Task<IResult> Json(string text) => Task.FromResult(Results.Text(text, "application/json"));

    private static string Property(string name, string value) => $$"""
        "{{name}}":{"type":"Property","value":{{value}}}
        """;
}
