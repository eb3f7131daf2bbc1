namespace LivingCity.Gateway.Portal.Live;

/// <summary>Several things compared on several axes: what a radar chart shows.</summary>
/// <param name="Axes">Names of the axes, each with the value at its rim.</param>
/// <param name="Series">One outline each, with a value per axis or null where there is none.</param>
/// <param name="Reference">The value on every axis that is the norm; drawn as a ring. Null for none.</param>
public sealed record RadarData(IReadOnlyList<RadarAxis> Axes, IReadOnlyList<RadarSeries> Series, double? Reference);

public sealed record RadarAxis(string Name, double Max);

public sealed record RadarSeries(string Name, IReadOnlyList<double?> Values);

/// <summary>The air of each place as a share of the WHO guideline levels (2021, table 0.1).</summary>
internal static class AirProfile
{
    private const int MostSeries = 8;

    private static readonly (string Pollutant, string Name)[] Pollutants =
        [("pm25", "PM2.5"), ("pm10", "PM10"), ("no2", "NO₂"), ("o3", "O₃"), ("so2", "SO₂"), ("co", "CO")];

    /// <summary>In per cent: 100 is the guideline level.</summary>
    public static RadarData Of(IReadOnlyList<StationView> stations)
    {
        var places = stations.Where(station => station.Pollutants.Count > 0).Take(MostSeries).ToArray();
        var measured = Pollutants.Where(pollutant => places.Any(place => Share(place, pollutant.Pollutant) is not null)).ToArray();
        var series = places.Select(place => new RadarSeries(place.Name, [.. measured.Select(pollutant => Share(place, pollutant.Pollutant))])).ToArray();
        var rim = Math.Max(125, Math.Ceiling(series.SelectMany(one => one.Values).Max() ?? 0) * 1.1);
        return new RadarData([.. measured.Select(pollutant => new RadarAxis(pollutant.Name, Math.Ceiling(rim / 25) * 25))], series, 100);
    }

    private static double? Share(StationView place, string pollutant) =>
        place.Pollutants.FirstOrDefault(state => state.Pollutant == pollutant) is { } state ? Math.Round(100 * state.Mean / state.Guideline) : null;
}
