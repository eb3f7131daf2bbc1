using System.Net;
using System.Text.Json.Nodes;
using LivingCity.Testing;

namespace LivingCity.Ingestion.Tests.Subscriptions;

/// <summary>ETSI GS CIM 009, clauses 5.8.3 and 6.11.3.1: retrieving a subscription.</summary>
public sealed class RetrieveSubscriptionTests(NotifyingFixture fixture) : IClassFixture<NotifyingFixture>
{
    private readonly Broker broker = fixture.Broker;

    [Fact]
    public async Task Retrieve_GivesWhatWasCreatedWithItsStatus()
    {
        var id = $"urn:ngsi-ld:Subscription:{Guid.NewGuid()}";
        var subscription = $$"""
            {"id":"{{id}}","type":"Subscription","subscriptionName":"Full","description":"All members","entities":[{"type":"Building","idPattern":"urn:.*"},{"type":"(House|Hut);Old"}],
            "watchedAttributes":["name","subCategory"],"notificationTrigger":["entityCreated","attributeUpdated"],"q":"airQualityLevel>20;subCategory==\"a\"","scopeQ":"/Sofia/#",
            "geoQ":{"georel":"near;maxDistance==2000","geometry":"Point","coordinates":[-8.5,41.2],"geoproperty":"location"},"isActive":true,"throttling":5,"expiresAt":"2999-01-01T00:00:00Z","lang":"bg","localOnly":true,"splitEntities":false,"ngsildConformance":"1.8","expandValues":"subCategory","jsonKeys":"name",
            "notification":{"attributes":["name"],"format":"keyValues","endpoint":{"uri":"http://my.endpoint.org/notify","accept":"application/json","timeout":2000,"cooldown":1000,
            "receiverInfo":[{"key":"Authorization","value":"x"}],"notifierInfo":[{"key":"k","value":"v"}]} } }
            """;
        await broker.DoAsync("POST", "/subscriptions", subscription);

        var answer = await broker.SendAsync("GET", $"/subscriptions/{id}");

        Assert.Equal("application/json", answer.Content.Headers.ContentType?.MediaType);
        Assert.Contains("http://www.w3.org/ns/json-ld#context", string.Join(',', answer.Headers.GetValues("Link")), StringComparison.Ordinal);
        var expected = JsonNode.Parse(subscription)!.AsObject();
        expected["status"] = "active";
        var actual = JsonNode.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.True(JsonNode.DeepEquals(expected, actual), actual!.ToJsonString());
    }

    [Fact]
    public async Task Retrieve_AsJsonLd_HasTheContextInTheBody()
    {
        var id = await broker.SubscribeAsync("\"entities\":[{\"type\":\"Building\"}]", "http://my.endpoint.org/notify");

        var subscription = await broker.GetAsync($"/subscriptions/{id}", ("Accept", "application/ld+json"));

        Assert.NotNull(subscription["@context"]);
    }

    [Fact]
    public async Task Retrieve_UnderAnotherContext_UsesItsNames()
    {
        var created = await broker.DoAsync("POST", "/subscriptions", $$"""
            {"type":"Subscription","entities":[{"type":"Casa"}],"watchedAttributes":["nome"],"notification":{"attributes":["nome"],"endpoint":{"uri":"http://my.endpoint.org/notify"} },
            "@context":[{"Casa":"https://example.org/House","nome":"https://example.org/name"},"{{Broker.CoreContext}}"]}
            """, "application/ld+json");

        var plain = await broker.GetAsync($"/subscriptions/{created.Headers.Location!.ToString().Split('/')[^1]}");

        Assert.Equal("https://example.org/House", (string?)plain["entities"]![0]!["type"]);
        Assert.Equal("https://example.org/name", (string?)plain["watchedAttributes"]![0]);
        Assert.Equal("https://example.org/name", (string?)plain["notification"]!["attributes"]![0]);
    }

    [Fact]
    public async Task Retrieve_PausedOrExpired_SaysSo()
    {
        var time = new ManualTime(DateTimeOffset.UtcNow);
        await using var own = await Broker.StartAsync(fixture.Infrastructure, time);
        var paused = await own.SubscribeAsync("\"entities\":[{\"type\":\"B\"}],\"isActive\":false", "http://my.endpoint.org/notify");
        var expiring = await own.SubscribeAsync($"\"entities\":[{{\"type\":\"B\"}}],\"expiresAt\":\"{time.GetUtcNow().AddMinutes(5):yyyy-MM-ddTHH:mm:ssZ}\"", "http://my.endpoint.org/notify");
        Assert.Equal("active", (string?)(await own.GetAsync($"/subscriptions/{expiring}"))["status"]);

        time.Advance(TimeSpan.FromMinutes(6));

        Assert.Equal("paused", (string?)(await own.GetAsync($"/subscriptions/{paused}"))["status"]);
        Assert.Equal("expired", (string?)(await own.GetAsync($"/subscriptions/{expiring}"))["status"]);
    }

    [Fact]
    public async Task Retrieve_Unknown_Answers404() =>
        await Broker.AssertProblemAsync(await broker.SendAsync("GET", "/subscriptions/urn:ngsi-ld:Subscription:unknown"), HttpStatusCode.NotFound, "ResourceNotFound");

    [Fact]
    public async Task Retrieve_WhatIsNoUri_Answers400() =>
        await Broker.AssertProblemAsync(await broker.SendAsync("GET", "/subscriptions/invalidId"), HttpStatusCode.BadRequest, "BadRequestData");

    [Fact]
    public async Task Retrieve_OfAnotherCity_Answers404()
    {
        var id = await broker.SubscribeAsync("\"entities\":[{\"type\":\"Building\"}]", "http://my.endpoint.org/notify");
        using var other = broker.Host.As("sant-boi", "data-officer");

        await Broker.AssertProblemAsync(await Broker.SendAsync(other, "GET", $"/subscriptions/{id}", null, ""), HttpStatusCode.NotFound, "ResourceNotFound");
    }
}

/// <summary>ETSI GS CIM 009, clauses 5.8.4 and 6.10.3.2: querying subscriptions.</summary>
public sealed class QuerySubscriptionsTests(Infrastructure infrastructure)
{
    [Fact]
    public async Task Query_PagesInTheOrderOfCreationAndCounts()
    {
        await using var broker = await Broker.StartAsync(infrastructure);
        var ids = new List<string>();
        foreach (var _ in Enumerable.Range(0, 3))
        {
            ids.Add(await broker.SubscribeAsync("\"entities\":[{\"type\":\"Building\"}]", "http://my.endpoint.org/notify"));
        }

        var first = await broker.DoAsync("GET", "/subscriptions?limit=2&count=true");
        var second = await broker.DoAsync("GET", "/subscriptions?limit=2&offset=2");
        var counted = await broker.DoAsync("GET", "/subscriptions?limit=0&count=true");

        Assert.Equal(ids.Take(2), await IdsAsync(first));
        Assert.Equal(ids.Skip(2), await IdsAsync(second));
        Assert.Empty(await IdsAsync(counted));
        Assert.Equal("3", first.Headers.GetValues("NGSILD-Results-Count").Single());
        Assert.Contains(first.Headers.GetValues("Link"), link => link.Contains("rel=\"next\"", StringComparison.Ordinal));
        Assert.Contains(second.Headers.GetValues("Link"), link => link.Contains("rel=\"prev\"", StringComparison.Ordinal));
        Assert.DoesNotContain(second.Headers.GetValues("Link"), link => link.Contains("rel=\"next\"", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("limit=-1")]
    [InlineData("limit=x")]
    [InlineData("limit=0")]
    [InlineData("offset=-1")]
    public async Task Query_WithAWrongPage_Answers400(string query)
    {
        await using var broker = await Broker.StartAsync(infrastructure);

        await Broker.AssertProblemAsync(await broker.SendAsync("GET", $"/subscriptions?{query}"), HttpStatusCode.BadRequest, "BadRequestData");
    }

    private static async Task<string[]> IdsAsync(HttpResponseMessage answer) =>
        [.. JsonNode.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!.AsArray().Select(subscription => (string)subscription!["id"]!)];
}

/// <summary>ETSI GS CIM 009, clauses 5.8.2 and 6.11.3.2: changing a subscription.</summary>
public sealed class UpdateSubscriptionTests(NotifyingFixture fixture) : IClassFixture<NotifyingFixture>
{
    private readonly Broker broker = fixture.Broker;

    [Fact]
    public async Task Update_ReplacesTheMembersThatAreGiven()
    {
        var id = await broker.SubscribeAsync("\"subscriptionName\":\"old\",\"description\":\"d\",\"entities\":[{\"type\":\"A\"}]", "http://my.endpoint.org/notify", "\"attributes\":[\"a\"]");

        var answer = await broker.SendAsync("PATCH", $"/subscriptions/{id}",
            """{"type":"Subscription","subscriptionName":"new","description":null,"entities":[{"type":"B"}],"notification":{"format":"keyValues","endpoint":{"uri":"http://my.endpoint.org/other"}}}""");

        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        var subscription = await broker.GetAsync($"/subscriptions/{id}?options=sysAttrs");
        Assert.Equal(("new", null, "B"), ((string?)subscription["subscriptionName"], (string?)subscription["description"], (string?)subscription["entities"]![0]!["type"]));
        Assert.Equal("""{"format":"keyValues","endpoint":{"uri":"http://my.endpoint.org/other"}}""", subscription["notification"]!.ToJsonString());
        Assert.NotEqual((string?)subscription["createdAt"], (string?)subscription["modifiedAt"]);
    }

    [Theory]
    [InlineData("{}", "nothing")]
    [InlineData("""{"type":"Entity"}""", "type")]
    [InlineData("""{"id":"urn:ngsi-ld:Subscription:another","isActive":false}""", "id")]
    [InlineData("""{"entities":[]}""", "entities")]
    [InlineData("""{"expiresAt":"2020-01-01T00:00:00Z"}""", "expiresAt")]
    [InlineData("""{"notification":null}""", "notification")]
    [InlineData("""{"notification":{"endpoint":{"uri":"http://10.1.2.3/"}}}""", "notification.endpoint.uri")]
    [InlineData("""{"timeInterval":5,"throttling":5}""", "timeInterval")]
    [InlineData("""{"q":"a=="}""", "q")]
    public async Task Update_WithWhatIsNotValid_Answers400AndChangesNothing(string fragment, string member)
    {
        var id = await broker.SubscribeAsync("\"entities\":[{\"type\":\"A\"}]", "http://my.endpoint.org/notify");
        var before = (await broker.GetAsync($"/subscriptions/{id}?options=sysAttrs")).ToJsonString();

        await Broker.AssertProblemAsync(await broker.SendAsync("PATCH", $"/subscriptions/{id}", fragment), HttpStatusCode.BadRequest, "BadRequestData", member);

        Assert.Equal(before, (await broker.GetAsync($"/subscriptions/{id}?options=sysAttrs")).ToJsonString());
    }

    [Fact]
    public async Task Update_Unknown_Answers404() =>
        await Broker.AssertProblemAsync(await broker.SendAsync("PATCH", "/subscriptions/urn:ngsi-ld:Subscription:unknown", """{"isActive":false}"""), HttpStatusCode.NotFound, "ResourceNotFound");

    [Fact]
    public async Task Update_ByManyAtOnce_LosesNone()
    {
        var id = await broker.SubscribeAsync("\"entities\":[{\"type\":\"A\"}]", "http://my.endpoint.org/notify");
        string[] fragments = ["\"subscriptionName\":\"n\"", "\"description\":\"d\"", "\"q\":\"a>1\"", "\"throttling\":3", "\"watchedAttributes\":[\"a\"]", "\"scopeQ\":\"/a\"", "\"lang\":\"bg\"", "\"isActive\":false"];

        await Task.WhenAll(fragments.Select(fragment => broker.DoAsync("PATCH", $"/subscriptions/{id}", $"{{{fragment}}}")));

        var subscription = (await broker.GetAsync($"/subscriptions/{id}")).AsObject();
        Assert.All(fragments, fragment => Assert.True(subscription.ContainsKey(fragment.Split('"')[1]), fragment));
    }
}

/// <summary>ETSI GS CIM 009, clauses 5.8.5 and 6.11.3.3: deleting a subscription.</summary>
public sealed class DeleteSubscriptionTests(NotifyingFixture fixture) : IClassFixture<NotifyingFixture>
{
    private readonly Broker broker = fixture.Broker;

    [Fact]
    public async Task Delete_EndsIt()
    {
        var id = await broker.SubscribeAsync("\"entities\":[{\"type\":\"A\"}]", "http://my.endpoint.org/notify");

        var answer = await broker.SendAsync("DELETE", $"/subscriptions/{id}");

        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        await Broker.AssertProblemAsync(await broker.SendAsync("DELETE", $"/subscriptions/{id}"), HttpStatusCode.NotFound, "ResourceNotFound");
        await Broker.AssertProblemAsync(await broker.SendAsync("GET", $"/subscriptions/{id}"), HttpStatusCode.NotFound, "ResourceNotFound");
    }

    [Fact]
    public async Task Delete_WhatIsNoUri_Answers400() =>
        await Broker.AssertProblemAsync(await broker.SendAsync("DELETE", "/subscriptions/invalidId"), HttpStatusCode.BadRequest, "BadRequestData");

    [Fact]
    public async Task AnotherMethod_Answers405WithWhatIsAllowed()
    {
        var answer = await broker.SendAsync("PUT", "/subscriptions/urn:ngsi-ld:Subscription:1", "{}");

        Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.StatusCode);
        Assert.Equal(["DELETE", "GET", "PATCH"], answer.Content.Headers.Allow.Order());
    }
}

/// <summary>ETSI GS CIM 009, clause 5.8.6: what depends on the clock.</summary>
public sealed class TimedNotificationTests(Infrastructure infrastructure)
{
    [Fact]
    public async Task Throttling_WithinItsTime_NotifiesNobody()
    {
        var time = new ManualTime(DateTimeOffset.UtcNow);
        await using var broker = await Broker.StartAsync(infrastructure, time);
        await using var receiver = await Receiver.StartAsync();
        await broker.SubscribeAsync("\"entities\":[{\"type\":\"Device\"}],\"throttling\":10", receiver.Address + "/throttled");
        await broker.SubscribeAsync("\"entities\":[{\"type\":\"Device\"}]", receiver.Address + "/all");

        foreach (var value in Enumerable.Range(1, 5))
        {
            await broker.UpsertAsync(Entity("1", value));
            time.Advance(TimeSpan.FromSeconds(4));
        }

        await receiver.WaitAsync("/all", 5);
        Assert.Equal([1, 4], Values(await receiver.WaitAsync("/throttled", 2)));
        await Eventually.EqualAsync(0L, () => broker.Host.ScalarAsync<long>("SELECT count(*) FROM notification", "sofia"));
    }

    [Fact]
    public async Task Throttling_ManyWritersAtOnce_LetsOneThrough()
    {
        var time = new ManualTime(DateTimeOffset.UtcNow);
        await using var one = await Broker.StartAsync(infrastructure, time);
        await using var two = await Broker.StartAsync(infrastructure, time, peer: one);
        await using var receiver = await Receiver.StartAsync();
        await one.SubscribeAsync("\"entities\":[{\"type\":\"Device\"}],\"throttling\":10", receiver.Address + "/throttled");
        await one.SubscribeAsync("\"entities\":[{\"type\":\"Device\"}]", receiver.Address + "/all");

        await Task.WhenAll(Enumerable.Range(0, 20).Select(entity => (entity % 2 == 0 ? one : two).UpsertAsync(Entity($"{entity}", entity))));

        await receiver.WaitAsync("/all", 20);
        Assert.Single(await receiver.WaitAsync("/throttled"));
    }

    [Fact]
    public async Task TimeInterval_EachTimeItPasses_NotifiesAllThatMatch()
    {
        var time = new ManualTime(DateTimeOffset.UtcNow);
        await using var one = await Broker.StartAsync(infrastructure, time);
        await using var two = await Broker.StartAsync(infrastructure, time, peer: one);
        await using var receiver = await Receiver.StartAsync();
        await one.UpsertAsync(Entity("1", 1), Entity("2", 2), Entity("3", 30));
        await one.SubscribeAsync("\"entities\":[{\"type\":\"Device\"}],\"q\":\"value<10\",\"timeInterval\":60", receiver.Address + "/a");
        await one.UpsertAsync(Entity("1", 3));

        time.Advance(TimeSpan.FromSeconds(61));
        await receiver.WaitAsync("/a");
        time.Advance(TimeSpan.FromSeconds(61));
        var requests = await receiver.WaitAsync("/a", 2);

        Assert.Equal(2, requests.Count);
        Assert.All(requests, request => Assert.Equal([3, 2], request.Data.Select(entity => (int)entity!["value"]!["value"]!)));
    }

    /// <summary>Clause 4.22: a transient attribute goes, and whoever watches deletions hears of it.</summary>
    [Fact]
    public async Task Expiry_OfAnAttribute_DeletesItAndTells()
    {
        var time = new ManualTime(DateTimeOffset.UtcNow);
        await using var broker = await Broker.StartAsync(infrastructure, time);
        await using var receiver = await Receiver.StartAsync();
        await broker.SubscribeAsync("\"entities\":[{\"type\":\"Device\"}],\"notificationTrigger\":[\"attributeDeleted\"]", receiver.Address + "/gone");
        await broker.UpsertAsync($$"""{"id":"urn:d:1","type":"Device","a":{"value":1,"expiresAt":"{{time.GetUtcNow().AddMinutes(1):yyyy-MM-ddTHH:mm:ssZ}}"},"b":2}""");
        await broker.UpsertAsync($$"""{"id":"urn:d:2","type":"Device","a":{"value":1,"expiresAt":"{{time.GetUtcNow().AddHours(1):yyyy-MM-ddTHH:mm:ssZ}}"} }""");

        time.Advance(TimeSpan.FromMinutes(2));

        Assert.Equal("urn:ngsi-ld:null", (string?)Assert.Single((await receiver.WaitAsync("/gone"))[0].Data)!["a"]);
        Assert.Equal(["id", "type", "b"], (await broker.GetAsync("/entities/urn:d:1")).AsObject().Select(member => member.Key));
        Assert.NotNull((await broker.GetAsync("/entities/urn:d:2"))["a"]);
        Assert.Equal(1L, await broker.Host.ScalarAsync<long>("SELECT count(*) FROM attribute_expiry", "sofia"));
    }

    [Fact]
    public async Task Expiry_OnceItHasPassed_NotifiesNobody()
    {
        var time = new ManualTime(DateTimeOffset.UtcNow);
        await using var broker = await Broker.StartAsync(infrastructure, time);
        await using var receiver = await Receiver.StartAsync();
        await broker.SubscribeAsync($"\"entities\":[{{\"type\":\"Device\"}}],\"expiresAt\":\"{time.GetUtcNow().AddMinutes(1):yyyy-MM-ddTHH:mm:ssZ}\"", receiver.Address + "/expiring");
        await broker.SubscribeAsync("\"entities\":[{\"type\":\"Device\"}]", receiver.Address + "/lasting");
        await broker.UpsertAsync(Entity("1", 1));
        await receiver.WaitAsync("/expiring");

        time.Advance(TimeSpan.FromMinutes(2));
        await broker.UpsertAsync(Entity("1", 2));

        await receiver.WaitAsync("/lasting", 2);
        Assert.Single(receiver.At("/expiring"));
    }

    private static IEnumerable<int> Values(IEnumerable<Received> requests) => requests.Select(request => (int)request.Data[0]!["value"]!["value"]!);

    private static string Entity(string id, int value) => $$"""{"id":"urn:ngsi-ld:Device:{{id}}","type":"Device","value":{"type":"Property","value":{{value}} } }""";
}
