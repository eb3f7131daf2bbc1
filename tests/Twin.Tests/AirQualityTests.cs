using LivingCity.Twin.Stations;

namespace LivingCity.Twin.Tests;

/// <summary>WHO global air quality guidelines 2021, short-term levels.</summary>
public sealed class AirQualityTests
{
    private static readonly DateTime Now = new(2026, 1, 2, 0, 0, 0, DateTimeKind.Utc);

    [Theory]
    [InlineData("pm10", 45, "GQ", false)]
    [InlineData("pm10", 45.1, "GQ", true)]
    [InlineData("pm25", 15.1, "GQ", true)]
    [InlineData("no2", 25, "GQ", false)]
    [InlineData("no2", 0.026, "GP", true)]
    [InlineData("o3", 100.5, "GQ", true)]
    [InlineData("so2", 39, "GQ", false)]
    [InlineData("co", 4.1, "GP", true)]
    [InlineData("co", 3900, "GQ", false)]
    public void Assess_OneReading_IsComparedInTheGuidelinesUnit(string pollutant, double value, string unit, bool exceeded)
    {
        var state = Assert.Single(AirQuality.Assess([new("s", pollutant, Now, value, unit)]));

        Assert.Equal((pollutant, exceeded, 1), (state.Pollutant, state.Exceeded, state.Readings));
    }

    [Fact]
    public void Assess_ReadingsBeforeTheAveragingPeriod_DoNotCount()
    {
        var state = Assert.Single(AirQuality.Assess([new("s", "pm10", Now, 50, "GQ"), new("s", "pm10", Now.AddHours(-23), 30, "GQ"), new("s", "pm10", Now.AddHours(-24), 900, "GQ")]));

        Assert.Equal((40.0, 2, false), (state.Mean, state.Readings, state.Exceeded));
    }

    [Fact]
    public void Assess_Ozone_IsAveragedOverEightHours()
    {
        var state = Assert.Single(AirQuality.Assess([new("s", "o3", Now, 120, "GQ"), new("s", "o3", Now.AddHours(-9), 10, "GQ")]));

        Assert.Equal((120.0, 8, true), (state.Mean, state.AveragingHours, state.Exceeded));
    }

    [Fact]
    public void Assess_NothingTheGuidelinesKnow_IsEmpty() => Assert.Empty(AirQuality.Assess([new("s", "noise", Now, 1, null)]));
}
