using System.Net.Http.Json;
using System.Text.Json.Nodes;
using LivingCity.Contracts.Assessment;
using LivingCity.Contracts.Ingestion;
using LivingCity.Contracts.Twin;
using LivingCity.Testing;
using LivingCity.Twin.Models;

namespace LivingCity.Twin.Tests;

/// <summary>What other services tell the twin and hear from it.</summary>
public sealed class RecommendationTests(HostFixture<Program> fixture) : IClassFixture<HostFixture<Program>>
{
    private static readonly DateTimeOffset Now = new(2026, 7, 1, 12, 0, 0, TimeSpan.Zero);
    private readonly ServiceHost<Program> host = fixture.Host;

    [Fact]
    public async Task AssessmentCompleted_WithNeeds_RecommendsModelsWithTheirReasonsToThatCityOnly()
    {
        await using var bus = await TestBus.StartAsync(host.Broker);
        using var planner = host.As("lleida", "planner");
        using var foreign = host.As("manresa", "planner");

        await bus.PublishAsync(Completed("lleida", "climate-needs/1", Now, new("scenario", "heat", "heat", 20), new("scenario", "heat", "green", 40), new("scenario", "power", "energy", 30), new("dataset", "trees", "green", 40), new("scenario", "volcano", "heat", 20)), "lleida");
        await Eventually.EqualAsync(2, async () => (await ListAsync(planner)).Count);
        await bus.PublishAsync(Completed("lleida", "climate-needs/1", Now.AddDays(-1), new Recommendation("scenario", "traffic", "mobility", 10)), "lleida"); // older
        await bus.PublishAsync(Completed("lleida", "digital-maturity/2", Now.AddDays(-2), new Recommendation("scenario", "flood", "water", 45)), "lleida"); // of another questionnaire
        await Eventually.EqualAsync(3, async () => (await ListAsync(planner)).Count);

        var found = await ListAsync(planner);
        Assert.Equal(["heat", "power-grid", "flood"], found.Select(one => (string)one!["model"]!));
        Assert.Equal([("heat", 20.0), ("green", 40.0)], found[0]!["reasons"]!.AsArray().Select(reason => ((string)reason!["topic"]!, (double)reason["score"]!)));
        Assert.NotEmpty((string)found[0]!["summary"]!);
        Assert.Empty(await ListAsync(foreign));
    }

    [Fact]
    public async Task Observations_OfACity_TellOfTheRegisteredModelsOnce()
    {
        await using var bus = await TestBus.StartAsync(host.Broker);
        var heard = await bus.ListenAsync<ModelsRegistered>();
        using var client = host.As("tarragona", "planner");
        for (var number = 0; number < 4; number++)
        {
            await bus.PublishAsync(new ObservationsRecorded("tarragona", Now.AddMinutes(number), [new Observation($"urn:t:{number}", "WeatherObserved", Now, new Dictionary<string, Measurement> { ["temperature"] = new(20, "CEL") })]), "tarragona");
        }

        await Eventually.EqualAsync(4L, () => host.ScalarAsync<long>("SELECT count(*) FROM station WHERE id LIKE 'urn:t:%'", "tarragona"));
        await Eventually.TrueAsync(() => Task.FromResult(heard.Any(message => message.City == "tarragona")), "the models are told of");
        await Eventually.EqualAsync(0L, () => host.ScalarAsync<long>("SELECT count(*) FROM outbox_message"));

        var told = Assert.Single(heard, message => message.City == "tarragona");
        Assert.Equal(ModelCatalogue.All.Select(model => $"{model.Description.Id}/{model.Description.Version}").Order(StringComparer.Ordinal), told.Models);
    }

    private static AssessmentCompleted Completed(string city, string questionnaire, DateTimeOffset at, params Recommendation[] recommended) =>
        new(city, Guid.CreateVersion7(), questionnaire, at, 40, 2, new Dictionary<string, double>(), [], recommended);

    private static async Task<JsonArray> ListAsync(HttpClient client) => (await client.GetFromJsonAsync<JsonArray>("/api/twin/v1/recommendations", TestContext.Current.CancellationToken))!;
}
