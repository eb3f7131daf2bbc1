using System.Globalization;
using LivingCity.Twin.Models.Contract;
using LivingCity.Twin.Models.Formats;
using LivingCity.Twin.Models.Geo;

namespace LivingCity.Twin.Models.Flood;

/// <summary>
/// Boundary files of LISFLOOD-FP (user manual 8.1): points and edges (<c>.bci</c>: <c>P x y QVAR name</c>, <c>W 554000 558000 FREE 0.0006</c>), hydrographs (<c>.bdy</c>: name, number of rows and unit of time, then
/// value and time) and gauges (<c>.stage</c>). Discharges are per metre of width, m²/s.
/// </summary>
public static class LisfloodFiles
{
    /// <summary>Reads boundaries onto a terrain.</summary>
    /// <param name="boundaries">Text of the .bci file.</param>
    /// <param name="hydrographs">Text of the .bdy file.</param>
    /// <param name="terrain">Terrain.</param>
    /// <exception cref="InputFormatException">A row cannot be read, or a hydrograph is missing.</exception>
    public static FloodForcing ReadForcing(string boundaries, string hydrographs, Raster terrain)
    {
        var series = ReadHydrographs(hydrographs);
        List<Inflow> inflows = [];
        List<OpenBoundary> open = [];
        List<StageBoundary> stages = [];
        var line = 0;
        foreach (var row in boundaries.Split('\n'))
        {
            line++;
            var cells = row.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (cells.Length < 4 || cells[0].StartsWith('#'))
            {
                continue;
            }

            int[] at = cells[0] == "P"
                ? [terrain.CellAt(Number(cells[1], line), Number(cells[2], line))]
                : EdgeCells(terrain, Edge(cells[0], line), Number(cells[1], line), Number(cells[2], line));
            var kind = cells[3].ToUpperInvariant();
            foreach (var cell in at.Where(c => c >= 0))
            {
                switch (kind)
                {
                    case "FREE":
                        open.Add(new(cell, Edge(cells[0], line), cells.Length > 4 ? Number(cells[4], line) : 0));
                        break;
                    case "QVAR" or "QFIX":
                        var (times, values) = kind == "QFIX" ? ([0.0], [Number(cells[4], line)]) : Find(cells[4], line);
                        inflows.Add(new(cell, times, [.. values.Select(v => v * terrain.CellSize)]));
                        break;
                    case "HVAR" or "HFIX":
                        var (seconds, levels) = kind == "HFIX" ? ([0.0], [Number(cells[4], line)]) : Find(cells[4], line);
                        stages.Add(new(cell, new TimeSeries(seconds, new Dictionary<string, IReadOnlyList<double>> { ["level"] = levels }), "level"));
                        break;
                    case "CLOSED":
                        break;
                    default:
                        throw new InputFormatException("boundaries", line, $"'{cells[3]}' is not a kind of boundary.");
                }
            }
        }

        return new FloodForcing { Inflows = inflows, Open = open, Stages = stages };

        (double[] Seconds, double[] Values) Find(string name, int at) =>
            series.TryGetValue(name, out var found) ? found : throw new InputFormatException("boundaries", at, $"there is no hydrograph named {name}.");
    }

    /// <summary>Reads gauges: their number, then x and y of each; cells of the terrain, −1 outside.</summary>
    public static int[] ReadGauges(string text, Raster terrain)
    {
        var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var count = (int)Number(lines[0].Split((char[]?)null)[0], 1);
        return [.. lines.Skip(1).Take(count).Select((row, i) =>
        {
            var cells = row.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            return cells.Length >= 2 ? terrain.CellAt(Number(cells[0], i + 2), Number(cells[1], i + 2)) : throw new InputFormatException("gauges", i + 2, "x and y are needed.");
        })];
    }

    private static Dictionary<string, (double[] Seconds, double[] Values)> ReadHydrographs(string text)
    {
        Dictionary<string, (double[], double[])> series = [];
        var lines = text.Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            var name = lines[i].Trim();
            if (name.Length == 0 || name.StartsWith('#'))
            {
                continue;
            }

            var head = (i + 1 < lines.Length ? lines[i + 1] : "").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (head.Length < 2)
            {
                throw new InputFormatException("hydrographs", i + 2, "number of rows and unit of time are needed.");
            }

            var count = (int)Number(head[0], i + 2);
            var unit = head[1].ToUpperInvariant() switch { "DAYS" => 86400.0, "HOURS" => 3600.0, _ => 1.0 };
            double[] seconds = new double[count], values = new double[count];
            for (var row = 0; row < count; row++)
            {
                var cells = (i + 2 + row < lines.Length ? lines[i + 2 + row] : "").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
                if (cells.Length < 2)
                {
                    throw new InputFormatException("hydrographs", i + 3 + row, "value and time are needed.");
                }

                (values[row], seconds[row]) = (Number(cells[0], i + 3 + row), Number(cells[1], i + 3 + row) * unit);
            }

            series[name] = (seconds, values);
            i += 1 + count;
        }

        return series;
    }

    private static int[] EdgeCells(Raster terrain, GridEdge edge, double from, double to)
    {
        var vertical = edge is GridEdge.West or GridEdge.East;
        return [.. Enumerable.Range(0, vertical ? terrain.Rows : terrain.Columns)
            .Select(i => edge switch
            {
                GridEdge.West => i * terrain.Columns,
                GridEdge.East => i * terrain.Columns + terrain.Columns - 1,
                GridEdge.North => i,
                _ => (terrain.Rows - 1) * terrain.Columns + i,
            })
            .Where(cell => (vertical ? terrain.CentreOf(cell).Y : terrain.CentreOf(cell).X) is var at && at >= Math.Min(from, to) && at <= Math.Max(from, to))];
    }

    private static GridEdge Edge(string text, int line) => text.ToUpperInvariant() switch
    {
        "N" => GridEdge.North,
        "E" => GridEdge.East,
        "S" => GridEdge.South,
        "W" => GridEdge.West,
        _ => throw new InputFormatException("boundaries", line, $"'{text}' is neither P nor an edge N, E, S, W."),
    };

    private static double Number(string text, int line) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
        ? value : throw new InputFormatException("boundaries", line, $"'{text}' is not a number.");
}
