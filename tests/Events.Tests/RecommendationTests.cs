using System.Net.Http.Json;
using System.Text.Json.Nodes;
using LivingCity.Contracts.Assessment;
using LivingCity.Testing;

namespace LivingCity.Events.Tests;

public sealed class RecommendationTests(HostFixture<Program> fixture) : IClassFixture<HostFixture<Program>>
{
    private readonly ServiceHost<Program> host = fixture.Host;

    [Fact]
    public async Task AssessmentCompleted_YieldsSessionsForItsNeeds_AndAnOlderOneChangesNothing()
    {
        await using var bus = await TestBus.StartAsync(host.Broker);
        using var officer = host.As("sofia", "data-officer");
        var now = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

        await bus.PublishAsync(Completed(now, ("data", 10), ("services", 40)), "sofia");
        await Eventually.TrueAsync(async () => (await RecommendedAsync(officer)).Count > 0, "sessions are recommended");
        await bus.PublishAsync(Completed(now.AddDays(-1), ("people", 5)), "sofia");
        await Eventually.EqualAsync(2L, () => host.ScalarAsync<long>("SELECT count(*) FROM inbox_message"));

        var recommended = await RecommendedAsync(officer);
        Assert.Equal(["data", "services"], recommended.SelectMany(item => item!["reasons"]!.AsArray()).Select(reason => (string)reason!["topic"]!).Distinct());
        Assert.Equal("forum-2026-dataspaces", (string)recommended[0]!["session"]!);
        Assert.Equal(10, (double)recommended[0]!["reasons"]![0]!["score"]!);
        Assert.DoesNotContain(recommended, item => (string)item!["event"]! is "assembly-2023" or "assembly-2024" or "assembly-2025");
        using var foreign = host.As("sant-boi", "data-officer");
        Assert.Empty(await RecommendedAsync(foreign));
    }

    private static AssessmentCompleted Completed(DateTimeOffset at, params (string Need, double Score)[] needs) => new(
        "sofia", Guid.NewGuid(), "digital-maturity/1", at, 30, 2, needs.ToDictionary(need => need.Need, need => need.Score), [.. needs.Select(need => need.Need)]);

    private static async Task<JsonArray> RecommendedAsync(HttpClient client) => (await client.GetFromJsonAsync<JsonArray>("/api/events/v1/recommendations"))!;
}
