using System.Numerics;

namespace LivingCity.Twin.Models.PowerGrid;

/// <summary>What is kept of one scenario of a batch. Voltages in p.u., losses and slack in MW, loading as a share of the rating (NaN where nothing is rated).</summary>
public readonly record struct PowerFlowSummary(bool Converged, int Iterations, double Losses, double SlackActive, double LowestVoltage, double HighestVoltage, double HighestLoading);

/// <summary>Many scenarios of injections on one network by Newton's method, on all cores, over one symbolic factorisation. The result does not depend on the number of threads.</summary>
public static class PowerFlowBatch
{
    /// <summary>Solves the scenarios, each from the solution of the case as it stands; where it has none, from the start that the settings name.</summary>
    /// <param name="network">Network.</param>
    /// <param name="scenarios">Number of scenarios.</param>
    /// <param name="change">Changes the injections (p.u., by energised bus) of the scenario with the number given; they come as the case has them.</param>
    /// <param name="settings">How to solve; reactive limits are not enforced in batches.</param>
    /// <param name="threads">Threads to use; all cores where none are named.</param>
    /// <param name="cancellationToken">Ends the batch.</param>
    public static PowerFlowSummary[] Run(
        PowerNetwork network, int scenarios, Action<int, Complex[]> change, PowerFlowSettings settings, int threads = 0, CancellationToken cancellationToken = default)
    {
        var reference = new NewtonRaphson(network);
        reference.Start(settings.Start);
        if (!reference.Iterate(settings.Tolerance, settings.MaximumIterations, cancellationToken))
        {
            reference.Start(settings.Start);
        }

        Complex[] injections = network.Injections(), voltages = [.. reference.Voltage];
        var summaries = new PowerFlowSummary[scenarios];
        using var solvers = new ThreadLocal<NewtonRaphson>(() => Prepared(network, settings));
        var options = new ParallelOptions { MaxDegreeOfParallelism = threads > 0 ? threads : Environment.ProcessorCount, CancellationToken = cancellationToken };
        Parallel.For(0, scenarios, options, scenario =>
        {
            var solver = solvers.Value!;
            injections.CopyTo(solver.Injection, 0);
            voltages.CopyTo(solver.Voltage, 0);
            change(scenario, solver.Injection);
            var converged = solver.Iterate(settings.Tolerance, settings.MaximumIterations, cancellationToken);
            summaries[scenario] = Summarise(network, solver, converged);
        });
        return summaries;
    }

    internal static PowerFlowSummary Summarise(PowerNetwork network, NewtonRaphson solver, bool converged)
    {
        double low = double.PositiveInfinity, high = 0, losses = 0, loading = double.NaN, slack = 0;
        for (var i = 0; i < solver.Voltage.Length; i++)
        {
            var magnitude = solver.Voltage[i].Magnitude;
            low = Math.Min(low, magnitude);
            high = Math.Max(high, magnitude);
            if (network.Types[i] == BusType.Slack)
            {
                slack += solver.Flow[i].Real * network.Source.BasePower + network.Source.Buses[network.Energised[i]].ActiveLoad;
            }
        }

        foreach (var flow in PowerFlowReport.Flows(network, solver.Voltage))
        {
            losses += flow.Losses;
            loading = double.IsNaN(flow.Loading) || flow.Loading <= loading ? loading : flow.Loading;
        }

        return new(converged, solver.Iterations, losses, slack, low, high, loading);
    }

    private static NewtonRaphson Prepared(PowerNetwork network, PowerFlowSettings settings)
    {
        var solver = new NewtonRaphson(network);
        solver.Start(settings.Start);
        return solver;
    }
}
