using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using LivingCity.Contracts.Ingestion;
using LivingCity.Testing;

namespace LivingCity.Dataspace.Tests;

public sealed class CatalogueTests(HostFixture<Program> fixture) : IClassFixture<HostFixture<Program>>
{
    private static readonly DateTimeOffset Now = new(2026, 7, 1, 12, 0, 0, TimeSpan.Zero);
    private readonly ServiceHost<Program> host = fixture.Host;

    [Fact]
    public async Task DatasetDescribed_IsListedWithOfferAndCoverage()
    {
        await using var bus = await TestBus.StartAsync(host.Broker);
        using var anyone = host.Anonymous();

        await bus.PublishAsync(Described("urn:d:air", "Air", Now), "sofia");
        await bus.PublishAsync(new ObservationsRecorded("sofia", Now, [Pm(Now.AddDays(-2)), Pm(Now)]), "sofia");

        await Eventually.TrueAsync(async () => (await DatasetAsync(anyone, "urn:d:air"))?["dct:temporal"] is not null, "the dataset has a period");
        var dataset = (await DatasetAsync(anyone, "urn:d:air"))!;
        Assert.Equal("2026-06-29T12:00:00Z", (string)dataset["dct:temporal"]!["dcat:startDate"]!["@value"]!);
        Assert.Equal("odrl:Offer", (string)dataset["odrl:hasPolicy"]!["@type"]!);
        Assert.Equal("odrl:use", (string)dataset["odrl:hasPolicy"]!["odrl:permission"]![0]!["odrl:action"]!["@id"]!);
        var catalogue = (await anyone.GetFromJsonAsync<JsonObject>("/api/dataspace/v1/catalogue", TestContext.Current.CancellationToken))!;
        Assert.Contains(catalogue["dcat:dataset"]!.AsArray(), item => (string)item!["@id"]! == "urn:d:air");
    }

    [Fact]
    public async Task DatasetDescribed_OlderDescriptionArrivingLate_ChangesNothing()
    {
        await using var bus = await TestBus.StartAsync(host.Broker);
        using var anyone = host.Anonymous();
        await bus.PublishAsync(Described("urn:d:late", "New", Now), "sofia");
        await Eventually.TrueAsync(async () => await DatasetAsync(anyone, "urn:d:late") is not null, "the dataset is listed");

        await bus.PublishAsync(Described("urn:d:late", "Old", Now.AddHours(-1)), "sofia");
        await bus.PublishAsync(Described("urn:d:after", "After", Now), "sofia");
        await Eventually.EqualAsync(0L, async () => await host.ScalarAsync<long>("SELECT 2 - count(*) FROM dataset WHERE id IN ('urn:d:late', 'urn:d:after')"));
        await Eventually.TrueAsync(async () => await host.ScalarAsync<long>("SELECT count(*) FROM inbox_message") >= 3, "all three messages are handled");

        Assert.Equal("New", (string)(await DatasetAsync(anyone, "urn:d:late"))!["dct:title"]![0]!["@value"]!);
    }

    [Fact]
    public async Task Catalogue_PagesWithoutSkippingOrRepeating()
    {
        await using var bus = await TestBus.StartAsync(host.Broker);
        using var anyone = host.Anonymous();
        foreach (var number in Enumerable.Range(0, 7))
        {
            await bus.PublishAsync(Described($"urn:page:{number}", "Page", Now, "sant-boi"), "sant-boi");
        }

        await Eventually.EqualAsync(7L, async () => await host.ScalarAsync<long>("SELECT count(*) FROM dataset WHERE id LIKE 'urn:page:%'"));

        var ids = new List<string>();
        for (var next = "/api/dataspace/v1/catalogue?limit=3"; next is not null;)
        {
            var answer = await anyone.GetAsync(next, TestContext.Current.CancellationToken);
            ids.AddRange((await answer.Content.ReadFromJsonAsync<JsonObject>(TestContext.Current.CancellationToken))!["dcat:dataset"]!.AsArray().Select(item => (string)item!["@id"]!));
            next = answer.Headers.TryGetValues("Link", out var links) ? links.Single().Split('<', '>')[1] : null;
        }

        Assert.Equal(ids.Distinct().Order(StringComparer.Ordinal), ids);
        Assert.Equal(7, ids.Count(id => id.StartsWith("urn:page:", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=1001", "limit")]
    [InlineData("limit=many", "limit")]
    [InlineData("cursor=%25%25", "cursor")]
    public async Task Catalogue_InvalidPage_NamesTheParameter(string query, string parameter)
    {
        using var anyone = host.Anonymous();

        var answer = await anyone.GetAsync($"/api/dataspace/v1/catalogue?{query}", TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains(parameter, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    private static async Task<JsonObject?> DatasetAsync(HttpClient client, string id)
    {
        var answer = await client.GetAsync($"/api/dataspace/v1/datasets/{id}");
        return answer.IsSuccessStatusCode ? await answer.Content.ReadFromJsonAsync<JsonObject>() : null;
    }

    private static DatasetDescribed Described(string id, string title, DateTimeOffset at, string city = "sofia") => new(
        city, id, new Dictionary<string, string> { ["en"] = title }, new Dictionary<string, string> { ["en"] = "What it is." }, ["air"], "ENVI",
        "/ngsi-ld/v1/entities?type=AirQualityObserved", "application/ld+json", "http://publications.europa.eu/resource/authority/licence/CC_BY_4_0", at, "AirQualityObserved");

    private static Observation Pm(DateTimeOffset at) => new("urn:a:1", "AirQualityObserved", at, new Dictionary<string, Measurement> { ["pm10"] = new(1, "GQ") });
}
