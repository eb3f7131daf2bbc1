using LivingCity.Gateway.Portal.Services;

namespace LivingCity.Gateway.Portal.Live;

/// <summary>How a station's surroundings are: what colour, shape and word a map gives it.</summary>
public enum Condition
{
    /// <summary>Nothing is measured that a guideline knows.</summary>
    Unknown,

    /// <summary>Every pollutant is at most at its WHO guideline level, or there is no thermal stress.</summary>
    Good,

    /// <summary>Moderate thermal stress, or a pollutant above its guideline level.</summary>
    Attention,

    /// <summary>Strong thermal stress or worse, or a pollutant at twice its guideline level or more.</summary>
    Poor,
}

/// <summary>How the twin describes a station; members that the portal does not show are left out.</summary>
internal sealed record TwinStation(
    string Id, string Type, string? Name, double? Longitude, double? Latitude, bool Synthetic, DateTimeOffset? ObservedAt,
    IReadOnlyDictionary<string, double> Values, TwinThermal? Thermal, IReadOnlyList<TwinPollutant> AirQuality);

internal sealed record TwinThermal(double Utci, string Stress);

public sealed record TwinPollutant(string Pollutant, double Mean, int Readings, int AveragingHours, double Guideline, bool Exceeded);

/// <summary>A station as the portal shows it.</summary>
/// <param name="Id">URI of the entity at the context broker.</param>
/// <param name="Type">Its type.</param>
/// <param name="Name">Its name, without the remark that it is synthetic: <paramref name="Synthetic"/> says that.</param>
/// <param name="Longitude">WGS 84, degrees.</param>
/// <param name="Latitude">WGS 84, degrees.</param>
/// <param name="Synthetic">Computed, never measured.</param>
/// <param name="ObservedAt">The latest reading.</param>
/// <param name="Condition">How its surroundings are.</param>
/// <param name="Values">The latest value of each property.</param>
/// <param name="Utci">How warm it feels, in °C, where that is known.</param>
/// <param name="Pollutants">Pollutants against the WHO guidelines.</param>
public sealed record StationView(
    string Id, string Type, string Name, double? Longitude, double? Latitude, bool Synthetic, DateTimeOffset? ObservedAt, Condition Condition,
    IReadOnlyDictionary<string, double> Values, double? Utci, IReadOnlyList<TwinPollutant> Pollutants);

/// <summary>The stations of the caller's city.</summary>
internal sealed class StationData(PlatformClient platform)
{
    private const string SyntheticRemark = " (synthetic)";

    public async Task<IReadOnlyList<StationView>> ListAsync(CancellationToken cancellationToken) =>
        [.. ((await platform.GetAsync<TwinStation[]>("twin", "/api/twin/v1/stations", cancellationToken)).OrThrow() ?? []).Select(View)];

    public async Task<StationView?> FindAsync(string id, CancellationToken cancellationToken) =>
        (await platform.GetAsync<TwinStation>("twin", $"/api/twin/v1/stations/{Uri.EscapeDataString(id)}", cancellationToken)).OrThrow() is { } station ? View(station) : null;

    internal static StationView View(TwinStation station)
    {
        var name = (station.Name ?? station.Id.Split(':')[^1]).Replace(SyntheticRemark, "", StringComparison.Ordinal);
        return new(
            station.Id, station.Type, name, station.Longitude, station.Latitude, station.Synthetic, station.ObservedAt, Judge(station),
            station.Values, station.Thermal?.Utci, station.AirQuality);
    }

    private static Condition Judge(TwinStation station) => station switch
    {
        { Thermal.Stress: "none" or "slightCold" } => Condition.Good,
        { Thermal.Stress: "moderateHeat" or "moderateCold" } => Condition.Attention,
        { Thermal: not null } => Condition.Poor,
        { AirQuality: [] } => Condition.Unknown,
        _ when station.AirQuality.Any(pollutant => pollutant.Mean >= 2 * pollutant.Guideline) => Condition.Poor,
        _ when station.AirQuality.Any(pollutant => pollutant.Exceeded) => Condition.Attention,
        _ => Condition.Good,
    };
}
