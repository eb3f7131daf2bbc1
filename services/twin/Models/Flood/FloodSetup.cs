using LivingCity.Twin.Models.Geo;

namespace LivingCity.Twin.Models.Flood;

/// <summary>A flood to simulate.</summary>
public sealed record FloodSetup
{
    /// <summary>Height of the ground, m; NaN where there is none (a wall to water).</summary>
    public required Raster Terrain { get; init; }

    /// <summary>Manning's n in s/m^(1/3), one for each cell, or one for all.</summary>
    public IReadOnlyList<double> Roughness { get; init; } = [0.035];

    /// <summary>Cells that water cannot enter, such as buildings; null for none.</summary>
    public IReadOnlyList<bool>? Blocked { get; init; }

    /// <summary>Depth at the start, m; null for dry.</summary>
    public IReadOnlyList<double>? InitialDepth { get; init; }

    /// <summary>Velocity at the start by cell, m/s, east and north positive; null for none.</summary>
    public Func<int, (double East, double North)>? InitialVelocity { get; init; }

    /// <summary>What drives the flood.</summary>
    public FloodForcing Forcing { get; init; } = new();

    /// <summary>Time to simulate, s.</summary>
    public required double Duration { get; init; }

    /// <summary>Equations.</summary>
    public FloodScheme Scheme { get; init; } = FloodScheme.LocalInertial;

    /// <summary>Share of the stable step; null for the scheme's own (0.55 local inertial, 0.4 finite volumes).</summary>
    public double? Courant { get; init; }

    /// <summary>θ of de Almeida et al. (2012) for the local inertial form.</summary>
    public double InertialWeight { get; init; } = 0.9;

    /// <summary>Longest step, s.</summary>
    public double LongestStep { get; init; } = 10;

    /// <summary>Time between looks at maxima, velocities and arrival, s.</summary>
    public double StatisticsInterval { get; init; } = 30;

    /// <summary>Time between values at gauges, s.</summary>
    public double GaugeInterval { get; init; } = 60;

    /// <summary>Cells whose level is recorded.</summary>
    public IReadOnlyList<int> Gauges { get; init; } = [];

    /// <summary>Depth from which a cell counts as flooded, m.</summary>
    public double FloodedDepth { get; init; } = 0.05;

    /// <summary>Threads; all cores for 0. The result does not depend on them.</summary>
    public int Threads { get; init; }
}

/// <summary>What a simulation gives. Grids follow the terrain.</summary>
/// <param name="Depth">Depth at the end, m.</param>
/// <param name="EastVelocity">Velocity at the end, m/s.</param>
/// <param name="NorthVelocity">Velocity at the end, m/s.</param>
/// <param name="MaximumDepth">Greatest depth, m.</param>
/// <param name="MaximumVelocity">Greatest speed, m/s.</param>
/// <param name="MaximumHazard">Greatest hazard rating d·(v + 0.5) + DF, DF 0.5 up to 0.25 m of depth and 1 above (Defra/Environment Agency 2006, FD2321).</param>
/// <param name="Arrival">Time at which a cell is first flooded, s; NaN where it never is.</param>
/// <param name="GaugeLevels">Water level at each gauge, m in the terrain's reference, one list for each gauge.</param>
/// <param name="GaugeSeconds">Times of the gauge values, s.</param>
/// <param name="Balance">Where the water came from and went.</param>
/// <param name="Steps">Steps taken.</param>
/// <param name="CellUpdates">Cells computed, summed over the steps.</param>
public sealed record FloodResult(
    Raster Depth,
    Raster EastVelocity,
    Raster NorthVelocity,
    Raster MaximumDepth,
    Raster MaximumVelocity,
    Raster MaximumHazard,
    Raster Arrival,
    IReadOnlyList<IReadOnlyList<double>> GaugeLevels,
    IReadOnlyList<double> GaugeSeconds,
    WaterBalance Balance,
    int Steps,
    long CellUpdates);

/// <summary>Volumes in m³.</summary>
public sealed record WaterBalance(double Initial, double Rain, double Inflow, double Outflow, double Infiltrated, double Drained, double Final)
{
    /// <summary>What is missing or too much.</summary>
    public double Error => Final - (Initial + Rain + Inflow - Outflow - Infiltrated - Drained);

    /// <summary>The error as a share of all the water that was ever there.</summary>
    public double RelativeError => Error / Math.Max(Initial + Rain + Math.Abs(Inflow), 1e-30);
}
