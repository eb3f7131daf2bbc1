using System.Globalization;
using System.IO.Compression;
using System.Text;
using LivingCity.Twin.Models.Geo;

namespace LivingCity.Twin.Models.Formats;

/// <summary>
/// Esri ASCII raster: header lines (<c>ncols 951</c>, <c>nrows</c>, <c>xllcorner</c> or <c>xllcenter</c>, <c>yllcorner</c> or <c>yllcenter</c>, <c>cellsize</c>, optional
/// <c>NODATA_value</c>), then the values from the north-west in any line breaks. Gzip is recognised by its first bytes.
/// </summary>
public static class EsriAsciiGrid
{
    /// <summary>Reads a grid.</summary>
    /// <param name="stream">Plain or gzip bytes; left open.</param>
    /// <param name="name">Name shown in errors.</param>
    /// <param name="epsg">Reference system, which the format itself does not name.</param>
    /// <exception cref="InputFormatException">The text is no such grid.</exception>
    public static Raster Read(Stream stream, string name = "grid", int? epsg = null)
    {
        using var reader = new StreamReader(Gzip.Unwrap(stream), Encoding.ASCII, true, 1 << 16, leaveOpen: true);
        var tokens = new TokenReader(reader);
        var header = new Dictionary<string, double>(StringComparer.OrdinalIgnoreCase);
        string? token;
        while ((token = tokens.Next()) is not null && char.IsLetter(token[0]) && !token.Equals("nan", StringComparison.OrdinalIgnoreCase))
        {
            header[token] = Number(tokens.Next(), name, tokens.Line, token);
        }

        var columns = (int)Require(header, "ncols", name);
        var rows = (int)Require(header, "nrows", name);
        var cellSize = SizeOf(header, name);
        if (columns <= 0 || rows <= 0 || cellSize <= 0 || (long)columns * rows > int.MaxValue / 2)
        {
            throw new InputFormatException(name, 1, "ncols, nrows and cellsize must be positive, and the grid must fit in memory.");
        }

        var west = header.TryGetValue("xllcenter", out var x) ? x - cellSize / 2 : Require(header, "xllcorner", name);
        var south = header.TryGetValue("yllcenter", out var y) ? y - cellSize / 2 : Require(header, "yllcorner", name);
        var noData = header.GetValueOrDefault("nodata_value", -9999);
        var values = new double[columns * rows];
        for (var i = 0; i < values.Length; i++)
        {
            var value = Number(token, name, tokens.Line, $"value {i + 1} of {values.Length}");
            values[i] = value == noData ? double.NaN : value;
            token = tokens.Next();
        }

        return token is null
            ? new Raster(columns, rows, cellSize, west, south, values, epsg)
            : throw new InputFormatException(name, tokens.Line, $"there are more than the {values.Length} values that ncols × nrows announce.");
    }

    /// <summary>Reads a grid from a file, gzip or not.</summary>
    /// <exception cref="InputFormatException">The text is no such grid.</exception>
    public static Raster ReadFile(string path, int? epsg = null)
    {
        using var stream = File.OpenRead(path);
        return Read(stream, Path.GetFileName(path), epsg);
    }

    /// <summary>Writes a grid; cells without a value become −9999.</summary>
    /// <param name="raster">Grid.</param>
    /// <param name="stream">Left open.</param>
    /// <param name="format">Number format; the default keeps every bit.</param>
    public static void Write(Raster raster, Stream stream, string format = "R")
    {
        using var writer = new StreamWriter(stream, new UTF8Encoding(false), 1 << 16, leaveOpen: true) { NewLine = "\n" };
        var culture = CultureInfo.InvariantCulture;
        writer.WriteLine(string.Create(culture, $"ncols {raster.Columns}\nnrows {raster.Rows}\nxllcorner {raster.West:R}\nyllcorner {raster.South:R}\ncellsize {raster.CellSize:R}\nNODATA_value -9999"));
        for (var row = 0; row < raster.Rows; row++)
        {
            for (var column = 0; column < raster.Columns; column++)
            {
                var value = raster[column, row];
                writer.Write(column == 0 ? "" : " ");
                writer.Write(double.IsNaN(value) ? "-9999" : value.ToString(format, culture));
            }

            writer.WriteLine();
        }
    }

    /// <summary>Writes a grid to a file, as gzip where its name ends in <c>.gz</c>.</summary>
    public static void WriteFile(Raster raster, string path)
    {
        using var file = File.Create(path);
        if (path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase))
        {
            using var packed = new GZipStream(file, CompressionLevel.Optimal);
            Write(raster, packed);
        }
        else
        {
            Write(raster, file);
        }
    }

    // GDAL writes dx and dy in place of cellsize where they differ; where they do not, they serve as well.
    private static double SizeOf(Dictionary<string, double> header, string name) =>
        header.ContainsKey("cellsize") || !header.TryGetValue("dx", out var dx) ? Require(header, "cellsize", name)
        : Math.Abs(dx - header.GetValueOrDefault("dy")) <= 1e-6 * dx ? dx
        : throw new InputFormatException(name, 1, $"cells of {dx} × {header.GetValueOrDefault("dy")} are not square: resample the grid to square cells.");

    private static double Require(Dictionary<string, double> header, string key, string name) =>
        header.TryGetValue(key, out var value) ? value : throw new InputFormatException(name, 1, $"the header lacks {key}.");

    private static double Number(string? token, string name, int line, string what) =>
        token is null ? throw new InputFormatException(name, line, $"the text ends before {what}.")
        : double.TryParse(token, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value
        : throw new InputFormatException(name, line, $"'{token}' ({what}) is not a number.");
}
