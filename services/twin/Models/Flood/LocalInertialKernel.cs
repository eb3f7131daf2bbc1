using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace LivingCity.Twin.Models.Flood;

/// <summary>The two phases of a step of <see cref="LocalInertialSolver"/>, sixteen cells at a time. A discharge at an index is that over the west or north face of the cell.</summary>
internal readonly unsafe struct LocalInertialKernel(
    FloodGrid grid, FieldBuffer level, FieldBuffer depth, FieldBuffer rest, FieldBuffer east, FieldBuffer south, FieldBuffer newEast, FieldBuffer newSouth, FieldBuffer share, double step, float weight)
{
    // A little less than everything, so that rounding cannot take more than there is.
    private const float Everything = 1 - 1e-6f;

    private readonly float* _bed = grid.Bed.Pointer;
    private readonly float* _roughness = grid.Roughness.Pointer;
    private readonly float* _level = level.Pointer;
    private readonly float* _depth = depth.Pointer;
    private readonly float* _rest = rest.Pointer;
    private readonly float* _east = east.Pointer;
    private readonly float* _south = south.Pointer;
    private readonly float* _newEast = newEast.Pointer;
    private readonly float* _newSouth = newSouth.Pointer;
    private readonly float* _share = share.Pointer;
    private readonly int _stride = grid.Stride;
    private readonly float _stepGravity = (float)(step * FloodSolver.Gravity);
    private readonly float _slope = (float)(step * FloodSolver.Gravity / grid.CellSize);
    private readonly double _ratio = step / grid.CellSize;

    /// <summary>First phase for one strip.</summary>
    public void Discharges(ActiveTiles tiles, int strip)
    {
        int first = ActiveTiles.FirstRow(strip), end = tiles.EndRow(strip);
        var below = stackalloc float[_stride];
        foreach (var run in tiles.Runs(strip))
        {
            var width = run.EndColumn - run.FirstColumn;
            for (var row = first; row < end; row++)
            {
                var at = grid.Index(row * grid.Columns) + run.FirstColumn;
                for (var x = 0; x < width; x += FloodGrid.Lanes)
                {
                    Discharge(at + x, 1, _east).Store(_newEast + at + x);
                    Discharge(at + x, _stride, _south).Store(_newSouth + at + x);
                }
            }

            // The faces below the strip belong to the next one, which may not have computed them yet.
            var next = grid.Index((end - 1) * grid.Columns) + run.FirstColumn + _stride;
            for (var x = 0; x < width; x += FloodGrid.Lanes)
            {
                Discharge(next + x, _stride, _south).Store(below + x);
            }

            for (var row = first; row < end; row++)
            {
                var at = grid.Index(row * grid.Columns) + run.FirstColumn;
                var southern = row + 1 < end ? _newSouth + at + _stride : below;
                for (var x = 0; x < width; x += FloodGrid.Lanes)
                {
                    // East of the run all is dry, or the face was computed above.
                    Share(Vector512.Load(_depth + at + x), Vector512.Load(_newEast + at + x), Vector512.Load(_newEast + at + x + 1), Vector512.Load(_newSouth + at + x), Vector512.Load(southern + x))
                        .Store(_share + at + x);
                }
            }
        }
    }

    /// <summary>Share of one cell, anew.</summary>
    public void ShareOf(int at)
    {
        var outflow = Math.Max(_newEast[at + 1], 0) + Math.Max(-_newEast[at], 0) + Math.Max(_newSouth[at + _stride], 0) + Math.Max(-_newSouth[at], 0);
        _share[at] = Math.Min(1, Everything * _depth[at] / Math.Max(outflow * (float)_ratio, 1e-30f));
    }

    /// <summary>Second phase for one strip.</summary>
    /// <returns>Greatest depth in the strip, m.</returns>
    public float Levels(ActiveTiles tiles, int strip)
    {
        var deepest = Vector512<float>.Zero;
        foreach (var run in tiles.Runs(strip))
        {
            for (var row = ActiveTiles.FirstRow(strip); row < tiles.EndRow(strip); row++)
            {
                var at = grid.Index(row * grid.Columns);
                for (var x = run.FirstColumn; x < run.EndColumn; x += FloodGrid.Lanes)
                {
                    deepest = Vector512.MaxNative(deepest, Level(at + x));
                }
            }
        }

        var greatest = 0f;
        for (var lane = 0; lane < FloodGrid.Lanes; lane++)
        {
            greatest = Math.Max(greatest, deepest[lane]);
        }

        return greatest;
    }

    // q' = (θ·q + (1−θ)/2·(q before + q behind) − g·hf·Δt·∂(h+z)/∂x) / (1 + g·Δt·n²·|q|/hf^(7/3)), no faster than critical flow.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector512<float> Discharge(int at, int back, float* old)
    {
        Vector512<float> here = Vector512.Load(_level + at), there = Vector512.Load(_level + at - back);
        var depth = Vector512.MaxNative(here, there) - Vector512.MaxNative(Vector512.Load(_bed + at), Vector512.Load(_bed + at - back));
        var wet = Vector512.GreaterThan(depth, Vector512.Create(LocalInertialSolver.DryDepth));
        if (wet == Vector512<float>.Zero)
        {
            return Vector512<float>.Zero;
        }

        var discharge = Vector512.Load(old + at);
        var driven = Vector512.Create(weight) * discharge + Vector512.Create((1 - weight) / 2) * (Vector512.Load(old + at - back) + Vector512.Load(old + at + back))
            - Vector512.Create(_slope) * depth * (here - there);
        var safe = Vector512.MaxNative(depth, Vector512.Create(LocalInertialSolver.DryDepth));
        var root = VectorMath.InverseCubeRoot(safe);
        var square = root * root;
        var roughness = (Vector512.Load(_roughness + at) + Vector512.Load(_roughness + at - back)) * Vector512.Create(0.5f * _stepGravity);
        var rough = roughness * (square * square * square * root);
        var drag = Vector512<float>.One + rough * Vector512.Abs(discharge);
        var implicitly = Vector512.Create(0.5f) + Vector512.Sqrt(Vector512.Create(0.25f) + rough * Vector512.Abs(driven));
        drag = Vector512.ConditionalSelect(Vector512.GreaterThan(drag, Vector512.Create(2f)), implicitly, drag);
        var critical = safe * Vector512.Sqrt(Vector512.Create((float)FloodSolver.Gravity) * safe);
        return Vector512.ConditionalSelect(wet, Vector512.MinNative(Vector512.MaxNative(driven / drag, -critical), critical), Vector512<float>.Zero);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector512<float> Share(Vector512<float> depth, Vector512<float> west, Vector512<float> east, Vector512<float> north, Vector512<float> south)
    {
        var zero = Vector512<float>.Zero;
        var outflow = Vector512.MaxNative(east, zero) + Vector512.MaxNative(-west, zero) + (Vector512.MaxNative(south, zero) + Vector512.MaxNative(-north, zero));
        return Vector512.MinNative(Vector512<float>.One, Vector512.Create(Everything) * depth / Vector512.MaxNative(outflow * Vector512.Create((float)_ratio), Vector512.Create(1e-30f)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector512<float> Level(int at)
    {
        var own = Vector512.Load(_share + at);
        var west = Shared(Vector512.Load(_newEast + at), Vector512.Load(_share + at - 1), own);
        var east = Shared(Vector512.Load(_newEast + at + 1), own, Vector512.Load(_share + at + 1));
        var north = Shared(Vector512.Load(_newSouth + at), Vector512.Load(_share + at - _stride), own);
        var south = Shared(Vector512.Load(_newSouth + at + _stride), own, Vector512.Load(_share + at + _stride));
        west.Store(_east + at);
        north.Store(_south + at);
        Vector512<float> depth = Vector512.Load(_depth + at), rest = Vector512.Load(_rest + at);
        var ratio = Vector512.Create(_ratio);
        var lower = Vector512.WidenLower(depth) + Vector512.WidenLower(rest)
            + ratio * (Vector512.WidenLower(west) - Vector512.WidenLower(east) + (Vector512.WidenLower(north) - Vector512.WidenLower(south)));
        var upper = Vector512.WidenUpper(depth) + Vector512.WidenUpper(rest)
            + ratio * (Vector512.WidenUpper(west) - Vector512.WidenUpper(east) + (Vector512.WidenUpper(north) - Vector512.WidenUpper(south)));
        var (value, left) = VectorMath.Split(lower, upper);
        value.Store(_depth + at);
        left.Store(_rest + at);
        var bed = Vector512.Load(_bed + at);
        Vector512.Narrow(lower + Vector512.WidenLower(bed), upper + Vector512.WidenUpper(bed)).Store(_level + at);
        return value;
    }

    // A discharge is cut to what the cell it comes from can give.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Shared(Vector512<float> discharge, Vector512<float> before, Vector512<float> behind) =>
        discharge * Vector512.ConditionalSelect(Vector512.GreaterThan(discharge, Vector512<float>.Zero), before, behind);
}
