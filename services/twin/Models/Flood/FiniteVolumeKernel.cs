using System.Runtime.Intrinsics;

namespace LivingCity.Twin.Models.Flood;

/// <summary>One stage of <see cref="FiniteVolumeSolver"/>, sixteen cells at a time.</summary>
/// <param name="grid">Terrain.</param>
/// <param name="from">State that fluxes come from.</param>
/// <param name="to">State that is written.</param>
/// <param name="mean">State that the result is averaged with; null for none.</param>
/// <param name="step">Step, s.</param>
/// <param name="edges">Discharge over the edges of the grid, added to.</param>
internal readonly unsafe struct FiniteVolumeKernel(FloodGrid grid, FiniteVolumeState from, FiniteVolumeState to, FiniteVolumeState? mean, double step, EdgeFluxes edges)
{
    /// <summary>Depths below count as dry, m.</summary>
    public const float Dry = 1e-5f;

    /// <summary>Depths below are too thin for a quotient of discharge and depth; velocities fade out, m.</summary>
    public const float Thin = 1e-3f;

    private const int Width = FiniteVolumeScratch.Width, Lanes = FloodGrid.Lanes;

    // Rows of the work space. States and fluxes take four rows each.
    private const int West = 0, East = 4, North = 8, SouthEven = 12, SouthOdd = 16, FluxWest = 20, FluxNorthEven = 24, FluxNorthOdd = 28, PushEast = 32, PushSouthEven = 33, PushSouthOdd = 34;

    private readonly double _ratio = step / grid.CellSize;
    private readonly float _perStep = (float)(grid.CellSize / step);
    private readonly float _drag = (float)(step * FloodSolver.Gravity);

    /// <summary>Computes a strip.</summary>
    /// <returns>Greatest speed of a wave in the result, m/s.</returns>
    public float Run(ActiveTiles tiles, int strip, FiniteVolumeScratch scratch)
    {
        var fastest = Vector512<float>.Zero;
        foreach (var run in tiles.Runs(strip))
        {
            for (var column = run.FirstColumn; column < run.EndColumn; column += FiniteVolumeScratch.ChunkColumns)
            {
                var width = Math.Min(FiniteVolumeScratch.ChunkColumns, run.EndColumn - column);
                fastest = Vector512.MaxNative(fastest, Chunk(scratch, ActiveTiles.FirstRow(strip), tiles.EndRow(strip), column, width));
            }
        }

        var greatest = 0f;
        for (var lane = 0; lane < Lanes; lane++)
        {
            greatest = Math.Max(greatest, fastest[lane]);
        }

        return greatest;
    }

    private Vector512<float> Chunk(FiniteVolumeScratch scratch, int first, int end, int column, int width)
    {
        var fastest = Vector512<float>.Zero;
        for (var row = first - FloodGrid.Halo; row < end + FloodGrid.Halo; row++)
        {
            LoadStates(scratch, row - first + FloodGrid.Halo, grid.Index(0) + row * grid.Stride + column - Lanes, width + 2 * Lanes);
        }

        for (var row = first - 1; row <= end; row++)
        {
            var local = row - first + FloodGrid.Halo;
            var even = (row & 1) == 0;
            var north = scratch.Row(North);
            var south = scratch.Row(even ? SouthEven : SouthOdd);
            FaceKernel.Reconstruct(scratch, local, 3, 2, Width, north, south, scratch.Row(even ? PushSouthEven : PushSouthOdd), Lanes, Lanes + width);
            if (row >= first)
            {
                var above = scratch.Row(even ? SouthOdd : SouthEven);
                FaceKernel.Fluxes(scratch, local, 3, Width, above, 0, north, scratch.Row(even ? FluxNorthEven : FluxNorthOdd), Lanes, Lanes + width);
            }

            if (row > first)
            {
                fastest = Vector512.MaxNative(fastest, Finish(scratch, local - 1, row - 1, column, width));
            }
        }

        return fastest;
    }

    // The row has its fluxes to north and south; those to west and east follow, then its new state.
    private Vector512<float> Finish(FiniteVolumeScratch scratch, int local, int row, int column, int width)
    {
        FaceKernel.Reconstruct(scratch, local, 2, 3, 1, scratch.Row(West), scratch.Row(East), scratch.Row(PushEast), 0, width + 2 * Lanes);
        FaceKernel.Fluxes(scratch, local, 2, 1, scratch.Row(East), -1, scratch.Row(West), scratch.Row(FluxWest), Lanes, width + 2 * Lanes);
        var even = (row & 1) == 0;
        float* north = scratch.Row(even ? FluxNorthEven : FluxNorthOdd), south = scratch.Row(even ? FluxNorthOdd : FluxNorthEven), west = scratch.Row(FluxWest);
        float* pushEast = scratch.Row(PushEast), pushSouth = scratch.Row(even ? PushSouthEven : PushSouthOdd);
        KeepEdges(west, north, south, row, column, width);
        var fastest = Vector512<float>.Zero;
        var at = grid.Index(0) + row * grid.Stride + column;
        for (var x = 0; x < width; x += Lanes)
        {
            fastest = Vector512.MaxNative(fastest, Advance(west + Lanes + x, north + Lanes + x, south + Lanes + x, pushEast + Lanes + x, pushSouth + Lanes + x, at + x));
        }

        return fastest;
    }

    private Vector512<float> Advance(float* westFace, float* northFace, float* southFace, float* pushEast, float* pushSouth, int at)
    {
        var ratio = Vector512.Create(_ratio);
        Vector512<float> depth = Vector512.Load(from.Depth.Pointer + at), left = Vector512.Load(from.Left.Pointer + at);
        Vector512<float> west = Vector512.Load(westFace), east = Vector512.Load(westFace + 1), north = Vector512.Load(northFace), south = Vector512.Load(southFace);
        var lower = Vector512.WidenLower(depth) + Vector512.WidenLower(left)
            + ratio * (Vector512.WidenLower(west) - Vector512.WidenLower(east) + (Vector512.WidenLower(north) - Vector512.WidenLower(south)));
        var upper = Vector512.WidenUpper(depth) + Vector512.WidenUpper(left)
            + ratio * (Vector512.WidenUpper(west) - Vector512.WidenUpper(east) + (Vector512.WidenUpper(north) - Vector512.WidenUpper(south)));

        // Of a flux, row 1 is the momentum that the cell before the face loses, row 2 what the cell behind it gains, row 3 the momentum along the face.
        var single = Vector512.Create((float)_ratio);
        var eastward = Vector512.Load(from.East.Pointer + at) + single * (
            Vector512.Load(westFace + 2 * Width) - Vector512.Load(westFace + Width + 1) - Vector512.Load(pushEast)
            + (Vector512.Load(northFace + 3 * Width) - Vector512.Load(southFace + 3 * Width)));
        var southward = Vector512.Load(from.South.Pointer + at) + single * (
            Vector512.Load(northFace + 2 * Width) - Vector512.Load(southFace + Width) - Vector512.Load(pushSouth)
            + (Vector512.Load(westFace + 3 * Width) - Vector512.Load(westFace + 3 * Width + 1)));

        var value = Vector512.Narrow(lower, upper);
        (eastward, southward) = Drag(value, eastward, southward, Vector512.Load(grid.Roughness.Pointer + at));
        if (mean is not null)
        {
            var half = Vector512.Create(0.5);
            Vector512<float> before = Vector512.Load(mean.Depth.Pointer + at), beforeLeft = Vector512.Load(mean.Left.Pointer + at);
            lower = half * (lower + (Vector512.WidenLower(before) + Vector512.WidenLower(beforeLeft)));
            upper = half * (upper + (Vector512.WidenUpper(before) + Vector512.WidenUpper(beforeLeft)));
            eastward = Vector512.Create(0.5f) * (eastward + Vector512.Load(mean.East.Pointer + at));
            southward = Vector512.Create(0.5f) * (southward + Vector512.Load(mean.South.Pointer + at));
        }

        (value, left) = VectorMath.Split(lower, upper);
        var wet = Vector512.GreaterThan(value, Vector512.Create(Dry));
        eastward = Vector512.ConditionalSelect(wet, eastward, Vector512<float>.Zero);
        southward = Vector512.ConditionalSelect(wet, southward, Vector512<float>.Zero);
        value.Store(to.Depth.Pointer + at);
        left.Store(to.Left.Pointer + at);
        eastward.Store(to.East.Pointer + at);
        southward.Store(to.South.Pointer + at);
        var speed = Vector512.MaxNative(Vector512.Abs(eastward), Vector512.Abs(southward)) * InverseDepth(value) + Vector512.Sqrt(value * Vector512.Create((float)FloodSolver.Gravity));
        return Vector512.ConditionalSelect(wet, speed, Vector512<float>.Zero);
    }

    // q' = q − Δt·g·n²·|q'|·q'/h^(7/3), solved for q'.
    private (Vector512<float> East, Vector512<float> South) Drag(Vector512<float> depth, Vector512<float> east, Vector512<float> south, Vector512<float> roughness)
    {
        var root = VectorMath.InverseCubeRoot(Vector512.MaxNative(depth, Vector512.Create(Dry)));
        var square = root * root;
        var factor = Vector512.Create(4 * _drag) * roughness * (square * square * square * root) * Vector512.Sqrt(east * east + south * south);
        var scale = Vector512.Create(2f) / (Vector512<float>.One + Vector512.Sqrt(Vector512<float>.One + factor));
        return (east * scale, south * scale);
    }

    private static Vector512<float> InverseDepth(Vector512<float> depth)
    {
        var square = depth * depth;
        return Vector512.Create(2f) * depth / (square + Vector512.MaxNative(square, Vector512.Create(Thin * Thin)));
    }

    private void LoadStates(FiniteVolumeScratch scratch, int local, int at, int width)
    {
        float* level = scratch.State(0, local), depth = scratch.State(1, local), east = scratch.State(2, local), south = scratch.State(3, local), wave = scratch.State(4, local), content = scratch.State(5, local);
        var gravity = Vector512.Create((float)FloodSolver.Gravity);
        for (var x = 0; x < width; x += Lanes)
        {
            Vector512<float> h = Vector512.Load(from.Depth.Pointer + at + x), left = Vector512.Load(from.Left.Pointer + at + x), bed = Vector512.Load(grid.Bed.Pointer + at + x);

            // The level as if summed in double precision, so that still water is level to the last bit.
            var sum = h + bed;
            var taken = sum - h;
            var lost = h - (sum - taken) + (bed - taken);
            (sum + (lost + left)).Store(level + x);
            h.Store(depth + x);
            var inverse = InverseDepth(h);
            var wet = Vector512.GreaterThan(h, Vector512.Create(Dry));
            inverse = Vector512.ConditionalSelect(wet, inverse, Vector512<float>.Zero);
            Vector512<float> u = Vector512.Load(from.East.Pointer + at + x) * inverse, v = Vector512.Load(from.South.Pointer + at + x) * inverse;
            u.Store(east + x);
            v.Store(south + x);
            var c = Vector512.Sqrt(gravity * h);
            c.Store(wave + x);
            (h * Vector512.Create(_perStep) / (Vector512.Abs(u) + Vector512.Abs(v) + Vector512.Create(4f) * c + Vector512.Create(1e-12f))).Store(content + x);
        }
    }

    private void KeepEdges(float* west, float* north, float* south, int row, int column, int width)
    {
        if (column == 0)
        {
            edges.West[row] -= west[Lanes];
        }

        if (column + width >= grid.Columns)
        {
            edges.East[row] += west[Lanes + grid.Columns - column];
        }

        for (var x = 0; row == 0 && x < width && column + x < grid.Columns; x++)
        {
            edges.North[column + x] -= north[Lanes + x];
        }

        for (var x = 0; row == grid.Rows - 1 && x < width && column + x < grid.Columns; x++)
        {
            edges.South[column + x] += south[Lanes + x];
        }
    }
}
