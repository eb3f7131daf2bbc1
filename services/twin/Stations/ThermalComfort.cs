using LivingCity.Twin.Models.Heat;

namespace LivingCity.Twin.Stations;

/// <summary>How warm it feels outdoors: the Universal Thermal Climate Index.</summary>
/// <param name="Utci">UTCI in °C.</param>
/// <param name="Stress">The index's class of thermal stress.</param>
/// <param name="ObservedAt">The latest of the inputs.</param>
/// <param name="Assumption">What was assumed where it was not measured.</param>
internal sealed record ThermalState(double Utci, ThermalStress Stress, DateTimeOffset ObservedAt, string Assumption);

/// <summary>Computes the UTCI of a station from its latest weather.</summary>
internal static class ThermalComfort
{
    private static readonly TimeSpan Together = TimeSpan.FromHours(1);

    /// <summary>The state, or null when an input is missing, the inputs are more than an hour apart, or the index is not defined for them.</summary>
    /// <param name="latest">The latest reading of each property: temperature in °C, relative humidity from 0 to 1, wind speed in m/s.</param>
    public static ThermalState? Assess(IReadOnlyDictionary<string, Reading> latest)
    {
        if (!latest.TryGetValue("temperature", out var temperature) || !latest.TryGetValue("relativeHumidity", out var humidity) || !latest.TryGetValue("windSpeed", out var wind))
        {
            return null;
        }

        Reading[] inputs = [temperature, humidity, wind];
        var last = inputs.Max(input => input.ObservedAt);
        if (last - inputs.Min(input => input.ObservedAt) > Together)
        {
            return null;
        }

        var utci = Utci.FromWeather(temperature.Value, humidity.Value * 100, wind.Value);
        return utci is { } value && Utci.Stress(value) is { } stress
            ? new ThermalState(value, stress, last, "Mean radiant temperature is taken as the air temperature: shade, or night.")
            : null;
    }
}
