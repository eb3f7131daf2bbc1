namespace LivingCity.Twin.Models.Flood;

/// <summary>
/// Local inertial form of the shallow-water equations: Bates, Horritt and Fewtrell (2010), Journal of Hydrology 387, 33–45, with the weighting of de Almeida et al. (2012), Water Resources Research 48, W05528.
/// It drops the advection of momentum, so it must not be trusted where flow is fast (Froude numbers near 1 and above, dam breaks); there the discharge over a face is held at critical flow, as Coulthard et al. (2013), Earth
/// Surface Processes and Landforms 38, 1897–1906, do. Friction is linear in the new discharge, as Bates et al. write it, and fully implicit where it takes more than half in a step: thin water on a slope would swing otherwise.
/// </summary>
/// <remarks>
/// A step has two phases: discharges over all faces from the old levels, with the share that each cell can give (so no depth goes below zero); then levels from the shared discharges. Cells do not
/// depend on each other inside a phase, so the result is the same for any number of threads.
/// </remarks>
internal sealed unsafe class LocalInertialSolver : FloodSolver
{
    /// <summary>Depths of flow below this count as none, m.</summary>
    internal const float DryDepth = 1e-5f;

    private const float ThinDepth = 1e-3f;

    private readonly double _courant;
    private readonly float _weight;
    private readonly FieldBuffer _level;
    private readonly FieldBuffer _east;
    private readonly FieldBuffer _south;
    private readonly FieldBuffer _newEast;
    private readonly FieldBuffer _newSouth;
    private readonly FieldBuffer _share;
    private readonly float[] _deepest;
    private readonly List<(EdgeCell Edge, double RootSlope)> _open = [];
    private float _raised;

    /// <summary>Makes a dry solver.</summary>
    /// <param name="grid">Terrain.</param>
    /// <param name="threads">Threads; all cores for 0.</param>
    /// <param name="courant">α of the step, 0…1; held below the limit of stability on a two-dimensional grid.</param>
    /// <param name="weight">θ of de Almeida, 0…1; 1 is the form of Bates.</param>
    public LocalInertialSolver(FloodGrid grid, int threads = 0, double courant = 0.55, double weight = 0.9)
        : base(grid, threads, stages: 1)
    {
        // On two-dimensional grids the shortest wave grows beyond √(θ/2) over an even bed; over rough ground with walls waves were seen to grow from nine tenths of that on.
        (_courant, _weight) = (Math.Min(courant, 0.82 * Math.Sqrt(weight / 2)), (float)weight);
        (_level, _share) = (new FieldBuffer(grid.Length), new FieldBuffer(grid.Length));
        (_east, _south, _newEast, _newSouth) = (new FieldBuffer(grid.Length), new FieldBuffer(grid.Length), new FieldBuffer(grid.Length), new FieldBuffer(grid.Length));
        _deepest = new float[Tiles.Strips];
        grid.Bed.Span.CopyTo(_level.Span);
        _share.Span.Fill(1);
    }

    /// <inheritdoc/>
    public override void OpenEdge(EdgeCell cell, double slope) => _open.Add((cell, Math.Sqrt(slope)));

    /// <inheritdoc/>
    public override double StableStep()
    {
        Tiles.Refresh(Depth.Pointer, Clear);
        // Sources may have raised a level since the last step.
        var deepest = Math.Max(_raised, _deepest.Max());
        return deepest > 0 ? _courant * Grid.CellSize / Math.Sqrt(Gravity * deepest) : double.PositiveInfinity;
    }

    /// <inheritdoc/>
    public override double Step(double step, CancellationToken cancellationToken)
    {
        var kernel = new LocalInertialKernel(Grid, _level, Depth, Rest, _east, _south, _newEast, _newSouth, _share, step, _weight);
        ForStrips(strip => kernel.Discharges(Tiles, strip), cancellationToken);
        var left = _open.Count == 0 ? 0 : OpenEdges(kernel, step);
        _raised = 0;
        ForStrips(strip => _deepest[strip] = kernel.Levels(Tiles, strip), cancellationToken);
        Forget();
        return left;
    }

    /// <summary>Mean of the velocities over both faces in each direction: discharge over depth of flow. Over the depth of the cell, thin water behind a face would seem to race.</summary>
    public override (double East, double South) Velocity(int index) => Depth.Pointer[index] < ThinDepth ? (0, 0) : (
        (Over(_east.Pointer[index], index, index - 1) + Over(_east.Pointer[index + 1], index, index + 1)) / 2,
        (Over(_south.Pointer[index], index, index - Grid.Stride) + Over(_south.Pointer[index + Grid.Stride], index, index + Grid.Stride)) / 2);

    /// <inheritdoc/>
    public override void SetVelocity(int index, double east, double south)
    {
        var depth = Depth.Pointer[index];
        (_east.Pointer[index], _east.Pointer[index + 1]) = ((float)(east * depth), (float)(east * depth));
        (_south.Pointer[index], _south.Pointer[index + Grid.Stride]) = ((float)(south * depth), (float)(south * depth));
    }

    /// <inheritdoc/>
    protected override void DepthChanged(int index)
    {
        _raised = Math.Max(_raised, Depth.Pointer[index]);
        _level.Pointer[index] = (float)((double)Depth.Pointer[index] + Rest.Pointer[index] + Grid.Bed.Pointer[index]);
    }

    // Before a wall, where only an open edge lets water through, the depth of flow is that of the cell.
    private double Over(float discharge, int index, int neighbour)
    {
        var flow = Grid.IsWall(neighbour)
            ? Depth.Pointer[index]
            : Math.Max(_level.Pointer[index], _level.Pointer[neighbour]) - Math.Max(Grid.Bed.Pointer[index], Grid.Bed.Pointer[neighbour]);
        // The discharge was held at critical flow over the depth before the step; the depth after it may be less.
        var critical = Math.Sqrt(Gravity * Math.Max(flow, 0));
        return flow < ThinDepth ? 0 : Math.Clamp(discharge / flow, -critical, critical);
    }

    // Water leaves over an open edge at the normal depth of the slope given: q = √S·h^(5/3)/n.
    private double OpenEdges(LocalInertialKernel kernel, double step)
    {
        foreach (var (edge, rootSlope) in _open)
        {
            var at = Grid.Index(edge.Cell);
            var depth = Depth.Pointer[at];
            var roughness = Math.Sqrt(Math.Max(Grid.Roughness.Pointer[at], 1e-8f));
            var discharge = depth > DryDepth ? (float)(rootSlope * Math.Pow(depth, 5.0 / 3) / roughness) : 0;
            switch (edge.Edge)
            {
                case GridEdge.West: _newEast.Pointer[at] = -discharge; break;
                case GridEdge.East: _newEast.Pointer[at + 1] = discharge; break;
                case GridEdge.North: _newSouth.Pointer[at] = -discharge; break;
                default: _newSouth.Pointer[at + Grid.Stride] = discharge; break;
            }
        }

        double left = 0;
        foreach (var (edge, _) in _open)
        {
            kernel.ShareOf(Grid.Index(edge.Cell));
        }

        foreach (var (edge, _) in _open)
        {
            var at = Grid.Index(edge.Cell);
            left += (double)_share.Pointer[at] * Math.Abs(edge.Edge switch
            {
                GridEdge.West => _newEast.Pointer[at],
                GridEdge.East => _newEast.Pointer[at + 1],
                GridEdge.North => _newSouth.Pointer[at],
                _ => _newSouth.Pointer[at + Grid.Stride],
            });
        }

        return left * step * Grid.CellSize;
    }

    // Registers reach past the eastern edge, where what has left would gather and, ever deeper, shorten the steps.
    private void Forget()
    {
        foreach (var (edge, _) in _open)
        {
            if (edge.Edge == GridEdge.East)
            {
                var outside = Grid.Index(edge.Cell) + 1;
                (Depth.Pointer[outside], Rest.Pointer[outside], _level.Pointer[outside]) = (0, 0, Grid.Bed.Pointer[outside]);
            }
        }
    }

    private void Clear(int strip, TileRun run)
    {
        for (var row = ActiveTiles.FirstRow(strip); row < Tiles.EndRow(strip); row++)
        {
            var at = Grid.Index(row * Grid.Columns) + run.FirstColumn;
            foreach (var field in (FieldBuffer[])[_east, _south, _newEast, _newSouth])
            {
                field.Span.Slice(at, run.EndColumn - run.FirstColumn).Clear();
            }
        }
    }
}
