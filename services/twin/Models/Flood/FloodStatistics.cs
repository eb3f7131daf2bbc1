namespace LivingCity.Twin.Models.Flood;

/// <summary>Maxima, arrival and gauges of a run.</summary>
internal sealed class FloodStatistics(FloodSetup setup, FloodSolver solver)
{
    private const double MeasurableDepth = 1e-4;

    private readonly double[] _depth = new double[setup.Terrain.Values.Length];
    private readonly double[] _velocity = new double[setup.Terrain.Values.Length];
    private readonly double[] _hazard = new double[setup.Terrain.Values.Length];
    private readonly double[] _arrival = Missing(setup.Terrain.Values.Length);
    private readonly List<double>[] _levels = [.. setup.Gauges.Select(_ => new List<double>())];
    private readonly List<double> _times = [];

    /// <summary>Looks at every active cell.</summary>
    public void Look(double time, CancellationToken cancellationToken)
    {
        var grid = solver.Grid;
        Parallel.For(0, grid.Rows, new ParallelOptions { CancellationToken = cancellationToken, MaxDegreeOfParallelism = setup.Threads > 0 ? setup.Threads : Environment.ProcessorCount }, row =>
        {
            for (var column = 0; column < grid.Columns; column++)
            {
                var cell = row * grid.Columns + column;
                var at = grid.Index(cell);
                var depth = solver.DepthAt(at);
                if (depth > MeasurableDepth)
                {
                    var (east, south) = solver.Velocity(at);
                    var speed = Math.Sqrt(east * east + south * south);
                    _depth[cell] = Math.Max(_depth[cell], depth);
                    _velocity[cell] = Math.Max(_velocity[cell], speed);
                    _hazard[cell] = Math.Max(_hazard[cell], Hazard.Rating(depth, speed));
                    _arrival[cell] = double.IsNaN(_arrival[cell]) && depth >= setup.FloodedDepth ? time : _arrival[cell];
                }
            }
        });
    }

    /// <summary>Records the levels at the gauges.</summary>
    public unsafe void Gauge(double time)
    {
        _times.Add(time);
        for (var i = 0; i < _levels.Length; i++)
        {
            var at = solver.Grid.Index(setup.Gauges[i]);
            _levels[i].Add(solver.Grid.IsWall(at) ? double.NaN : solver.DepthAt(at) + solver.Grid.Bed.Pointer[at] + solver.Grid.Datum);
        }
    }

    public FloodResult Result(WaterBalance balance, int steps, long updates)
    {
        var terrain = setup.Terrain;
        double[] depth = new double[_depth.Length], east = new double[_depth.Length], north = new double[_depth.Length];
        for (var cell = 0; cell < depth.Length; cell++)
        {
            var at = solver.Grid.Index(cell);
            var wall = solver.Grid.IsWall(at);
            var velocity = solver.Velocity(at);
            (depth[cell], east[cell], north[cell]) = wall ? (double.NaN, double.NaN, double.NaN) : (solver.DepthAt(at), velocity.East, -velocity.South);
            if (wall)
            {
                (_depth[cell], _velocity[cell], _hazard[cell]) = (double.NaN, double.NaN, double.NaN);
            }
        }

        return new(
            terrain.With(depth), terrain.With(east), terrain.With(north), terrain.With(_depth), terrain.With(_velocity), terrain.With(_hazard), terrain.With(_arrival), _levels, _times, balance, steps, updates);
    }

    private static double[] Missing(int count)
    {
        var values = new double[count];
        Array.Fill(values, double.NaN);
        return values;
    }
}

/// <summary>Danger of flood water to people: Defra and Environment Agency (2006), "Flood risks to people", FD2321/TR1, with the debris factors of the 2008 supplementary note for urban land.</summary>
public static class Hazard
{
    /// <summary>Rating from depth (m) and speed (m/s): below 0.75 low, to 1.25 danger for some, to 2 danger for most, above danger for all.</summary>
    public static double Rating(double depth, double speed) => depth <= 0 ? 0 : depth * (speed + 0.5) + (depth > 0.25 ? 1 : 0.5);
}
