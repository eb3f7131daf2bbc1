using System.Diagnostics;
using LivingCity.Twin.Models.Contract;
using LivingCity.Twin.Models.Flood;
using LivingCity.Twin.Models.Formats;

namespace LivingCity.Twin.Benchmarks;

/// <summary>The whole flood of Carlisle: 68.25 hours at 5 m, with a picture of the greatest depth and the curves of 30 gauges.</summary>
internal static class CarlisleBenchmark
{
    public static void Run(Report report)
    {
        _ = report.Triad;
        if (Data.Folder("flood-carlisle") is not { } folder)
        {
            return;
        }

        var setup = CarlisleEvent.Load(folder);
        var watch = Stopwatch.StartNew();
        var result = FloodSimulation.Run(setup, new Shown(watch));
        var seconds = watch.Elapsed.TotalSeconds;
        var balance = result.Balance;
        Report.Line($"{setup.Duration / 3600:F2} h simulated in {seconds:F0} s: {result.Steps} steps, {result.CellUpdates / 1e9:F1} billion cell updates, {result.CellUpdates / seconds / 1e6:F0} million/s");
        Report.Line($"inflow {balance.Inflow:F0} m³, outflow {balance.Outflow:F0} m³, stored {balance.Final:F0} m³, mass error {balance.RelativeError:E2} of the inflow");
        Report.Line($"greatest depth {result.MaximumDepth.Values.Where(double.IsFinite).Max():F2} m, flooded (5 cm) {result.MaximumDepth.Values.Count(d => d >= 0.05) * 25 / 1e6:F2} km²");
        var target = Directory.CreateDirectory("artifacts").FullName;
        File.WriteAllBytes(Path.Combine(target, "carlisle-maximum-depth.tif"), GeoTiff.Write(result.MaximumDepth));
        File.WriteAllBytes(Path.Combine(target, "carlisle-maximum-depth.png"), Picture.Depth(result.MaximumDepth, setup.Terrain));
        using var text = new StreamWriter(Path.Combine(target, "carlisle-gauges.csv"));
        CsvSeries.Write(new TimeSeries(result.GaugeSeconds, result.GaugeLevels.Select((l, i) => (l, i)).ToDictionary(g => $"gauge {g.i + 1}", g => g.l)), text);
        Report.Line($"written: artifacts/carlisle-maximum-depth.png, .tif and carlisle-gauges.csv ({result.GaugeLevels.Count} gauges, {result.GaugeSeconds.Count} times)");
    }

    private sealed class Shown(Stopwatch watch) : IProgress<double>
    {
        private double _next = 0.1;

        public void Report(double value)
        {
            if (value >= _next)
            {
                Console.Error.WriteLine($"  {100 * value:F0} % after {watch.Elapsed.TotalSeconds:F0} s");
                _next += 0.1;
            }
        }
    }
}
