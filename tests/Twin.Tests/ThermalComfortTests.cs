using LivingCity.Twin.Models.Heat;
using LivingCity.Twin.Stations;

namespace LivingCity.Twin.Tests;

public sealed class ThermalComfortTests
{
    private static readonly DateTime Noon = new(2026, 7, 1, 12, 0, 0, DateTimeKind.Utc);

    [Fact]
    public void Assess_FullInputs_IsTheIndexOfTheModel()
    {
        var state = ThermalComfort.Assess(Latest(Noon, Noon, Noon));

        Assert.NotNull(state);
        Assert.Equal(Utci.FromWeather(30, 50, 2)!.Value, state.Utci, 9);
        Assert.Equal(Noon, state.ObservedAt);
    }

    [Fact]
    public void Assess_InputsMoreThanAnHourApart_HasNoState() => Assert.Null(ThermalComfort.Assess(Latest(Noon, Noon.AddMinutes(-61), Noon)));

    [Fact]
    public void Assess_InputsAnHourApart_HasAState() => Assert.NotNull(ThermalComfort.Assess(Latest(Noon, Noon.AddMinutes(-60), Noon)));

    [Theory]
    [InlineData("temperature")]
    [InlineData("relativeHumidity")]
    [InlineData("windSpeed")]
    public void Assess_InputMissing_HasNoState(string missing)
    {
        var latest = Latest(Noon, Noon, Noon);
        latest.Remove(missing);

        Assert.Null(ThermalComfort.Assess(latest));
    }

    [Fact]
    public void Assess_OutsideTheIndexRange_HasNoState()
    {
        var latest = Latest(Noon, Noon, Noon);
        latest["temperature"] = latest["temperature"] with { Value = 51 };

        Assert.Null(ThermalComfort.Assess(latest));
    }

    private static Dictionary<string, Reading> Latest(DateTime temperature, DateTime humidity, DateTime wind) => new()
    {
        ["temperature"] = new("s", "temperature", temperature, 30, "CEL"),
        ["relativeHumidity"] = new("s", "relativeHumidity", humidity, 0.5, "C62"),
        ["windSpeed"] = new("s", "windSpeed", wind, 2, "MTS"),
    };
}
