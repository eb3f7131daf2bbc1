using System.Diagnostics;
using LivingCity.Twin.Models.Traffic;
using LivingCity.Twin.Models.PowerGrid;

var data = Environment.GetEnvironmentVariable("LIVINGCITY_DATA")!;
foreach (var name in new[] { "SiouxFalls", "Anaheim", "Barcelona" })
{
    var net = TntpReader.ReadNetwork(File.ReadAllText($"{data}/traffic/{name}/{name}_net.tntp"));
    var trips = TntpReader.ReadTrips(File.ReadAllText($"{data}/traffic/{name}/{name}_trips.tntp"));
    double best = 1e9; var w0 = Stopwatch.StartNew(); Equilibrium? r = null;
    while (w0.ElapsedMilliseconds < 3000)
    {
        var w = Stopwatch.StartNew();
        r = UserEquilibrium.Solve(net, [new("cars", trips)], new(1e-12, 300));
        w.Stop(); best = Math.Min(best, w.Elapsed.TotalMilliseconds);
    }
    Console.Write($"{name} {best:F2} ms it {r!.Iterations} gap {r.RelativeGap:E2} {r.Converged} | ");
}
Console.WriteLine();
