using LivingCity.Twin.Models.Contract;

namespace LivingCity.Twin.Models.Flood;

/// <summary>Which equations are solved.</summary>
public enum FloodScheme
{
    /// <summary>Local inertial: fast, for slow floods.</summary>
    LocalInertial,

    /// <summary>Full shallow-water equations: for fast flow and verification.</summary>
    FiniteVolume,
}

/// <summary>Water that comes into a cell (negative: is taken out, as by a pump): discharge in m³/s over time in s, linear between its times and constant beyond.</summary>
/// <param name="Cell">Cell, row by row from the north-west.</param>
/// <param name="Seconds">Rising times, s.</param>
/// <param name="Discharge">Discharge at those times, m³/s.</param>
public sealed record Inflow(int Cell, IReadOnlyList<double> Seconds, IReadOnlyList<double> Discharge)
{
    private int _at;

    /// <summary>Volume in m³ between two times, exact for the broken line. Times are expected to rise from call to call.</summary>
    public double Volume(double from, double to)
    {
        double volume = 0;
        var start = from;
        if (_at > 0 && Seconds[_at - 1] > from)
        {
            _at = 0;
        }

        while (start < to)
        {
            while (_at < Seconds.Count && Seconds[_at] <= start)
            {
                _at++;
            }

            var end = _at < Seconds.Count ? Math.Min(to, Seconds[_at]) : to;
            volume += (At(start) + At(end)) / 2 * (end - start);
            start = end;
        }

        return volume;
    }

    private double At(double time)
    {
        if (_at == 0 || _at == Seconds.Count)
        {
            return Discharge[_at == 0 ? 0 : ^1];
        }

        var share = (time - Seconds[_at - 1]) / (Seconds[_at] - Seconds[_at - 1]);
        return Discharge[_at - 1] + (Discharge[_at] - Discharge[_at - 1]) * share;
    }
}

/// <summary>A cell whose water level follows a series, m in the terrain's reference, over time in s.</summary>
public sealed record StageBoundary(int Cell, TimeSeries Level, string Column);

/// <summary>Edge cells over which water leaves: at the normal depth of a slope with the local inertial form, without resistance with finite volumes.</summary>
public sealed record OpenBoundary(int Cell, GridEdge Edge, double Slope);

/// <summary>Water that moves from one cell to another, m³/s as long as there is any: a pump or a culvert.</summary>
public sealed record Pump(int FromCell, int ToCell, double Discharge);

/// <summary>How rain is lost before it runs off.</summary>
public abstract record RainLoss;

/// <summary>Curve numbers of the Soil Conservation Service, one for each cell (or one for all).</summary>
public sealed record CurveNumberLoss(IReadOnlyList<double> CurveNumber, double InitialShare = 0.2) : RainLoss;

/// <summary>Green and Ampt's infiltration, which also takes from ponded water; one soil for each cell (or one for all).</summary>
/// <param name="Conductivity">Hydraulic conductivity, mm/h.</param>
/// <param name="Suction">Suction at the wetting front, mm.</param>
/// <param name="Deficit">Moisture deficit, 0…1.</param>
public sealed record GreenAmptLoss(IReadOnlyList<double> Conductivity, double Suction, double Deficit) : RainLoss;

/// <summary>Everything that drives a flood.</summary>
public sealed record FloodForcing
{
    /// <summary>Rain over the whole grid: start of each interval (s) and its intensity (mm/h).</summary>
    public IReadOnlyList<(double Second, double Intensity)> Rain { get; init; } = [];

    /// <summary>How rain is lost; null for nothing.</summary>
    public RainLoss? Loss { get; init; }

    /// <summary>Capacity of the drains in each cell, mm/h; null for none.</summary>
    public IReadOnlyList<double>? Drains { get; init; }

    /// <summary>Tanks and cisterns below each cell, mm of water that they still take; null for none.</summary>
    public IReadOnlyList<double>? Storage { get; init; }

    /// <summary>Inflows.</summary>
    public IReadOnlyList<Inflow> Inflows { get; init; } = [];

    /// <summary>Cells with a given level.</summary>
    public IReadOnlyList<StageBoundary> Stages { get; init; } = [];

    /// <summary>Open edges; all others are walls.</summary>
    public IReadOnlyList<OpenBoundary> Open { get; init; } = [];

    /// <summary>Pumps and culverts.</summary>
    public IReadOnlyList<Pump> Pumps { get; init; } = [];
}
