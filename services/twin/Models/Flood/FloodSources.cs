namespace LivingCity.Twin.Models.Flood;

/// <summary>What comes in and goes out between the steps of a solver. Every volume is counted as it is applied.</summary>
internal sealed unsafe class FloodSources
{
    // Losses and rain are applied at this interval at most, so that they cost little.
    private const double Interval = 10;

    private readonly FloodForcing _forcing;
    private readonly FloodSolver _solver;
    private readonly FloodGrid _grid;
    private readonly int _cells;
    private readonly double[]? _infiltrated;
    private readonly double[]? _room;
    private readonly bool _everywhere;
    private readonly double _duration;
    private double _sinceRain;
    private double _pendingRain;
    private double _rainSoFar;

    public FloodSources(FloodSetup setup, FloodSolver solver)
    {
        (_forcing, _solver, _grid, _cells, _duration) = (setup.Forcing, solver, solver.Grid, setup.Terrain.Values.Length, setup.Duration);
        _infiltrated = _forcing.Loss is GreenAmptLoss ? new double[_cells] : null;
        _room = _forcing.Storage is null ? null : [.. _forcing.Storage];
        _everywhere = _forcing.Rain.Count > 0 || _forcing.Drains is not null || _room is not null || _forcing.Loss is GreenAmptLoss;
        if (_forcing.Rain.Count > 0)
        {
            solver.Tiles.ForceAll();
        }

        int[] wet = [.. _forcing.Inflows.Select(i => i.Cell), .. _forcing.Stages.Select(s => s.Cell), .. _forcing.Pumps.SelectMany(p => new[] { p.FromCell, p.ToCell })];
        foreach (var cell in wet)
        {
            if (cell < 0 || cell >= _cells)
            {
                throw new ArgumentException($"Cell {cell} is not on the grid.", nameof(setup));
            }

            solver.Tiles.Force(cell);
        }
    }

    public double Rained { get; private set; }

    public double CameIn { get; private set; }

    public double WentOut { get; private set; }

    public double Infiltrated { get; private set; }

    /// <summary>What drains and tanks have taken, m³.</summary>
    public double Drained { get; private set; }

    /// <summary>Longest step that does not pass a change of the rain, s.</summary>
    public double LongestStep(double time)
    {
        var next = _forcing.Rain.Select(r => r.Second).Where(s => s > time + 1e-9).DefaultIfEmpty(double.PositiveInfinity).Min();
        return Math.Min(next - time, _everywhere ? Interval : double.PositiveInfinity);
    }

    /// <summary>Applies a step that has just been taken.</summary>
    public void Apply(double time, double step, CancellationToken cancellationToken)
    {
        foreach (var inflow in _forcing.Inflows)
        {
            Count(Add(inflow.Cell, inflow.Volume(time, time + step)));
        }

        foreach (var pump in _forcing.Pumps)
        {
            var moved = Takes(pump.FromCell) && Takes(pump.ToCell) ? Math.Min(pump.Discharge * step, _solver.DepthAt(_grid.Index(pump.FromCell)) * _grid.Area) : 0;
            Change(pump.FromCell, -moved);
            Change(pump.ToCell, moved);
        }

        foreach (var stage in _forcing.Stages)
        {
            var at = _grid.Index(stage.Cell);
            var target = Math.Max(0, stage.Level.At(stage.Column, time + step) - _grid.Datum - _grid.Bed.Pointer[at]);
            Count(Add(stage.Cell, (target - _solver.DepthAt(at)) * _grid.Area) + _solver.Supplied(at));
            if (Inward(stage.Cell) is not 0 and var inward)
            {
                _solver.FollowVelocity(at, at + inward);
            }
        }

        if (_everywhere)
        {
            _pendingRain += Intensity(time) / 3600 * step;
            _sinceRain += step;
            if (_sinceRain >= Interval / 2 || _pendingRain > 0.1 || LongestStep(time + step) <= 1e-9 || time + step >= _duration)
            {
                Everywhere(cancellationToken);
            }
        }
    }

    // Towards the inside of the grid from a cell at its edge; 0 inside.
    private int Inward(int cell) => (cell % _grid.Columns, cell / _grid.Columns) switch
    {
        (0, _) => 1,
        (var column, _) when column == _grid.Columns - 1 => -1,
        (_, 0) => _grid.Stride,
        (_, var row) when row == _grid.Rows - 1 => -_grid.Stride,
        _ => 0,
    };

    private double Intensity(double time) => _forcing.Rain.LastOrDefault(r => r.Second <= time + 1e-9).Intensity;

    private bool Takes(int cell) => !_grid.IsWall(_grid.Index(cell));

    private double Add(int cell, double volume)
    {
        if (!Takes(cell))
        {
            return 0;
        }

        // No more can be taken out than is there.
        var possible = Math.Max(volume, -_solver.DepthAt(_grid.Index(cell)) * _grid.Area);
        Change(cell, possible);
        return possible;
    }

    private void Count(double volume)
    {
        CameIn += Math.Max(volume, 0);
        WentOut += Math.Max(-volume, 0);
    }

    private void Change(int cell, double volume)
    {
        var at = _grid.Index(cell);
        if (volume != 0)
        {
            _solver.SetDepth(at, Math.Max(0, _solver.DepthAt(at) + volume / _grid.Area));
        }
    }

    // Rain, infiltration and drains on every cell.
    private void Everywhere(CancellationToken cancellationToken)
    {
        double rain = _pendingRain, hours = _sinceRain / 3600;
        var rows = new (double Rain, double Infiltrated, double Drained)[_grid.Rows];
        Parallel.For(0, _grid.Rows, new ParallelOptions { CancellationToken = cancellationToken, MaxDegreeOfParallelism = Environment.ProcessorCount }, row =>
        {
            for (var column = 0; column < _grid.Columns; column++)
            {
                var cell = row * _grid.Columns + column;
                var at = _grid.Index(cell);
                var depth = _solver.DepthAt(at);
                if (!_grid.IsWall(at) && (rain > 0 || depth > 0))
                {
                    // Depths here in mm.
                    var loss = Loss(cell, rain, depth * 1000, hours);
                    var drained = Math.Min(_forcing.Drains?[cell] * hours ?? 0, depth * 1000 + rain - loss);
                    if (_room is not null)
                    {
                        var stored = Math.Min(_room[cell], depth * 1000 + rain - loss - drained);
                        _room[cell] -= stored;
                        drained += stored;
                    }

                    var change = (rain - loss - drained) / 1000;
                    if (change != 0)
                    {
                        _solver.SetDepthOnly(at, Math.Max(0, depth + change));
                    }

                    rows[row] = (rows[row].Rain + rain, rows[row].Infiltrated + loss, rows[row].Drained + drained);
                }
            }
        });
        _solver.DepthsChanged();
        var perDepth = _grid.Area / 1000;
        foreach (var (rained, infiltrated, drained) in rows)
        {
            (Rained, Infiltrated, Drained) = (Rained + rained * perDepth, Infiltrated + infiltrated * perDepth, Drained + drained * perDepth);
        }

        (_pendingRain, _sinceRain, _rainSoFar) = (0, 0, _rainSoFar + rain);
    }

    private double Loss(int cell, double rain, double depth, double hours)
    {
        switch (_forcing.Loss)
        {
            case CurveNumberLoss loss:
                var number = loss.CurveNumber[loss.CurveNumber.Count == 1 ? 0 : cell];
                return rain - (CurveNumber.Runoff(_rainSoFar + rain, number, loss.InitialShare) - CurveNumber.Runoff(_rainSoFar, number, loss.InitialShare));
            case GreenAmptLoss soil:
                var conductivity = soil.Conductivity[soil.Conductivity.Count == 1 ? 0 : cell];
                var able = GreenAmpt.Cumulative(conductivity, soil.Suction * soil.Deficit, hours, _infiltrated![cell]) - _infiltrated[cell];
                var taken = Math.Min(able, depth + rain);
                _infiltrated[cell] += taken;
                return taken;
            default:
                return 0;
        }
    }
}
