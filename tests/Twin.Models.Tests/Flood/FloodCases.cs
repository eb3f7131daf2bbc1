using LivingCity.Twin.Models.Contract;
using LivingCity.Twin.Models.Flood;
using LivingCity.Twin.Models.Geo;

namespace LivingCity.Twin.Models.Tests.Flood;

/// <summary>Set-ups that several tests share.</summary>
internal static class FloodCases
{
    /// <summary>A terrain from a function of the coordinates of cell centres.</summary>
    public static Raster Terrain(int columns, int rows, double cell, Func<double, double, double> height)
    {
        var raster = new Raster(columns, rows, cell);
        for (var i = 0; i < raster.Values.Length; i++)
        {
            var (x, y) = raster.CentreOf(i);
            raster.Values[i] = height(x, y);
        }

        return raster;
    }

    public static double[] Depths(Raster terrain, Func<double, double, double> depth) =>
        [.. Enumerable.Range(0, terrain.Values.Length).Select(i => depth(terrain.CentreOf(i).X, terrain.CentreOf(i).Y))];

    /// <summary>Depth along the middle row.</summary>
    public static double[] Profile(FloodResult result) =>
        [.. Enumerable.Range(0, result.Depth.Columns).Select(x => result.Depth[x, result.Depth.Rows / 2])];

    public static double Rmse(IEnumerable<(double Found, double Expected)> pairs) => Math.Sqrt(pairs.Average(p => (p.Found - p.Expected) * (p.Found - p.Expected)));

    /// <summary>Three humps in a closed basin of 75 × 30 m (Kawahara and Umetsu 1986).</summary>
    public static Raster ThreeHumps(double cell) => Terrain((int)(75 / cell), (int)(30 / cell), cell, (x, y) => Math.Max(
        0, Math.Max(Math.Max(1 - Distance(x, y, 30, 6) / 8, 1 - Distance(x, y, 30, 24) / 8), 3 - 3 * Distance(x, y, 47.5, 15) / 10)));

    /// <summary>A level at the western edge that makes Hunter's wave.</summary>
    public static IReadOnlyList<StageBoundary> HunterInlet(Raster terrain, double duration, double roughness, double speed)
    {
        double[] seconds = [.. Enumerable.Range(0, (int)(duration / 5) + 1).Select(i => 5.0 * i)];
        var x = terrain.CellSize / 2;
        var series = new TimeSeries(seconds, new Dictionary<string, IReadOnlyList<double>>
        {
            ["level"] = [.. seconds.Select(t => HunterDepth(x, t, roughness, speed))],
        });
        return [.. Enumerable.Range(0, terrain.Rows).Select(row => new StageBoundary(row * terrain.Columns, series, "level"))];
    }

    public static double HunterDepth(double x, double t, double roughness, double speed) =>
        speed * t <= x ? 0 : Math.Pow(7.0 / 3 * roughness * roughness * speed * speed * (speed * t - x), 3.0 / 7);

    private static double Distance(double x, double y, double cx, double cy) => Math.Sqrt((x - cx) * (x - cx) + (y - cy) * (y - cy));
}
