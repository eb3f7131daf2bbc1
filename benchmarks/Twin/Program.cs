using System.Diagnostics;
using LivingCity.Twin.Models.Traffic;
using LivingCity.Twin.Models.PowerGrid;

var data = Environment.GetEnvironmentVariable("LIVINGCITY_DATA")!;
foreach (var name in new[] { "SiouxFalls", "Anaheim", "Barcelona" })
{
    var net = TntpReader.ReadNetwork(File.ReadAllText($"{data}/traffic/{name}/{name}_net.tntp"));
    var trips = TntpReader.ReadTrips(File.ReadAllText($"{data}/traffic/{name}/{name}_trips.tntp"));
    for (var k = 0; k < (name == "Barcelona" ? 8 : 40); k++)
    {
        var w = Stopwatch.StartNew();
        var r = UserEquilibrium.Solve(net, [new("cars", trips)], new(1e-12, 300));
        w.Stop();
        if (k % 7 == 0 || k < 3) Console.WriteLine($"{name} {w.Elapsed.TotalMilliseconds:F2} ms it {r.Iterations} gap {r.RelativeGap:E2} obj {r.Objective:F6} {r.Converged}");
    }
}
