using System.Numerics;
using LivingCity.Twin.Models.Contract;

namespace LivingCity.Twin.Models.PowerGrid;

/// <summary>One day of power flows.</summary>
internal sealed class GridDay(ModelRun run, PowerCase source, IReadOnlyList<GridIntervention> interventions)
{
    private readonly int _steps = (int)run.Number("steps");

    public double[] Slack { get; private set; } = [];

    public double[] Losses { get; private set; } = [];

    public double[] Lowest { get; private set; } = [];

    public double[] Highest { get; private set; } = [];

    public double[] Loading { get; private set; } = [];

    public int Unsolved { get; private set; }

    public double StepHours => 24.0 / _steps;

    /// <summary>Solves every step; the share of the run done goes from the first number to the second.</summary>
    public GridDay Solve(double from, double to)
    {
        var network = PowerNetwork.Build(source, run.CancellationToken);
        var added = AddedLoad();
        var given = network.Injections();
        var loads = network.Energised.Select(i => new Complex(source.Buses[i].ActiveLoad, source.Buses[i].ReactiveLoad) / source.BasePower).ToArray();
        var settings = new PowerFlowSettings(EnforceReactiveLimits: run.Choice("reactive-limits") == "enforce");
        (Slack, Losses) = (new double[_steps], new double[_steps]);
        (Lowest, Highest) = ([.. source.Buses.Select(_ => double.NaN)], [.. source.Buses.Select(_ => double.NaN)]);
        Loading = [.. source.Branches.Select(_ => double.NaN)];
        using var solvers = new ThreadLocal<NewtonRaphson>(() => new NewtonRaphson(network));
        var keeping = new Lock();
        var done = 0;
        // Every step starts from the case, so the order in which they are solved does not show.
        Parallel.For(0, _steps, new ParallelOptions { CancellationToken = run.CancellationToken, MaxDegreeOfParallelism = Environment.ProcessorCount }, step =>
        {
            var solver = solvers.Value!;
            var factor = run.Choice("load-shape") == "residential" ? DemandProfiles.LoadFactor((step + 0.5) * StepHours) : 1;
            for (var i = 0; i < given.Length; i++)
            {
                solver.Injection[i] = given[i] + loads[i] * (1 - factor);
            }

            foreach (var (bus, profile) in added)
            {
                if (network.IndexOfBus[bus] is >= 0 and var i)
                {
                    solver.Injection[i] -= profile[step] / 1000 / source.BasePower;
                }
            }

            var result = solver.Solve(settings, run.CancellationToken);
            lock (keeping)
            {
                Keep(step, result, factor);
                run.Report(from + (to - from) * ++done / _steps);
            }
        });

        return this;
    }

    private void Keep(int step, PowerFlowResult result, double factor)
    {
        if (!result.Converged)
        {
            (Slack[step], Losses[step]) = (double.NaN, double.NaN);
            Unsolved++;
            return;
        }

        // The slack's own load follows the day too, but the report adds it as it stands in the case.
        var slackLoad = source.Buses.Where(b => b.Type == BusType.Slack).Sum(b => b.ActiveLoad);
        (Slack[step], Losses[step]) = (result.SlackActive + slackLoad * (factor - 1), result.Losses);
        for (var i = 0; i < Lowest.Length; i++)
        {
            Lowest[i] = result.Magnitude[i] >= Lowest[i] ? Lowest[i] : result.Magnitude[i];
            Highest[i] = result.Magnitude[i] <= Highest[i] ? Highest[i] : result.Magnitude[i];
        }

        for (var i = 0; i < Loading.Length; i++)
        {
            Loading[i] = result.Flows[i].Loading <= Loading[i] ? Loading[i] : result.Flows[i].Loading;
        }
    }

    private List<(int Bus, double[] Profile)> AddedLoad()
    {
        List<(int, double[])> added = [];
        var random = new Random(run.Random.Next());
        for (var bus = 0; bus < source.Buses.Count; bus++)
        {
            var here = interventions.Where(i => i.Bus == source.Buses[bus].Number).ToList();
            if (here.Count > 0)
            {
                added.Add((bus, Profile(here, source.Buses[bus].ActiveLoad * 1000, random)));
            }
        }

        return added;
    }

    private double[] Profile(List<GridIntervention> here, double load, Random random)
    {
        var profile = new double[_steps];
        double Sum(string measure) => here.Where(i => i.Measure == measure).Sum(i => i.Amount);
        for (var step = 0; step < _steps; step++)
        {
            var hour = (step + 0.5) * StepHours;
            profile[step] = Sum("heat-pump") * DemandProfiles.HeatPump(Temperature(hour))
                - Sum("photovoltaics") * DemandProfiles.Photovoltaics(hour, (int)run.Number("day-of-year"), run.Number("latitude"), run.Number("clearness"));
        }

        Add(DemandProfiles.Charging((int)Sum("ev"), _steps, random));
        Add(DemandProfiles.Charging((int)Sum("ev-smart"), _steps, random, Net()));
        Add(DemandProfiles.Battery(Net(), Sum("battery"), Sum("battery") / 2));
        return profile;

        double[] Net() => [.. profile.Select((p, step) => p + load * DemandProfiles.LoadFactor((step + 0.5) * StepHours))];

        void Add(double[] more)
        {
            for (var step = 0; step < _steps; step++)
            {
                profile[step] += more[step];
            }
        }
    }

    private double Temperature(double hour) => run.Series("temperature") is { } series
        ? series.At("temperature", hour * 3600)
        : run.Number("mean-temperature") + 4 * Math.Cos((hour - 15) * Math.PI / 12);
}
