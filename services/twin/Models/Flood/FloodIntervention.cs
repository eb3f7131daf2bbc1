using LivingCity.Twin.Models.Contract;
using LivingCity.Twin.Models.Geo;

namespace LivingCity.Twin.Models.Flood;

/// <summary>Measures against floods, drawn on the map.</summary>
internal static class FloodIntervention
{
    // mm/h: sandy loam, as rain gardens are filled with (Rawls, Brakensiek and Miller 1983; Chow, Maidment and Mays 1988, table 4.3.1).
    private const double RainGardenInfiltration = 10.9;

    private static readonly Dictionary<string, string> Needs = new()
    {
        ["wall"] = "height",
        ["embankment"] = "height",
        ["basin"] = "depth",
        ["de-sealing"] = "curve_number",
        ["rain-garden"] = "depth",
        ["storage"] = "volume",
        ["drain"] = "capacity",
        ["pump"] = "discharge",
    };

    public static void Check(ModelRun run, ICollection<InputMistake> mistakes)
    {
        foreach (var (feature, i) in (run.Features("interventions")?.Features ?? []).Select((f, i) => (f, i)))
        {
            var field = $"interventions[{i}]";
            if (feature.Text("measure") is not { } measure || !Needs.TryGetValue(measure, out var needed))
            {
                mistakes.Add(new(field, $"measure must be one of {string.Join(", ", Needs.Keys)}."));
            }
            else if (feature.Number(needed) is not > 0)
            {
                mistakes.Add(new(field, $"{needed} must be a positive number."));
            }
            else if (measure == "de-sealing" && run.Choice("loss") != "curve-number")
            {
                mistakes.Add(new(field, "de-sealing needs the loss curve-number."));
            }
            else if (measure is "pump" or "wall" or "embankment" && feature.Geometry.OgcGeometryType != NetTopologySuite.Geometries.OgcGeometryType.LineString)
            {
                mistakes.Add(new(field, $"a {measure} must be a LineString."));
            }
        }
    }

    public static FloodSetup Apply(ModelRun run, FloodSetup setup, IReadOnlyList<Feature> interventions)
    {
        if (interventions.Count == 0)
        {
            return setup;
        }

        var terrain = setup.Terrain;
        double[] height = [.. terrain.Values];
        double[]? drains = setup.Forcing.Drains is null ? null : [.. setup.Forcing.Drains], storage = null;
        double[]? numbers = setup.Forcing.Loss is CurveNumberLoss loss ? [.. loss.CurveNumber] : null;
        List<Pump> pumps = [];
        foreach (var feature in interventions)
        {
            int[] cells = [.. CellMask.Cells(terrain, feature.Geometry)];
            var measure = feature.Text("measure");
            var value = feature.Number(Needs[measure!])!.Value;
            if (measure == "pump")
            {
                var line = feature.Geometry.Coordinates;
                int from = terrain.CellAt(line[0].X, line[0].Y), to = terrain.CellAt(line[^1].X, line[^1].Y);
                if (from >= 0 && to >= 0)
                {
                    pumps.Add(new(from, to, value));
                }

                continue;
            }

            foreach (var cell in cells)
            {
                switch (measure)
                {
                    case "wall" or "embankment": height[cell] = terrain.Values[cell] + value; break;
                    case "basin": height[cell] = terrain.Values[cell] - value; break;
                    case "rain-garden":
                        height[cell] = terrain.Values[cell] - value;
                        (drains ??= new double[height.Length])[cell] += feature.Number("infiltration") ?? RainGardenInfiltration;
                        break;
                    case "storage": (storage ??= new double[height.Length])[cell] += 1000 * value / (cells.Length * terrain.CellSize * terrain.CellSize); break;
                    case "drain": (drains ??= new double[height.Length])[cell] += value; break;
                    default: numbers![cell] = value; break;
                }
            }
        }

        return setup with
        {
            Terrain = terrain.With(height),
            Forcing = setup.Forcing with { Pumps = pumps, Drains = drains, Storage = storage, Loss = numbers is null ? setup.Forcing.Loss : new CurveNumberLoss(numbers) },
        };
    }

    public static IReadOnlyList<OpenBoundary> AllEdges(Raster terrain, double slope) =>
    [
        .. Enumerable.Range(0, terrain.Columns).SelectMany(x => new[] { new OpenBoundary(x, GridEdge.North, slope), new OpenBoundary((terrain.Rows - 1) * terrain.Columns + x, GridEdge.South, slope) }),
        .. Enumerable.Range(0, terrain.Rows).SelectMany(y => new[] { new OpenBoundary(y * terrain.Columns, GridEdge.West, slope), new OpenBoundary(y * terrain.Columns + terrain.Columns - 1, GridEdge.East, slope) }),
    ];
}
