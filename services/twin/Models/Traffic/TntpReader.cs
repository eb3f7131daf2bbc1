using System.Globalization;
using LivingCity.Twin.Models.Formats;

namespace LivingCity.Twin.Models.Traffic;

/// <summary>
/// TNTP files of the Transportation Networks for Research collection: metadata in angle brackets up to <c>&lt;END OF METADATA&gt;</c>, comments from <c>~</c>, and rows that end in <c>;</c>.
/// </summary>
public static class TntpReader
{
    /// <summary>Reads a network: <c>init term capacity length free-flow-time b power speed toll type ;</c>.</summary>
    /// <exception cref="InputFormatException">The text is no such network.</exception>
    public static RoadNetwork ReadNetwork(string text, string name = "network")
    {
        var (metadata, rows) = Split(text, name);
        var zones = (int)Require(metadata, "NUMBER OF ZONES", name);
        var nodes = (int)Require(metadata, "NUMBER OF NODES", name);
        List<RoadLink> links = [];
        foreach (var (line, row) in rows)
        {
            var cells = row.Replace(';', ' ').Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            // Some files name their columns without the mark of a comment.
            if (cells.Length == 0 || (links.Count == 0 && char.IsAsciiLetter(cells[0][0])))
            {
                continue;
            }

            if (cells.Length < 7)
            {
                throw new InputFormatException(name, line, $"a link needs 7 values at least; this one has {cells.Length}.");
            }

            double[] v = [.. cells.Select(cell => Number(cell, name, line))];
            var link = new RoadLink((int)v[0], (int)v[1], v[2], v[3], v[4], v[5], v[6], At(7), At(8), (int)At(9));
            Check(link, nodes, name, line);
            links.Add(link);

            double At(int index) => index < v.Length ? v[index] : 0;
        }

        if (metadata.TryGetValue("NUMBER OF LINKS", out var announced) && (int)announced != links.Count)
        {
            throw new InputFormatException(name, 0, $"{announced} links are announced, {links.Count} are there.");
        }

        return zones > 0 && zones <= nodes
            ? new(zones, nodes, (int)metadata.GetValueOrDefault("FIRST THRU NODE", 1), links, metadata.GetValueOrDefault("TOLL FACTOR"), metadata.GetValueOrDefault("DISTANCE FACTOR"))
            : throw new InputFormatException(name, 1, $"{zones} zones among {nodes} nodes cannot be.");
    }

    /// <summary>Reads trips: <c>Origin 1</c>, then <c>2 : 100.0;</c> for each destination.</summary>
    /// <exception cref="InputFormatException">The text is no such matrix.</exception>
    public static TripMatrix ReadTrips(string text, string name = "trips")
    {
        var (metadata, rows) = Split(text, name);
        var zones = (int)Require(metadata, "NUMBER OF ZONES", name);
        var trips = new TripMatrix(zones);
        var origin = 0;
        foreach (var (line, row) in rows)
        {
            var rest = row.Trim();
            if (rest.StartsWith("Origin", StringComparison.OrdinalIgnoreCase))
            {
                var cells = rest[6..].Split((char[]?)null, 2, StringSplitOptions.RemoveEmptyEntries);
                origin = Zone(cells.Length > 0 ? cells[0] : "", line);
                rest = cells.Length > 1 ? cells[1] : "";
            }

            foreach (var pair in rest.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            {
                var cells = pair.Split(':', StringSplitOptions.TrimEntries);
                if (cells.Length != 2 || origin == 0)
                {
                    throw new InputFormatException(name, line, origin == 0 ? "trips come before the first Origin." : $"'{pair}' is not 'destination : trips'.");
                }

                var value = Number(cells[1], name, line);
                trips[origin, Zone(cells[0], line)] += value >= 0 ? value : throw new InputFormatException(name, line, "trips must not be negative.");
            }
        }

        return trips;

        int Zone(string cell, int line) => int.TryParse(cell, NumberStyles.Integer, CultureInfo.InvariantCulture, out var zone) && zone >= 1 && zone <= zones
            ? zone : throw new InputFormatException(name, line, $"'{cell}' is not a zone from 1 to {zones}.");
    }

    /// <summary>Reads best-known flows: <c>From To Volume Cost</c> in the order of the links.</summary>
    /// <exception cref="InputFormatException">The text is no such table.</exception>
    public static IReadOnlyList<(int From, int To, double Volume, double Cost)> ReadFlows(string text, string name = "flows")
    {
        List<(int, int, double, double)> flows = [];
        var line = 0;
        foreach (var row in text.Split('\n'))
        {
            line++;
            var cells = row.Replace(';', ' ').Replace(':', ' ').Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (cells.Length >= 4 && char.IsAsciiDigit(cells[0][0]))
            {
                flows.Add(((int)Number(cells[0], name, line), (int)Number(cells[1], name, line), Number(cells[2], name, line), Number(cells[3], name, line)));
            }
        }

        return flows;
    }

    private static void Check(RoadLink link, int nodes, string name, int line)
    {
        if (link.From < 1 || link.From > nodes || link.To < 1 || link.To > nodes)
        {
            throw new InputFormatException(name, line, $"a link joins {link.From} and {link.To}; nodes go from 1 to {nodes}.");
        }

        if (link.FreeFlowTime < 0 || link.B < 0 || link.Power < 0 || (link.Capacity <= 0 && link.B > 0 && link.FreeFlowTime > 0))
        {
            throw new InputFormatException(name, line, "free-flow time, B and power must not be negative, and capacity must be positive where travel time depends on flow.");
        }
    }

    private static (Dictionary<string, double> Metadata, List<(int Line, string Row)> Rows) Split(string text, string name)
    {
        var metadata = new Dictionary<string, double>(StringComparer.OrdinalIgnoreCase);
        List<(int, string)> rows = [];
        var line = 0;
        var ended = false;
        foreach (var raw in text.Split('\n'))
        {
            line++;
            var row = raw.Trim().TrimStart('\uFEFF');
            if (ended)
            {
                var comment = row.IndexOf('~', StringComparison.Ordinal);
                rows.Add((line, comment < 0 ? row : row[..comment]));
            }
            else if (row.StartsWith('<') && row.IndexOf('>', StringComparison.Ordinal) is > 0 and var end)
            {
                var key = row[1..end].Trim();
                ended = key.Equals("END OF METADATA", StringComparison.OrdinalIgnoreCase);
                var cells = row[(end + 1)..].Split((char[]?)null, 2, StringSplitOptions.RemoveEmptyEntries);
                if (cells.Length > 0 && double.TryParse(cells[0], NumberStyles.Float, CultureInfo.InvariantCulture, out var value))
                {
                    metadata[key] = value;
                }
            }
        }

        return ended ? (metadata, rows) : throw new InputFormatException(name, 0, "<END OF METADATA> is missing.");
    }

    private static double Require(Dictionary<string, double> metadata, string key, string name) =>
        metadata.TryGetValue(key, out var value) ? value : throw new InputFormatException(name, 1, $"<{key}> is missing.");

    private static double Number(string cell, string name, int line) =>
        double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value)
            ? value : throw new InputFormatException(name, line, $"'{cell}' is not a number.");
}
