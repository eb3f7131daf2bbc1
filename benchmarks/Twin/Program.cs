using LivingCity.Twin.Models.Contract;
using LivingCity.Twin.Models.Flood;
using LivingCity.Twin.Models.Geo;
double H(double x, double t) => t <= x ? 0 : Math.Pow(7.0 / 3 * 0.0009 * (t - x), 3.0 / 7);
foreach (var scheme in new[] { FloodScheme.FiniteVolume, FloodScheme.LocalInertial })
foreach (var dx in new[] { 20.0, 10, 5 })
{
    var nx = (int)(5000 / dx);
    var t = new Raster(nx, 3, dx);
    double[] s = [.. Enumerable.Range(0, 3601).Select(i => (double)i)];
    var series = new TimeSeries(s, new Dictionary<string, IReadOnlyList<double>> { ["level"] = [.. s.Select(q => H(dx / 2, q))] });
    var r = FloodSimulation.Run(new FloodSetup { Terrain = t, Duration = 3600, Roughness = [0.03], Scheme = scheme, Forcing = new() { Stages = [.. Enumerable.Range(0, 3).Select(k => new StageBoundary(k * nx, series, "level"))] } });
    var sum = 0.0; var m = 0;
    for (var x = 0; x < nx; x++)
    {
        var a = H((x + 0.5) * dx, 3600);
        var h = r.Depth[x, 1];
        if (a > 0 || h > 1e-3) { sum += (h - a) * (h - a); m++; }
        if (x % (nx / 25) == 0) Console.Write($"{(x + 0.5) * dx:F0}: {h:F4}/{a:F4} u {r.EastVelocity[x, 1]:F3}; ");
    }
    Console.WriteLine($"\n{scheme} dx {dx} RMSE {Math.Sqrt(sum / m):F4} steps {r.Steps}");
}
