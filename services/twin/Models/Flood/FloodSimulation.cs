namespace LivingCity.Twin.Models.Flood;

/// <summary>Runs a flood: steps of the solver, and between them what comes in, goes out, and is looked at.</summary>
public sealed class FloodSimulation
{
    private readonly FloodSetup _setup;
    private readonly FloodGrid _grid;
    private readonly FloodSolver _solver;
    private readonly FloodSources _sources;
    private readonly FloodStatistics _statistics;
    private double _initial;
    private double _left;

    private FloodSimulation(FloodSetup setup)
    {
        _setup = setup;
        double[] roughness = [.. setup.Roughness];
        if (roughness.Length != 1 && roughness.Length != setup.Terrain.Values.Length)
        {
            throw new ArgumentException("Roughness must be one value or one for each cell.", nameof(setup));
        }

        _grid = new FloodGrid(setup.Terrain, roughness, setup.Blocked is null ? [] : [.. setup.Blocked]);
        _solver = setup.Scheme == FloodScheme.LocalInertial
            ? new LocalInertialSolver(_grid, setup.Threads, setup.Courant ?? 0.55, setup.InertialWeight)
            : new FiniteVolumeSolver(_grid, setup.Threads, setup.Courant ?? 0.4);
        _sources = new FloodSources(setup, _solver);
        _statistics = new FloodStatistics(setup, _solver);
    }

    /// <summary>Runs a flood.</summary>
    /// <param name="setup">Flood.</param>
    /// <param name="progress">Told the share of the time that is done.</param>
    /// <param name="cancellationToken">Ends the run after the step it is in.</param>
    /// <exception cref="ArgumentException">Grids or cells do not fit the terrain.</exception>
    public static FloodResult Run(FloodSetup setup, IProgress<double>? progress = null, CancellationToken cancellationToken = default) =>
        new FloodSimulation(setup).Run(progress, cancellationToken);

    private FloodResult Run(IProgress<double>? progress, CancellationToken cancellationToken)
    {
        Start();
        double time = 0, nextLook = 0, nextGauge = 0;
        var steps = 0;
        long updates = 0;
        while (true)
        {
            if (time >= nextGauge - 1e-9)
            {
                _statistics.Gauge(time);
                nextGauge += _setup.GaugeInterval;
            }

            if (time >= nextLook - 1e-9 || time >= _setup.Duration)
            {
                _statistics.Look(time, cancellationToken);
                progress?.Report(time / _setup.Duration);
                nextLook += _setup.StatisticsInterval;
            }

            if (time >= _setup.Duration)
            {
                break;
            }

            cancellationToken.ThrowIfCancellationRequested();
            var stable = _solver.StableStep();
            var step = Math.Min(Math.Min(stable, _setup.LongestStep), Math.Min(_sources.LongestStep(time), Math.Min(_setup.Duration, Math.Min(nextLook, nextGauge)) - time));
            if (double.IsFinite(stable))
            {
                _left += _solver.Step(step, cancellationToken);
            }

            _sources.Apply(time, step, cancellationToken);
            updates += _solver.Tiles.ActiveCells;
            time += step;
            steps++;
        }

        return _statistics.Result(
            new WaterBalance(_initial, _sources.Rained, _sources.CameIn, _left + _sources.WentOut, _sources.Infiltrated, _sources.Drained, _solver.Volume()), steps, updates);
    }

    private void Start()
    {
        for (var cell = 0; cell < _setup.Terrain.Values.Length; cell++)
        {
            var at = _grid.Index(cell);
            if (_grid.IsWall(at))
            {
                continue;
            }

            if (_setup.InitialDepth?[cell] is > 0 and var depth)
            {
                // The level counts: what rounding took from the bed goes to the depth, so that still water is still.
                _solver.SetDepth(at, depth + _grid.RoundedOff(at, _setup.Terrain.Values[cell]));
                if (_setup.InitialVelocity?.Invoke(cell) is { } velocity)
                {
                    _solver.SetVelocity(at, velocity.East, -velocity.North);
                }
            }
        }

        foreach (var open in _setup.Forcing.Open)
        {
            if (!LiesOn(open.Edge, open.Cell))
            {
                throw new ArgumentException($"Cell {open.Cell} does not lie on the {open.Edge} edge of the grid.");
            }

            _solver.OpenEdge(new(open.Cell, open.Edge), open.Slope);
        }

        _initial = _solver.Volume();
    }

    private bool LiesOn(GridEdge edge, int cell)
    {
        int column = cell % _grid.Columns, row = cell / _grid.Columns;
        return cell >= 0 && row < _grid.Rows && edge switch
        {
            GridEdge.North => row == 0,
            GridEdge.South => row == _grid.Rows - 1,
            GridEdge.West => column == 0,
            _ => column == _grid.Columns - 1,
        };
    }
}
