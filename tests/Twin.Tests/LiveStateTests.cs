using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using LivingCity.Contracts.Ingestion;
using LivingCity.Testing;

namespace LivingCity.Twin.Tests;

public sealed class LiveStateTests(HostFixture<Program> fixture) : IClassFixture<HostFixture<Program>>
{
    private static readonly DateTimeOffset Now = new(2026, 7, 1, 12, 0, 0, TimeSpan.Zero);
    private readonly ServiceHost<Program> host = fixture.Host;

    [Fact]
    public async Task Observations_WithFullWeather_YieldThermalComfort()
    {
        await using var bus = await TestBus.StartAsync(host.Broker);
        using var client = host.As("sofia", "citizen");

        await bus.PublishAsync(Recorded("sofia", Weather("urn:w:1", Now, 30)), "sofia");

        await Eventually.TrueAsync(async () => (await StationAsync(client, "urn:w:1"))?["thermal"] is not null, "the station has thermal comfort");
        var station = (await StationAsync(client, "urn:w:1"))!;
        Assert.Equal("moderateHeat", (string)station["thermal"]!["stress"]!);
        Assert.Empty(station["airQuality"]!.AsArray());
        Assert.Equal(23.3, (double)station["longitude"]!);
    }

    [Fact]
    public async Task Observations_RepeatedMessage_HasOneEffectAndOldReadingsAreForgotten()
    {
        await using var bus = await TestBus.StartAsync(host.Broker);
        using var client = host.As("sofia", "citizen");
        var id = Guid.CreateVersion7();
        var message = Recorded("sofia", Pm("urn:a:1", Now.AddDays(-5), 80), Pm("urn:a:1", Now, 60), Pm("urn:a:1", Now.AddHours(-1), 40));

        await bus.PublishAsync(message, "sofia", id);
        await bus.PublishAsync(message, "sofia", id);
        await bus.PublishAsync(Recorded("sofia", Pm("urn:a:2", Now, 1)), "sofia");

        await Eventually.TrueAsync(async () => await StationAsync(client, "urn:a:2") is not null && await StationAsync(client, "urn:a:1") is not null, "both messages are handled");
        var pollutant = Assert.Single((await StationAsync(client, "urn:a:1"))!["airQuality"]!.AsArray())!;
        Assert.Equal((50.0, 2, true), ((double)pollutant["mean"]!, (int)pollutant["readings"]!, (bool)pollutant["exceeded"]!));
        Assert.Equal(1L, await host.ScalarAsync<long>($"SELECT count(*) FROM inbox_message WHERE message_id = '{id}'"));
        Assert.Equal(2L, await host.ScalarAsync<long>("SELECT count(*) FROM reading WHERE station_id = 'urn:a:1'", "sofia"));
    }

    [Fact]
    public async Task Station_OfAnotherCity_DoesNotExist()
    {
        await using var bus = await TestBus.StartAsync(host.Broker);
        using var sofia = host.As("sofia", "citizen");
        using var santBoi = host.As("sant-boi", "city-admin");
        await bus.PublishAsync(Recorded("sofia", Pm("urn:a:3", Now, 60)), "sofia");
        await Eventually.TrueAsync(async () => await StationAsync(sofia, "urn:a:3") is not null, "the owner sees the station");

        var foreign = await santBoi.GetAsync("/api/twin/v1/stations/urn:a:3", TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.NotFound, foreign.StatusCode);
    }

    private static async Task<JsonObject?> StationAsync(HttpClient client, string id)
    {
        var answer = await client.GetAsync($"/api/twin/v1/stations/{id}");
        return answer.IsSuccessStatusCode ? await answer.Content.ReadFromJsonAsync<JsonObject>() : null;
    }

    private static ObservationsRecorded Recorded(string city, params Observation[] observations) => new(city, Now, observations);

    private static Observation Pm(string id, DateTimeOffset at, double value) => new(id, "AirQualityObserved", at, new Dictionary<string, Measurement> { ["pm10"] = new(value, "GQ") });

    private static Observation Weather(string id, DateTimeOffset at, double temperature) => new(id, "WeatherObserved", at, new Dictionary<string, Measurement>
    {
        ["temperature"] = new(temperature, "CEL"), ["relativeHumidity"] = new(0.5, "C62"), ["windSpeed"] = new(1, "MTS"),
    }, "Station", new Position(23.3, 42.7));
}
