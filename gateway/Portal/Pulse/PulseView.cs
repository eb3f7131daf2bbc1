using System.Globalization;
using LivingCity.Gateway.Portal.Live;

namespace LivingCity.Gateway.Portal.Pulse;

/// <summary>How old a station's latest reading is.</summary>
internal enum Freshness
{
    /// <summary>At most ninety minutes: hourly stations report in time.</summary>
    Fresh,

    /// <summary>At most a day.</summary>
    Late,

    /// <summary>Older, or never.</summary>
    Old,
}

/// <summary>One day of a history in three numbers.</summary>
internal sealed record DaySummary(DateOnly Day, double Lowest, double Mean, double Highest, int Readings);

internal static class PulseView
{
    /// <summary>The periods on offer, in hours: each has a text of its own.</summary>
    public static readonly int[] Periods = [48, 168, 672];

    public static Freshness FreshnessOf(StationView station, DateTimeOffset now) => (now - station.ObservedAt) switch
    {
        null => Freshness.Old,
        { TotalMinutes: <= 90 } => Freshness.Fresh,
        { TotalDays: <= 1 } => Freshness.Late,
        _ => Freshness.Old,
    };

    /// <summary>The history by day of UTC, latest first.</summary>
    public static IReadOnlyList<DaySummary> ByDay(History history) =>
    [
        .. history.Points.GroupBy(point => DateOnly.FromDateTime(DateTimeOffset.FromUnixTimeMilliseconds((long)point[0]).UtcDateTime))
            .Select(day => new DaySummary(day.Key, day.Min(point => point[1]), day.Average(point => point[1]), day.Max(point => point[1]), day.Count()))
            .OrderByDescending(day => day.Day),
    ];

    /// <summary>The guideline level of a pollutant, where the station's twin knows one.</summary>
    public static string? GuidelineOf(StationView station, string property) =>
        station.Pollutants.FirstOrDefault(pollutant => pollutant.Pollutant == property)?.Guideline.ToString(CultureInfo.InvariantCulture);
}
