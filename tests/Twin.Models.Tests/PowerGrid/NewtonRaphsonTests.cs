using LivingCity.Twin.Models.PowerGrid;

namespace LivingCity.Twin.Models.Tests.PowerGrid;

/// <summary>Published solutions of the MATPOWER cases (Zimmerman, Murillo-Sánchez and Thomas 2011, IEEE Transactions on Power Systems 26), and properties of any solution.</summary>
public sealed class NewtonRaphsonTests
{
    private static readonly PowerFlowSettings Tight = new(1e-10);

    [Theory]
    [InlineData("case9", 71.641021, 4.641021, 0.99563086, 9)]
    [InlineData("case14", 232.393272, 13.393272, null, null)]
    [InlineData("case30", 25.973803, 2.443803, 0.96062371, 8)]
    [InlineData("case118", 513.862872, 132.862872, 0.943, 76)]
    [InlineData("case33bw", 3.917677, 0.202677, 0.91309048, 18)]
    public void Solve_MatpowerCases_GivesThePublishedFlows(string name, double slack, double losses, double? lowest, int? lowestBus)
    {
        var network = Load(name);

        var result = new NewtonRaphson(network).Solve(Tight);

        Assert.True(result.Converged);
        Assert.Equal(slack, result.SlackActive, 1e-6);
        Assert.Equal(losses, result.Losses, 1e-6);
        if (lowest is not null)
        {
            var (magnitude, bus) = result.LowestVoltage();
            Assert.Equal(lowest.Value, magnitude, 1e-8);
            Assert.Equal(lowestBus, network.Source.Buses[bus].Number);
        }
    }

    [Theory]
    [InlineData(PowerFlowStart.Case)]
    [InlineData(PowerFlowStart.Flat)]
    [InlineData(PowerFlowStart.Dc)]
    public void Solve_Pegase1354_ReachesTheSameSolutionFromEveryStart(PowerFlowStart start)
    {
        var network = Load("case1354pegase");

        var result = new NewtonRaphson(network).Solve(Tight with { Start = start });

        Assert.True(result.Converged, $"mismatch {result.Mismatch} after {result.Iterations}");
        AssertBalanced(network, result);
        Assert.Equal(new NewtonRaphson(network).Solve(Tight).SlackActive, result.SlackActive, 1e-6);
    }

    [Theory]
    [InlineData("case14")]
    [InlineData("case30")]
    [InlineData("case118")]
    public void Solve_AnyCase_BalancesGenerationLoadAndLosses(string name)
    {
        var network = Load(name);
        AssertBalanced(network, new NewtonRaphson(network).Solve(Tight));
    }

    [Fact]
    public void Solve_RenumberedAndShuffledCase_GivesTheSameFlows()
    {
        var source = Load("case30").Source;
        var random = new Random(7);
        var name = source.Buses.ToDictionary(b => b.Number, b => b.Number * 37 + 1000);
        var shuffled = new PowerCase(
            source.BasePower,
            [.. source.Buses.Select(b => b with { Number = name[b.Number] }).OrderBy(_ => random.Next())],
            [.. source.Generators.Select(g => g with { Bus = name[g.Bus] }).OrderBy(_ => random.Next())],
            [.. source.Branches.Select(b => b with { From = name[b.From], To = name[b.To] }).OrderBy(_ => random.Next())]);

        var result = new NewtonRaphson(PowerNetwork.Build(shuffled)).Solve(Tight);

        Assert.Equal(2.443803, result.Losses, 1e-6);
        Assert.Equal(25.973803, result.SlackActive, 1e-6);
    }

    [Fact]
    public void Solve_BranchSplitIntoTwoParallelOnes_GivesTheSameFlows()
    {
        var source = Load("case9").Source;
        var split = source with
        {
            Branches = [.. source.Branches.SelectMany(b => Enumerable.Repeat(
                b with { Resistance = 2 * b.Resistance, Reactance = 2 * b.Reactance, Charging = b.Charging / 2 }, 2))],
        };

        var result = new NewtonRaphson(PowerNetwork.Build(split)).Solve(Tight);

        Assert.Equal(71.641021, result.SlackActive, 1e-6);
        Assert.Equal(4.641021, result.Losses, 1e-6);
    }

    [Fact]
    public void Solve_IslandWithoutSlack_HasNoVoltage()
    {
        var source = Load("case9").Source;
        var cut = source with { Branches = [.. source.Branches.Select(b => b.From == 3 ? b with { InService = false } : b)] };

        var result = new NewtonRaphson(PowerNetwork.Build(cut)).Solve(Tight);

        Assert.True(result.Converged);
        Assert.True(double.IsNaN(result.Magnitude[2]));
        Assert.Equal(8, result.Magnitude.Count(double.IsFinite));
    }

    [Fact]
    public void Solve_ReactiveLimits_AreKept()
    {
        var source = Load("case14").Source;
        var limited = source with { Generators = [.. source.Generators.Select(g => g.Bus == 2 ? g with { MaximumReactive = 10 } : g)] };
        var free = new NewtonRaphson(PowerNetwork.Build(limited)).Solve(Tight);

        var kept = new NewtonRaphson(PowerNetwork.Build(limited)).Solve(Tight with { EnforceReactiveLimits = true });

        Assert.Contains(2, kept.AtReactiveLimit);
        Assert.True(kept.Converged);
        Assert.Equal(1.045, free.Magnitude[1], 1e-9);
        Assert.True(kept.Magnitude[1] < 1.045);
        Assert.Equal(10, ReactiveOutput(kept), 1e-5);

        double ReactiveOutput(PowerFlowResult result) => 12.7 + source.Branches
            .Select((b, i) => b.From == 2 ? result.Flows[i].FromReactive : b.To == 2 ? result.Flows[i].ToReactive : 0).Sum();
    }

    [Fact]
    public void Solve_TwoBuses_AgreesWithTheClosedForm()
    {
        // One line without losses: P = V1·V2/X·sin δ, with V2 held at 1 p.u.
        const double Power = 0.5, Reactance = 0.4;
        var source = new PowerCase(
            100,
            [new(10, BusType.Slack, 0, 0, 0, 0, 1, 0, 110, 1.1, 0.9), new(4, BusType.Generator, 100 * Power, 0, 0, 0, 1, 0, 110, 1.1, 0.9)],
            [new(10, 0, 0, 999, -999, 1, true, 999, 0), new(4, 0, 0, 999, -999, 1, true, 999, 0)],
            [new(10, 4, 0, Reactance, 0, 0, 0, 0, true)]);

        var result = new NewtonRaphson(PowerNetwork.Build(source)).Solve(Tight);

        Assert.Equal(-Math.Asin(Power * Reactance) * 180 / Math.PI, result.Angle[1], 1e-9);
        Assert.Equal(0, result.Losses, 1e-9);
    }

    [Fact]
    public void Build_NoGeneratorInService_IsRefused()
    {
        var source = Load("case9").Source;
        var dark = source with { Generators = [.. source.Generators.Select(g => g with { InService = false })] };

        Assert.Throws<ArgumentException>(() => PowerNetwork.Build(dark));
    }

    [Fact]
    public void Dc_Case9_GivesThePublishedAngles()
    {
        double[] expected = [0, 9.796019, 5.060560, -2.211159, -3.738091, 2.206657, 0.822441, 3.959011, -4.063400];

        var angles = DcPowerFlow.Solve(Load("case9"));

        Assert.All(expected.Zip(angles), pair => Assert.Equal(pair.First, pair.Second, 1e-6));
    }

    private static PowerNetwork Load(string name) => PowerNetwork.Build(MatpowerReader.ReadFile(PublishedData.Path($"grid/{name}.m")));

    private static void AssertBalanced(PowerNetwork network, PowerFlowResult result)
    {
        var source = network.Source;
        var slackBuses = source.Buses.Where(b => b.Type == BusType.Slack).Select(b => b.Number).ToHashSet();
        var generation = result.SlackActive + source.Generators.Where(g => g.InService && !slackBuses.Contains(g.Bus)).Sum(g => g.ActivePower);
        var drawn = source.Buses.Select((b, i) => b.ActiveLoad + b.ShuntConductance * result.Magnitude[i] * result.Magnitude[i]).Sum();
        Assert.Equal(generation, drawn + result.Losses, 1e-5);
    }
}
