using FsCheck;
using FsCheck.Fluent;
using LivingCity.Twin.Models.Traffic;

namespace LivingCity.Twin.Models.Tests.Traffic;

public sealed class UserEquilibriumTests
{
    [Theory]
    [InlineData("SiouxFalls", 4231335.287107)]
    [InlineData("Anaheim", 1286032.171096)]
    [InlineData("Barcelona", 1265654.922032)]
    public void Solve_PublishedNetworks_ReachesTheBestKnownObjectiveAndFlows(string name, double objective)
    {
        var (network, trips) = Load(name);

        var result = UserEquilibrium.Solve(network, [new("cars", trips)], new(1e-12));

        Assert.True(result.Converged);
        Assert.Equal(objective, result.Objective, 2e-6);
        Assert.InRange(ExactGap(network, trips, result), -1e-13, 1.1e-12);
        var best = TntpReader.ReadFlows(File.ReadAllText(PublishedData.Path($"traffic/{name}/{name}_flow.tntp")));
        Assert.Equal(best.Count, network.Links.Count);
        for (var i = 0; i < best.Count; i++)
        {
            if (network.Links[i].B > 0)
            {
                // Flows on links without congestion are not unique, times are.
                Assert.Equal(best[i].Cost, result.Time[i], 1e-4 * Math.Max(1, best[i].Cost));
            }
        }
    }

    [Fact]
    public void Solve_TwoRoutes_SharesThemByTheClosedForm()
    {
        // 10·(1 + 0.15·(x/50)^4) = 12·(1 + 0.15·((100 − x)/60)^4)
        var network = new RoadNetwork(2, 2, 1, [new(1, 2, 50, 1, 10, 0.15, 4), new(1, 2, 60, 1, 12, 0.15, 4)]);

        var result = UserEquilibrium.Solve(network, [new("cars", new TripMatrix(2) { [1, 2] = 100 })], new());

        Assert.Equal(100, result.Flow.Sum(), 1e-9);
        Assert.Equal(result.Time[0], result.Time[1], 1e-9);
    }

    [Fact]
    public void Solve_FirstThroughNode_IsNeverDrivenThrough()
    {
        // Through zone 2 the way would be shorter.
        var network = new RoadNetwork(3, 4, 4, [new(1, 2, 10, 1, 1, 0.15, 4), new(2, 3, 10, 1, 1, 0.15, 4), new(1, 4, 10, 1, 5, 0.15, 4), new(4, 3, 10, 1, 5, 0.15, 4)]);

        var result = UserEquilibrium.Solve(network, [new("cars", new TripMatrix(3) { [1, 3] = 5, [1, 2] = 1 })], new());

        Assert.Equal([1, 0, 5, 5], result.Flow.Select(f => Math.Round(f, 9)));
    }

    [Fact]
    public void Solve_NoPath_IsReportedNotLost()
    {
        var network = new RoadNetwork(3, 3, 1, [new(1, 2, 10, 1, 0, 0, 0)]);

        var result = UserEquilibrium.Solve(network, [new("cars", new TripMatrix(3) { [1, 2] = 4, [1, 3] = 7, [2, 1] = 2 })], new());

        Assert.True(result.Converged);
        Assert.Equal([(1, 3, 7.0), (2, 1, 2.0)], result.Unserved.Select(u => (u.From, u.To, u.Trips)));
        Assert.Equal(4, result.Flow[0]);
    }

    [Fact]
    public void Solve_BannedClass_KeepsOutAndOthersFollowTheirTolls()
    {
        var (network, trips) = Load("SiouxFalls");
        var banned = new bool[network.Links.Count];
        banned[15] = banned[18] = true;
        TrafficClass[] classes = [new("clean", trips.Map((_, _, n) => n * 0.7)), new("old", trips.Map((_, _, n) => n * 0.3), 1.5, Banned: banned)];

        var result = UserEquilibrium.Solve(network, classes, new(1e-11));

        Assert.True(result.Converged);
        Assert.Equal(0, result.ClassFlow[1][15] + result.ClassFlow[1][18]);
        Assert.True(result.ClassFlow[0][15] > 0);
        Assert.All(Enumerable.Range(0, result.Flow.Length), i => Assert.Equal(result.Flow[i], result.ClassFlow[0][i] + 1.5 * result.ClassFlow[1][i], 1e-6));
    }

    [Fact]
    public void Solve_WarmStart_ReachesTheSameEquilibriumInFewerIterations()
    {
        var (network, trips) = Load("Anaheim");
        var before = UserEquilibrium.Solve(network, [new("cars", trips)], new());
        var more = trips.Map((from, to, n) => n * (1 + 0.02 * ((from + to) % 3)));

        var cold = UserEquilibrium.Solve(network, [new("cars", more)], new());
        var warm = UserEquilibrium.Solve(network, [new("cars", more)], new(), before.State);

        Assert.Equal(cold.Objective, warm.Objective, 1e-5);
        Assert.True(warm.Iterations < cold.Iterations, $"{warm.Iterations} against {cold.Iterations}");
        Assert.InRange(ExactGap(network, more, warm), -1e-13, 1.1e-12);
    }

    [Fact]
    public void Solve_AnyToll_NeverRaisesTheFlowOnItsLink()
    {
        var (network, trips) = Load("SiouxFalls");
        var free = UserEquilibrium.Solve(network, [new("cars", trips)], new());
        Prop.ForAll(Gen.Zip(Gen.Choose(0, network.Links.Count - 1), Gen.Choose(1, 40)).ToArbitrary(), draw =>
        {
            var cost = new double[network.Links.Count];
            cost[draw.Item1] = draw.Item2 / 4.0;
            var tolled = UserEquilibrium.Solve(network, [new("cars", trips, ExtraCost: cost)], new(1e-10), free.State);
            return tolled.Converged && tolled.Flow[draw.Item1] <= free.Flow[draw.Item1] * (1 + 1e-6);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(40));
    }

    [Fact]
    public void Solve_CongestedUniformGrid_ReachesEquilibriumWhereAllWaysOverlap()
    {
        // Nearly every street of a uniform grid is used from every origin, so the ways of all origins undo each other's shifts.
        var (network, trips) = Grid(16);

        var result = UserEquilibrium.Solve(network, [new("cars", trips)], new(1e-12));

        Assert.True(result.Converged, $"gap {result.RelativeGap}");
        Assert.InRange(ExactGap(network, trips, result), -1e-13, 1.1e-12);
        Assert.True(result.Flow.Zip(network.Links).Count(p => p.Second.B > 0 && p.First > p.Second.Capacity) > 100);
    }

    [Fact]
    public void Solve_AnyRandomNetwork_ReachesEquilibrium() =>
        Prop.ForAll(Gen.Choose(1, 1_000_000).ToArbitrary(), seed =>
        {
            var (network, trips) = RandomNetwork(new Random(seed));
            var result = UserEquilibrium.Solve(network, [new("cars", trips)], new(1e-10));
            return result.Converged && (result.TotalTime == 0 || Math.Abs(ExactGap(network, trips, result)) <= 1.1e-10);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(60));

    [Fact]
    public void Solve_StiffNetwork_ReachesEquilibriumAlthoughOriginsShareSteepLinks()
    {
        // Two origins share links loaded eight times over (time to the fifth power), beside nearly flat ones: passes from origin to origin alone gain nothing on it.
        var (network, trips) = RandomNetwork(new Random(2205));

        var result = UserEquilibrium.Solve(network, [new("cars", trips)], new(1e-10));

        Assert.InRange(ExactGap(network, trips, result), -1e-13, 1.1e-10);
    }

    [Fact]
    public void Solve_Cancelled_Ends()
    {
        var (network, trips) = Load("Barcelona");
        using var source = new CancellationTokenSource();
        source.Cancel();

        Assert.Throws<OperationCanceledException>(() => UserEquilibrium.Solve(network, [new("cars", trips)], new(), cancellationToken: source.Token));
    }

    /// <summary>The gap with shortest paths found anew by Bellman and Ford's algorithm, which shares nothing with the solver.</summary>
    private static double ExactGap(RoadNetwork network, TripMatrix trips, Equilibrium result)
    {
        double onPaths = 0, total = result.Flow.Zip(result.Time, (f, t) => f * t).Sum();
        for (var origin = 1; origin <= network.Zones; origin++)
        {
            var label = new double[network.Nodes + 1];
            Array.Fill(label, double.PositiveInfinity);
            label[origin] = 0;
            for (var changed = true; changed;)
            {
                changed = false;
                for (var i = 0; i < network.Links.Count; i++)
                {
                    var link = network.Links[i];
                    if ((link.From == origin || link.From >= network.FirstThroughNode) && label[link.From] + result.Time[i] < label[link.To])
                    {
                        label[link.To] = label[link.From] + result.Time[i];
                        changed = true;
                    }
                }
            }

            onPaths += Enumerable.Range(1, network.Zones).Where(to => to != origin && trips[origin, to] > 0).Sum(to => trips[origin, to] * label[to]);
        }

        return (total - onPaths) / total;
    }

    // A zone at every fourth crossing in each direction; streets run both ways with capacities drawn from a seed.
    private static (RoadNetwork Network, TripMatrix Trips) Grid(int side)
    {
        var random = new Random(side);
        var (across, nodes) = (side / 4, side * side);
        var zones = across * across;
        List<RoadLink> links = [];
        for (var i = 0; i < nodes; i++)
        {
            foreach (var to in new[] { i % side + 1 < side ? i + 1 : -1, i + side < nodes ? i + side : -1 }.Where(to => to >= 0))
            {
                var time = 0.5 + random.NextDouble();
                links.Add(new(zones + i + 1, zones + to + 1, 600 + 900 * random.NextDouble(), 1, time, 0.15, 4));
                links.Add(new(zones + to + 1, zones + i + 1, 600 + 900 * random.NextDouble(), 1, time, 0.15, 4));
            }
        }

        var trips = new TripMatrix(zones);
        for (var z = 0; z < zones; z++)
        {
            var node = zones + (z / across * 4 + 2) * side + z % across * 4 + 2 + 1;
            links.AddRange([new(z + 1, node, 1e6, 0.1, 0.2, 0, 0), new(node, z + 1, 1e6, 0.1, 0.2, 0, 0)]);
            for (var to = 1; to <= zones; to++)
            {
                trips[z + 1, to] = to == z + 1 ? 0 : 400 * random.NextDouble();
            }
        }

        return (new RoadNetwork(zones, zones + nodes, zones + 1, links), trips);
    }

    // A ring keeps every zone in reach; chords, powers, links without congestion and links without a cost of their own are drawn.
    private static (RoadNetwork Network, TripMatrix Trips) RandomNetwork(Random random)
    {
        var nodes = random.Next(5, 30);
        var zones = random.Next(2, Math.Min(nodes, 8) + 1);
        List<RoadLink> links = [];
        for (var i = 0; i < nodes; i++)
        {
            links.AddRange([Street(i + 1, (i + 1) % nodes + 1), Street((i + 1) % nodes + 1, i + 1)]);
        }

        for (var i = 0; i < 3 * nodes; i++)
        {
            links.Add(Street(random.Next(nodes) + 1, random.Next(nodes) + 1));
        }

        var trips = new TripMatrix(zones);
        foreach (var (from, to) in Enumerable.Range(1, zones).SelectMany(from => Enumerable.Range(1, zones).Select(to => (from, to))))
        {
            trips[from, to] = random.Next(4) == 0 ? 0 : 30 * random.NextDouble();
        }

        return (new RoadNetwork(zones, nodes, 1, links), trips);

        RoadLink Street(int from, int to) => new(from, to, 5 + 40 * random.NextDouble(), 1, random.Next(12) == 0 ? 0 : random.NextDouble() * 5, random.Next(6) == 0 ? 0 : 0.15 + random.NextDouble(), 1 + random.Next(5));
    }

    private static (RoadNetwork Network, TripMatrix Trips) Load(string name) => (
        TntpReader.ReadNetwork(File.ReadAllText(PublishedData.Path($"traffic/{name}/{name}_net.tntp"))),
        TntpReader.ReadTrips(File.ReadAllText(PublishedData.Path($"traffic/{name}/{name}_trips.tntp"))));
}
