using LivingCity.Twin.Models.Contract;
using LivingCity.Twin.Models.Geo;

namespace LivingCity.Twin.Models.Flood;

/// <summary>Turns a result into the outputs of the model.</summary>
internal static class FloodOutputs
{
    // "Drained" is what drains, rain gardens and tanks have taken.
    public static void Write(ModelRun run, Raster terrain, FloodResult result, IReadOnlyList<Feature> buildings, IReadOnlyList<Feature> gauges)
    {
        run.Outputs["maximum-depth"] = result.MaximumDepth;
        run.Outputs["maximum-velocity"] = result.MaximumVelocity;
        run.Outputs["maximum-hazard"] = result.MaximumHazard;
        run.Outputs["arrival"] = result.Arrival;
        run.Outputs["gauges"] = new TimeSeries(
            result.GaugeSeconds, result.GaugeLevels.Select((levels, i) => (Name: NameOfGauge(gauges[i], i), levels)).ToDictionary(g => g.Name, g => g.levels));
        var flooded = run.Number("flooded-depth");
        (Feature Building, double Depth, double People)[] reached = [.. buildings.Select(b => (b, DepthBeside(terrain, result.MaximumDepth, b), b.Number("people") ?? 0))];
        run.Outputs["buildings"] = new Table(
            [new("building"), new("depth", "m"), new("people"), new("district"), new("income_group")],
            [.. reached.Select((r, i) => (IReadOnlyList<object?>)[r.Building.Id ?? $"{i + 1}", r.Depth, r.People, r.Building.Text("district"), r.Building.Text("income_group")])]);
        run.Outputs["groups"] = new Table(
            [new("district"), new("income_group"), new("people"), new("people-flooded")],
            [.. reached.GroupBy(r => ResidentGroup.Of(r.Building)).Select(g => (IReadOnlyList<object?>)[g.Key.District, g.Key.Income, g.Sum(r => r.People), g.Where(r => r.Depth >= flooded).Sum(r => r.People)])]);
        var balance = result.Balance;
        run.Outputs["totals"] = new Table(
            [new("quantity"), new("unit"), new("value")],
            [
                ["rain", "m³", balance.Rain], ["inflow", "m³", balance.Inflow], ["outflow", "m³", balance.Outflow], ["infiltrated", "m³", balance.Infiltrated], ["drained", "m³", balance.Drained], ["stored", "m³", balance.Final],
                ["flooded area", "m²", result.MaximumDepth.Values.Count(d => d >= flooded) * terrain.CellSize * terrain.CellSize],
                ["buildings flooded", "1", (double)reached.Count(r => r.Depth >= flooded)],
                ["people in flooded buildings", "1", reached.Where(r => r.Depth >= flooded).Sum(r => r.People)],
            ]);
        run.Quality.Add(new("mass-error", balance.RelativeError, "1", "Water lost or made by the computation, as a share of all water."));
        run.Quality.Add(new("steps", result.Steps, "1", "Steps taken."));
    }

    /// <summary>Name of a gauge in the output; its number where it has none.</summary>
    public static string NameOfGauge(Feature gauge, int index) => gauge.Text("name") ?? $"gauge {index + 1}";

    // A building blocks its own cells, so the depth that counts stands in the cells around it.
    private static double DepthBeside(Raster terrain, Raster depth, Feature building)
    {
        var greatest = 0.0;
        foreach (var cell in CellMask.Cells(terrain, building.Geometry))
        {
            int column = cell % terrain.Columns, row = cell / terrain.Columns;
            for (var y = Math.Max(0, row - 1); y <= Math.Min(terrain.Rows - 1, row + 1); y++)
            {
                for (var x = Math.Max(0, column - 1); x <= Math.Min(terrain.Columns - 1, column + 1); x++)
                {
                    greatest = depth[x, y] > greatest ? depth[x, y] : greatest;
                }
            }
        }

        return greatest;
    }
}
