using FsCheck;
using FsCheck.Fluent;
using LivingCity.Twin.Models.Contract;
using LivingCity.Twin.Models.PowerGrid;

namespace LivingCity.Twin.Models.Tests.PowerGrid;

public sealed class PowerGridModelTests
{
    private static readonly TableColumn[] InterventionColumns = [new("bus"), new("measure"), new("amount"), new("to")];

    [Fact]
    public void RadialBatch_Case33bw_AgreesWithNewton()
    {
        var network = Load("case33bw");
        var random = new Random(33);
        const int Scenarios = 11;
        double[] factors = [.. Enumerable.Range(0, Scenarios).Select(_ => 0.2 + random.NextDouble())];
        double[] active = [.. factors.SelectMany(f => network.Source.Buses.Select(b => b.ActiveLoad * f))], reactive = [.. factors.SelectMany(f => network.Source.Buses.Select(b => b.ReactiveLoad * f))];

        var batch = RadialBatch.Run(RadialFeeder.Build(network), Scenarios, active, reactive, 1e-12);

        for (var s = 0; s < Scenarios; s++)
        {
            var scaled = network.Source with { Buses = [.. network.Source.Buses.Select(b => b with { ActiveLoad = b.ActiveLoad * factors[s], ReactiveLoad = b.ReactiveLoad * factors[s] })] };
            var newton = new NewtonRaphson(PowerNetwork.Build(scaled)).Solve(new(1e-12));
            Assert.True(batch.Converged[s]);
            Assert.Equal(newton.Losses, batch.Losses[s], 1e-9);
            for (var i = 0; i < batch.Buses; i++)
            {
                Assert.Equal(newton.Magnitude[i], batch.Magnitude[s * batch.Buses + i], 1e-10);
            }
        }
    }

    [Fact]
    public void RadialBatch_ScenarioWithoutSolution_LeavesItsNeighboursAlone()
    {
        var network = Load("case33bw");
        double[] factors = [1, 50, 1];
        double[] active = [.. factors.SelectMany(f => network.Source.Buses.Select(b => b.ActiveLoad * f))], reactive = [.. factors.SelectMany(f => network.Source.Buses.Select(b => b.ReactiveLoad * f))];

        var batch = RadialBatch.Run(RadialFeeder.Build(network), 3, active, reactive);

        Assert.Equal([true, false, true], batch.Converged);
        Assert.Equal(0.202677, batch.Losses[2], 1e-6);
        Assert.All(batch.Magnitude[33..66], v => Assert.True(double.IsNaN(v)));
        Assert.All(batch.Magnitude[66..], v => Assert.InRange(v, 0.913, 1));
    }

    [Fact]
    public void RadialBatch_TransformersChargingAndShunts_AgreesWithNewton()
    {
        var source = Load("case33bw").Source;
        var dressed = source with
        {
            Buses = [.. source.Buses.Select((b, i) => i % 7 == 3 ? b with { ShuntConductance = 0.02, ShuntSusceptance = 0.1 } : b)],
            Branches = [.. source.Branches.Select((b, i) => i % 5 == 0 ? b with { Ratio = 0.98, Shift = 3, Charging = 0.01 } : i % 5 == 1 ? b with { From = b.To, To = b.From, Ratio = 1.02, Shift = -2 } : b)],
        };
        var network = PowerNetwork.Build(dressed);

        var batch = RadialBatch.Run(RadialFeeder.Build(network), 1, dressed.Buses.Select(b => b.ActiveLoad).ToArray(), dressed.Buses.Select(b => b.ReactiveLoad).ToArray(), 1e-13);

        var newton = new NewtonRaphson(network).Solve(new(1e-12));
        Assert.True(newton.Converged && batch.Converged[0]);
        Assert.Equal(newton.Losses, batch.Losses[0], 1e-8);
        Assert.All(newton.Magnitude.Zip(batch.Magnitude), pair => Assert.Equal(pair.First, pair.Second, 1e-9));
    }

    [Fact]
    public void RadialFeeder_MeshedNetwork_IsRefused() => Assert.Throws<ArgumentException>(() => RadialFeeder.Build(Load("case9")));

    [Fact]
    public void PowerFlowBatch_AnyThreadCount_GivesTheSameBits()
    {
        var network = Load("case118");
        void Change(int scenario, System.Numerics.Complex[] injection)
        {
            for (var i = 0; i < injection.Length; i++)
            {
                injection[i] *= 0.9 + 0.002 * scenario;
            }
        }

        var one = PowerFlowBatch.Run(network, 40, Change, new(), 1);
        var many = PowerFlowBatch.Run(network, 40, Change, new(), 2);

        Assert.Equal(one, many);
        Assert.All(one, s => Assert.True(s.Converged));
        Assert.True(one[39].Losses > one[0].Losses);
    }

    [Fact]
    public void HostingCapacity_AtTheCapacity_TheLimitIsReachedAndNotPassed()
    {
        var network = Load("case33bw");
        var feeder = Assert.Single(HostingCapacity.Feeders(network));

        var result = Assert.Single(HostingCapacity.Compute(network, [(feeder.Name, [18])], 1.1, 100));

        Assert.Equal(HostingLimit.Voltage, result.Limit);
        Assert.InRange(HighestVoltage(result.Capacity), 1.0995, 1.1);
        Assert.True(HighestVoltage(result.Capacity * 1.001) > 1.1);

        double HighestVoltage(double generation)
        {
            var source = network.Source with { Buses = [.. network.Source.Buses.Select(b => b.Number == 18 ? b with { ActiveLoad = b.ActiveLoad - generation } : b)] };
            return new NewtonRaphson(PowerNetwork.Build(source)).Solve(new(1e-10)).Magnitude.Max();
        }
    }

    [Fact]
    public void Charging_SmartAndPlain_TakeTheSameEnergyAndSmartPeaksLower()
    {
        var load = Enumerable.Range(0, 96).Select(i => 300 * DemandProfiles.LoadFactor((i + 0.5) / 4)).ToArray();

        var plain = DemandProfiles.Charging(200, 96, new Random(5));
        var smart = DemandProfiles.Charging(200, 96, new Random(5), load);

        Assert.Equal(plain.Sum(), smart.Sum(), 1e-6);
        Assert.True(load.Zip(smart, (a, b) => a + b).Max() < load.Zip(plain, (a, b) => a + b).Max());
    }

    [Fact]
    public void Battery_AnyDay_NeverFeedsTheGridNorMakesEnergy() =>
        Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
        {
            var random = new Random(seed);
            double[] net = [.. Enumerable.Range(0, 96).Select(_ => 10 * random.NextDouble() - 4)];
            var change = DemandProfiles.Battery(net, 20, 5);
            return net.Zip(change).All(p => p.First < 0 ? p.First + p.Second <= 1e-12 && p.Second >= 0 : p.First + p.Second >= -1e-12 && p.Second <= 0) && change.Sum() >= -1e-6;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Run_PhotovoltaicsAndCharging_ChangesTheDay()
    {
        var model = new PowerGridModel();
        var request = Request([18.0, "photovoltaics", 400.0, null], [25.0, "ev", 100.0, null], [3.0, "reinforcement", 2.0, 2.0]);

        var first = model.Run(request, null, CancellationToken.None);
        var second = model.Run(request, null, CancellationToken.None);

        var totals = ((TableValue)first.Outputs["totals"]).Value;
        Assert.Equal(0, first.Quality.Single(q => q.Name == "steps-unsolved").Value);
        Assert.True(totals.Number(1, "scenario") > totals.Number(1, "baseline"));
        Assert.Equal(totals.Rows, ((TableValue)second.Outputs["totals"]).Value.Rows);
        Assert.Equal(model.Description.Outputs.Select(o => o.Name).Order(), first.Outputs.Keys.Order());
    }

    [Fact]
    public void Validate_ManyMistakes_AreAllReported()
    {
        var request = Request([99.0, "windmill", -1.0, null]) with { Parameters = new Dictionary<string, ModelValue> { ["steps"] = 3, ["colour"] = "red" } };

        Assert.Equal(["colour", "steps"], new PowerGridModel().Validate(request).Select(m => m.Field).Order());
        Assert.Equal(3, new PowerGridModel().Validate(request with { Parameters = null }).Count(m => m.Field == "interventions:1"));
    }

    [Fact]
    public void Validate_BrokenCase_NamesTheLine()
    {
        var request = new ModelRequest(new Dictionary<string, ModelValue> { ["case"] = "mpc.baseMVA = 100;\nmpc.bus = [\n 1 3 0 0;\n 2 1 0;\n];" });

        var mistake = Assert.Single(new PowerGridModel().Validate(request));

        Assert.Equal("case:4", mistake.Field);
    }

    private static ModelRequest Request(params IReadOnlyList<object?>[] interventions) => new(new Dictionary<string, ModelValue>
    {
        ["case"] = File.ReadAllText(PublishedData.Path("grid/case33bw.m")),
        ["interventions"] = new Table(InterventionColumns, interventions),
    });

    private static PowerNetwork Load(string name) => PowerNetwork.Build(MatpowerReader.ReadFile(PublishedData.Path($"grid/{name}.m")));
}
