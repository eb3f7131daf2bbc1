using LivingCity.Twin.Models.Contract;
using LivingCity.Twin.Models.Geo;

namespace LivingCity.Twin.Models.GreenSpace;

/// <summary>Turns two scenarios into the outputs of the model.</summary>
internal static class GreenOutputs
{
    public static void Write(ModelRun run, GreenScenario before, GreenScenario after)
    {
        var buildings = run.Features("buildings")!.Features;
        var walk = run.Number("walk");
        double People(int i) => buildings[i].Number("people") ?? 0;
        Func<GreenScenario, int, bool>[] rules = [(s, i) => s.Trees[i] >= 3, (s, i) => s.Canopy[i] >= 0.3, (s, i) => s.Walk[i] <= walk];
        run.Outputs["buildings"] = new Table(
            [
                new("building"), new("people"), new("trees-baseline", "1"), new("trees-scenario", "1"), new("canopy-baseline", "1"), new("canopy-scenario", "1"),
                new("walk-baseline", "m"), new("walk-scenario", "m"), new("park-area-baseline", "m²"), new("park-area-scenario", "m²"),
            ],
            [.. buildings.Select((b, i) => (IReadOnlyList<object?>)
                [
                    b.Id ?? $"{i + 1}", People(i), (double)before.Trees[i], (double)after.Trees[i], before.Canopy[i], after.Canopy[i],
                    Finite(before.Walk[i]), Finite(after.Walk[i]), before.ParkArea[i], after.ParkArea[i],
                ])]);
        TableColumn[] counts = [new("people"), new("3-baseline"), new("3-scenario"), new("30-baseline"), new("30-scenario"), new("300-baseline"), new("300-scenario"), new("all-baseline"), new("all-scenario"), new("gain")];
        run.Outputs["groups"] = new Table(
            [new("district"), new("income_group"), .. counts],
            [.. Enumerable.Range(0, buildings.Count).GroupBy(i => ResidentGroup.Of(buildings[i])).Select(g => (IReadOnlyList<object?>)[g.Key.District, g.Key.Income, .. Counts([.. g])])]);
        run.Outputs["totals"] = new Table(counts, [Counts([.. Enumerable.Range(0, buildings.Count)])]);
        run.Quality.Add(new("buildings-without-canopy", after.Canopy.Count(double.IsNaN), "1", "Buildings outside the canopy raster; they count as having no canopy."));

        List<object?> Counts(int[] members)
        {
            List<object?> row = [members.Sum(People)];
            foreach (var rule in rules)
            {
                row.Add(members.Where(i => rule(before, i)).Sum(People));
                row.Add(members.Where(i => rule(after, i)).Sum(People));
            }

            row.Add(members.Where(i => rules.All(r => r(before, i))).Sum(People));
            row.Add(members.Where(i => rules.All(r => r(after, i))).Sum(People));
            row.Add(members.Where(i => rules.Any(r => r(after, i) && !r(before, i)) || after.ParkArea[i] > before.ParkArea[i] * 1.01).Sum(People));
            return row;
        }
    }

    private static double? Finite(double value) => double.IsFinite(value) ? value : null;
}
