using LivingCity.Twin.Models.Contract;
using LivingCity.Twin.Models.Flood;
using LivingCity.Twin.Models.Geo;

namespace LivingCity.Twin.Models.Heat;

/// <summary>Turns two scenarios into the tables of the model.</summary>
internal static class HeatOutputs
{
    public static void Write(ModelRun run, Raster cover, HeatScenario before, HeatScenario after, IReadOnlyList<Feature> interventions)
    {
        var curve = run.Choice("risk") == "mediterranean" ? HeatRiskCurve.Mediterranean : HeatRiskCurve.NorthContinental;
        var threshold = run.Number("stress-threshold");
        List<IReadOnlyList<object?>> districts = [], ages = [];
        foreach (var feature in run.Features("districts")?.Features ?? [])
        {
            var geometry = HeatModel.Project(feature, run.Features("districts")!, cover);
            int[] cells = [.. CellMask.Cells(cover, geometry).Where(c => !double.IsNaN(before.Temperature.Values[c]))];
            if (cells.Length == 0)
            {
                continue;
            }

            var group = ResidentGroup.Of(feature);
            double Mean(Raster raster) => cells.Average(c => raster.Values[c]);
            double Stressed(HeatScenario s) => cells.Count(c => s.Utci.Values[c] >= threshold) / (double)cells.Length;
            var people = AgeGroup.All.Sum(a => feature.Number(a.Property) ?? 0);
            districts.Add([group.District, group.Income, people, Mean(before.Temperature), Mean(after.Temperature), Mean(before.Utci), Mean(after.Utci), people * Stressed(before), people * Stressed(after)]);
            var sheltered = Sheltered(interventions, geometry);
            foreach (var age in AgeGroup.All)
            {
                var number = feature.Number(age.Property) ?? 0;
                double Deaths(HeatScenario s) => number * age.DeathRate / 1e5 / 365 * curve.AttributableShare(Mean(s.Temperature));
                // The heat of a day is felt over the eight hours around its height.
                ages.Add([group.District, group.Income, age.Name, number, number * Stressed(before) * 8, number * Stressed(after) * 8 * (1 - sheltered), Deaths(before), Deaths(after)]);
            }
        }

        run.Outputs["districts"] = new Table(
            [
                new("district"), new("income_group"), new("people"), new("air-temperature-baseline", "°C"), new("air-temperature-scenario", "°C"), new("utci-baseline", "°C"), new("utci-scenario", "°C"),
                new("people-in-stress-baseline"), new("people-in-stress-scenario"),
            ],
            districts);
        run.Outputs["ages"] = new Table(
            [
                new("district"), new("income_group"), new("age"), new("people"), new("exposure-baseline", "person h"), new("exposure-scenario", "person h"),
                new("excess-deaths-baseline", "1/d"), new("excess-deaths-scenario", "1/d"),
            ],
            ages);
        run.Outputs["totals"] = Totals(run, before, after);
        run.Quality.Add(new("cells-without-utci", after.Utci.Values.Count(double.IsNaN) - after.Temperature.Values.Count(double.IsNaN), "1", "Cells whose weather lies outside the range of UTCI."));
    }

    private static Table Totals(ModelRun run, HeatScenario before, HeatScenario after)
    {
        double Mean(Raster raster) => raster.Values.Where(v => !double.IsNaN(v)).DefaultIfEmpty(double.NaN).Average();
        List<IReadOnlyList<object?>> rows =
        [
            ["mean air temperature", "°C", Mean(before.Temperature), Mean(after.Temperature)],
            ["mean UTCI", "°C", Mean(before.Utci), Mean(after.Utci)],
        ];
        if (run.Series("temperature") is { } series && series.Values.TryGetValue("temperature", out var rural))
        {
            var reference = run.Number("reference-temperature");
            (int HotDays, int TropicalNights) Days(HeatScenario s) => HeatStress.HeatDays([.. rural.Select(t => t + Mean(s.Temperature) - reference)]);
            rows.Add(["hot days", "d", (double)Days(before).HotDays, (double)Days(after).HotDays]);
            rows.Add(["tropical nights", "d", (double)Days(before).TropicalNights, (double)Days(after).TropicalNights]);
        }

        return new([new("quantity"), new("unit"), new("baseline"), new("scenario")], rows);
    }

    // Share of the hot hours that people of a district can spend in a cool room near them.
    private static double Sheltered(IReadOnlyList<Feature> interventions, NetTopologySuite.Geometries.Geometry district) => Math.Min(1, interventions
        .Where(f => f.Text("measure") == "cool-room")
        .Sum(f => Math.Min(f.Number("amount") ?? 0, 8) / 8 * district.Intersection(f.Geometry.Buffer(f.Number("radius") ?? 300)).Area / Math.Max(district.Area, 1e-9)));
}
