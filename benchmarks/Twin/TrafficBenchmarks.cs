using LivingCity.Twin.Models.Traffic;

namespace LivingCity.Twin.Benchmarks;

internal static class TrafficBenchmarks
{
    public static void Run(Report report)
    {
        if (Data.Folder("traffic") is not { } folder)
        {
            return;
        }

        foreach (var (name, needed) in new[] { ("SiouxFalls", 20.0), ("Anaheim", 45.0), ("Barcelona", 390.0) })
        {
            var network = TntpReader.ReadNetwork(File.ReadAllText(Path.Combine(folder, name, $"{name}_net.tntp")));
            var trips = TntpReader.ReadTrips(File.ReadAllText(Path.Combine(folder, name, $"{name}_trips.tntp")));
            Equilibrium? result = null;
            var (best, median) = Report.Time(() => result = UserEquilibrium.Solve(network, [new("cars", trips)], new(1e-12)), 5);
            Report.Line($"{name} to 1e-12: best {best:F2}, median {median:F2} ms (needed {needed:F0}); {median / report.Sweep:F0} dense sweeps; gap {result!.RelativeGap:E1}, {result.Iterations} iterations, objective {result.Objective:F6}");
            var closed = trips.Map((from, to, n) => n * (1 + 0.01 * ((from + to) % 3)));
            var state = result.State;
            var warm = Report.Time(() => result = UserEquilibrium.Solve(network, [new("cars", closed)], new(1e-12), state), 2);
            Report.Line($"  next scenario from its state: best {warm.Best:F2}, median {warm.Median:F2} ms");
        }
    }
}
