using System.Diagnostics;
using System.Numerics.Tensors;

namespace LivingCity.Twin.Benchmarks;

/// <summary>What the machine can do at most.</summary>
internal static class MachineLimits
{
    public static double Triad()
    {
        const int Length = 1 << 25;
        double[] a = new double[Length], b = new double[Length], c = new double[Length];
        Array.Fill(b, 1.5);
        Array.Fill(c, 2.5);
        var best = double.PositiveInfinity;
        var threads = Environment.ProcessorCount;
        for (var i = 0; i < 8; i++)
        {
            var watch = Stopwatch.StartNew();
            Parallel.For(0, threads, t =>
            {
                int from = (int)((long)Length * t / threads), count = (int)((long)Length * (t + 1) / threads) - from;
                TensorPrimitives.MultiplyAdd<double>(c.AsSpan(from, count), 3.0, b.AsSpan(from, count), a.AsSpan(from, count));
            });
            best = Math.Min(best, watch.Elapsed.TotalSeconds);
        }

        // Three arrays of eight bytes; what the cache reads before it writes is not counted, as in STREAM.
        return 24.0 * Length / best / 1e9;
    }

    public static double Sweep()
    {
        double[] a = new double[1_000_000], b = new double[1_000_000];
        Array.Fill(b, 1.5);
        return Report.Time(() => TensorPrimitives.MultiplyAdd<double>(b, 3.0, a, a), 0.3).Best;
    }
}
