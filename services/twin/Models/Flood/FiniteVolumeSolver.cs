using System.Collections.Concurrent;

namespace LivingCity.Twin.Models.Flood;

/// <summary>
/// Full shallow-water equations by finite volumes: HLLC fluxes (Toro 2001) between linearly reconstructed states, the hydrostatic reconstruction of Audusse et al. (2004), SIAM Journal on Scientific Computing 25, 2050–2065,
/// implicit friction, and Heun's two stages. Second order where the flow is smooth, still water stays still, depths never go below zero.
/// </summary>
/// <remarks>
/// Positivity: what leaves a cell over each face is bounded by a part of its content that depends on the cell alone; the parts of its four faces add up to one. A cell next to a dry one is reconstructed flat.
/// </remarks>
internal sealed unsafe class FiniteVolumeSolver : FloodSolver
{
    private readonly double _courant;
    private readonly FiniteVolumeState _state;
    private readonly FiniteVolumeState _predicted;
    private readonly float[] _fastest;
    private readonly List<(EdgeCell Edge, double RootSlope)> _open = [];
    private readonly List<int> _held = [];
    private readonly Dictionary<int, double> _supplied = [];
    private readonly EdgeFluxes _edges;
    private readonly ConcurrentBag<FiniteVolumeScratch> _scratch = [];
    private float _raised;

    /// <summary>Makes a dry solver.</summary>
    /// <param name="grid">Terrain.</param>
    /// <param name="threads">Threads; all cores for 0.</param>
    /// <param name="courant">Share of a cell that the fastest wave passes in a step, 0…0.5.</param>
    public FiniteVolumeSolver(FloodGrid grid, int threads = 0, double courant = 0.4)
        : base(grid, threads, stages: 2)
    {
        _courant = courant;
        _state = new(Depth, Rest, new FieldBuffer(grid.Length), new FieldBuffer(grid.Length));
        _predicted = new(new FieldBuffer(grid.Length), new FieldBuffer(grid.Length), new FieldBuffer(grid.Length), new FieldBuffer(grid.Length));
        _fastest = new float[Tiles.Strips];
        _edges = new EdgeFluxes(grid);
    }

    /// <inheritdoc/>
    public override void OpenEdge(EdgeCell cell, double slope)
    {
        _open.Add((cell, Math.Sqrt(slope)));
        var (at, outward) = Place(cell);
        for (var ghost = 1; ghost <= FloodGrid.Halo; ghost++)
        {
            Grid.Bed.Pointer[at + ghost * outward] = Grid.Bed.Pointer[at];
            Grid.Roughness.Pointer[at + ghost * outward] = Grid.Roughness.Pointer[at];
        }
    }

    /// <inheritdoc/>
    public override double StableStep()
    {
        Tiles.Refresh(Depth.Pointer, Clear);
        var fastest = Math.Max(_raised, _fastest.Max());
        return fastest > 0 ? _courant * Grid.CellSize / fastest : double.PositiveInfinity;
    }

    /// <inheritdoc/>
    public override double Step(double step, CancellationToken cancellationToken)
    {
        _raised = 0;
        _edges.Clear();
        Stage(_state, _predicted, null, step, cancellationToken);
        foreach (var index in _held)
        {
            // A cell whose level is prescribed keeps it through both stages: the wall behind it must not drain its momentum. The second stage takes the mean, so half of the water counts.
            var lacking = (double)_state.Depth.Pointer[index] + _state.Left.Pointer[index] - _predicted.Depth.Pointer[index] - _predicted.Left.Pointer[index];
            _supplied[index] = lacking / 2 * Grid.Area;
            _predicted.Depth.Pointer[index] = _state.Depth.Pointer[index];
            _predicted.Left.Pointer[index] = _state.Left.Pointer[index];
            _predicted.East.Pointer[index] = _state.East.Pointer[index];
            _predicted.South.Pointer[index] = _state.South.Pointer[index];
        }

        Stage(_predicted, _state, _state, step, cancellationToken);
        return _open.Count == 0 ? 0 : _edges.Outflow() * step / 2 * Grid.CellSize;
    }

    /// <inheritdoc/>
    public override (double East, double South) Velocity(int index)
    {
        var depth = Depth.Pointer[index];
        return depth < 1e-3f ? (0, 0) : (_state.East.Pointer[index] / depth, _state.South.Pointer[index] / depth);
    }

    /// <inheritdoc/>
    public override void SetVelocity(int index, double east, double south)
    {
        _state.East.Pointer[index] = (float)(east * DepthAt(index));
        _state.South.Pointer[index] = (float)(south * DepthAt(index));
        Raise(index);
    }

    /// <inheritdoc/>
    public override void FollowVelocity(int index, int other)
    {
        var (east, south) = Velocity(other);
        SetVelocity(index, east, south);
        if (_supplied.TryAdd(index, 0))
        {
            _held.Add(index);
        }
    }

    /// <inheritdoc/>
    public override double Supplied(int index) => _supplied.GetValueOrDefault(index);

    /// <inheritdoc/>
    protected override void DepthChanged(int index) => Raise(index);

    private void Raise(int index)
    {
        var (east, south) = Velocity(index);
        _raised = Math.Max(_raised, (float)(Math.Max(Math.Abs(east), Math.Abs(south)) + Math.Sqrt(Gravity * Depth.Pointer[index])));
    }

    // With a mean state given, the result is the mean of it and the stage: the second of Heun's stages.
    private void Stage(FiniteVolumeState from, FiniteVolumeState to, FiniteVolumeState? mean, double step, CancellationToken cancellationToken)
    {
        CopyToGhosts(from);
        var kernel = new FiniteVolumeKernel(Grid, from, to, mean, step, _edges);
        ForStrips(
            strip =>
            {
                if (!_scratch.TryTake(out var scratch))
                {
                    scratch = new FiniteVolumeScratch();
                }

                _fastest[strip] = kernel.Run(Tiles, strip, scratch);
                _scratch.Add(scratch);
            },
            cancellationToken);
    }

    // Outside stands the same water. Where a slope is given it moves at the speed of uniform flow on it, so that slow flow finds its normal depth; without one nothing holds it back.
    private void CopyToGhosts(FiniteVolumeState state)
    {
        foreach (var (edge, rootSlope) in _open)
        {
            var (at, outward) = Place(edge);
            var depth = state.Depth.Pointer[at];
            float east = state.East.Pointer[at], south = state.South.Pointer[at];
            if (rootSlope > 0 && Grid.Roughness.Pointer[at] > 0)
            {
                var discharge = (float)(rootSlope * Math.Pow(depth, 5.0 / 3) / Math.Sqrt(Grid.Roughness.Pointer[at]));
                (east, south) = edge.Edge switch
                {
                    GridEdge.West => (-discharge, south),
                    GridEdge.East => (discharge, south),
                    GridEdge.North => (east, -discharge),
                    _ => (east, discharge),
                };
            }

            for (var ghost = 1; ghost <= FloodGrid.Halo; ghost++)
            {
                var outside = at + ghost * outward;
                state.Depth.Pointer[outside] = depth;
                state.Left.Pointer[outside] = state.Left.Pointer[at];
                state.East.Pointer[outside] = east;
                state.South.Pointer[outside] = south;
            }
        }
    }

    private (int At, int Outward) Place(EdgeCell cell) => (Grid.Index(cell.Cell), cell.Edge switch
    {
        GridEdge.West => -1,
        GridEdge.East => 1,
        GridEdge.North => -Grid.Stride,
        _ => Grid.Stride,
    });

    private void Clear(int strip, TileRun run)
    {
        for (var row = ActiveTiles.FirstRow(strip); row < Tiles.EndRow(strip); row++)
        {
            var at = Grid.Index(row * Grid.Columns) + run.FirstColumn;
            foreach (var field in (FieldBuffer[])[_predicted.Depth, _predicted.Left, _predicted.East, _predicted.South])
            {
                field.Span.Slice(at, run.EndColumn - run.FirstColumn).Clear();
            }
        }
    }
}

/// <summary>Depth in two parts (m) and discharges (m²/s) of every cell.</summary>
internal sealed record FiniteVolumeState(FieldBuffer Depth, FieldBuffer Left, FieldBuffer East, FieldBuffer South);

/// <summary>Discharge over the edges of the grid, outward positive, m²/s, summed over the stages of a step.</summary>
internal sealed class EdgeFluxes(FloodGrid grid)
{
    public double[] West { get; } = new double[grid.Rows];

    public double[] East { get; } = new double[grid.Rows];

    public double[] North { get; } = new double[grid.Columns];

    public double[] South { get; } = new double[grid.Columns];

    public void Clear()
    {
        Array.Clear(West);
        Array.Clear(East);
        Array.Clear(North);
        Array.Clear(South);
    }

    public double Outflow() => West.Sum() + East.Sum() + North.Sum() + South.Sum();
}
