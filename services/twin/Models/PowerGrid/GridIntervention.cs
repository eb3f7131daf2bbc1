using LivingCity.Twin.Models.Contract;

namespace LivingCity.Twin.Models.PowerGrid;

/// <summary>One measure at one bus.</summary>
/// <param name="Bus">Bus number.</param>
/// <param name="Measure">Name of the measure.</param>
/// <param name="Amount">Number of heat pumps or cars, kWp, kWh, or factor on the capacity.</param>
/// <param name="To">Other end of a reinforced branch.</param>
internal sealed record GridIntervention(int Bus, string Measure, double Amount, int To)
{
    private static readonly string[] Measures = ["heat-pump", "ev", "ev-smart", "photovoltaics", "battery", "reinforcement"];

    public static IReadOnlyList<GridIntervention> Read(Table table, PowerCase source, ICollection<InputMistake> mistakes)
    {
        List<GridIntervention> read = [];
        for (var row = 0; row < table.Rows.Count; row++)
        {
            var item = new GridIntervention((int)table.Number(row, "bus"), table.Text(row, "measure") ?? "", table.Number(row, "amount"), (int)table.Number(row, "to"));
            var field = $"interventions:{row + 1}";
            if (!source.Buses.Any(b => b.Number == item.Bus))
            {
                mistakes.Add(new(field, $"bus {table.Text(row, "bus")} does not exist."));
            }

            if (!Measures.Contains(item.Measure))
            {
                mistakes.Add(new(field, $"measure must be one of {string.Join(", ", Measures)}."));
            }

            if (!(item.Amount > 0) || !double.IsFinite(item.Amount))
            {
                mistakes.Add(new(field, "amount must be positive."));
            }

            if (item.Measure == "reinforcement" && !source.Branches.Any(b => Joins(b, item)))
            {
                mistakes.Add(new(field, $"no branch joins {item.Bus} and {table.Text(row, "to")}."));
            }

            read.Add(item);
        }

        return read;
    }

    /// <summary>The case with every reinforced branch: impedance divided and rating multiplied, as parallel circuits do.</summary>
    public static PowerCase Reinforce(PowerCase source, IReadOnlyList<GridIntervention> interventions) => source with
    {
        Branches = [.. source.Branches.Select(branch => interventions
            .Where(i => i.Measure == "reinforcement" && Joins(branch, i))
            .Aggregate(branch, (b, i) => b with { Resistance = b.Resistance / i.Amount, Reactance = b.Reactance / i.Amount, Charging = b.Charging * i.Amount, Rating = b.Rating * i.Amount }))],
    };

    private static bool Joins(Branch branch, GridIntervention item) =>
        (branch.From == item.Bus && branch.To == item.To) || (branch.From == item.To && branch.To == item.Bus);
}
