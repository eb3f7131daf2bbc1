using System.Diagnostics;
using LivingCity.Twin.Models.Flood;
using LivingCity.Twin.Models.PowerGrid;
using LivingCity.Twin.Models.Traffic;

namespace LivingCity.Twin.Benchmarks;

internal static class CancellationBenchmarks
{
    public static void Run(Report report)
    {
        _ = report.Sweep;
        var flood = FloodBenchmarks.AllWet(2000, FloodScheme.LocalInertial) with { Duration = 1e6 };
        Measure("flood, 2000 × 2000, local inertial", token => FloodSimulation.Run(flood, null, token), 2500);
        Measure("flood, 2000 × 2000, finite volumes", token => FloodSimulation.Run(flood with { Scheme = FloodScheme.FiniteVolume }, null, token), 2500);
        var (network, trips) = Synthetic.Streets(80);
        Measure($"equilibrium, {network.Links.Count} links, {network.Zones} zones", token => UserEquilibrium.Solve(network, [new("cars", trips)], new(1e-15, 100000), cancellationToken: token), 2500);
        var large = Synthetic.Mesh(400);
        Measure("preparation of a mesh of 160,000 buses", token => PowerNetwork.Build(large, token), 400);
        var mesh = PowerNetwork.Build(Synthetic.Mesh(100));
        Measure("batch of power flows, 10,000 buses", token => PowerFlowBatch.Run(mesh, 1_000_000, (_, _) => { }, new(), cancellationToken: token), 1500);
    }

    private static void Measure(string name, Action<CancellationToken> work, int after)
    {
        List<double> delays = [];
        for (var i = 0; i < 5; i++)
        {
            using var source = new CancellationTokenSource();
            long cancelled = 0;
            using var registration = source.Token.Register(() => cancelled = Stopwatch.GetTimestamp());
            source.CancelAfter(after + 37 * i);
            try
            {
                work(source.Token);
                Report.Line($"{name}: ended by itself");
                return;
            }
            catch (OperationCanceledException)
            {
                delays.Add(Stopwatch.GetElapsedTime(cancelled).TotalMilliseconds);
            }
        }

        Report.Line($"{name}: cancelled within {delays.Max():F0} ms at most, {delays.Order().ElementAt(2):F0} ms in the middle (needed 100)");
    }
}
