using LivingCity.Twin.Models.Contract;
using LivingCity.Twin.Models.Flood;

namespace LivingCity.Twin.Models.Tests.Flood;

/// <summary>What the benchmark tests of the Environment Agency (Néelz and Pender 2013, SC120002) look at, in set-ups with a known end: still water on rough ground, levels over a sill, rain on a slope and in basins.</summary>
public sealed class FloodBehaviourTests
{
    [Theory]
    [InlineData(FloodScheme.LocalInertial, 0)]
    [InlineData(FloodScheme.FiniteVolume, 0)]
    [InlineData(FloodScheme.LocalInertial, -412.3)]
    [InlineData(FloodScheme.FiniteVolume, 2650.7)]
    public void Run_LakeAtRestWithIslandsStepsAndHoles_DoesNotMove(FloodScheme scheme, double datum)
    {
        var random = new Random(11);
        var terrain = FloodCases.Terrain(90, 70, 3, (x, y) => datum + (x > 120 ? 2 : 0) + Math.Sin(x / 9) * Math.Cos(y / 13) + (random.Next(40) == 0 ? 30 : random.NextDouble()));
        for (var hole = 0; hole < 300; hole++)
        {
            terrain.Values[random.Next(terrain.Values.Length)] = double.NaN;
        }

        double[] depth = [.. terrain.Values.Select(z => double.IsNaN(z) ? 0 : Math.Max(0, datum + 2.5 - z))];

        var result = FloodSimulation.Run(new FloodSetup { Terrain = terrain, InitialDepth = depth, Duration = 300, Scheme = scheme });

        // Where no cell is above the water, its level is one and the same to half a millimetre of single precision at most.
        Assert.True(result.MaximumVelocity.Values.Where(double.IsFinite).Max() < 1e-4, $"{result.MaximumVelocity.Values.Where(double.IsFinite).Max()} m/s");
        Assert.All(Enumerable.Range(0, depth.Length).Where(i => double.IsFinite(terrain.Values[i])), i => Assert.Equal(depth[i], result.Depth.Values[i], 1e-4));
        Assert.All(Enumerable.Range(0, depth.Length).Where(i => double.IsNaN(terrain.Values[i])), i => Assert.True(double.IsNaN(result.Depth.Values[i])));
    }

    [Theory]
    [InlineData(FloodScheme.LocalInertial)]
    [InlineData(FloodScheme.FiniteVolume)]
    public void Run_LevelThatPassesASillAndFalls_LeavesThePondAtTheSill(FloodScheme scheme)
    {
        // Test 1 in shape: the level at one end rises above a sill and falls again; the pond behind keeps what lies below the sill.
        const double Sill = 1;
        var terrain = FloodCases.Terrain(70, 5, 10, (x, _) => x < 300 ? 0.4 * x / 300 : x < 310 ? Sill : x < 400 ? 0.2 : 3);
        var level = new TimeSeries([0, 3600, 7200, 14400, 108000], new Dictionary<string, IReadOnlyList<double>> { ["level"] = [0, 1.6, 1.6, 0, 0] });

        var result = FloodSimulation.Run(new FloodSetup
        {
            Terrain = terrain,
            Roughness = [0.03],
            Duration = 108000,
            Scheme = scheme,
            Forcing = new() { Stages = [.. Enumerable.Range(0, 5).Select(row => new StageBoundary(row * 70, level, "level"))] },
        });

        Assert.All(Enumerable.Range(31, 9), x => Assert.Equal(Sill, result.Depth[x, 2] + terrain[x, 2], 0.02));
        Assert.True(result.Depth[2, 2] < 0.05, $"{result.Depth[2, 2]} m before the sill");
        Assert.InRange(result.MaximumDepth[20, 2] + terrain[20, 2], 1.59, 1.7);
        Assert.True(Math.Abs(result.Balance.RelativeError) <= 1e-10);
    }

    [Theory]
    [InlineData(FloodScheme.LocalInertial)]
    [InlineData(FloodScheme.FiniteVolume)]
    public void Run_FrontOverDryLand_LosesNothingInAnyDirection(FloodScheme scheme)
    {
        // Far ahead of the front the grid is not computed; the front must never overtake the map of what is.
        double[] Front(bool turned, out double error)
        {
            var terrain = turned ? FloodCases.Terrain(3, 600, 1, (_, _) => 0) : FloodCases.Terrain(600, 3, 1, (_, _) => 0);
            var result = FloodSimulation.Run(new FloodSetup
            {
                Terrain = terrain, Duration = 60, Scheme = scheme, Roughness = [0.01], InitialDepth = FloodCases.Depths(terrain, (x, y) => (turned ? 600 - y : x) < 40 ? 2 : 0),
            });
            error = result.Balance.RelativeError;
            return [.. Enumerable.Range(0, 600).Select(i => turned ? result.Depth[1, i] : result.Depth[i, 1])];
        }

        var along = Front(false, out var lost);
        var across = Front(true, out var lostAcross);

        Assert.True(Math.Max(Math.Abs(lost), Math.Abs(lostAcross)) < 1e-13, $"{lost} {lostAcross}");
        Assert.All(along.Zip(across), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
        Assert.Contains(along.Skip(60), h => h > 0.01);
    }

    [Theory]
    [InlineData(FloodScheme.LocalInertial)]
    [InlineData(FloodScheme.FiniteVolume)]
    public void Run_RainOnASlope_FollowsTheKinematicWave(FloodScheme scheme)
    {
        // Henderson and Wooding (1964), Journal of Geophysical Research 69: h = (i·x/α)^(3/5) once the whole slope feeds the outlet, with α = √S/n; before that the outlet gives α·(i·t)^(5/3).
        const double Slope = 0.05, Roughness = 0.05, Length = 100, Cell = 1, Intensity = 100, Duration = 900;
        var alpha = Math.Sqrt(Slope) / Roughness;
        var rain = Intensity / 3.6e6;
        var arrival = Math.Pow(Length / (alpha * Math.Pow(rain, 2.0 / 3)), 0.6);
        var terrain = FloodCases.Terrain(100, 2, Cell, (x, _) => Slope * (Length - x));

        var result = FloodSimulation.Run(new FloodSetup
        {
            Terrain = terrain,
            Roughness = [Roughness],
            Duration = Duration,
            Scheme = scheme,
            Forcing = new() { Rain = [(0, Intensity)], Open = [.. Enumerable.Range(0, 2).Select(row => new OpenBoundary(row * 100 + 99, GridEdge.East, Slope))] },
        });

        Assert.True(arrival < 0.6 * Duration);
        foreach (var x in (int[])[20, 50, 80, 95])
        {
            Assert.Equal(1, result.Depth[x, 0] / Math.Pow(rain * (x + 0.5) / alpha, 0.6), 0.03);
        }

        var expected = 2 * Cell * (alpha * Math.Pow(rain, 5.0 / 3) * Math.Pow(arrival, 8.0 / 3) * 3 / 8 + rain * Length * (Duration - arrival));
        Assert.Equal(1, result.Balance.Outflow / expected, 0.03);
        Assert.True(Math.Abs(result.Balance.RelativeError) <= 1e-10);
    }

    [Fact]
    public void Run_FlowOverABumpWithAJump_KeepsHeadOnBothSidesAndMomentumThroughIt()
    {
        // Goutal and Maurel (1997); SWASHES section 3.1.5: q = 0.18 m²/s, 0.33 m at the outlet, critical on the crest, a hydraulic jump on the lee side.
        const double Discharge = 0.18, Outlet = 0.33, Cell = 0.1, Gravity = 9.80665;
        double Bed(double x) => x is > 8 and < 12 ? 0.2 - 0.05 * (x - 10) * (x - 10) : 0;
        var critical = Math.Cbrt(Discharge * Discharge / Gravity);
        double Depth(double x, double head, bool fast)
        {
            double low = fast ? 1e-3 : critical, high = fast ? critical : 2;
            for (var i = 0; i < 80; i++)
            {
                var h = (low + high) / 2;
                (low, high) = h + Discharge * Discharge / (2 * Gravity * h * h) + Bed(x) > head == fast ? (h, high) : (low, h);
            }

            return low;
        }

        double upstream = 0.2 + 1.5 * critical, downstream = Outlet + Discharge * Discharge / (2 * Gravity * Outlet * Outlet);
        double Force(double h) => Discharge * Discharge / h + Gravity * h * h / 2;
        // The jump stands where the momentum of the fast flow is that of the slow one.
        var jump = Enumerable.Range(0, 2000).Select(i => 10 + 0.001 * i).First(x => Force(Depth(x, upstream, true)) < Force(Depth(x, downstream, false)) == (Force(Depth(11.999, upstream, true)) < Force(Depth(11.999, downstream, false))));
        double Expected(double x) => x < 10 ? Depth(x, upstream, false) : x < jump ? Depth(x, upstream, true) : Depth(x, downstream, false);
        var terrain = FloodCases.Terrain(250, 2, Cell, (x, _) => Bed(x));
        var level = new TimeSeries([0], new Dictionary<string, IReadOnlyList<double>> { ["level"] = [Outlet] });

        var result = FloodSimulation.Run(new FloodSetup
        {
            Terrain = terrain,
            Roughness = [0],
            Duration = 300,
            Scheme = FloodScheme.FiniteVolume,
            InitialDepth = FloodCases.Depths(terrain, (x, _) => Math.Max(0, Outlet - Bed(x))),
            Forcing = new()
            {
                Inflows = [.. Enumerable.Range(0, 2).Select(row => new Inflow(row * 250, [0], [Discharge * Cell]))],
                Stages = [.. Enumerable.Range(0, 2).Select(row => new StageBoundary(row * 250 + 249, level, "level"))],
            },
        });

        Assert.InRange(jump, 11.5, 11.8);
        var error = FloodCases.Profile(result).Select((h, i) => Math.Abs(h - Expected(Cell * (i + 0.5)))).Skip(4).SkipLast(4).Average();
        Assert.True(error < 0.004, $"mean error {error} m");
        Assert.True(Math.Abs(result.Balance.RelativeError) <= 1e-10, $"{result.Balance.RelativeError}");
    }

    [Theory]
    [InlineData(96)]
    [InlineData(101)]
    public void Run_LongFlowOutOfTheEast_KeepsItsStep(int columns)
    {
        // The width is and is not a whole number of vector registers.
        var terrain = FloodCases.Terrain(columns, 2, 5, (x, _) => -0.002 * x);
        FloodResult Run(double duration) => FloodSimulation.Run(new FloodSetup
        {
            Terrain = terrain,
            Duration = duration,
            StatisticsInterval = 1000,
            GaugeInterval = 1000,
            Forcing = new()
            {
                Inflows = [.. Enumerable.Range(0, 2).Select(row => new Inflow(row * columns, [0], [5.0]))],
                Open = [.. Enumerable.Range(0, 2).Select(row => new OpenBoundary((row + 1) * columns - 1, GridEdge.East, 0.002))],
            },
        });

        var early = Run(5000);
        var late = Run(10000);

        Assert.InRange(late.Steps, 1.8 * early.Steps, 2.1 * early.Steps);
        Assert.Equal(Math.Pow(0.035 / Math.Sqrt(0.002), 0.6), late.Depth[columns / 2, 0], 0.01);
    }

    [Fact]
    public void Run_OpenCellInsideTheGrid_IsRefused() => Assert.Throws<ArgumentException>(() => FloodSimulation.Run(new FloodSetup
    {
        Terrain = FloodCases.Terrain(5, 5, 1, (_, _) => 0), Duration = 1, Forcing = new() { Open = [new(7, GridEdge.East, 0.01)] },
    }));

    [Theory]
    [InlineData(FloodScheme.LocalInertial)]
    [InlineData(FloodScheme.FiniteVolume)]
    public void Run_SteadySlope_ReportsItsVelocity(FloodScheme scheme)
    {
        // Discharge of 1 m²/s at the normal depth of 0.035 and 2 per mille.
        var terrain = FloodCases.Terrain(100, 2, 5, (x, _) => -0.002 * x);
        var normal = Math.Pow(0.035 / Math.Sqrt(0.002), 0.6);

        var result = FloodSimulation.Run(new FloodSetup
        {
            Terrain = terrain,
            Duration = 4000,
            Scheme = scheme,
            Forcing = new()
            {
                Inflows = [.. Enumerable.Range(0, 2).Select(row => new Inflow(row * 100, [0], [5.0]))],
                Open = [.. Enumerable.Range(0, 2).Select(row => new OpenBoundary(row * 100 + 99, GridEdge.East, 0.002))],
            },
        });

        Assert.Equal(1 / normal, result.EastVelocity[50, 1], 0.02);
        Assert.Equal(0, result.NorthVelocity[50, 1], 1e-3);
        Assert.Equal(1 / normal, result.MaximumVelocity[99, 1], 0.05);
    }

    [Fact]
    public void Run_CloudburstOnATown_EndsAlikeWithBothSchemes()
    {
        // Test 8 in shape: a cloudburst on a slope with blocks of houses and a wall at its foot. Both schemes must end with the same pond, and neither may race or swing on.
        var random = new Random(3);
        var terrain = FloodCases.Terrain(200, 150, 2, (x, y) => 30 - 0.02 * x + 0.3 * Math.Sin(y / 20) + 0.05 * random.NextDouble());
        FloodResult Run(FloodScheme scheme) => FloodSimulation.Run(new FloodSetup
        {
            Terrain = terrain,
            Blocked = [.. Enumerable.Range(0, 30000).Select(i => i % 200 / 15 % 2 == 1 && i / 200 / 12 % 2 == 1)],
            Roughness = [0.02],
            Duration = 1800,
            Scheme = scheme,
            Forcing = new() { Rain = [(60, 400), (240, 0)] },
        });

        FloodResult inertial = Run(FloodScheme.LocalInertial), full = Run(FloodScheme.FiniteVolume);

        Assert.Equal(Deepest(full), Deepest(inertial), 0.02);
        Assert.InRange(Fastest(inertial.MaximumVelocity), 0.5, 2.5);
        Assert.InRange(Fastest(full.MaximumVelocity), 0.5, 2.5);
        Assert.True(Fastest(inertial.EastVelocity) < 0.7, $"{Fastest(inertial.EastVelocity)} m/s");

        static double Deepest(FloodResult result) => result.Depth.Values.Where(double.IsFinite).Max();

        static double Fastest(LivingCity.Twin.Models.Geo.Raster velocity) => velocity.Values.Where(double.IsFinite).Max(Math.Abs);
    }

    [Theory]
    [InlineData(FloodScheme.LocalInertial, 1000)]
    [InlineData(FloodScheme.FiniteVolume, 1234.5)]
    public void Run_RainInAClosedBasin_StoresAllThatFell(FloodScheme scheme, double duration)
    {
        var terrain = FloodCases.Terrain(30, 20, 5, (x, y) => 0.2 * Math.Sin(x / 20) * Math.Cos(y / 15));

        var result = FloodSimulation.Run(new FloodSetup { Terrain = terrain, Duration = duration, Scheme = scheme, Forcing = new() { Rain = [(0, 36), (700, 7.2)] } });

        // 36 mm/h are 0.01 mm/s.
        var fallen = (700 * 1e-5 + (duration - 700) * 2e-6) * 600 * 25;
        Assert.Equal(fallen, result.Balance.Rain, 1e-9 * fallen);
        Assert.Equal(fallen, result.Balance.Final, 1e-9 * fallen);
    }

    [Fact]
    public void Run_CurveNumberInAClosedBasin_LeavesTheRunoffOfTheHandbook()
    {
        // USDA NEH 630, equation 10-11: 100 mm on CN 80 run off as (100 − 0.2·63.5)²/(100 + 0.8·63.5) mm.
        var terrain = FloodCases.Terrain(20, 20, 10, (_, _) => 0);

        var result = FloodSimulation.Run(new FloodSetup { Terrain = terrain, Duration = 7200, Forcing = new() { Rain = [(0, 50)], Loss = new CurveNumberLoss([80]) } });

        var runoff = Math.Pow(100 - 0.2 * 63.5, 2) / (100 + 0.8 * 63.5) / 1000;
        Assert.Equal(runoff * 40000, result.Balance.Final, 1e-6 * runoff * 40000);
    }

    [Fact]
    public void Run_RainBelowTheDrains_LeavesNothing()
    {
        var terrain = FloodCases.Terrain(20, 20, 10, (_, _) => 0);
        double Left(double drains) => FloodSimulation.Run(new FloodSetup
        {
            Terrain = terrain, Duration = 3600, Forcing = new() { Rain = [(0, 20)], Drains = [.. Enumerable.Repeat(drains, 400)] },
        }).Balance.Final;

        Assert.Equal(0, Left(25), 1e-9);
        Assert.Equal(0.015 * 40000, Left(5), 1e-6);
    }
}
