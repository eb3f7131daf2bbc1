using System.Diagnostics;
using LivingCity.Twin.Models.Contract;
using LivingCity.Twin.Models.Flood;
using LivingCity.Twin.Models.Geo;
foreach (var scheme in new[] { FloodScheme.LocalInertial, FloodScheme.FiniteVolume })
{
    var t = new Raster(1000, 1000, 10);
    for (var i = 0; i < t.Values.Length; i++) { var (x, y) = t.CentreOf(i); t.Values[i] = Math.Sin(x / 300) * Math.Cos(y / 200); }
    double[] d = [.. t.Values.Select((z, i) => 3 - z + 0.1 * Math.Sin(i % 1000 / 50.0))];
    var setup = new FloodSetup { Terrain = t, InitialDepth = d, Duration = 60, Scheme = scheme, StatisticsInterval = 1e9, GaugeInterval = 1e9 };
    for (var k = 0; k < 3; k++)
    {
        var w = Stopwatch.StartNew();
        var r = FloodSimulation.Run(setup with { Duration = 1e-6 });
        var w1 = w.Elapsed.TotalSeconds;
        w.Restart(); r = FloodSimulation.Run(setup);
        Console.WriteLine($"{scheme} {r.Steps} steps {r.CellUpdates / (w.Elapsed.TotalSeconds - w1) / 1e6:F1} Mcells/s (setup {w1:F3}) err {r.Balance.RelativeError:E2}");
    }
}
var c = CarlisleEvent.Load("/work/shared/data/flood-carlisle") with { Duration = 7200 };
var ww = Stopwatch.StartNew();
var rr = FloodSimulation.Run(c);
Console.WriteLine($"Carlisle {ww.Elapsed.TotalSeconds:F1} s, {rr.Steps} steps, {rr.CellUpdates / 1e6:F0} M updates, {rr.Balance} rel {rr.Balance.RelativeError:E2} maxdepth {rr.MaximumDepth.Values.Where(v => !double.IsNaN(v)).Max()} max v {rr.MaximumVelocity.Values.Where(v => !double.IsNaN(v)).Max()}");
