using LivingCity.Twin.Models.Flood;

namespace LivingCity.Twin.Models.Tests.Flood;

/// <summary>Analytic solutions of the shallow-water equations, most of them collected in SWASHES (Delestre et al. 2013, International Journal for Numerical Methods in Fluids 72, 269–300).</summary>
public sealed class FiniteVolumeTests
{
    private const double Gravity = 9.80665;

    [Fact]
    public void Run_HunterWave_ConvergesToTheAnalyticProfile()
    {
        // Hunter et al. (2005), Advances in Water Resources 28, 975–991.
        var terrain = FloodCases.Terrain(500, 3, 10, (_, _) => 0);

        var result = FloodSimulation.Run(new FloodSetup
        {
            Terrain = terrain,
            Roughness = [0.03],
            Duration = 3600,
            Scheme = FloodScheme.FiniteVolume,
            Forcing = new() { Stages = FloodCases.HunterInlet(terrain, 3600, 0.03, 1) },
        });

        var profile = FloodCases.Profile(result);
        Assert.Equal(2.37963, FloodCases.HunterDepth(0, 3600, 0.03, 1), 1e-5);
        Assert.Equal(2.37963, profile[0], 0.01);
        var rmse = FloodCases.Rmse(profile.Select((h, i) => (h, FloodCases.HunterDepth(10 * i + 5, 3600, 0.03, 1))).Where(p => p.h > 1e-3 || p.Item2 > 0));
        Assert.True(rmse <= 0.026, $"RMSE {rmse} m");
        Assert.InRange(Array.FindIndex(profile, h => h < 0.01) * 10, 3550, 3650);
    }

    [Fact]
    public void Run_RitterDamBreakOnDryBed_FollowsTheAnalyticProfile()
    {
        // Ritter (1892): h = (2c₀ − x/t)²/(9g) between −c₀t and 2c₀t.
        const double Deep = 1, Time = 20;
        var rmse = DamBreak(Deep, 0, Time, (x, c) => x < -c * Time ? Deep : x > 2 * c * Time ? 0 : Math.Pow(2 * c - x / Time, 2) / (9 * Gravity));
        Assert.True(rmse < 0.008, $"RMSE {rmse} m");
    }

    [Fact]
    public void Run_StokerDamBreakOnWetBed_FollowsTheAnalyticProfile()
    {
        // Stoker (1957), with the middle state from its implicit equation.
        const double Deep = 1, Shallow = 0.2, Time = 20;
        var (middle, shock, speed) = StokerMiddle(Deep, Shallow);
        var rmse = DamBreak(Deep, Shallow, Time, (x, c) => x < -c * Time ? Deep
            : x < (speed - Math.Sqrt(Gravity * middle)) * Time ? Math.Pow(2 * c - x / Time, 2) / (9 * Gravity)
            : x < shock * Time ? middle : Shallow);
        Assert.True(rmse < 0.01, $"RMSE {rmse} m");
    }

    [Fact]
    public void Run_ThackerPlanarBowl_SwingsOncePerPeriod()
    {
        // Thacker (1981), Journal of Fluid Mechanics 107, 499–508: a plane surface that turns in a paraboloid.
        const double Depth = 0.1, Radius = 1, Offset = 0.5, Size = 4;
        var frequency = Math.Sqrt(2 * Gravity * Depth) / Radius;
        var period = 2 * Math.PI / frequency;
        var terrain = FloodCases.Terrain(100, 100, Size / 100, (x, y) => Depth * (Square(x - Size / 2, y - Size / 2) / (Radius * Radius) - 1));
        double Level(double x, double y, double t) =>
            Offset * Depth / (Radius * Radius) * (2 * (x - Size / 2) * Math.Cos(frequency * t) + 2 * (y - Size / 2) * Math.Sin(frequency * t) - Offset);

        var result = FloodSimulation.Run(new FloodSetup
        {
            Terrain = terrain,
            Roughness = [0],
            Duration = 2 * period,
            Scheme = FloodScheme.FiniteVolume,
            InitialDepth = FloodCases.Depths(terrain, (x, y) => Math.Max(0, Level(x, y, 0) - Depth * (Square(x - Size / 2, y - Size / 2) - 1))),
            InitialVelocity = _ => (0, Offset * frequency),
        });

        var expected = FloodCases.Depths(terrain, (x, y) => Math.Max(0, Level(x, y, 2 * period) - Depth * (Square(x - Size / 2, y - Size / 2) - 1)));
        var rmse = FloodCases.Rmse(result.Depth.Values.Zip(expected).Where(p => p.Second > 0 || p.First > 1e-4));
        Assert.True(rmse < 0.05 * Depth, $"RMSE {rmse} m");
        Assert.True(Math.Abs(result.Balance.RelativeError) < 1e-12);
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(1.0)]
    [InlineData(2.0)]
    public void Run_ThackerCurvedSurface_BreathesInItsBowl(double periods)
    {
        // Thacker (1981), the radially symmetric case; SWASHES section 4.2.2.
        const double Depth = 0.1, Radius = 1, Start = 0.8, Size = 4;
        var frequency = Math.Sqrt(8 * Gravity * Depth) / Radius;
        var amplitude = (Radius * Radius - Start * Start) / (Radius * Radius + Start * Start);
        double Bed(double x, double y) => Depth * (Square(x - Size / 2, y - Size / 2) / (Radius * Radius) - 1);
        double Water(double x, double y, double t)
        {
            var swing = 1 - amplitude * Math.Cos(frequency * t);
            var level = Depth * (Math.Sqrt(1 - amplitude * amplitude) / swing - 1 - Square(x - Size / 2, y - Size / 2) / (Radius * Radius) * ((1 - amplitude * amplitude) / (swing * swing) - 1));
            return Math.Max(0, level - Bed(x, y));
        }

        var terrain = FloodCases.Terrain(100, 100, Size / 100, Bed);
        var duration = periods * 2 * Math.PI / frequency;

        var result = FloodSimulation.Run(new FloodSetup
        {
            Terrain = terrain, Roughness = [0], Duration = duration, Scheme = FloodScheme.FiniteVolume, InitialDepth = FloodCases.Depths(terrain, (x, y) => Water(x, y, 0)),
        });

        var rmse = FloodCases.Rmse(result.Depth.Values.Zip(FloodCases.Depths(terrain, (x, y) => Water(x, y, duration))).Where(p => p.Second > 0 || p.First > 1e-4));
        Assert.True(rmse < 0.03 * Depth, $"RMSE {rmse} m");
        Assert.True(Math.Abs(result.Balance.RelativeError) < 1e-12);
    }

    [Theory]
    [InlineData(4.42, 2.0)]
    [InlineData(1.53, null)]
    public void Run_FlowOverABump_KeepsBernoullisHead(double discharge, double? outlet)
    {
        // Goutal and Maurel (1997); SWASHES sections 3.1.3 (subcritical between two levels) and 3.1.4 (critical at the crest, fast behind it).
        const double Cell = 0.25;
        double Bed(double x) => x is > 8 and < 12 ? 0.2 - 0.05 * (x - 10) * (x - 10) : 0;
        var terrain = FloodCases.Terrain(100, 2, Cell, (x, _) => Bed(x));
        var critical = Math.Cbrt(discharge * discharge / Gravity);
        var head = outlet is { } depth ? depth + discharge * discharge / (2 * Gravity * depth * depth) : 0.2 + 1.5 * critical;
        double Depth(double x)
        {
            var fast = outlet is null && x > 10;
            double low = fast ? 1e-3 : critical, high = fast ? critical : 5;
            for (var i = 0; i < 80; i++)
            {
                var h = (low + high) / 2;
                (low, high) = h + discharge * discharge / (2 * Gravity * h * h) + Bed(x) > head == fast ? (h, high) : (low, h);
            }

            return low;
        }

        var level = new LivingCity.Twin.Models.Contract.TimeSeries([0], new Dictionary<string, IReadOnlyList<double>> { ["level"] = [Depth(0)] });
        StageBoundary[] Stages(int column) => [.. Enumerable.Range(0, 2).Select(row => new StageBoundary(row * 100 + column, level, "level"))];
        var result = FloodSimulation.Run(new FloodSetup
        {
            Terrain = terrain,
            Roughness = [0],
            Duration = 200,
            Scheme = FloodScheme.FiniteVolume,
            InitialDepth = FloodCases.Depths(terrain, (x, _) => outlet is null && x > 10 ? 0.05 : Depth(x)),
            InitialVelocity = cell => outlet is null ? (0, 0) : (discharge / Depth(Cell * (cell % 100 + 0.5)), 0),
            Forcing = outlet is null
                ? new() { Inflows = [.. Enumerable.Range(0, 2).Select(row => new Inflow(row * 100, [0], [discharge * Cell]))], Open = [.. Enumerable.Range(0, 2).Select(row => new OpenBoundary(row * 100 + 99, GridEdge.East, 0))] }
                : new() { Stages = [.. Stages(0), .. Stages(99)] },
        });

        var rmse = FloodCases.Rmse(FloodCases.Profile(result).Select((h, i) => (h, Depth(Cell * (i + 0.5)))).Skip(4).SkipLast(4));
        Assert.True(rmse < 0.01, $"RMSE {rmse} m");
        Assert.Equal(discharge, result.EastVelocity[50, 0] * result.Depth[50, 0], 0.01 * discharge);
    }

    [Fact]
    public void Run_UniformFlowOnASlope_ReachesNormalDepth()
    {
        const double Slope = 0.002, Roughness = 0.03, Discharge = 1;
        var terrain = FloodCases.Terrain(200, 4, 5, (x, _) => 10 - Slope * x);

        var result = FloodSimulation.Run(new FloodSetup
        {
            Terrain = terrain,
            Roughness = [Roughness],
            Duration = 4000,
            Scheme = FloodScheme.FiniteVolume,
            Forcing = new()
            {
                Inflows = [.. Enumerable.Range(0, 4).Select(row => new Inflow(row * 200, [0], [Discharge * 5]))],
                Open = [.. Enumerable.Range(0, 4).Select(row => new OpenBoundary(row * 200 + 199, GridEdge.East, Slope))],
            },
        });

        var normal = Math.Pow(Discharge * Roughness / Math.Sqrt(Slope), 0.6);
        Assert.Equal(normal, result.Depth[100, 2], 0.005 * normal);
        Assert.Equal(Discharge / normal, result.EastVelocity[100, 2], 0.01);
        Assert.True(Math.Abs(result.Balance.RelativeError) < 1e-10, $"{result.Balance}");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Run_MacDonaldSubcriticalChannel_SettlesAtTheAnalyticDepth(int rows)
    {
        // MacDonald et al. (1997), Journal of Hydraulic Engineering 123; SWASHES section 3.2.1: q = 2 m²/s, n = 0.033, the bed that makes a chosen depth.
        const double Discharge = 2, Roughness = 0.033, Cell = 5;
        double Depth(double x) => Math.Cbrt(4 / Gravity) * (1 + 0.5 * Math.Exp(-16 * Math.Pow(x / 1000 - 0.5, 2)));
        double Slope(double x)
        {
            var h = Depth(x);
            var gradient = (Depth(x + 0.01) - Depth(x - 0.01)) / 0.02;
            return (1 - Discharge * Discharge / (Gravity * h * h * h)) * gradient + Roughness * Roughness * Discharge * Discharge / Math.Pow(h, 10.0 / 3);
        }

        double[] bed = new double[200];
        for (var i = 198; i >= 0; i--)
        {
            bed[i] = bed[i + 1] + Enumerable.Range(0, 50).Sum(k => Slope(Cell * (i + 0.5) + (k + 0.5) * Cell / 50)) * Cell / 50;
        }

        var terrain = FloodCases.Terrain(200, rows, Cell, (x, _) => bed[(int)(x / Cell)]);
        var outlet = new LivingCity.Twin.Models.Contract.TimeSeries([0], new Dictionary<string, IReadOnlyList<double>> { ["level"] = [bed[199] + Depth(997.5)] });
        var result = FloodSimulation.Run(new FloodSetup
        {
            Terrain = terrain,
            Roughness = [Roughness],
            Duration = 5000,
            Scheme = FloodScheme.FiniteVolume,
            InitialDepth = FloodCases.Depths(terrain, (x, _) => Math.Max(0, bed[199] + Depth(997.5) - bed[(int)(x / Cell)])),
            Forcing = new()
            {
                Inflows = [.. Enumerable.Range(0, rows).Select(row => new Inflow(row * 200, [0], [Discharge * Cell]))],
                Stages = [.. Enumerable.Range(0, rows).Select(row => new StageBoundary(row * 200 + 199, outlet, "level"))],
            },
        });

        var rmse = FloodCases.Rmse(FloodCases.Profile(result).Select((h, i) => (h, Depth(Cell * (i + 0.5)))).Skip(2).SkipLast(2));
        Assert.True(rmse < 0.01, $"RMSE {rmse} m");
        Assert.Equal(Discharge, result.EastVelocity[100, 0] * result.Depth[100, 0], 0.01);
    }

    [Fact]
    public void Run_SmoothWave_ConvergesFasterThanFirstOrder()
    {
        double Error(int cells)
        {
            double[] coarse = SmoothWave(cells), fine = SmoothWave(1280);
            var ratio = 1280 / cells;
            return Enumerable.Range(0, cells).Average(i => Math.Abs(coarse[i] - fine.Skip(i * ratio).Take(ratio).Average()));
        }

        var order = Math.Log2(Error(80) / Error(160));
        Assert.True(order >= 1.5, $"order {order}");
    }

    [Fact]
    public void Run_RotatedBasin_GivesTheRotatedFlood()
    {
        var terrain = FloodCases.Terrain(96, 96, 2, (x, y) => 0.2 * Math.Sin(x / 17) + 0.3 * Math.Cos(y / 29));
        var depth = FloodCases.Depths(terrain, (x, y) => Square(x - 60, y - 110) < 900 ? 2 : 0.1);
        var turned = terrain.With(Turn(terrain.Values));

        var one = FloodSimulation.Run(new FloodSetup { Terrain = terrain, InitialDepth = depth, Duration = 20, Scheme = FloodScheme.FiniteVolume });
        var other = FloodSimulation.Run(new FloodSetup { Terrain = turned, InitialDepth = Turn(depth), Duration = 20, Scheme = FloodScheme.FiniteVolume });

        var largest = Turn(one.Depth.Values).Zip(other.Depth.Values, (a, b) => Math.Abs(a - b)).Max();
        Assert.True(largest < 1e-5, $"{largest} m");

        double[] Turn(double[] values) => [.. Enumerable.Range(0, 96 * 96).Select(i => values[(95 - i % 96) * 96 + i / 96])];
    }

    private static double[] SmoothWave(int cells)
    {
        var terrain = FloodCases.Terrain(cells, 2, 800.0 / cells, (x, _) => 0.3 * Math.Exp(-Math.Pow((x - 500) / 80, 2)));
        return FloodCases.Profile(FloodSimulation.Run(new FloodSetup
        {
            Terrain = terrain,
            Roughness = [0],
            Duration = 40,
            Scheme = FloodScheme.FiniteVolume,
            InitialDepth = FloodCases.Depths(terrain, (x, _) => 2 + 0.2 * Math.Exp(-Math.Pow((x - 300) / 60, 2)) - 0.3 * Math.Exp(-Math.Pow((x - 500) / 80, 2))),
        }));
    }

    private static double DamBreak(double deep, double shallow, double time, Func<double, double, double> expected)
    {
        var terrain = FloodCases.Terrain(800, 3, 0.5, (_, _) => 0);
        var result = FloodSimulation.Run(new FloodSetup
        {
            Terrain = terrain,
            Roughness = [0],
            Duration = time,
            Scheme = FloodScheme.FiniteVolume,
            InitialDepth = FloodCases.Depths(terrain, (x, _) => x < 200 ? deep : shallow),
        });
        Assert.True(Math.Abs(result.Balance.RelativeError) < 1e-12);
        return FloodCases.Rmse(FloodCases.Profile(result).Select((h, i) => (h, expected(0.5 * i + 0.25 - 200, Math.Sqrt(Gravity * deep)))));
    }

    private static (double Depth, double Shock, double Speed) StokerMiddle(double deep, double shallow)
    {
        double low = shallow, high = deep;
        for (var i = 0; i < 200; i++)
        {
            var h = (low + high) / 2;
            var fromRarefaction = 2 * (Math.Sqrt(Gravity * deep) - Math.Sqrt(Gravity * h));
            var fromShock = (h - shallow) * Math.Sqrt(Gravity * (h + shallow) / (2 * h * shallow));
            (low, high) = fromRarefaction > fromShock ? (h, high) : (low, h);
        }

        var speed = 2 * (Math.Sqrt(Gravity * deep) - Math.Sqrt(Gravity * low));
        return (low, speed * low / (low - shallow), speed);
    }

    private static double Square(double x, double y) => x * x + y * y;
}
