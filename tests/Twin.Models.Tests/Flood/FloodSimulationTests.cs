using FsCheck;
using FsCheck.Fluent;
using LivingCity.Twin.Models.Flood;

namespace LivingCity.Twin.Models.Tests.Flood;

public sealed class FloodSimulationTests
{
    [Theory]
    [InlineData(FloodScheme.LocalInertial, 1.8)]
    [InlineData(FloodScheme.FiniteVolume, 1.8)]
    [InlineData(FloodScheme.LocalInertial, 3.6)]
    [InlineData(FloodScheme.FiniteVolume, 3.6)]
    public void Run_LakeAtRestOverThreeHumps_DoesNotMove(FloodScheme scheme, double level)
    {
        var terrain = FloodCases.ThreeHumps(0.5);
        double[] depth = [.. terrain.Values.Select(z => Math.Max(0, level - z))];

        var result = FloodSimulation.Run(new FloodSetup { Terrain = terrain, InitialDepth = depth, Duration = 100, Scheme = scheme });

        Assert.All(depth.Zip(result.Depth.Values), pair => Assert.Equal(pair.First, pair.Second, 5e-7));
        Assert.Equal(0, result.MaximumVelocity.Values.Max());
        Assert.Equal(0, result.Balance.Error, 1e-9);
    }

    [Fact]
    public void Run_LocalInertialHunterWave_StaysCloseAlthoughItDropsAdvection()
    {
        var terrain = FloodCases.Terrain(500, 3, 10, (_, _) => 0);

        var result = FloodSimulation.Run(new FloodSetup { Terrain = terrain, Roughness = [0.03], Duration = 3600, Forcing = new() { Stages = FloodCases.HunterInlet(terrain, 3600, 0.03, 1) } });

        var rmse = FloodCases.Rmse(FloodCases.Profile(result).Select((h, i) => (h, FloodCases.HunterDepth(10 * i + 5, 3600, 0.03, 1))).Where(p => p.h > 1e-3 || p.Item2 > 0));
        Assert.InRange(rmse, 0.001, 0.25);
    }

    [Theory]
    [InlineData(FloodScheme.LocalInertial)]
    [InlineData(FloodScheme.FiniteVolume)]
    public void Run_AnyThreadCount_GivesTheSameBits(FloodScheme scheme)
    {
        var setup = Basin(scheme, 200, 300);

        var one = FloodSimulation.Run(setup with { Threads = 1 });
        var two = FloodSimulation.Run(setup with { Threads = 2 });
        var three = FloodSimulation.Run(setup with { Threads = 3 });

        Assert.Equal(one.Depth.Values, two.Depth.Values);
        Assert.Equal(one.Depth.Values, three.Depth.Values);
        Assert.Equal(one.MaximumVelocity.Values, two.MaximumVelocity.Values);
        Assert.Equal(one.Balance, two.Balance);
    }

    [Theory]
    [InlineData(FloodScheme.LocalInertial)]
    [InlineData(FloodScheme.FiniteVolume)]
    public void Run_RainInflowOutflowAndDryLand_KeepsEveryDrop(FloodScheme scheme)
    {
        var result = FloodSimulation.Run(Basin(scheme, 120, 1800));

        Assert.True(result.Balance.Inflow > 0 && result.Balance.Rain > 0 && result.Balance.Outflow > 0);
        Assert.True(Math.Abs(result.Balance.RelativeError) <= 1e-10, $"{result.Balance} error {result.Balance.RelativeError}");
        Assert.All(result.Depth.Values, h => Assert.True(h >= 0));
    }

    [Theory]
    [InlineData(FloodScheme.LocalInertial)]
    [InlineData(FloodScheme.FiniteVolume)]
    public void Run_DropInAFlatBasin_SpreadsAlikeInAllDirections(FloodScheme scheme)
    {
        var terrain = FloodCases.Terrain(65, 65, 1, (_, _) => 0);
        var result = FloodSimulation.Run(new FloodSetup
        {
            Terrain = terrain, Duration = 5, Scheme = scheme, InitialDepth = FloodCases.Depths(terrain, (x, y) => Math.Pow(x - 32.5, 2) + Math.Pow(y - 32.5, 2) < 80 ? 1 : 0.2),
        });

        for (var y = 0; y < 65; y++)
        {
            for (var x = 0; x < 65; x++)
            {
                Assert.Equal(result.Depth[x, y], result.Depth[64 - x, y], 1e-6);
                Assert.Equal(result.Depth[x, y], result.Depth[x, 64 - y], 1e-6);
                Assert.Equal(result.Depth[x, y], result.Depth[y, x], 1e-6);
            }
        }
    }

    [Fact]
    public void Run_WaterFarAway_LeavesDryLandUncomputed()
    {
        var terrain = FloodCases.Terrain(1024, 1024, 5, (_, _) => 0);
        var result = FloodSimulation.Run(new FloodSetup { Terrain = terrain, Duration = 60, Forcing = new() { Inflows = [new(512 * 1024 + 512, [0], [5])] } });

        Assert.True(result.CellUpdates < 0.05 * result.Steps * 1024 * 1024);
        Assert.True(result.MaximumDepth.Values.Max() > 0);
    }

    [Theory]
    [InlineData(FloodScheme.LocalInertial)]
    [InlineData(FloodScheme.FiniteVolume)]
    public void Run_BlockedCells_StayDry(FloodScheme scheme)
    {
        var terrain = FloodCases.Terrain(60, 40, 2, (x, _) => -0.01 * x);
        bool[] blocked = [.. Enumerable.Range(0, 2400).Select(i => i % 60 is > 20 and < 30 && i / 60 is > 10 and < 25)];

        var result = FloodSimulation.Run(new FloodSetup
        {
            Terrain = terrain, Blocked = blocked, Duration = 300, Scheme = scheme,
            Forcing = new() { Inflows = [.. Enumerable.Range(0, 40).Select(row => new Inflow(row * 60, [0], [0.4]))] },
        });

        Assert.All(Enumerable.Range(0, 2400).Where(i => blocked[i]), i => Assert.True(double.IsNaN(result.Depth.Values[i])));
        Assert.True(result.Depth[31, 18] > 0.01);
        Assert.True(Math.Abs(result.Balance.RelativeError) < 1e-10);
    }

    [Theory]
    [InlineData(FloodScheme.LocalInertial)]
    [InlineData(FloodScheme.FiniteVolume)]
    public void Run_InflowsAndPumpsAtWalls_KeepEveryDrop(FloodScheme scheme)
    {
        var terrain = FloodCases.Terrain(40, 40, 2, (_, _) => 0);
        bool[] blocked = [.. Enumerable.Range(0, 1600).Select(i => i % 40 == 20)];

        var result = FloodSimulation.Run(new FloodSetup
        {
            Terrain = terrain, Blocked = blocked, Duration = 60, Scheme = scheme,
            Forcing = new()
            {
                Inflows = [new(20, [0], [1]), new(45, [0], [1])],
                Pumps = [new(45, 60, 0.5), new(60, 45, 0.5), new(46, 70, 0.2)],
                Storage = [.. Enumerable.Range(0, 1600).Select(i => i % 40 < 5 ? 1.0 : 0)],
            },
        });

        Assert.Equal(60, result.Balance.Inflow, 1e-9);
        Assert.InRange(result.Balance.Drained, 0.1, 200 * 4 * 1e-3 + 1e-9);
        Assert.True(Math.Abs(result.Balance.RelativeError) <= 1e-12, $"{result.Balance}");
        Assert.True(result.Depth[30, 1] > 0);
    }

    [Fact]
    public void Run_MoreRain_NeverLowersTheStoredVolumeOfAClosedBasin()
    {
        var terrain = FloodCases.Terrain(40, 30, 5, (x, y) => 0.5 * Math.Sin(x / 20) * Math.Cos(y / 15));
        double Stored(double intensity, RainLoss? loss) => FloodSimulation.Run(new FloodSetup
        {
            Terrain = terrain, Duration = 900, Forcing = new() { Rain = [(0, intensity), (600, 0)], Loss = loss },
        }).Balance.Final;
        Prop.ForAll(Gen.Choose(1, 120).Select(i => (double)i).ToArbitrary(), intensity =>
            Stored(intensity * 1.3, null) >= Stored(intensity, null)
            && Stored(intensity * 1.3, new CurveNumberLoss([80])) >= Stored(intensity, new CurveNumberLoss([80])) - 1e-9
            && Stored(intensity * 1.3, new GreenAmptLoss([6.5], 166.8, 0.34)) >= Stored(intensity, new GreenAmptLoss([6.5], 166.8, 0.34)) - 1e-9)
            .Check(Config.QuickThrowOnFailure.WithMaxTest(12));
    }

    [Fact]
    public void Run_Cancelled_Ends()
    {
        using var source = new CancellationTokenSource();
        var setup = Basin(FloodScheme.LocalInertial, 300, 1e7);
        source.CancelAfter(50);

        Assert.Throws<OperationCanceledException>(() => FloodSimulation.Run(setup, null, source.Token));
    }

    [Theory]
    [InlineData(65, 136.769)]
    [InlineData(90, 28.222)]
    [InlineData(30, 592.667)]
    [InlineData(100, 0)]
    public void Retention_PublishedCurveNumbers_GiveThePublishedDepths(double number, double expected) => Assert.Equal(expected, CurveNumber.Retention(number), 1e-3);

    [Fact]
    public void GreenAmpt_ChowsExample_GivesThePublishedDepthAndRate()
    {
        var depth = GreenAmpt.Cumulative(0.65, 16.68 * 0.340, 1);

        Assert.Equal(3.165, depth, 5e-4);
        Assert.Equal(1.815, GreenAmpt.Rate(0.65, 16.68 * 0.340, depth), 5e-4);
        Assert.Equal(depth, GreenAmpt.Cumulative(0.65, 16.68 * 0.340, 0.4, GreenAmpt.Cumulative(0.65, 16.68 * 0.340, 0.6)), 1e-9);
    }

    [Fact]
    public void Inflow_BrokenLine_IsIntegratedExactly()
    {
        var inflow = new Inflow(0, [10, 20, 40], [0, 4, 2]);

        Assert.Equal([0, 20, 60, 80], [inflow.Volume(0, 10), inflow.Volume(10, 20), inflow.Volume(20, 40), inflow.Volume(0, 40)]);
        Assert.Equal(inflow.Volume(0, 60), inflow.Volume(0, 13) + inflow.Volume(13, 29.5) + inflow.Volume(29.5, 60), 1e-9);
    }

    [Fact]
    public void Run_LocalInertialInATurnedBasin_GivesTheTurnedFlood()
    {
        var terrain = FloodCases.Terrain(80, 80, 2, (x, y) => 0.2 * Math.Sin(x / 17) + 0.3 * Math.Cos(y / 29));
        var depth = FloodCases.Depths(terrain, (x, y) => (x - 60) * (x - 60) + (y - 110) * (y - 110) < 900 ? 1 : 0.1);

        var one = FloodSimulation.Run(new FloodSetup { Terrain = terrain, InitialDepth = depth, Duration = 30 });
        var other = FloodSimulation.Run(new FloodSetup { Terrain = terrain.With(Turn(terrain.Values)), InitialDepth = Turn(depth), Duration = 30 });

        Assert.True(Turn(one.Depth.Values).Zip(other.Depth.Values, (a, b) => Math.Abs(a - b)).Max() < 1e-5);

        double[] Turn(double[] values) => [.. Enumerable.Range(0, 80 * 80).Select(i => values[(79 - i % 80) * 80 + i / 80])];
    }

    private static FloodSetup Basin(FloodScheme scheme, int size, double duration)
    {
        var terrain = FloodCases.Terrain(size, size, 4, (x, y) => 3 + 0.004 * x + 1.2 * Math.Sin(x / 60) * Math.Sin(y / 45));
        return new FloodSetup
        {
            Terrain = terrain,
            Duration = duration,
            Scheme = scheme,
            Forcing = new()
            {
                Rain = [(0, 20), (duration / 3, 0)],
                Inflows = [new(size * size / 2 + size / 2, [0, 600, 1200], [0, 30, 5])],
                Open = [.. Enumerable.Range(0, size).Select(row => new OpenBoundary(row * size, GridEdge.West, 0.001))],
            },
        };
    }
}
