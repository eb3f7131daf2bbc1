using System.Globalization;
using System.Text;

namespace LivingCity.Ingestion.Benchmarks;

/// <summary>Requests per second by the number of entities, as an SVG picture with logarithmic axes: a flat line is a cost that does not grow.</summary>
internal static class Plot
{
    private const int Width = 760;
    private const int Height = 420;
    private const int Left = 70;
    private const int Right = 200;
    private const int Top = 36;
    private const int Bottom = 50;

    // Distinct in hue and in lightness (Okabe and Ito), and each line has its name beside it.
    private static readonly string[] Colours = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#5c4b00", "#56b4e9"];

    /// <param name="path">The file to write.</param>
    /// <param name="lines">Name, and requests per second by number of entities.</param>
    public static void Write(string path, IReadOnlyList<(string Name, IReadOnlyList<(int Size, double PerSecond)> Points)> lines)
    {
        var sizes = lines.SelectMany(line => line.Points).Select(point => point.Size).Distinct().Order().ToArray();
        var (low, high) = (Math.Floor(Math.Log10(lines.Min(line => line.Points.Min(point => point.PerSecond)))), Math.Ceiling(Math.Log10(lines.Max(line => line.Points.Max(point => point.PerSecond)))));
        double X(int size) => sizes.Length == 1 ? Left : Left + ((Math.Log10(size) - Math.Log10(sizes[0])) / (Math.Log10(sizes[^1]) - Math.Log10(sizes[0])) * (Width - Left - Right));
        double Y(double perSecond) => Height - Bottom - ((Math.Log10(perSecond) - low) / (high - low) * (Height - Top - Bottom));
        var svg = new StringBuilder().Append(CultureInfo.InvariantCulture, $"""
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {Width} {Height}" font-family="sans-serif" font-size="13" role="img" aria-label="Requests per second by number of entities">
            <rect width="100%" height="100%" fill="#fff"/>

            """);
        for (var decade = low; decade <= high; decade++)
        {
            var y = Y(Math.Pow(10, decade));
            svg.AppendLine(CultureInfo.InvariantCulture, $"""<path d="M{Left} {y:F1}H{Width - Right}" stroke="#ddd"/><text x="{Left - 8}" y="{y + 4:F1}" text-anchor="end">{Math.Pow(10, decade):N0}</text>""");
        }

        foreach (var size in sizes)
        {
            svg.AppendLine(CultureInfo.InvariantCulture, $"""<text x="{X(size):F1}" y="{Height - Bottom + 20}" text-anchor="middle">{size:N0}</text>""");
        }

        svg.AppendLine(CultureInfo.InvariantCulture, $"""<text x="{Left}" y="{Height - 8}">entities</text><text x="12" y="{Top - 18}">requests/s</text>""");
        var labels = Labels([.. lines.Select(line => Y(line.Points[^1].PerSecond))]);
        foreach (var (number, (name, points)) in lines.Index())
        {
            var colour = Colours[number % Colours.Length];
            var way = string.Join('L', points.Select(point => string.Create(CultureInfo.InvariantCulture, $"{X(point.Size):F1} {Y(point.PerSecond):F1}")));
            svg.AppendLine(CultureInfo.InvariantCulture, $"""<path d="M{way}" fill="none" stroke="{colour}" stroke-width="2"/><text x="{Width - Right + 8}" y="{labels[number] + 4:F1}" fill="{colour}">{name}</text>""");
        }

        File.WriteAllText(path, svg.Append("</svg>\n").ToString());
    }

    /// <summary>The heights of the lines' ends, moved apart so that no name covers another.</summary>
    private static double[] Labels(double[] ends)
    {
        var places = (double[])ends.Clone();
        var above = double.NegativeInfinity;
        foreach (var line in Enumerable.Range(0, ends.Length).OrderBy(line => ends[line]))
        {
            above = places[line] = Math.Max(ends[line], above + 16);
        }

        return places;
    }
}
