using LivingCity.Twin.Models.Heat;

namespace LivingCity.Twin.Benchmarks;

internal static class HeatBenchmarks
{
    public static void Run(Report report)
    {
        const int Count = 4_000_000;
        var random = new Random(4);
        double[] ta = Draw(-20, 40), tr = Draw(-10, 60), va = Draw(0.5, 15), rh = Draw(5, 100), result = new double[Count];
        var one = Report.Time(() => Utci.Evaluate(ta, tr, va, rh, result), 3);
        Report.Line($"UTCI, one core: best {Count / one.Best / 1000:F0}, median {Count / one.Median / 1000:F0} million/s (needed 30); {one.Median / report.Sweep / (Count / 1e6):F1} dense sweeps for a sweep of UTCI");
        var all = Report.Time(
            () => Parallel.For(0, 64, i =>
            {
                int from = Count / 64 * i, size = Count / 64;
                Utci.Evaluate(ta.AsSpan(from, size), tr.AsSpan(from, size), va.AsSpan(from, size), rh.AsSpan(from, size), result.AsSpan(from, size));
            }),
            3);
        Report.Line($"UTCI, all cores: best {Count / all.Best / 1000:F0}, median {Count / all.Median / 1000:F0} million/s");

        double[] Draw(double low, double high) => [.. Enumerable.Range(0, Count).Select(_ => low + (high - low) * random.NextDouble())];
    }
}
