using System.Net;
using System.Text.Json.Nodes;
using LivingCity.Ingestion.Tests.Subscriptions;
using LivingCity.Testing;
using Microsoft.AspNetCore.Http;

namespace LivingCity.Ingestion.Tests.Registrations;

/// <summary>ETSI GS CIM 009, clauses 4.3.6, 5.7.1 and 5.7.2: reading what is at other sources.</summary>
public sealed class DistributedReadingTests(NotifyingFixture fixture) : IClassFixture<NotifyingFixture>, IAsyncLifetime
{
    private readonly Broker broker = fixture.Broker;
    private readonly string type = $"T{Guid.NewGuid():N}";
    private readonly List<string> registrations = [];
    private Receiver? source;

    private string Id => $"urn:ngsi-ld:{type}:1";

    private Receiver Source => source!;

    public async ValueTask InitializeAsync() => source = await Receiver.StartAsync();

    /// <summary>A registration that stayed would ask whoever gets the source's port next.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var id in registrations)
        {
            await broker.DoAsync("DELETE", $"/csourceRegistrations/{id}");
        }

        await Source.DisposeAsync();
    }

    [Fact]
    public async Task Retrieve_InclusiveSource_AddsWhatItHas()
    {
        await broker.UpsertAsync(Entity(Property("name", "\"here\"")));
        await RegisterAsync("inclusive");
        Source.Answer = _ => Json(Entity(Property("speed", "50")));

        var entity = await broker.GetAsync($"/entities/{Id}");

        Assert.Equal(("here", 50), ((string?)entity["name"]!["value"], (int)entity["speed"]!["value"]!));
        var request = Assert.Single(Source.All);
        Assert.Equal(("GET", $"/source/ngsi-ld/v1/entities/{Id}", ""), (request.Method, request.Path, request.Query));
        Assert.Equal($"1.1 {(await broker.GetAsync("/info/sourceIdentity"))["contextSourceAlias"]}", request.Headers["Via"]);
        Assert.Contains("json-ld#context", request.Headers["Link"], StringComparison.Ordinal);
        Assert.False(request.Headers.ContainsKey("Authorization"));
    }

    [Fact]
    public async Task Retrieve_WithoutJoin_LeavesRelatedEntitiesAlone()
    {
        await broker.UpsertAsync(Entity("\"owner\":{\"type\":\"Relationship\",\"object\":\"urn:x:owner\"}"), """{"id":"urn:x:owner","type":"Person"}""");
        await RegisterAsync("inclusive");
        Source.Answer = _ => Json(Entity(Property("speed", "50")));

        Assert.Equal(["type", "object"], (await broker.GetAsync($"/entities/{Id}"))["owner"]!.AsObject().Select(member => member.Key));
    }

    [Fact]
    public async Task Retrieve_OnlyAtTheSource_IsFound()
    {
        await RegisterAsync("inclusive");
        Source.Answer = _ => Json(Entity(Property("speed", "50")));

        var entity = await broker.GetAsync($"/entities/{Id}?options=keyValues");

        Assert.Equal(50, (int)entity["speed"]!);
    }

    [Fact]
    public async Task Retrieve_WithLocal_AsksNobody()
    {
        await RegisterAsync("inclusive");

        await Broker.AssertProblemAsync(await broker.SendAsync("GET", $"/entities/{Id}?local=true"), HttpStatusCode.NotFound, "ResourceNotFound");
        Assert.Empty(Source.All);
    }

    [Fact]
    public async Task Retrieve_ExclusiveSource_HidesWhatIsHere()
    {
        await broker.UpsertAsync(Entity(Property("speed", "1"), Property("name", "\"here\"")));
        await RegisterAsync("exclusive", $",\"id\":\"{Id}\"", "\"speed\"");
        Source.Answer = _ => Json(Entity(Property("speed", "50"), Property("name", "\"there\"")));

        var entity = await broker.GetAsync($"/entities/{Id}");

        Assert.Equal(("here", 50), ((string?)entity["name"]!["value"], (int)entity["speed"]!["value"]!));
    }

    [Fact]
    public async Task Retrieve_AuxiliarySource_FillsOnlyWhatIsMissing()
    {
        await broker.UpsertAsync(Entity(Property("name", "\"here\"")));
        await RegisterAsync("auxiliary");
        Source.Answer = _ => Json(Entity(Property("name", "\"there\""), Property("speed", "50")));

        var entity = await broker.GetAsync($"/entities/{Id}");

        Assert.Equal(("here", 50), ((string?)entity["name"]!["value"], (int)entity["speed"]!["value"]!));
    }

    [Fact]
    public async Task Retrieve_TheSameAttributeTwice_TakesTheOneObservedLast()
    {
        await broker.UpsertAsync(Entity("\"speed\":{\"type\":\"Property\",\"value\":1,\"observedAt\":\"2026-01-01T08:00:00Z\"}"));
        await RegisterAsync("inclusive");
        Source.Answer = _ => Json(Entity("\"speed\":{\"type\":\"Property\",\"value\":2,\"observedAt\":\"2026-01-01T09:00:00Z\"}"));

        Assert.Equal(2, (int)(await broker.GetAsync($"/entities/{Id}"))["speed"]!["value"]!);
    }

    [Fact]
    public async Task Retrieve_SourceThatFails_IsAWarningBesideTheRest()
    {
        await broker.UpsertAsync(Entity(Property("name", "\"here\"")));
        await RegisterAsync("inclusive");
        Source.Answer = _ => Task.FromResult(Results.StatusCode(500));

        var answer = await broker.DoAsync("GET", $"/entities/{Id}");

        Assert.StartsWith("199 ", answer.Headers.GetValues("NGSILD-Warning").Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Retrieve_SourceThatIsSilent_IsGivenUpAfterItsTimeOut()
    {
        await broker.UpsertAsync(Entity(Property("name", "\"here\"")));
        await RegisterAsync("inclusive", more: ",\"management\":{\"timeout\":50,\"cooldown\":60000}");
        var never = new TaskCompletionSource<IResult>();
        Source.Answer = _ => never.Task;

        var answer = await broker.DoAsync("GET", $"/entities/{Id}");
        await broker.DoAsync("GET", $"/entities/{Id}");

        Assert.Contains("in time", answer.Headers.GetValues("NGSILD-Warning").Single(), StringComparison.Ordinal);
        Assert.Single(Source.All); // left alone for its cooldown
        never.SetResult(Results.Ok());
    }

    [Fact]
    public async Task Retrieve_SourceThatTalksNonsense_IsAWarning()
    {
        await broker.UpsertAsync(Entity(Property("name", "\"here\"")));
        await RegisterAsync("inclusive");
        Source.Answer = _ => Task.FromResult(Results.Text("<html>", "text/html"));

        Assert.Single((await broker.DoAsync("GET", $"/entities/{Id}")).Headers.GetValues("NGSILD-Warning"));
    }

    [Fact]
    public async Task Retrieve_ForwardsTenantAndHeadersOfTheRegistration()
    {
        await RegisterAsync("inclusive", more: ",\"tenant\":\"porto\",\"contextSourceInfo\":[{\"key\":\"X-Key\",\"value\":\"k\"},{\"key\":\"X-Trace\",\"value\":\"urn:ngsi-ld:request\"}]");
        Source.Answer = _ => Json(Entity(Property("speed", "50")));

        await broker.GetAsync($"/entities/{Id}", ("X-Trace", "t"));

        var headers = Assert.Single(Source.All).Headers;
        Assert.Equal(("porto", "k", "t"), (headers["NGSILD-Tenant"], headers["X-Key"], headers["X-Trace"]));
    }

    [Fact]
    public async Task Query_MergesWhatIsHereAndThere()
    {
        await broker.UpsertAsync(Entity(Property("name", "\"here\"")));
        await RegisterAsync("inclusive");
        Source.Answer = _ => Json($"[{Entity(Property("speed", "50"))},{Entity(Property("speed", "60")).Replace(Id, $"urn:ngsi-ld:{type}:2", StringComparison.Ordinal)}]");

        var answer = await broker.DoAsync("GET", $"/entities?type={type}&count=true");

        var entities = JsonNode.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!.AsArray();
        Assert.Equal([50, 60], entities.Select(entity => (int)entity!["speed"]!["value"]!));
        Assert.Equal("here", (string?)entities[0]!["name"]!["value"]);
        Assert.Equal("2", answer.Headers.GetValues("NGSILD-Results-Count").Single());
        Assert.Equal($"?type={type}", Assert.Single(Source.All).Query);
    }

    [Fact]
    public async Task QueryInTheBody_MergesWhatIsHereAndThere()
    {
        await broker.UpsertAsync(Entity(Property("name", "\"here\"")));
        await RegisterAsync("inclusive");
        Source.Answer = _ => Json($"[{Entity(Property("speed", "50"))}]");

        var entities = JsonNode.Parse(await (await broker.DoAsync("POST", "/entityOperations/query?count=true", $$"""{"type":"Query","entities":[{"type":"{{type}}"}],"pick":["speed"]}"""))
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
        await broker.UpsertAsync(Entity(Property("name", "\"here\"")));
        await RegisterAsync("inclusive");
        Source.Answer = _ => Json(told.Replace("TYPE", type, StringComparison.Ordinal));

        var answer = (await broker.GetAsync(path.Replace("TYPE", type, StringComparison.Ordinal))).ToJsonString();
        var local = (await broker.GetAsync(path.Replace("TYPE", type, StringComparison.Ordinal) + (path.Contains('?', StringComparison.Ordinal) ? "&" : "?") + "local=true")).ToJsonString();

        Assert.Contains(member, answer, StringComparison.Ordinal);
        Assert.Contains($"\"{expected}\"", answer, StringComparison.Ordinal);
        Assert.DoesNotContain($"\"{expected}\"", local, StringComparison.Ordinal);
        Assert.Single(Source.All);
    }

    [Fact]
    public async Task Discovery_CountsOfASource_AreAdded()
    {
        await broker.UpsertAsync(Entity(Property("name", "\"here\"")));
        await RegisterAsync("inclusive");
        Source.Answer = _ => Json($$"""{"id":"x","type":"EntityTypeInfo","typeName":"{{type}}","entityCount":4,"attributeDetails":[]}""");

        Assert.Equal(5, (int)(await broker.GetAsync($"/types/{type}"))["entityCount"]!);
    }

    [Theory]
    [InlineData("[1]")]
    [InlineData("""{"typeList":[1,{}],"typeName":5}""")]
    [InlineData("""[{"typeName":["a"],"attributeNames":"b"}]""")]
    public async Task Discovery_NonsenseOfASource_ChangesNothing(string told)
    {
        await broker.UpsertAsync(Entity(Property("name", "\"here\"")));
        await RegisterAsync("inclusive");
        Source.Answer = _ => Json(told);

        foreach (var path in (string[])["/types", "/types?details=true", $"/types/{type}", "/attributes", "/attributes?details=true", "/attributes/name"])
        {
            await broker.GetAsync(path);
        }
    }

    [Fact]
    public async Task Query_ForAnotherType_AsksNobody()
    {
        await RegisterAsync("inclusive");

        await broker.GetAsync($"/entities?type=Another{type}");

        Assert.Empty(Source.All);
    }

    [Fact]
    public async Task Brokers_ThatAreSourcesOfEachOther_DoNotGoInCircles()
    {
        await using var other = await Broker.StartAsync(fixture.Infrastructure);
        var token = fixture.Infrastructure.Issuer.Token("sofia", "data-officer");
        string Register(Broker of) => $$"""
            {"type":"ContextSourceRegistration","information":[{"entities":[{"type":"{{type}}","idPattern":"{{type}}"}]}],"endpoint":"{{of.Client.BaseAddress!.ToString().TrimEnd('/')}}",
            "contextSourceInfo":[{"key":"Authorization","value":"Bearer {{token}}"}]}
            """;
        registrations.Add((await broker.DoAsync("POST", "/csourceRegistrations", Register(other))).Headers.Location!.ToString().Split('/')[^1]);
        await other.DoAsync("POST", "/csourceRegistrations", Register(broker));
        await broker.UpsertAsync(Entity(Property("name", "\"one\"")));
        await other.UpsertAsync(Entity(Property("speed", "50")));

        var entity = await broker.GetAsync($"/entities/{Id}");

        Assert.Equal(("one", 50), ((string?)entity["name"]!["value"], (int)entity["speed"]!["value"]!));
    }

    [Fact]
    public async Task Registration_MadeOnOneReplica_CountsOnTheOther()
    {
        await using var replica = await Broker.StartAsync(fixture.Infrastructure, peer: broker);
        Source.Answer = _ => Json(Entity(Property("speed", "50")));
        await replica.SendAsync("GET", $"/entities/{Id}");

        await RegisterAsync("inclusive");

        await Eventually.EqualAsync(HttpStatusCode.OK, async () => (await replica.SendAsync("GET", $"/entities/{Id}")).StatusCode);
    }

    private async Task RegisterAsync(string mode, string selector = "", string? attributes = null, string more = "")
    {
        using var created = await broker.DoAsync("POST", "/csourceRegistrations", $$"""
            {"type":"ContextSourceRegistration","mode":"{{mode}}","information":[{"entities":[{"type":"{{type}}"{{(selector.Length > 0 ? selector : $",\"idPattern\":\"{type}\"")}}}]{{(attributes is null ? "" : $",\"propertyNames\":[{attributes}]")}}}],"endpoint":"{{Source.Address}}/source"{{more}}}
            """);
        registrations.Add(created.Headers.Location!.ToString().Split('/')[^1]);
    }

    private static Task<IResult> Json(string text) => Task.FromResult(Results.Text(text, "application/json"));

    private static string Property(string name, string value) => $$"""
        "{{name}}":{"type":"Property","value":{{value}}}
        """;

    private string Entity(params string[] attributes) => $$"""{"id":"{{Id}}","type":"{{type}}",{{string.Join(',', attributes)}}}""";
}
