using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using LivingCity.Testing;

namespace LivingCity.Ingestion.Tests;

/// <summary>ETSI GS CIM 009, clauses 5.6.8 and 6.15.</summary>
public sealed class BatchUpsertTests(HostFixture<Program> fixture) : IClassFixture<HostFixture<Program>>
{
    private readonly ServiceHost<Program> host = fixture.Host;

    [Fact]
    public async Task Upsert_NewEntities_AnswersTheirIdsAndKeepsStateAndHistory()
    {
        using var officer = host.As("sofia", "data-officer");

        var created = await PostAsync(officer, Station("1", "2026-01-01T08:00:00Z", 40), Station("1", "2026-01-01T09:00:00Z", 50));

        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        Assert.Equal(["urn:ngsi-ld:AirQualityObserved:1"], (await created.Content.ReadFromJsonAsync<string[]>(TestContext.Current.CancellationToken))!);
        var entity = await GetAsync(officer, "/ngsi-ld/v1/entities/urn:ngsi-ld:AirQualityObserved:1");
        Assert.Equal(50, (double)entity["pm10"]!["value"]!);
        Assert.Equal("AirQualityObserved", (string)entity["type"]!);
        var history = await GetAsync(officer, "/ngsi-ld/v1/temporal/entities/urn:ngsi-ld:AirQualityObserved:1?attrs=pm10");
        Assert.Equal([50.0, 40.0], history["pm10"]!.AsArray().Select(instance => (double)instance!["value"]!));
    }

    [Fact]
    public async Task Upsert_SameObservationTwice_IsStoredOnce()
    {
        using var officer = host.As("sofia", "data-officer");
        await PostAsync(officer, Station("2", "2026-01-01T08:00:00Z", 40));

        var again = await PostAsync(officer, Station("2", "2026-01-01T08:00:00Z", 41));

        Assert.Equal(HttpStatusCode.NoContent, again.StatusCode);
        var history = await GetAsync(officer, "/ngsi-ld/v1/temporal/entities/urn:ngsi-ld:AirQualityObserved:2?attrs=pm10");
        Assert.Equal(41.0, (double)Assert.Single(history["pm10"]!.AsArray())!["value"]!);
    }

    [Fact]
    public async Task Upsert_WithUpdateOption_KeepsTheOtherAttributes()
    {
        using var officer = host.As("sofia", "data-officer");
        await PostAsync(officer, """{"id":"urn:x:3","type":"Device","name":{"type":"Property","value":"A"},"battery":{"type":"Property","value":1}}""");

        await PostAsync(officer, "?options=update", """{"id":"urn:x:3","type":"Device","battery":{"type":"Property","value":2}}""");
        var updated = await GetAsync(officer, "/ngsi-ld/v1/entities/urn:x:3");
        await PostAsync(officer, """{"id":"urn:x:3","type":"Device","battery":{"type":"Property","value":3}}""");
        var replaced = await GetAsync(officer, "/ngsi-ld/v1/entities/urn:x:3");

        Assert.Equal(("A", 2), ((string?)updated["name"]!["value"], (int)updated["battery"]!["value"]!));
        Assert.Null(replaced["name"]);
        Assert.Equal(3, (int)replaced["battery"]!["value"]!);
    }

    [Theory]
    [InlineData("""{"type":"Device"}""", "id")]
    [InlineData("""{"id":"no-uri","type":"Device"}""", "id")]
    [InlineData("""{"id":"urn:x:1"}""", "type")]
    [InlineData("""{"id":"urn:x:1","type":[]}""", "type")]
    [InlineData("""{"id":"urn:x:1","type":"Device","a":null}""", "a")]
    [InlineData("""{"id":"urn:x:1","type":"Device","a":{"type":"Nonsense","value":1}}""", "a")]
    [InlineData("""{"id":"urn:x:1","type":"Device","a":{"type":"Property"}}""", "a.value")]
    [InlineData("""{"id":"urn:x:1","type":"Device","a":{"type":"Property","value":1,"observedAt":"yesterday"}}""", "a.observedAt")]
    [InlineData("""{"id":"urn:x:1","type":"Device","a":{"type":"Property","value":1,"datasetId":"x"}}""", "a.datasetId")]
    [InlineData("""{"id":"urn:x:1","type":"Device","location":{"type":"GeoProperty","value":{"type":"Point","coordinates":[200,0]}}}""", "location.value")]
    [InlineData("""{"id":"urn:x:1","type":"Device","location":{"type":"GeoProperty","value":{"type":"Polygon","coordinates":[[[0,0],[1,1],[0,1]]]}}}""", "location.value")]
    [InlineData("17", "An entity")]
    public async Task Upsert_InvalidEntity_IsRefusedWithItsMemberAndTheOthersAreStored(string entity, string member)
    {
        using var officer = host.As("sofia", "data-officer");
        var good = $"urn:ngsi-ld:Device:{Guid.NewGuid()}";

        var answer = await PostAsync(officer, entity, $$"""{"id":"{{good}}","type":"Device"}""");

        Assert.Equal(HttpStatusCode.MultiStatus, answer.StatusCode);
        var result = (await answer.Content.ReadFromJsonAsync<JsonObject>(TestContext.Current.CancellationToken))!;
        Assert.Equal(good, (string)Assert.Single(result["success"]!.AsArray())!);
        var error = Assert.Single(result["errors"]!.AsArray())!["error"]!;
        Assert.Equal("https://uri.etsi.org/ngsi-ld/errors/BadRequestData", (string)error["type"]!);
        Assert.StartsWith(member, (string)error["detail"]!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("not json", "application/json", HttpStatusCode.BadRequest)]
    [InlineData("[]", "application/json", HttpStatusCode.BadRequest)]
    [InlineData("{}", "application/json", HttpStatusCode.BadRequest)]
    [InlineData("[]", "text/plain", HttpStatusCode.UnsupportedMediaType)]
    public async Task Upsert_InvalidBody_IsAProblem(string body, string mediaType, HttpStatusCode expected)
    {
        using var officer = host.As("sofia", "data-officer");

        var answer = await officer.PostAsync("/ngsi-ld/v1/entityOperations/upsert", new StringContent(body, Encoding.UTF8, mediaType), TestContext.Current.CancellationToken);

        Assert.Equal(expected, answer.StatusCode);
        Assert.Equal(expected == HttpStatusCode.UnsupportedMediaType ? null : "application/json", answer.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task Tenants_NeverSeeEachOther()
    {
        using var sofia = host.As("sofia", "data-officer");
        using var santBoi = host.As("sant-boi", "data-officer");
        await PostAsync(sofia, Station("9", "2026-01-01T08:00:00Z", 40));
        await PostAsync(santBoi, Station("9", "2026-01-01T08:00:00Z", 99));

        using var foreign = new HttpRequestMessage(HttpMethod.Get, "/ngsi-ld/v1/entities/urn:ngsi-ld:AirQualityObserved:9") { Headers = { { "NGSILD-Tenant", "sofia" } } };
        var named = await santBoi.SendAsync(foreign, TestContext.Current.CancellationToken);
        var own = await GetAsync(santBoi, "/ngsi-ld/v1/entities/urn:ngsi-ld:AirQualityObserved:9");

        Assert.Equal(HttpStatusCode.NotFound, named.StatusCode);
        Assert.Equal(99, (double)own["pm10"]!["value"]!);
        Assert.Equal(0L, await host.ScalarAsync<long>("SELECT count(*) FROM entity", "nobody"));
        Assert.Equal(1L, await host.ScalarAsync<long>("SELECT count(*) FROM entity WHERE id LIKE '%:9'", "sofia"));
    }

    [Fact]
    public async Task Upsert_OverlappingBatchesAtOnce_AllTakeEffectOnce()
    {
        using var officer = host.As("sofia", "data-officer");
        var ids = Enumerable.Range(0, 50).ToArray();

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(batch => PostAsync(officer,
            [.. (batch % 2 == 0 ? ids : ids.Reverse()).Select(id => Station($"c{id}", $"2026-02-01T{batch:00}:00:00Z", batch))])));

        Assert.All(answers, answer => Assert.True(answer.IsSuccessStatusCode));
        Assert.Equal(50L * 20, await host.ScalarAsync<long>("SELECT count(*) FROM attribute_instance WHERE entity_id LIKE '%:c%' AND attribute LIKE '%pm10'", "sofia"));
    }

    private static string Station(string id, string time, double pm10) =>
        $$"""{"id":"urn:ngsi-ld:AirQualityObserved:{{id}}","type":"AirQualityObserved","pm10":{"type":"Property","value":{{pm10}},"unitCode":"GQ","observedAt":"{{time}}" } }""";

    private static Task<HttpResponseMessage> PostAsync(HttpClient client, params string[] parts)
    {
        var query = parts[0].StartsWith('?') ? parts[0] : "";
        var entities = parts.Where(part => !part.StartsWith('?'));
        return client.PostAsync($"/ngsi-ld/v1/entityOperations/upsert{query}", new StringContent($"[{string.Join(',', entities)}]", Encoding.UTF8, "application/json"));
    }

    private static async Task<JsonObject> GetAsync(HttpClient client, string path) => (await client.GetFromJsonAsync<JsonObject>(path))!;
}
