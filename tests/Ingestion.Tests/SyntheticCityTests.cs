using LivingCity.Ingestion.Demonstration;
using LivingCity.Testing;

namespace LivingCity.Ingestion.Tests;

public sealed class SyntheticCityTests(Infrastructure infrastructure)
{
    private readonly SyntheticCity city = new("sofia", 23.3, 42.7);

    [Fact]
    public void Observe_SameHourAgain_IsTheSame() =>
        Assert.All(city.Stations, station => Assert.Equal(city.Observe(station, 345), new SyntheticCity("sofia", 23.3, 42.7).Observe(station, 345)));

    [Fact]
    public void Observe_HeatwaveAndStorm_Show()
    {
        var weather = city.Stations[0];
        double At(int day, int hour, string property) => city.Observe(weather, (day * 24) + hour).Single(value => value.Property == property).Value;

        Assert.True(At(10, 15, "temperature") > At(3, 15, "temperature") + 5);
        Assert.True(At(3, 15, "temperature") > At(3, 3, "temperature") + 5);
        Assert.True(At(19, 16, "precipitation") > 5);
        Assert.True(At(19, 16, "windSpeed") > 8);
    }

    [Fact]
    public void Observe_Traffic_KeepsTheWeek()
    {
        var traffic = city.Stations.First(station => station.Type == "TrafficFlowObserved");
        double Day(int day) => Enumerable.Range(day * 24, 24).Sum(hour => city.Observe(traffic, hour).Single(value => value.Property == "intensity").Value);

        Assert.True(Day(2) > Day(6) * 1.3);
    }

    [Fact]
    public void Observe_EveryValue_IsWithinWhatCanBe() => Assert.All(
        city.Stations.SelectMany(station => Enumerable.Range(0, SyntheticCity.Hours).SelectMany(hour => city.Observe(station, hour))),
        value => Assert.True(value.Property switch
        {
            "temperature" => value.Value is > -5 and < 45,
            "relativeHumidity" => value.Value is >= 0 and <= 1,
            "atmosphericPressure" => value.Value is > 980 and < 1040,
            _ => value.Value is >= 0 and < 2000,
        }, $"{value.Property} {value.Value}"));

    [Fact]
    public async Task Demonstration_LoadsOnceAndMarksEveryInstance()
    {
        await using var host = await ServiceHost<Program>.StartAsync(infrastructure, new Dictionary<string, string> { ["City:Demo"] = "true" });
        var instances = (12L * SyntheticCity.Hours * 5) + (4L * SyntheticCity.Hours * 2) + SyntheticCity.Hours; // 6 + 4 values a pair, 2 of traffic, 1 of the river
        const string Measured = "SELECT count(*) FROM attribute_instance WHERE instance ? 'unitCode'";

        await Eventually.EqualAsync(instances, () => host.ScalarAsync<long>(Measured, "sant-boi"));

        Assert.Equal(instances, await host.ScalarAsync<long>($"{Measured} AND (instance #>> '{{https://uri.etsi.org/ngsi-ld/default-context/synthetic,0,value}}')::boolean", "sofia"));
        var stored = await host.ScalarAsync<DateTime>("SELECT max(recorded_at) FROM attribute_instance", "sant-boi");
        await using var replica = await ServiceHost<Program>.StartAsync(infrastructure, new Dictionary<string, string> { ["City:Demo"] = "true" }, peer: host);
        Assert.Equal(stored, await host.ScalarAsync<DateTime>("SELECT max(recorded_at) FROM attribute_instance", "sant-boi"));
    }
}
