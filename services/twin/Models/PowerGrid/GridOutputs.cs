using LivingCity.Twin.Models.Contract;

namespace LivingCity.Twin.Models.PowerGrid;

/// <summary>Turns two days into the outputs of the model.</summary>
internal static class GridOutputs
{
    public static void Write(ModelRun run, PowerCase source, GridDay before, GridDay after, IReadOnlyList<HostingResult> hosting)
    {
        run.Outputs["totals"] = new Table(
            [new("quantity"), new("unit"), new("baseline"), new("scenario")],
            [
                Row("energy from above", "MWh", d => d.Slack.Sum() * d.StepHours),
                Row("peak from above", "MW", d => d.Slack.Max()),
                Row("losses", "MWh", d => d.Losses.Sum() * d.StepHours),
                Row("CO2", "kg", d => Math.Max(0, d.Slack.Sum() * d.StepHours) * run.Number("emission-factor")),
                Row("branches above their rating", "1", d => d.Loading.Count(l => l > 1)),
                Row("buses outside the voltage limits", "1", d => d.Lowest.Count(v => v < run.Number("lowest-voltage")) + d.Highest.Count(v => v > run.Number("highest-voltage"))),
                Row("steps without a solution", "1", d => d.Unsolved),
            ]);
        run.Outputs["series"] = new TimeSeries(
            [.. Enumerable.Range(0, before.Slack.Length).Select(i => i * before.StepHours * 3600)],
            new Dictionary<string, IReadOnlyList<double>>
            {
                ["from-above-baseline"] = before.Slack,
                ["from-above-scenario"] = after.Slack,
                ["losses-baseline"] = before.Losses,
                ["losses-scenario"] = after.Losses,
            });
        run.Outputs["buses"] = new Table(
            [new("bus"), new("lowest-baseline", "1"), new("lowest-scenario", "1"), new("highest-baseline", "1"), new("highest-scenario", "1")],
            [.. source.Buses.Select((b, i) => (IReadOnlyList<object?>)[(double)b.Number, before.Lowest[i], after.Lowest[i], before.Highest[i], after.Highest[i]])]);
        run.Outputs["branches"] = new Table(
            [new("from"), new("to"), new("loading-baseline", "1"), new("loading-scenario", "1")],
            [.. source.Branches.Select((b, i) => (IReadOnlyList<object?>)[(double)b.From, (double)b.To, before.Loading[i], after.Loading[i]])]);
        run.Outputs["hosting"] = new Table(
            [new("feeder"), new("buses", "1"), new("capacity", "MW"), new("limit")],
            [.. hosting.Select(h => (IReadOnlyList<object?>)[h.Name, (double)h.Buses.Count, h.Capacity, h.Limit.ToString()])]);
        run.Quality.Add(new("steps-unsolved", before.Unsolved + after.Unsolved, "1", "Steps in which the power flow has no solution; any but 0 means that the network cannot carry the load."));

        IReadOnlyList<object?> Row(string quantity, string unit, Func<GridDay, double> value) => [quantity, unit, value(before), value(after)];
    }
}
