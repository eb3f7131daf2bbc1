using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace LivingCity.Twin.Models.Flood;

/// <summary>Reconstruction of states at faces, and the HLLC flux between them, for one row. "Normal" is across the face, "along" parallel to it.</summary>
internal static unsafe class FaceKernel
{
    private const int Width = FiniteVolumeScratch.Width, Lanes = FloodGrid.Lanes;

    private const float WallLevel = FloodGrid.Wall / 2, HalfGravity = (float)(FloodSolver.Gravity / 2);

    // Room for rounding in the comparison of slopes, m.
    private const float Slack = 1e-6f;

    /// <summary>States at both faces of cells, linear inside a cell with the monotonised central limiter (van Leer 1977); flat next to dry cells.</summary>
    /// <remarks>
    /// The bed is linear too, with the least of its slopes, so that it never rises at a face above the beds on both sides: a lip there would hold thin water back. The level follows its own limited slope as long as the depth that
    /// is left between both stays within its limited slope, and the bed and that depth otherwise. Where the level is flat it stays flat.
    /// </remarks>
    /// <param name="scratch">States of cells.</param>
    /// <param name="local">Row of the work space.</param>
    /// <param name="normal">Variable of the normal velocity.</param>
    /// <param name="along">Variable of the velocity along the face.</param>
    /// <param name="next">Distance in memory to the next cell across faces.</param>
    /// <param name="low">States at the western or northern face: level, depth, normal, along.</param>
    /// <param name="high">States at the eastern or southern face.</param>
    /// <param name="push">What the slope of the level inside the cell takes from its momentum, m³/s².</param>
    /// <param name="first">First column.</param>
    /// <param name="end">End of the columns.</param>
    public static void Reconstruct(FiniteVolumeScratch scratch, int local, int normal, int along, int next, float* low, float* high, float* push, int first, int end)
    {
        float* level = scratch.State(0, local), depth = scratch.State(1, local), across = scratch.State(normal, local), beside = scratch.State(along, local);
        var zero = Vector512<float>.Zero;
        for (var x = first; x < end; x += Lanes)
        {
            Vector512<float> h = Vector512.Load(depth + x), before = Vector512.Load(depth + x - next), behind = Vector512.Load(depth + x + next);
            var wet = Vector512.GreaterThan(Vector512.MinNative(h, Vector512.MinNative(before, behind)), Vector512.Create(FiniteVolumeKernel.Dry));
            var centre = Vector512.Load(level + x);
            var levelHalf = HalfSlope(level, x, next, wet);
            var bed = centre - h;
            var bedHalf = LeastHalf(bed - (Vector512.Load(level + x - next) - before), Vector512.Load(level + x + next) - behind - bed);
            var steepest = Limit(h - before, behind - h) * Vector512.Create(1.0001f);
            var left = levelHalf - bedHalf;
            var depthHalf = Vector512.MinNative(Vector512.MaxNative(left, Vector512.MinNative(steepest, zero) - Vector512.Create(Slack)), Vector512.MaxNative(steepest, zero) + Vector512.Create(Slack));
            levelHalf = Vector512.ConditionalSelect(wet & ~Vector512.Equals(left, depthHalf), bedHalf + depthHalf, levelHalf);
            depthHalf = Vector512.ConditionalSelect(wet, depthHalf, zero);
            var acrossHalf = HalfSlope(across, x, next, wet);
            var besideHalf = HalfSlope(beside, x, next, wet);
            Vector512<float> u = Vector512.Load(across + x), v = Vector512.Load(beside + x);
            Vector512<float> depthLow = Vector512.MaxNative(h - depthHalf, zero), depthHigh = Vector512.MaxNative(h + depthHalf, zero);
            (centre - levelHalf).Store(low + x);
            (centre + levelHalf).Store(high + x);
            depthLow.Store(low + Width + x);
            depthHigh.Store(high + Width + x);
            (u - acrossHalf).Store(low + 2 * Width + x);
            (u + acrossHalf).Store(high + 2 * Width + x);
            (v - besideHalf).Store(low + 3 * Width + x);
            (v + besideHalf).Store(high + 3 * Width + x);
            (Vector512.Create(HalfGravity) * (depthLow + depthHigh) * (levelHalf + levelHalf)).Store(push + x);
        }
    }

    /// <summary>Fluxes over faces: water, momentum that the cell before loses, momentum that the cell behind gains, momentum along the face. The pressure of the reconstructed depth is left out of both, so that still water gives exact zeros.</summary>
    /// <param name="scratch">States of cells.</param>
    /// <param name="local">Row of the cells behind the faces.</param>
    /// <param name="normal">Variable of the normal velocity.</param>
    /// <param name="back">Distance in memory from a cell to the one before.</param>
    /// <param name="before">States of the cells before the faces at their eastern or southern face.</param>
    /// <param name="shift">Offset of a column in <paramref name="before"/>.</param>
    /// <param name="behind">States of the cells behind the faces.</param>
    /// <param name="flux">Result.</param>
    /// <param name="first">First column.</param>
    /// <param name="end">End of the columns.</param>
    public static void Fluxes(FiniteVolumeScratch scratch, int local, int normal, int back, float* before, int shift, float* behind, float* flux, int first, int end)
    {
        float* content = scratch.State(5, local), wave = scratch.State(4, local), velocity = scratch.State(normal, local);
        for (var x = first; x < end; x += Lanes)
        {
            float* leftFace = before + x + shift, rightFace = behind + x;
            Vector512<float> leftLevel = Vector512.Load(leftFace), rightLevel = Vector512.Load(rightFace);
            Vector512<float> leftDepth = Vector512.Load(leftFace + Width), rightDepth = Vector512.Load(rightFace + Width);
            Vector512<float> ul = Vector512.Load(leftFace + 2 * Width), ur = Vector512.Load(rightFace + 2 * Width);

            // Before a wall stands the mirror image of the water behind it.
            Vector512<float> leftWall = Vector512.GreaterThan(leftLevel, Vector512.Create(WallLevel)), rightWall = Vector512.GreaterThan(rightLevel, Vector512.Create(WallLevel));
            if ((leftWall | rightWall) != Vector512<float>.Zero)
            {
                var (level, depth, speed) = (leftLevel, leftDepth, ul);
                leftLevel = Vector512.ConditionalSelect(leftWall, rightLevel, leftLevel);
                leftDepth = Vector512.ConditionalSelect(leftWall, rightDepth, leftDepth);
                ul = Vector512.ConditionalSelect(leftWall, -ur, ul);
                rightLevel = Vector512.ConditionalSelect(rightWall, level, rightLevel);
                rightDepth = Vector512.ConditionalSelect(rightWall, depth, rightDepth);
                ur = Vector512.ConditionalSelect(rightWall, -speed, ur);
            }

            var zero = Vector512<float>.Zero;
            var bed = Vector512.MaxNative(leftLevel - leftDepth, rightLevel - rightDepth);
            Vector512<float> hl = Vector512.MaxNative(leftLevel - bed, zero), hr = Vector512.MaxNative(rightLevel - bed, zero);
            var gravity = Vector512.Create(2 * HalfGravity);
            Vector512<float> cl = Vector512.Sqrt(gravity * hl), cr = Vector512.Sqrt(gravity * hr);
            var half = Vector512.Create(0.5f);
            var middle = half * (ul + ur) + (cl - cr);
            var middleWave = Vector512.MaxNative(half * (cl + cr) + Vector512.Create(0.25f) * (ul - ur), zero);
            var dry = Vector512.Create(FiniteVolumeKernel.Dry);
            var two = Vector512.Create(2f);
            var slow = Vector512.ConditionalSelect(Vector512.GreaterThan(hl, dry), Vector512.MinNative(ul - cl, middle - middleWave), ur - two * cr);
            var fast = Vector512.ConditionalSelect(Vector512.GreaterThan(hr, dry), Vector512.MaxNative(ur + cr, middle + middleWave), ul + two * cl);
            slow = Vector512.MinNative(slow, zero);
            fast = Vector512.MaxNative(fast, zero);
            var scale = Vector512<float>.One / Vector512.MaxNative(fast - slow, Vector512.Create(1e-12f));
            Vector512<float> ql = hl * ul, qr = hr * ur;
            var pressure = Vector512.Create(HalfGravity) * (hr - hl) * (hr + hl);
            var water = (fast * ql - slow * qr + fast * slow * (hr - hl)) * scale;
            var momentum = (fast * (ql * ul) - slow * (qr * ur + pressure) + fast * slow * (qr - ql)) * scale;

            // No more leaves a cell than its part for this face.
            var forward = Vector512.GreaterThan(water, zero);
            var room = Vector512.ConditionalSelect(
                forward,
                Vector512.Load(content + x - back) * (Vector512.MaxNative(Vector512.Load(velocity + x - back), zero) + Vector512.Load(wave + x - back)),
                Vector512.Load(content + x) * (Vector512.MaxNative(-Vector512.Load(velocity + x), zero) + Vector512.Load(wave + x)));
            var allowed = Vector512.MinNative(Vector512.Abs(water), room * Vector512.Create(1 - 1e-6f));
            allowed = Vector512.ConditionalSelect(forward, allowed, -allowed);
            momentum -= (water - allowed) * Vector512.ConditionalSelect(forward, ul, ur);
            allowed.Store(flux + x);
            momentum.Store(flux + Width + x);
            (momentum - pressure).Store(flux + 2 * Width + x);
            (allowed * Vector512.ConditionalSelect(forward, Vector512.Load(leftFace + 3 * Width), Vector512.Load(rightFace + 3 * Width))).Store(flux + 3 * Width + x);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> HalfSlope(float* values, int x, int next, Vector512<float> wet)
    {
        var centre = Vector512.Load(values + x);
        return Vector512.ConditionalSelect(wet, Limit(centre - Vector512.Load(values + x - next), Vector512.Load(values + x + next) - centre), Vector512<float>.Zero);
    }

    // Half of the smaller difference, zero where the signs differ.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> LeastHalf(Vector512<float> a, Vector512<float> b)
    {
        var half = Vector512.Create(0.5f) * Vector512.ConditionalSelect(Vector512.LessThan(Vector512.Abs(a), Vector512.Abs(b)), a, b);
        return Vector512.ConditionalSelect(Vector512.GreaterThan(a * b, Vector512<float>.Zero), half, Vector512<float>.Zero);
    }

    // Half of the limited difference: min(|a|, |b|, |a + b|/4) with the sign of both, zero where they differ.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Limit(Vector512<float> a, Vector512<float> b)
    {
        var mean = (a + b) * Vector512.Create(0.25f);
        var size = Vector512.MinNative(Vector512.MinNative(Vector512.Abs(a), Vector512.Abs(b)), Vector512.Abs(mean));
        var signed = Vector512.ConditionalSelect(Vector512.GreaterThan(mean, Vector512<float>.Zero), size, -size);
        return Vector512.ConditionalSelect(Vector512.GreaterThan(a * b, Vector512<float>.Zero), signed, Vector512<float>.Zero);
    }
}
