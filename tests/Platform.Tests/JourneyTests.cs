using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace LivingCity.Platform.Tests;

/// <summary>Real measurements travel through all five services.</summary>
public sealed class JourneyTests(Platform platform)
{
    [Fact]
    public async Task Journey_OnTheSofiaReadings_AccountsForEveryRowAndReachesEveryService()
    {
        var data = PublishedData.Folder();

        var (exitCode, output) = await CommandLine.RunAsync(platform.Gateway, "journey", "--data", data);
        Assert.True(exitCode == 0, output);
        var again = await CommandLine.RunAsync(platform.Gateway, "journey", "--data", data);
        Assert.True(again.ExitCode == 0, again.Output);

        // 5000 rows, of which 30 report a negative concentration.
        Assert.Equal(4970L, await platform.ScalarAsync<long>("ingestion", "SELECT count(*) FROM attribute_instance WHERE entity_id LIKE '%:sofia:station-_' AND number IS NOT NULL", "sofia"));
        Assert.Contains("5,000", output, StringComparison.Ordinal);
        using var officer = await platform.SignInAsync("officer@sofia.example");
        var stations = (await officer.GetFromJsonAsync<JsonArray>("/api/twin/v1/stations", TestContext.Current.CancellationToken))!
            .Where(station => ((string)station!["id"]!)[..^1].EndsWith(":sofia:station-", StringComparison.Ordinal)).ToArray();
        var catalogue = (await officer.GetFromJsonAsync<JsonObject>("/api/dataspace/v1/catalogue", TestContext.Current.CancellationToken))!;
        Assert.Equal(new Uri(platform.Gateway, "/api/dataspace/v1/catalogue").ToString(), (string)catalogue["@id"]!);
        Assert.Equal(12, stations.Length);
        Assert.All(stations, station => Assert.NotNull(station!["name"]));
        Assert.Contains(stations, station => station!["airQuality"]!.AsArray().Count > 0);
    }

    [Fact]
    public async Task Readings_WithFullWeather_GiveThermalComfortToTheirCityOnly()
    {
        using var officer = await platform.SignInAsync("officer@sant-boi.example");
        using var foreigner = await platform.SignInAsync("planner@sofia.example");
        const string Id = "urn:ngsi-ld:WeatherObserved:journey";
        static object Property(double value, string unit) => new { type = "Property", value, unitCode = unit, observedAt = "2026-07-01T12:00:00Z" };

        var stored = await officer.PostAsJsonAsync("/ngsi-ld/v1/entityOperations/upsert", new[]
        {
            new { id = Id, type = "WeatherObserved", temperature = Property(31, "CEL"), relativeHumidity = Property(0.45, "C62"), windSpeed = Property(2, "MTS") },
        }, TestContext.Current.CancellationToken);

        Assert.True(stored.IsSuccessStatusCode);
        await Eventually.TrueAsync(async () => (await officer.GetFromJsonAsync<JsonArray>("/api/twin/v1/stations"))!.Any(station => (string)station!["id"]! == Id && station["thermal"] is not null), "the twin has computed");
        Assert.DoesNotContain((await foreigner.GetFromJsonAsync<JsonArray>("/api/twin/v1/stations", TestContext.Current.CancellationToken))!, station => (string)station!["id"]! == Id);
    }
}
