using System.Diagnostics;
using LivingCity.Twin.Models.Flood;
using LivingCity.Twin.Models.PowerGrid;
using LivingCity.Twin.Models.Traffic;

namespace LivingCity.Twin.Benchmarks;

internal static class ScalingBenchmarks
{
    // Bytes a cell that a flood is expected to take, set-up and results included; what would not fit into most of the memory is left out.
    private const long BytesPerCell = 300;

    private static readonly int[] Sides = [32, 100, 316, 1000, 3162, 5000, 10000], Meshes = [32, 100, 316, 548], Feeders = [1000, 10000, 100000, 1000000];

    private static readonly (int Side, double Gap)[] Streets = [(16, 1e-8), (32, 1e-8), (64, 1e-8), (64, 1e-4), (128, 1e-4), (160, 1e-4)];

    /// <summary>Floods by cells; only the grid with a side given, where one is.</summary>
    public static void Flood(int? only)
    {
        var available = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes * 0.75;
        foreach (var scheme in Enum.GetValues<FloodScheme>())
        {
            foreach (var side in Sides.Where(side => (only ?? side) == side && (long)side * side * BytesPerCell < available))
            {
                var large = side > 2000;
                var (best, median) = large ? FloodBenchmarks.RateOfLarge(side, scheme) : FloodBenchmarks.Rate(side, scheme, 0, 3) is var rate ? (rate.Best, rate.Median) : default;
                Report.Line($"{scheme}, {(long)side * side:E0} cells: best {best:F0}, median {median:F0} million updates/s, {side * (double)side / median / 1000:G3} ms a step; live memory {Live(FloodBenchmarks.AllWet(side, scheme) with { Duration = 1 }):F0} MB");
            }
        }
    }

    /// <summary>Equilibria by zones; only the grid of streets with a side given, where one is.</summary>
    public static void Traffic(int? only)
    {
        Equilibrate(16, 1e-4);
        foreach (var (side, gap) in Streets.Where(s => (only ?? s.Side) == s.Side))
        {
            var (network, (seconds, megabytes, result)) = Equilibrate(side, gap);
            Report.Line($"equilibrium to {gap:E0}, {network.Zones} zones, {network.Links.Count} links: {seconds:F2} s, {result.Iterations} iterations, gap {result.RelativeGap:E1}, live memory {megabytes:F0} MB");
        }
    }

    /// <summary>Power flows by buses; only the mesh with a side or the feeder with a number of buses given, where one is.</summary>
    public static void Power(int? only)
    {
        // What is timed first would be timed with its compilation.
        new NewtonRaphson(PowerNetwork.Build(Synthetic.Mesh(32))).Solve(new());
        Sweep(1000);
        foreach (var side in Meshes.Where(side => (only ?? side) == side))
        {
            var (prepare, _, network) = Once(() => PowerNetwork.Build(Synthetic.Mesh(side)));
            var (seconds, megabytes, result) = Once(() => new NewtonRaphson(network).Solve(new(1e-8, Start: PowerFlowStart.Flat)));
            Report.Line($"meshed power flow to 1e-8, {side * side} buses: prepared in {prepare:F2} s, solved in {seconds * 1000:F1} ms, {result.Iterations} iterations, converged {result.Converged}, live memory {megabytes:F0} MB");
        }

        foreach (var buses in Feeders.Where(buses => (only ?? buses) == buses))
        {
            var (seconds, megabytes, result) = Sweep(buses);
            Report.Line($"radial sweep to 1e-8, {buses} buses: {seconds * 1000:F1} ms, converged {result.Converged[0]}, live memory {megabytes:F0} MB");
        }
    }

    private static (RoadNetwork Network, (double Seconds, double Megabytes, Equilibrium Result) Run) Equilibrate(int side, double gap)
    {
        var (network, trips) = Synthetic.Streets(side);
        return (network, Once(() => UserEquilibrium.Solve(network, [new("cars", trips)], new(gap, 100))));
    }

    private static (double Seconds, double Megabytes, RadialBatchResult Result) Sweep(int buses)
    {
        var feeder = RadialFeeder.Build(PowerNetwork.Build(Shallow(buses)));
        double[] active = [.. feeder.Network.Source.Buses.Select(b => b.ActiveLoad)], reactive = [.. feeder.Network.Source.Buses.Select(b => b.ReactiveLoad)];
        return Once(() => RadialBatch.Run(feeder, 1, active, reactive, 1e-8));
    }

    // The load of a feeder is held constant as it grows, or no large one would have a solution.
    private static PowerCase Shallow(int buses)
    {
        var source = Synthetic.Feeder(buses, 2);
        var scale = Math.Pow(2605.0 / buses, 2);
        return source with { Buses = [.. source.Buses.Select(b => b with { ActiveLoad = b.ActiveLoad * Math.Min(1, scale), ReactiveLoad = b.ReactiveLoad * Math.Min(1, scale) })] };
    }

    // Live memory once it is done, inputs and result included: garbage is not counted.
    private static (double Seconds, double Megabytes, T Result) Once<T>(Func<T> work)
    {
        GC.Collect();
        var watch = Stopwatch.StartNew();
        var result = work();
        var seconds = watch.Elapsed.TotalSeconds;
        var live = GC.GetTotalMemory(true) / 1e6;
        GC.KeepAlive(work);
        GC.KeepAlive(result);
        return (seconds, live, result);
    }

    // Memory in the middle of a flood, as its progress sees it.
    private static double Live(FloodSetup setup)
    {
        var probe = new MemoryProbe();
        FloodSimulation.Run(setup, probe);
        return probe.Megabytes;
    }

    private sealed class MemoryProbe : IProgress<double>
    {
        public double Megabytes { get; private set; }

        public void Report(double value) => Megabytes = Math.Max(Megabytes, GC.GetTotalMemory(true) / 1e6);
    }
}
