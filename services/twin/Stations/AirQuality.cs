namespace LivingCity.Twin.Stations;

/// <summary>A pollutant against the WHO global air quality guidelines 2021 (table 0.1, short-term levels).</summary>
/// <param name="Pollutant">Short name of the attribute, for instance <c>pm10</c>.</param>
/// <param name="Mean">Mean over the averaging period that ends with the latest reading, in µg/m³ (CO: mg/m³).</param>
/// <param name="Readings">How many readings the mean rests on.</param>
/// <param name="AveragingHours">The guideline's averaging period in hours: 24, for ozone 8.</param>
/// <param name="Guideline">The guideline level, in the unit of the mean.</param>
/// <param name="Exceeded">True when the mean is above the level.</param>
internal sealed record PollutantState(string Pollutant, double Mean, int Readings, int AveragingHours, double Guideline, bool Exceeded);

/// <summary>Compares what a station measured with what the World Health Organization recommends.</summary>
internal static class AirQuality
{
    private static readonly (string Pollutant, double Guideline, int Hours, bool Milligrams)[] Guidelines =
    [
        ("pm25", 15, 24, false), ("pm10", 45, 24, false), ("no2", 25, 24, false), ("o3", 100, 8, false), ("so2", 40, 24, false), ("co", 4, 24, true),
    ];

    /// <summary>The state of every pollutant that the station measures and the guidelines know.</summary>
    /// <param name="readings">The station's readings of the last day or longer, in any order.</param>
    public static IReadOnlyList<PollutantState> Assess(IReadOnlyCollection<Reading> readings) =>
        [.. Guidelines.Select(guideline => Assess(guideline, readings)).OfType<PollutantState>()];

    private static PollutantState? Assess((string Pollutant, double Guideline, int Hours, bool Milligrams) guideline, IReadOnlyCollection<Reading> readings)
    {
        var own = readings.Where(reading => reading.Property == guideline.Pollutant).ToArray();
        if (own.Length == 0)
        {
            return null;
        }

        var from = own.Max(reading => reading.ObservedAt).AddHours(-guideline.Hours);
        var period = own.Where(reading => reading.ObservedAt > from).Select(reading => Convert(reading, guideline.Milligrams)).ToArray();
        var mean = period.Average();
        return new PollutantState(guideline.Pollutant, mean, period.Length, guideline.Hours, guideline.Guideline, mean > guideline.Guideline);
    }

    /// <summary>UN/CEFACT: GP is mg/m³, GQ is µg/m³. Without a unit the guideline's own is assumed.</summary>
    private static double Convert(Reading reading, bool milligrams) => (reading.UnitCode, milligrams) switch
    {
        ("GP", false) => reading.Value * 1000,
        ("GQ", true) => reading.Value / 1000,
        _ => reading.Value,
    };
}
