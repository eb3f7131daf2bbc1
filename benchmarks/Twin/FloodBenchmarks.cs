using LivingCity.Twin.Models.Flood;
using LivingCity.Twin.Models.Geo;

namespace LivingCity.Twin.Benchmarks;

internal static class FloodBenchmarks
{
    // Bytes that a cell update moves when nothing stays in a cache: 80 in double precision (as the limit is stated), half in single.
    private const double BytesPerUpdate = 40;

    public static void Run(Report report)
    {
        foreach (var (scheme, needed, tool) in new[] { (FloodScheme.LocalInertial, 150.0, 24.3), (FloodScheme.FiniteVolume, 60.0, 18.0) })
        {
            var (best, median, error) = Rate(1000, scheme, 0, 5);
            var limit = report.Triad * 1000 / BytesPerUpdate;
            Report.Line($"{scheme}, 1000 × 1000 all wet, single precision: best {best:F0}, median {median:F0} million cell updates/s (needed {needed:F0}; LISFLOOD-FP 8.1 {tool}); {100 * median / limit:F0} % of the memory limit {limit:F0}; mass error {error:E1}");
        }
    }

    /// <summary>Cell updates a second, in millions, of the stepping alone: the difference between a longer and a shorter run.</summary>
    public static (double Best, double Median, double Error) Rate(int side, FloodScheme scheme, int threads, int repeats)
    {
        var setup = AllWet(side, scheme) with { Threads = threads };
        // Enough steps that a run takes a good part of a second.
        var shorter = setup with { Duration = 20 * StepOf(setup) };
        var longer = setup with { Duration = shorter.Duration * Math.Clamp(8e8 / (20.0 * side * side), 3, 40) };
        List<double> rates = [];
        var error = 0.0;
        for (var i = 0; i < repeats + 1; i++)
        {
            var (timeShort, short1) = Timed(shorter);
            var (timeLong, long1) = Timed(longer);
            error = Math.Max(error, Math.Abs(long1.Balance.RelativeError));
            if (i > 0 && timeLong > timeShort)
            {
                rates.Add((long1.CellUpdates - short1.CellUpdates) / (timeLong - timeShort) / 1e6);
            }
        }

        rates.Sort();
        return (rates[^1], rates[rates.Count / 2], error);
    }

    /// <summary>The same for grids on which a step takes long: a short and a longer run, twice. What both take besides their steps differs by seconds on the largest, so the longer run is long enough to show its steps.</summary>
    public static (double Best, double Median) RateOfLarge(int side, FloodScheme scheme)
    {
        var setup = AllWet(side, scheme);
        var step = StepOf(AllWet(316, scheme));
        List<double> rates = [];
        for (var i = 0; i < 2; i++)
        {
            var (timeShort, shorter) = Timed(setup with { Duration = 10 * step });
            var (timeLong, longer) = Timed(setup with { Duration = (scheme == FloodScheme.LocalInertial ? 160 : 50) * step });
            rates.Add((longer.CellUpdates - shorter.CellUpdates) / (timeLong - timeShort) / 1e6);
        }

        return (rates.Max(), rates.Min());
    }

    public static FloodSetup AllWet(int side, FloodScheme scheme)
    {
        var terrain = new Raster(side, side, 10);
        for (var i = 0; i < terrain.Values.Length; i++)
        {
            var (x, y) = terrain.CentreOf(i);
            terrain.Values[i] = Math.Sin(x / 300) * Math.Cos(y / 200);
        }

        return new FloodSetup
        {
            Terrain = terrain,
            InitialDepth = [.. terrain.Values.Select((z, i) => 3 - z + 0.1 * Math.Sin(i % side / 50.0))],
            Duration = 1,
            Scheme = scheme,
            StatisticsInterval = 1e9,
            GaugeInterval = 1e9,
        };
    }

    private static double StepOf(FloodSetup setup)
    {
        var run = FloodSimulation.Run(setup with { Duration = 30 });
        return 30.0 / run.Steps;
    }

    private static (double Seconds, FloodResult Result) Timed(FloodSetup setup)
    {
        var watch = System.Diagnostics.Stopwatch.StartNew();
        var result = FloodSimulation.Run(setup);
        return (watch.Elapsed.TotalSeconds, result);
    }
}
