using System.Net.Http.Json;
using System.Text.Json.Nodes;
using LivingCity.Contracts.Assessment;
using LivingCity.Contracts.Ingestion;
using LivingCity.Testing;

namespace LivingCity.Dataspace.Tests.Catalogue;

/// <summary>What an assessment's needs find in the catalogue.</summary>
public sealed class RecommendationTests(HostFixture<Program> fixture) : IClassFixture<HostFixture<Program>>
{
    private static readonly DateTimeOffset Now = new(2026, 7, 1, 12, 0, 0, TimeSpan.Zero);
    private readonly ServiceHost<Program> host = fixture.Host;

    [Fact]
    public async Task AssessmentCompleted_WithNeeds_FindsDatasetsAlsoThoseThatComeLater()
    {
        await using var bus = await TestBus.StartAsync(host.Broker);
        using var officer = host.As("lleida", "data-officer");
        using var foreign = host.As("manresa", "data-officer");
        await bus.PublishAsync(Described("urn:d:trees", "Trees", "manresa", "trees"), "manresa");
        await bus.PublishAsync(Described("urn:d:bins", "Bins", "manresa", "waste"), "manresa");

        var assessment = Completed(Now, new("dataset", "trees", "green", 40), new("dataset", "water level", "water", 20), new("scenario", "flood", "water", 20));
        await bus.PublishAsync(assessment, "lleida");
        await Eventually.EqualAsync(1, async () => (await ListAsync(officer)).Count);
        await bus.PublishAsync(Described("urn:d:rivers", "Rivers", "lleida", "Water", "level of rivers"), "lleida");
        await Eventually.EqualAsync(2, async () => (await ListAsync(officer)).Count);

        var found = await ListAsync(officer);
        Assert.Equal(["urn:d:rivers", "urn:d:trees"], found.Select(one => (string)one!["dataset"]!)); // the greatest need first
        Assert.Equal(("water", 20.0), ((string)found[0]!["reasons"]![0]!["topic"]!, (double)found[0]!["reasons"]![0]!["score"]!));
        Assert.Equal((assessment.AssessmentId, "manresa", "Trees"), ((Guid)found[1]!["assessment"]!, (string)found[1]!["city"]!, (string)found[1]!["title"]!["en"]!));
        Assert.Empty(await ListAsync(foreign));

        await bus.PublishAsync(Completed(Now.AddDays(1)), "lleida"); // nothing is needed any more
        await Eventually.EqualAsync(0, async () => (await ListAsync(officer)).Count);
    }

    private static AssessmentCompleted Completed(DateTimeOffset at, params Recommendation[] recommended) =>
        new("lleida", Guid.CreateVersion7(), "climate-needs/1", at, 40, 2, new Dictionary<string, double>(), [], recommended);

    private static DatasetDescribed Described(string id, string title, string city, params string[] keywords) => new(
        city, id, new Dictionary<string, string> { ["en"] = title }, new Dictionary<string, string> { ["en"] = "A dataset." }, keywords, "ENVI", "/data", "text/csv", "urn:licence", Now);

    private static async Task<JsonArray> ListAsync(HttpClient client) => (await client.GetFromJsonAsync<JsonArray>("/api/dataspace/v1/recommendations", TestContext.Current.CancellationToken))!;
}
