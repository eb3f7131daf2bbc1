using System.Net;
using System.Text.Json.Nodes;
using LivingCity.Ingestion.Tests.Subscriptions;
using LivingCity.Testing;
using Microsoft.AspNetCore.Http;

namespace LivingCity.Ingestion.Tests.Registrations;

/// <summary>ETSI GS CIM 009, clauses 4.3.6 and 5.6: writing what is at other sources.</summary>
public sealed class DistributedWritingTests(NotifyingFixture fixture) : DistributedTests(fixture)
{
    [Fact]
    public async Task Create_InclusiveSource_IsWrittenHereAndThere()
    {
        await RegisterWritableAsync("inclusive");
        Source.Answer = _ => Task.FromResult(Results.Created());

        var created = await Broker.SendAsync("POST", "/entities", Entity("\"speed\":{\"type\":\"Property\",\"value\":5}"));

        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        Assert.Equal($"/ngsi-ld/v1/entities/{Id}", created.Headers.Location!.ToString());
        Assert.Equal(5, (int)Assert.Single(Source.All).Body["speed"]!["value"]!);
        Assert.Equal(HttpStatusCode.OK, (await Broker.SendAsync("GET", $"/entities/{Id}?local=true")).StatusCode);
    }

    [Fact]
    public async Task Create_RedirectSource_IsWrittenThereAlone()
    {
        await RegisterWritableAsync("redirect");
        Source.Answer = _ => Task.FromResult(Results.Created());

        var created = await Broker.SendAsync("POST", "/entities", Entity("\"speed\":{\"type\":\"Property\",\"value\":5}"));

        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        Assert.Equal($"/ngsi-ld/v1/entities/{Id}", created.Headers.Location!.ToString());
        Assert.Equal(("POST", "/source/ngsi-ld/v1/entities"), (Assert.Single(Source.All).Method, Assert.Single(Source.All).Path.TrimEnd('/')));
        Assert.Equal(HttpStatusCode.NotFound, (await Broker.SendAsync("GET", $"/entities/{Id}?local=true")).StatusCode);
    }

    [Fact]
    public async Task Create_ExclusiveSource_GetsItsAttributesAndNoOthers()
    {
        await RegisterWritableAsync("exclusive", $",\"id\":\"{Id}\"", "\"speed\"");
        Source.Answer = _ => Task.FromResult(Results.Created());

        await Broker.DoAsync("POST", "/entities", Entity("\"speed\":{\"type\":\"Property\",\"value\":5}", "\"name\":{\"type\":\"Property\",\"value\":\"n\"}"));

        Assert.Equal(["id", "type", "speed"], Assert.Single(Source.All).Body.Select(member => member.Key));
        var local = (await Broker.GetAsync($"/entities/{Id}?local=true")).AsObject();
        Assert.Equal(["id", "type", "name"], local.Select(member => member.Key));
    }

    [Fact]
    public async Task Create_SourceThatRefuses_IsPartialSuccess()
    {
        await RegisterWritableAsync("inclusive");
        Source.Answer = _ => Task.FromResult(Results.Json(new { type = "https://uri.etsi.org/ngsi-ld/errors/AlreadyExists", title = "t", status = 409 }, statusCode: 409));

        var answer = await Broker.SendAsync("POST", "/entities", Entity("\"speed\":{\"type\":\"Property\",\"value\":5}"));

        Assert.Equal(HttpStatusCode.MultiStatus, answer.StatusCode);
        var body = JsonNode.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;
        Assert.Equal(Id, (string?)body["success"]![0]);
        Assert.Equal("https://uri.etsi.org/ngsi-ld/errors/AlreadyExists", (string?)body["errors"]![0]!["error"]!["type"]);
        Assert.NotNull(body["errors"]![0]!["registrationId"]);
    }

    [Fact]
    public async Task Create_RedirectSourceThatIsAway_Fails()
    {
        await RegisterWritableAsync("redirect");
        Source.Answer = _ => Task.FromResult(Results.StatusCode(500));

        Assert.Equal(HttpStatusCode.BadGateway, (await Broker.SendAsync("POST", "/entities", Entity("\"speed\":{\"type\":\"Property\",\"value\":5}"))).StatusCode);
    }

    [Theory]
    [InlineData("PATCH", "/attrs", """{"speed":{"type":"Property","value":6}}""")]
    [InlineData("POST", "/attrs", """{"speed":{"type":"Property","value":6}}""")]
    [InlineData("PATCH", "", """{"speed":{"type":"Property","value":6}}""")]
    [InlineData("PUT", "", """{"type":"TYPE","speed":{"type":"Property","value":6}}""")]
    [InlineData("PATCH", "/attrs/speed", """{"type":"Property","value":6}""")]
    [InlineData("PUT", "/attrs/speed", """{"type":"Property","value":6}""")]
    [InlineData("DELETE", "/attrs/speed", null)]
    [InlineData("DELETE", "", null)]
    public async Task Write_RedirectSource_GetsIt(string method, string path, string? body)
    {
        await RegisterWritableAsync("redirect");
        Source.Answer = _ => Task.FromResult(Results.NoContent());

        var answer = await Broker.SendAsync(method, $"/entities/{Id}{path}", body?.Replace("TYPE", Type, StringComparison.Ordinal));

        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        var request = Assert.Single(Source.All);
        Assert.Equal((method, $"/source/ngsi-ld/v1/entities/{Id}{path}"), (request.Method, request.Path.TrimEnd('/')));
        if (body is not null)
        {
            Assert.Contains("6", request.Text, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("upsertTemporal", "POST", "", """{"id":"ID","type":"TYPE","speed":[{"type":"Property","value":6,"observedAt":"2026-01-01T00:00:00Z"}]}""")]
    [InlineData("appendAttrsTemporal", "POST", "/ID/attrs", """{"speed":[{"type":"Property","value":6,"observedAt":"2026-01-01T00:00:00Z"}]}""")]
    [InlineData("deleteAttrsTemporal", "DELETE", "/ID/attrs/speed", null)]
    [InlineData("updateAttrInstanceTemporal", "PATCH", "/ID/attrs/speed/urn:i:1", """{"type":"Property","value":6}""")]
    [InlineData("deleteAttrInstanceTemporal", "DELETE", "/ID/attrs/speed/urn:i:1", null)]
    [InlineData("deleteTemporal", "DELETE", "/ID", null)]
    public async Task WriteHistory_RedirectSource_GetsIt(string operation, string method, string path, string? body)
    {
        await RegisterWritableAsync("redirect", operations: operation);
        Source.Answer = _ => Task.FromResult(Results.NoContent());
        string Named(string text) => text.Replace("ID", Id, StringComparison.Ordinal).Replace("TYPE", Type, StringComparison.Ordinal);

        var answer = await Broker.SendAsync(method, Named($"/temporal/entities{path}"), body is null ? null : Named(body));

        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        var request = Assert.Single(Source.All);
        Assert.Equal((method, Named($"/source/ngsi-ld/v1/temporal/entities{path}")), (request.Method, request.Path.TrimEnd('/')));
        Assert.Equal(body?.Contains('6', StringComparison.Ordinal) == true, request.Text.Contains('6', StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.NotFound, (await Broker.SendAsync("GET", $"/temporal/entities/{Id}?local=true")).StatusCode);
    }

    [Fact]
    public async Task WriteHistory_InclusiveSource_IsWrittenHereAndThere()
    {
        await RegisterWritableAsync("inclusive", operations: "upsertTemporal");
        Source.Answer = _ => Task.FromResult(Results.Created());

        var created = await Broker.SendAsync("POST", "/temporal/entities", Entity("\"speed\":[{\"type\":\"Property\",\"value\":5,\"observedAt\":\"2026-01-01T00:00:00Z\"}]"));

        Assert.Equal((HttpStatusCode.Created, $"/ngsi-ld/v1/temporal/entities/{Id}"), (created.StatusCode, created.Headers.Location!.ToString()));
        Assert.Equal(5, (int)Assert.Single(Source.All).Body["speed"]![0]!["value"]!);
        Assert.Equal(HttpStatusCode.OK, (await Broker.SendAsync("GET", $"/temporal/entities/{Id}?local=true")).StatusCode);
    }

    /// <summary>Clause 5.6.1.4: who holds an attribute, but is not registered to have it written, makes that part a conflict.</summary>
    [Fact]
    public async Task Write_ExclusiveSourceThatOnlyReads_IsAConflictForItsPart()
    {
        await RegisterWritableAsync("exclusive", $",\"id\":\"{Id}\"", "\"speed\"", "retrieveOps");

        var part = await Broker.SendAsync("POST", "/entities", Entity("\"speed\":{\"type\":\"Property\",\"value\":5}", "\"name\":{\"type\":\"Property\",\"value\":\"n\"}"));
        var whole = await Broker.SendAsync("PATCH", $"/entities/{Id}/attrs/speed", """{"type":"Property","value":6}""");

        Assert.Equal(HttpStatusCode.MultiStatus, part.StatusCode);
        Assert.Equal("https://uri.etsi.org/ngsi-ld/errors/Conflict", (string?)(await BodyAsync(part))["errors"]![0]!["error"]!["type"]);
        await Broker.AssertProblemAsync(whole, HttpStatusCode.Conflict, "Conflict");
        Assert.Empty(Source.All);
        Assert.Equal(["id", "type", "name"], (await Broker.GetAsync($"/entities/{Id}?local=true")).AsObject().Select(member => member.Key));
    }

    /// <summary>Clause 5.6.21.4.</summary>
    [Theory]
    [InlineData("inclusive", "purgeEntity", 204, HttpStatusCode.NoContent)]
    [InlineData("inclusive", "purgeEntity", 500, HttpStatusCode.MultiStatus)]
    [InlineData("inclusive", "retrieveOps", 204, HttpStatusCode.NoContent)]
    [InlineData("redirect", "retrieveOps", 204, HttpStatusCode.MultiStatus)]
    public async Task Purge_OfASource_IsDoneHereAndThere(string mode, string operation, int told, HttpStatusCode expected)
    {
        await RegisterWritableAsync(mode, operations: operation);
        await Broker.DoAsync("POST", "/entities?local=true", Entity("\"speed\":{\"type\":\"Property\",\"value\":5}"));
        Source.Answer = _ => Task.FromResult(Results.StatusCode(told));

        var answer = await Broker.SendAsync("DELETE", $"/entities?type={Type}&drop=speed&pick=id");

        Assert.Equal(expected, answer.StatusCode);
        Assert.Equal(operation == "purgeEntity" ? [("DELETE", $"?type={Type}&drop=speed")] : Array.Empty<(string, string)>(), Source.All.Select(request => (request.Method, request.Query)));
        Assert.False((await Broker.GetAsync($"/entities/{Id}?local=true")).AsObject().ContainsKey("speed"));
    }

    [Theory]
    [InlineData("create", "inclusive", HttpStatusCode.Created)]
    [InlineData("create", "redirect", HttpStatusCode.Created)]
    [InlineData("upsert", "inclusive", HttpStatusCode.Created)]
    public async Task Batch_OfASource_IsWrittenWhereItBelongs(string operation, string mode, HttpStatusCode expected)
    {
        await RegisterWritableAsync(mode, operations: $"{operation}Batch");
        Source.Answer = _ => Task.FromResult(Results.Json((string[])[Id], statusCode: 201));
        var other = Entity("\"speed\":{\"type\":\"Property\",\"value\":7}").Replace(Type, $"Other{Type[..8]}", StringComparison.Ordinal);

        var answer = await Broker.SendAsync("POST", $"/entityOperations/{operation}", $"[{Entity("\"speed\":{\"type\":\"Property\",\"value\":5}")},{other}]");

        Assert.Equal(expected, answer.StatusCode);
        Assert.Equal([Id, Id.Replace(Type, $"Other{Type[..8]}", StringComparison.Ordinal)], (await BodyAsync(answer)).AsArray().Select(id => (string?)id));
        var request = Assert.Single(Source.All);
        Assert.Equal(("POST", $"/source/ngsi-ld/v1/entityOperations/{operation}"), (request.Method, request.Path));
        Assert.Equal([Id], JsonNode.Parse(request.Text)!.AsArray().Select(entity => (string?)entity!["id"]));
        Assert.Equal(mode == "inclusive" ? HttpStatusCode.OK : HttpStatusCode.NotFound, (await Broker.SendAsync("GET", $"/entities/{Id}?local=true")).StatusCode);
    }

    [Fact]
    public async Task Batch_RefusedByASource_NamesTheEntityAndTheRegistration()
    {
        await RegisterWritableAsync("inclusive", operations: "upsertBatch");
        Source.Answer = _ => Task.FromResult(Results.Json(new { success = Array.Empty<string>(), errors = new[] { new { entityId = Id, error = new { type = "https://uri.etsi.org/ngsi-ld/errors/BadRequestData", title = "t", status = 400 } } } }, statusCode: 207));

        var answer = await Broker.SendAsync("POST", "/entityOperations/upsert", $"[{Entity("\"speed\":{\"type\":\"Property\",\"value\":5}")}]");

        Assert.Equal(HttpStatusCode.MultiStatus, answer.StatusCode);
        var body = await BodyAsync(answer);
        Assert.Equal((Id, Id, "https://uri.etsi.org/ngsi-ld/errors/BadRequestData"), ((string?)body["success"]![0], (string?)body["errors"]![0]!["entityId"], (string?)body["errors"]![0]!["error"]!["type"]));
        Assert.StartsWith("urn:", (string?)body["errors"]![0]!["registrationId"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Batch_SourceThatIsAway_FailsForItsEntitiesAlone()
    {
        await RegisterWritableAsync("redirect", operations: "upsertBatch");
        Source.Answer = _ => Task.FromResult(Results.StatusCode(500));
        var other = Entity("\"speed\":{\"type\":\"Property\",\"value\":7}").Replace(Type, $"Other{Type[..8]}", StringComparison.Ordinal);

        var answer = await Broker.SendAsync("POST", "/entityOperations/upsert", $"[{Entity("\"speed\":{\"type\":\"Property\",\"value\":5}")},{other},{{\"id\":\"no-uri\",\"type\":\"T\"}}]");

        Assert.Equal(HttpStatusCode.MultiStatus, answer.StatusCode);
        var body = await BodyAsync(answer);
        Assert.Equal([Id, "no-uri"], body["errors"]!.AsArray().Select(error => (string?)error!["entityId"]));
        Assert.Equal([502, 400], body["errors"]!.AsArray().Select(error => (int)error!["error"]!["status"]!));
        Assert.Single(body["success"]!.AsArray());
    }

    [Fact]
    public async Task BatchDelete_GoesWhereTheEntitiesAre()
    {
        await Broker.UpsertAsync(Entity("\"speed\":{\"type\":\"Property\",\"value\":5}"));
        await RegisterWritableAsync("inclusive", operations: "deleteBatch");
        Source.Answer = _ => Task.FromResult(Results.NoContent());

        Assert.Equal(HttpStatusCode.NoContent, (await Broker.SendAsync("POST", "/entityOperations/delete", $"[\"{Id}\"]")).StatusCode);

        Assert.Equal($"[\"{Id}\"]", Assert.Single(Source.All).Text);
        Assert.Equal(HttpStatusCode.NotFound, (await Broker.SendAsync("GET", $"/entities/{Id}?local=true")).StatusCode);
    }

    [Theory]
    [InlineData("upsert", "{}")]
    [InlineData("upsert", "[]")]
    [InlineData("upsert", "")]
    [InlineData("delete", "[5]")]
    [InlineData("delete", "[\"no uri\"]")]
    public async Task Batch_ThatIsWrong_IsSaidSoAsWithoutSources(string operation, string body)
    {
        var before = await Broker.SendAsync("POST", $"/entityOperations/{operation}", body);
        await RegisterWritableAsync("inclusive", operations: $"{operation}Batch");

        var after = await Broker.SendAsync("POST", $"/entityOperations/{operation}", body);

        Assert.Equal(before.StatusCode, after.StatusCode);
        Assert.Empty(Source.All);
    }

    [Fact]
    public async Task Write_WhatNobodyHas_Answers404()
    {
        await RegisterWritableAsync("inclusive");
        Source.Answer = _ => Task.FromResult(Results.NotFound());

        await Broker.AssertProblemAsync(await Broker.SendAsync("DELETE", $"/entities/{Id}"), HttpStatusCode.NotFound, "ResourceNotFound");
        await Broker.AssertProblemAsync(await Broker.SendAsync("PATCH", $"/entities/{Id}/attrs", """{"speed":{"type":"Property","value":6}}"""), HttpStatusCode.NotFound, "ResourceNotFound");
    }

    [Fact]
    public async Task Write_SourceOfReadingOnly_IsLeftAlone()
    {
        await RegisterWritableAsync("inclusive", operations: "federationOps");

        await Broker.DoAsync("POST", "/entities", Entity("\"speed\":{\"type\":\"Property\",\"value\":5}"));

        Assert.Empty(Source.All);
    }

    private Task RegisterWritableAsync(string mode, string selector = "", string? attributes = null, string operations = "redirectionOps") =>
        RegisterAsync(mode, selector, attributes, $",\"operations\":[\"{operations}\"]");

    private static async Task<JsonNode> BodyAsync(HttpResponseMessage answer) => JsonNode.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;
}
