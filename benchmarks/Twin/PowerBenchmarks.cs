using LivingCity.Twin.Models.PowerGrid;

namespace LivingCity.Twin.Benchmarks;

internal static class PowerBenchmarks
{
    public static void Run(Report report)
    {
        if (Data.Folder("grid") is { } folder)
        {
            foreach (var (name, needed) in new[] { ("case14", 40.0), ("case118", 240.0), ("case1354pegase", 4900.0) })
            {
                var network = PowerNetwork.Build(MatpowerReader.ReadFile(Path.Combine(folder, $"{name}.m")));
                var solver = new NewtonRaphson(network);
                const int Repeats = 10;
                var (best, median) = Report.Time(
                    () =>
                    {
                        for (var i = 0; i < Repeats; i++)
                        {
                            solver.Start(PowerFlowStart.Flat);
                            if (!solver.Iterate(1e-8, 20))
                            {
                                throw new InvalidOperationException($"{name} did not converge.");
                            }
                        }
                    },
                    2);
                Report.Line($"{name} to 1e-8 from flat, pattern reused: best {1000 * best / Repeats:F1}, median {1000 * median / Repeats:F1} µs (needed {needed:F0}); {median / Repeats / report.Sweep:F2} dense sweeps; {solver.Iterations} iterations");
            }
        }

        var feeder = RadialFeeder.Build(PowerNetwork.Build(Synthetic.Feeder(2605, 1)));
        const int Scenarios = 1000;
        var buses = feeder.Network.Source.Buses.Count;
        var random = new Random(1);
        double[] active = [.. Enumerable.Range(0, Scenarios).SelectMany(_ => (0.5 + random.NextDouble()) is var f ? feeder.Network.Source.Buses.Select(b => b.ActiveLoad * f) : [])];
        double[] reactive = [.. active.Select(p => 0.3 * p)];
        RadialBatchResult? batch = null;
        var time = Report.Time(() => batch = RadialBatch.Run(feeder, Scenarios, active, reactive, 1e-8), 3);
        Report.Line($"{Scenarios} radial flows of {buses} buses to 1e-8: best {time.Best / 1000:F3}, median {time.Median / 1000:F3} s (needed 1.4; PowerGridModel, 6 threads, 1.40); {time.Median / report.Sweep:F0} dense sweeps; converged {batch!.Converged.Count(c => c)}, lowest voltage {batch.Magnitude.Min():F4}");
    }
}
