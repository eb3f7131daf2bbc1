using System.Net;
using System.Text.Json.Nodes;

namespace LivingCity.Ingestion.Tests.Subscriptions;

/// <summary>ETSI GS CIM 009, clauses 5.3.1, 5.8.6 and 6.3.8: what is notified, and what it looks like.</summary>
public sealed class NotificationTests(NotifyingFixture fixture) : IClassFixture<NotifyingFixture>
{
    private readonly Broker broker = fixture.Broker;
    private readonly Receiver receiver = fixture.Receiver;
    private readonly string type = $"T{Guid.NewGuid():N}";
    private readonly string path = $"/{Guid.NewGuid():N}";

    private string Endpoint => receiver.Address + path;

    private string Entities => $"\"entities\":[{{\"type\":\"{type}\"}}]";

    [Fact]
    public async Task Change_OfAMatchingEntity_SendsTheEntityAsItIs()
    {
        var id = await broker.SubscribeAsync(Entities, Endpoint);

        await broker.UpsertAsync(Entity("1", "\"speed\":{\"type\":\"Property\",\"value\":50,\"unitCode\":\"KMH\"}"));

        var request = Assert.Single(await receiver.WaitAsync(path));
        Assert.Equal("POST", request.Method);
        Assert.Equal("application/json", request.Headers["Content-Type"]);
        Assert.Equal($"<{Broker.CoreContext}>; rel=\"http://www.w3.org/ns/json-ld#context\"; type=\"application/ld+json\"", request.Headers["Link"]);
        Assert.False(request.Headers.ContainsKey("NGSILD-Tenant"));
        Assert.Equal("Notification", (string?)request.Body["type"]);
        Assert.StartsWith("urn:ngsi-ld:Notification:", request.NotificationId, StringComparison.Ordinal);
        Assert.Equal(id, (string?)request.Body["subscriptionId"]);
        Assert.Matches(@"^\d{4}-.*Z$", (string?)request.Body["notifiedAt"]);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(Entity("1", "\"speed\":{\"type\":\"Property\",\"value\":50,\"unitCode\":\"KMH\"}")), Assert.Single(request.Data)), request.Text);
    }

    [Theory]
    [InlineData("\"format\":\"normalized\"", """{"type":"Property","value":50,"unitCode":"KMH"}""")]
    [InlineData("\"format\":\"concise\"", """{"value":50,"unitCode":"KMH"}""")]
    [InlineData("\"format\":\"keyValues\"", "50")]
    [InlineData("\"format\":\"simplified\"", "50")]
    public async Task Notification_Format_IsThatOfTheSubscription(string format, string expected)
    {
        await broker.SubscribeAsync(Entities, Endpoint, format);

        await broker.UpsertAsync(Entity("1", "\"speed\":{\"type\":\"Property\",\"value\":50,\"unitCode\":\"KMH\"}"));

        var entity = Assert.Single(Assert.Single(await receiver.WaitAsync(path)).Data)!;
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), entity["speed"]), entity.ToJsonString());
    }

    [Theory]
    [InlineData("\"attributes\":[\"a\"]", "a")]
    [InlineData("\"pick\":[\"id\",\"type\",\"b\"]", "b")]
    [InlineData("\"omit\":[\"a\"]", "b")]
    public async Task Notification_Attributes_AreThoseOfTheSubscription(string projection, string only)
    {
        await broker.SubscribeAsync(Entities, Endpoint, projection);

        await broker.UpsertAsync(Entity("1", Property("a", 1), Property("b", 2)));

        var entity = Assert.Single(Assert.Single(await receiver.WaitAsync(path)).Data)!.AsObject();
        Assert.Equal(["id", "type", only], entity.Select(member => member.Key));
    }

    /// <summary>Clauses 5.2.14 and 4.5.23: related entities come with the notification.</summary>
    [Theory]
    [InlineData("\"join\":\"inline\"", """[{"id":"ID:1","type":"TYPE","owner":{"id":"ID:owner","type":"TYPEOwner","name":"Ana"}}]""")]
    [InlineData("\"join\":\"inline\",\"joinLevel\":1,\"pick\":[\"id\",\"owner{name}\"]", """[{"id":"ID:1","owner":{"name":"Ana"}}]""")]
    [InlineData("\"join\":\"flat\"", """[{"id":"ID:1","type":"TYPE","owner":"ID:owner"},{"id":"ID:owner","type":"TYPEOwner","name":"Ana"}]""")]
    [InlineData("\"join\":\"@none\"", """[{"id":"ID:1","type":"TYPE","owner":"ID:owner"}]""")]
    public async Task Notification_Joined_HoldsRelatedEntities(string join, string expected)
    {
        var entity = Entity("1", "\"owner\":{\"type\":\"Relationship\",\"object\":\"OWNER\"}");
        var (id, type) = ((string)JsonNode.Parse(entity)!["id"]!, (string)JsonNode.Parse(entity)!["type"]!);
        var prefix = id[..id.LastIndexOf(':')];
        await broker.UpsertAsync($$"""{"id":"{{prefix}}:owner","type":"{{type}}Owner","name":"Ana"}""");
        await broker.SubscribeAsync(Entities, Endpoint, $"\"format\":\"simplified\",{join}");

        await broker.UpsertAsync(entity.Replace("OWNER", $"{prefix}:owner", StringComparison.Ordinal));

        var told = Assert.Single(await receiver.WaitAsync(path)).Data.ToJsonString();
        Assert.Equal(expected.Replace("ID", prefix, StringComparison.Ordinal).Replace("TYPE", type, StringComparison.Ordinal), told);
    }

    [Fact]
    public async Task Notification_WithSysAttrs_TellsWhen()
    {
        await broker.SubscribeAsync(Entities, Endpoint, "\"sysAttrs\":true");

        await broker.UpsertAsync(Entity("1", Property("a", 1)));

        var entity = Assert.Single(Assert.Single(await receiver.WaitAsync(path)).Data)!;
        Assert.NotNull(entity["createdAt"]);
        Assert.NotNull(entity["a"]!["modifiedAt"]);
    }

    [Fact]
    public async Task Notification_AsJsonLd_HasTheContextInItsBody()
    {
        await broker.DoAsync("POST", "/subscriptions", $$"""
            {"type":"Subscription",{{Entities}},"notification":{"endpoint":{"uri":"{{Endpoint}}","accept":"application/ld+json"} },"@context":[{"speed":"https://example.org/speed"},"{{Broker.CoreContext}}"]}
            """, "application/ld+json");

        await broker.UpsertAsync(Entity("1", Property("https://example.org/speed", 1)));

        var request = Assert.Single(await receiver.WaitAsync(path));
        Assert.Equal("application/ld+json", request.Headers["Content-Type"]);
        Assert.False(request.Headers.ContainsKey("Link"));
        Assert.NotNull(request.Body["@context"]);
        Assert.NotNull(Assert.Single(request.Data)!["speed"]);
    }

    [Fact]
    public async Task Notification_WithAContextThatWasInline_LinksToOneThatCanBeFetched()
    {
        await broker.DoAsync("POST", "/subscriptions", $$"""
            {"type":"Subscription",{{Entities}},"notification":{"endpoint":{"uri":"{{Endpoint}}"} },"@context":[{"speed":"https://example.org/speed"},"{{Broker.CoreContext}}"]}
            """, "application/ld+json");

        await broker.UpsertAsync(Entity("1", Property("https://example.org/speed", 1)));

        var request = Assert.Single(await receiver.WaitAsync(path));
        var link = request.Headers["Link"].Split('<', '>')[1];
        Assert.NotNull(Assert.Single(request.Data)!["speed"]);
        Assert.Equal(1L, await broker.Host.ScalarAsync<long>($"SELECT count(*) FROM jsonld_context WHERE url = '{link}' AND body::text LIKE '%https://example.org/speed%'", "sofia"));
    }

    [Fact]
    public async Task Notification_AsGeoJson_IsAFeatureCollection()
    {
        await broker.DoAsync("POST", "/subscriptions", $$"""
            {"type":"Subscription",{{Entities}},"notification":{"endpoint":{"uri":"{{Endpoint}}","accept":"application/geo+json"} } }
            """);

        await broker.UpsertAsync(Entity("1", """ "location":{"type":"GeoProperty","value":{"type":"Point","coordinates":[23.3,42.7]}}"""));

        var request = Assert.Single(await receiver.WaitAsync(path));
        Assert.Equal("application/geo+json", request.Headers["Content-Type"]);
        Assert.Equal("FeatureCollection", (string?)request.Body["data"]!["type"]);
        Assert.Equal("Point", (string?)request.Body["data"]!["features"]![0]!["geometry"]!["type"]);
    }

    [Fact]
    public async Task Notification_OfASubscriberThatNamedItsTenant_NamesIt()
    {
        await broker.DoAsync("POST", "/subscriptions", $$"""{"type":"Subscription",{{Entities}},"notification":{"endpoint":{"uri":"{{Endpoint}}"} } }""", headers: ("NGSILD-Tenant", "sofia"));

        await broker.UpsertAsync(Entity("1", Property("a", 1)));

        Assert.Equal("sofia", Assert.Single(await receiver.WaitAsync(path)).Headers["NGSILD-Tenant"]);
    }

    [Fact]
    public async Task Notification_CarriesTheReceiverInfoAsHeaders()
    {
        await broker.DoAsync("POST", "/subscriptions", $$"""
            {"type":"Subscription",{{Entities}},"notification":{"endpoint":{"uri":"{{Endpoint}}","receiverInfo":[{"key":"Authorization","value":"Bearer abc"},{"key":"X-City","value":"Sofia"}]} } }
            """);

        await broker.UpsertAsync(Entity("1", Property("a", 1)));

        var request = Assert.Single(await receiver.WaitAsync(path));
        Assert.Equal(("Bearer abc", "Sofia"), (request.Headers["Authorization"], request.Headers["X-City"]));
    }

    [Fact]
    public async Task Notification_WithShowChanges_TellsThePreviousValue()
    {
        await broker.SubscribeAsync(Entities, Endpoint, "\"showChanges\":true");
        await broker.UpsertAsync(Entity("1", Property("a", 1), Property("b", 5)));
        await receiver.WaitAsync(path);

        await broker.UpsertAsync(Entity("1", Property("a", 2)));

        var entity = Assert.Single((await receiver.WaitAsync(path, 2))[1].Data)!;
        Assert.Equal((2, 1), ((int)entity["a"]!["value"]!, (int)entity["a"]!["previousValue"]!));
        Assert.Null(entity["b"]!["previousValue"]);
    }

    /// <summary>Clause 5.8.6: what is deleted is null; what it was is said where changes are to be shown.</summary>
    [Theory]
    [InlineData("\"sysAttrs\":false", """{"id":"ID","type":"T","n":{"type":"Property","value":1},"p":"urn:ngsi-ld:null","l":"urn:ngsi-ld:null"}""", """{"id":"ID","type":"T"}""")]
    [InlineData("\"format\":\"keyValues\"", """{"id":"ID","type":"T","n":1,"p":"urn:ngsi-ld:null","l":"urn:ngsi-ld:null"}""", """{"id":"ID","type":"T"}""")]
    [InlineData("\"showChanges\":true",
        """{"id":"ID","type":"T","n":{"type":"Property","value":1},"p":{"type":"Property","value":"urn:ngsi-ld:null","previousValue":2},"l":{"type":"LanguageProperty","languageMap":{"@none":"urn:ngsi-ld:null"},"previousLanguageMap":{"en":"x"}}}""",
        """{"id":"ID","type":"T","n":{"type":"Property","value":"urn:ngsi-ld:null","previousValue":1}}""")]
    [InlineData("\"showChanges\":true,\"format\":\"concise\"",
        """{"id":"ID","type":"T","n":1,"p":{"value":"urn:ngsi-ld:null","previousValue":2},"l":{"languageMap":{"@none":"urn:ngsi-ld:null"},"previousLanguageMap":{"en":"x"}}}""",
        """{"id":"ID","type":"T","n":{"value":"urn:ngsi-ld:null","previousValue":1}}""")]
    public async Task Deletion_OfAttributesAndEntity_IsTold(string notification, string attributesGone, string entityGone)
    {
        var id = $"urn:ngsi-ld:{type}:1";
        await broker.UpsertAsync($$"""{"id":"{{id}}","type":"{{type}}","n":1,"p":2,"l":{"languageMap":{"en":"x"} } }""");
        await broker.SubscribeAsync(Entities + ",\"notificationTrigger\":[\"attributeDeleted\",\"entityDeleted\"]", Endpoint, notification);

        await broker.DoAsync("PATCH", $"/entities/{id}", """{"p":"urn:ngsi-ld:null","l":"urn:ngsi-ld:null"}""");
        await broker.DoAsync("DELETE", $"/entities/{id}");

        var requests = await receiver.WaitAsync(path, 2);
        var (first, second) = (requests[0].Data[0]!.AsObject(), requests[1].Data[0]!.AsObject());
        Assert.True(second.Remove("deletedAt"));
        AssertSame(attributesGone, first);
        AssertSame(entityGone, second);

        void AssertSame(string expected, JsonObject actual) =>
            Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected.Replace("ID", id, StringComparison.Ordinal).Replace("\"T\"", $"\"{type}\"", StringComparison.Ordinal)), actual), actual.ToJsonString());
    }

    /// <summary>Clauses 5.8.6 and 4.3.6.8.</summary>
    [Fact]
    public async Task Notification_ForAnOlderReader_IsInItsTerms()
    {
        await broker.SubscribeAsync(Entities + ",\"ngsildConformance\":\"1.3\"", Endpoint);

        await broker.UpsertAsync($$"""{"id":"urn:ngsi-ld:{{type}}:1","type":"{{type}}","scope":"/A","l":{"languageMap":{"en":"x"} } }""");

        var entity = Assert.Single(Assert.Single(await receiver.WaitAsync(path)).Data)!;
        Assert.Null(entity["scope"]);
        Assert.Equal("""{"type":"Property","value":{"en":"x"}}""", entity["l"]!.ToJsonString());
    }

    /// <summary>Clause 5.2.12: a subscription for this broker alone needs to name nothing.</summary>
    [Fact]
    public async Task Subscription_LocalOnlyWithoutEntities_HearsOfAll()
    {
        await using var own = await Broker.StartAsync(fixture.Infrastructure);
        await own.SubscribeAsync("\"localOnly\":true", Endpoint);

        await own.UpsertAsync(Entity("1", Property("a", 1)));

        Assert.Single(await receiver.WaitAsync(path));
    }

    [Theory]
    [InlineData(null, "attributeCreated,attributeUpdated")]
    [InlineData("\"entityCreated\"", "entityCreated")]
    [InlineData("\"entityDeleted\"", "entityDeleted")]
    [InlineData("\"attributeCreated\"", "attributeCreated")]
    [InlineData("\"attributeUpdated\"", "attributeUpdated")]
    [InlineData("\"attributeDeleted\"", "attributeDeleted")]
    [InlineData("\"entityUpdated\"", "entityUpdated")]
    public async Task Triggers_DecideWhichChangesNotify(string? triggers, string expected)
    {
        await broker.SubscribeAsync(Entities + (triggers is null ? "" : $",\"notificationTrigger\":[{triggers}]"), Endpoint);
        await broker.SubscribeAsync(Entities + ",\"notificationTrigger\":[\"entityDeleted\"]", Endpoint + "/end");

        await broker.UpsertAsync(Entity("1", Property("a", 1)));
        await broker.UpsertAsync(Entity("1", Property("a", 2)));
        await broker.UpsertAsync(Entity("1", Property("b", 3)));
        await broker.DoAsync("DELETE", $"/entities/urn:ngsi-ld:{type}:1/attrs/b");
        await broker.DoAsync("DELETE", $"/entities/urn:ngsi-ld:{type}:1");

        // Which steps each trigger is for: 1 creates entity and a, 2 updates a, 3 creates b, 4 deletes b, 5 deletes the entity.
        var steps = expected switch
        {
            "attributeCreated,attributeUpdated" => [1, 2, 3],
            "entityCreated" => [1],
            "entityDeleted" => [5],
            "attributeCreated" => [1, 3],
            "attributeUpdated" => [2],
            "attributeDeleted" => [4],
            _ => (int[])[2, 3, 4],
        };
        var requests = await receiver.WaitAsync(path, steps.Length);
        await receiver.WaitAsync(path + "/end");
        Assert.Equal(steps.Length, receiver.At(path).Count);
        var last = Assert.Single(requests[^1].Data)!;
        switch (steps[^1])
        {
            case 4:
                Assert.Equal("urn:ngsi-ld:null", (string?)last["b"]);
                break;
            case 5:
                Assert.Equal(["id", "type", "deletedAt"], last.AsObject().Select(member => member.Key));
                break;
        }
    }

    [Fact]
    public async Task WatchedAttributes_DecideWhichChangesNotify()
    {
        await broker.SubscribeAsync(Entities + ",\"watchedAttributes\":[\"a\"]", Endpoint);
        await broker.UpsertAsync(Entity("1", Property("b", 1)));
        await broker.UpsertAsync(Entity("1", Property("b", 2)));

        await broker.UpsertAsync(Entity("1", Property("a", 3)));

        Assert.Equal(3, (int)Assert.Single(Assert.Single(await receiver.WaitAsync(path)).Data)!["a"]!["value"]!);
    }

    [Theory]
    [InlineData("\"entities\":[{\"type\":\"TYPE\",\"id\":\"urn:ngsi-ld:TYPE:yes\"}]")]
    [InlineData("\"entities\":[{\"type\":\"TYPE\",\"idPattern\":\".*:yes$\"}]")]
    [InlineData("\"entities\":[{\"type\":\"TYPE;Marked\"}]")]
    [InlineData("\"entities\":[{\"type\":\"TYPE\"}],\"q\":\"mark==true\"")]
    [InlineData("\"entities\":[{\"type\":\"TYPE\"}],\"q\":\"mark==true;number>5\"")]
    [InlineData("\"entities\":[{\"type\":\"TYPE\"}],\"geoQ\":{\"georel\":\"near;maxDistance==1000\",\"geometry\":\"Point\",\"coordinates\":[23.3,42.7]}")]
    [InlineData("\"entities\":[{\"type\":\"TYPE\"}],\"geoQ\":{\"georel\":\"near;maxDistance==1000\",\"geometry\":\"Point\",\"coordinates\":\"[23.3,42.7]\",\"geoproperty\":\"location\"}")]
    [InlineData("\"entities\":[{\"type\":\"TYPE\"}],\"scopeQ\":\"/City/#\"")]
    [InlineData("\"entities\":[{\"type\":\"*\",\"id\":\"urn:ngsi-ld:TYPE:yes\"}]")]
    public async Task Conditions_DecideWhichEntitiesNotify(string members)
    {
        await broker.SubscribeAsync(members.Replace("TYPE", type, StringComparison.Ordinal), Endpoint);
        string Marked(string id, bool mark) => $$"""
            {"id":"urn:ngsi-ld:{{type}}:{{id}}","type":["{{type}}"{{(mark ? ",\"Marked\"" : "")}}],"scope":"{{(mark ? "/City/Center" : "/Country")}}","mark":{"type":"Property","value":{{(mark ? "true" : "false")}} },
            "number":{"type":"Property","value":{{(mark ? 9 : 1)}} },"location":{"type":"GeoProperty","value":{"type":"Point","coordinates":[{{(mark ? "23.3,42.7" : "10,10")}}]} } }
            """;

        await broker.UpsertAsync(Marked("no", false), Marked("yes", true), Marked("neither", false));

        Assert.EndsWith(":yes", (string?)Assert.Single(Assert.Single(await receiver.WaitAsync(path)).Data)!["id"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Subscription_PausedOrDeleted_NotifiesNobody()
    {
        var paused = await broker.SubscribeAsync(Entities + ",\"isActive\":false", Endpoint);
        var deleted = await broker.SubscribeAsync(Entities, Endpoint + "/deleted");
        await broker.DoAsync("DELETE", $"/subscriptions/{deleted}");
        await broker.SubscribeAsync(Entities, Endpoint + "/live");

        await broker.UpsertAsync(Entity("1", Property("a", 1)));
        await receiver.WaitAsync(path + "/live");
        await broker.DoAsync("PATCH", $"/subscriptions/{paused}", """{"isActive":true}""");
        await broker.UpsertAsync(Entity("1", Property("a", 2)));

        Assert.Equal(2, (int)Assert.Single(Assert.Single(await receiver.WaitAsync(path)).Data)!["a"]!["value"]!);
        Assert.Empty(receiver.At(path + "/deleted"));
    }

    [Fact]
    public async Task Counters_AfterDelivery_AreSeenOnTheSubscription()
    {
        var id = await broker.SubscribeAsync(Entities, Endpoint);
        await broker.UpsertAsync(Entity("1", Property("a", 1)));
        await broker.UpsertAsync(Entity("1", Property("a", 2)));

        await LivingCity.Testing.Eventually.EqualAsync(2, async () => (int?)(await broker.GetAsync($"/subscriptions/{id}"))["notification"]!["timesSent"] ?? 0);

        var notification = (await broker.GetAsync($"/subscriptions/{id}"))["notification"]!;
        Assert.Equal((0, "ok"), ((int)notification["timesFailed"]!, (string?)notification["status"]));
        Assert.NotNull(notification["lastNotification"]);
        Assert.NotNull(notification["lastSuccess"]);
        Assert.Null(notification["lastFailure"]);
    }

    [Fact]
    public async Task Refusal_ByTheReceiver_IsCountedAndNotRepeated()
    {
        var refused = $"{path}/refused";
        receiver.Answer = request => Task.FromResult(request.Path == refused ? Microsoft.AspNetCore.Http.Results.BadRequest() : Microsoft.AspNetCore.Http.Results.Ok());
        var id = await broker.SubscribeAsync(Entities, receiver.Address + refused);

        await broker.UpsertAsync(Entity("1", Property("a", 1)));

        await LivingCity.Testing.Eventually.EqualAsync(1, async () => (int?)(await broker.GetAsync($"/subscriptions/{id}"))["notification"]!["timesFailed"] ?? 0);
        var notification = (await broker.GetAsync($"/subscriptions/{id}"))["notification"]!;
        Assert.Equal("failed", (string?)notification["status"]);
        Assert.NotNull(notification["lastFailure"]);
        Assert.Equal(0L, await broker.Host.ScalarAsync<long>("SELECT count(*) FROM notification WHERE subscription = '" + id + "'", "sofia"));
        Assert.Single(receiver.At(refused));
    }

    [Fact]
    public async Task Redirect_ToAnAddressThatIsNotPublic_IsNotFollowed()
    {
        await using var closed = await Receiver.StartAsync("http://[::1]:0");
        await using var strict = await Receiver.StartAsync();
        strict.Answer = _ => Task.FromResult(Microsoft.AspNetCore.Http.Results.Redirect("http://169.254.169.254/latest", permanent: true, preserveMethod: true));
        var id = await broker.SubscribeAsync(Entities, strict.Address + path);

        await broker.UpsertAsync(Entity("1", Property("a", 1)));

        await LivingCity.Testing.Eventually.TrueAsync(async () => (int?)(await broker.GetAsync($"/subscriptions/{id}"))["notification"]!["timesFailed"] > 0, "the redirect is refused");
    }

    private static string Property(string name, int value) => $$"""
        "{{name}}":{"type":"Property","value":{{value}}}
        """;

    private string Entity(string id, params string[] attributes) => $$"""{"id":"urn:ngsi-ld:{{type}}:{{id}}","type":"{{type}}",{{string.Join(',', attributes)}}}""";
}
