using LivingCity.Twin.Models.Traffic;

namespace LivingCity.Twin.Models.Tests.Traffic;

/// <summary>Cases with a closed form, and theorems of network equilibrium.</summary>
public sealed class EquilibriumTheoryTests
{
    [Fact]
    public void Solve_BraessNetwork_GivesThePublishedFlowsAndCosts()
    {
        // Braess (1968), as in the TNTP collection: costs 10x, 50 + x and 10 + x for six travellers; the fifth link makes everybody slower, 92 in place of 83.
        var network = TntpReader.ReadNetwork(
            """
            <NUMBER OF ZONES> 2
            <NUMBER OF NODES> 4
            <FIRST THRU NODE> 1
            <NUMBER OF LINKS> 5
            <END OF METADATA>
            ~ 	init_node	term_node	capacity	length	free_flow_time	b	power	speed	toll	link_type	;
            	1	3	1	0	0.00000001	1000000000	1	0	0	1;
            	1	4	1	0	50	0.02	1	0	0	1;
            	3	2	1	0	50	0.02	1	0	0	1;
            	3	4	1	0	10	0.1	1	0	0	1;
            	4	2	1	0	0.00000001	1000000000	1	0	0	1;
            """);
        var trips = new TripMatrix(2) { [1, 2] = 6 };

        var with = UserEquilibrium.Solve(network, [new("cars", trips)], new());
        var without = UserEquilibrium.Solve(network, [new("cars", trips, Banned: [false, false, false, true, false])], new());

        Assert.All(with.Flow.Zip([4.0, 2, 2, 2, 4]), f => Assert.Equal(f.Second, f.First, 1e-6));
        Assert.Equal(386, with.Objective, 1e-5);
        Assert.Equal(6 * 92, with.TotalTime, 1e-4);
        Assert.All(without.Flow.Zip([3.0, 3, 3, 0, 3]), f => Assert.Equal(f.Second, f.First, 1e-6));
        Assert.Equal(6 * 83, without.TotalTime, 1e-4);
    }

    [Fact]
    public void Solve_TollsOfMarginalCost_BringTheSystemOptimum()
    {
        // Pigou (1920), Beckmann et al. (1956): the equilibrium of t + v·t'(v) is the flow of least total time, and tolls of v·t'(v) make it an equilibrium of t.
        var network = TntpReader.ReadNetwork(File.ReadAllText(PublishedData.Path("traffic/SiouxFalls/SiouxFalls_net.tntp")));
        var trips = TntpReader.ReadTrips(File.ReadAllText(PublishedData.Path("traffic/SiouxFalls/SiouxFalls_trips.tntp")));
        var marginal = network with { Links = [.. network.Links.Select(l => l with { B = l.B * (l.Power + 1) })] };

        var free = UserEquilibrium.Solve(network, [new("cars", trips)], new());
        var optimum = UserEquilibrium.Solve(marginal, [new("cars", trips)], new());
        double[] tolls = [.. network.Links.Select((l, i) => l.Power * (TimeOf(l, optimum.Flow[i]) - l.FreeFlowTime))];
        var tolled = UserEquilibrium.Solve(network, [new("cars", trips, ExtraCost: tolls)], new());

        var least = network.Links.Select((l, i) => optimum.Flow[i] * TimeOf(l, optimum.Flow[i])).Sum();
        Assert.Equal(least, tolled.TotalTime, 1e-4 * least / 100);
        Assert.True(least < 0.97 * free.TotalTime, $"{least} against {free.TotalTime}");
        Assert.All(optimum.Flow.Zip(tolled.Flow), f => Assert.Equal(f.First, f.Second, 0.05));
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(1)]
    [InlineData(1.5)]
    [InlineData(4.924)]
    public void Solve_AnyPower_SharesTwinRoutesEvenly(double power)
    {
        var network = new RoadNetwork(2, 2, 1, [new(1, 2, 50, 1, 10, 0.8, power), new(1, 2, 50, 1, 10, 0.8, power), new(1, 2, 50, 1, 10 * (1 + 0.8 * Math.Pow(0.6, power)), 0, 0)]);

        var result = UserEquilibrium.Solve(network, [new("cars", new TripMatrix(2) { [1, 2] = 100 })], new());

        // The third route costs what the others do with 30 cars on each.
        Assert.True(result.Converged, $"gap {result.RelativeGap} after {result.Iterations}");
        Assert.All(result.Flow.Zip([30.0, 30, 40]), f => Assert.Equal(f.Second, f.First, 1e-4));
    }

    [Fact]
    public void Solve_PowerOfZero_CostsTheFactorWhateverTheFlow()
    {
        // t = t₀·(1 + B·(v/c)⁰), as the TNTP collection means it.
        var network = new RoadNetwork(2, 2, 1, [new(1, 2, 1, 1, 10, 0.5, 0), new(1, 2, 1, 1, 14, 0, 0)]);

        var result = UserEquilibrium.Solve(network, [new("cars", new TripMatrix(2) { [1, 2] = 5, [2, 2] = 9 })], new());

        Assert.Equal([0, 5], result.Flow);
        Assert.Equal(15, result.Time[0]);
    }

    [Fact]
    public void Solve_TollAndLengthFactors_EnterTheCostAndNotTheTime()
    {
        // Chicago Sketch and Philadelphia are published with such factors.
        var network = new RoadNetwork(2, 2, 1, [new(1, 2, 10, 3, 10, 0, 0, Toll: 50), new(1, 2, 10, 100, 10, 0, 0), new(1, 2, 10, 5, 11, 0.1, 1)], 0.02, 0.04);

        var result = UserEquilibrium.Solve(network, [new("cars", new TripMatrix(2) { [1, 2] = 1 })], new());

        // 10 + 0.02·50 + 0.04·3 = 11.12 for the first; the third is cheaper up to no flow at all: 11 + 0.04·5 = 11.2.
        Assert.Equal([1, 0, 0], result.Flow);
        Assert.Equal(11.12, result.Objective, 1e-12);
        Assert.Equal(10, result.TotalTime, 1e-12);
    }

    private static double TimeOf(RoadLink link, double flow) => link.FreeFlowTime * (1 + link.B * Math.Pow(flow / link.Capacity, link.Power));
}
