using System.Globalization;
using LivingCity.Twin.Models.Contract;

namespace LivingCity.Twin.Models.Formats;

/// <summary>
/// CSV with a header, comma or semicolon: time series (first column seconds, or RFC 3339 times), and tables of numbers and texts. Empty cells are missing values.
/// </summary>
public static class CsvSeries
{
    /// <summary>Reads a time series.</summary>
    /// <exception cref="InputFormatException">The text is no such CSV.</exception>
    public static TimeSeries Read(TextReader text, string name = "series")
    {
        var table = ReadTable(text, name);
        if (table.Rows.Count == 0 || table.Columns.Count < 2)
        {
            throw new InputFormatException(name, 1, "a time column, a value column and one row at least are needed.");
        }

        DateTimeOffset? start = null;
        var seconds = new double[table.Rows.Count];
        for (var row = 0; row < seconds.Length; row++)
        {
            seconds[row] = table.Rows[row][0] switch
            {
                double number => number,
                string date when DateTimeOffset.TryParse(date, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) =>
                    (time - (start ??= time)).TotalSeconds,
                var other => throw new InputFormatException(name, row + 2, $"'{other}' is neither seconds nor an RFC 3339 time."),
            };
            if (row > 0 && !(seconds[row] > seconds[row - 1]))
            {
                throw new InputFormatException(name, row + 2, "times must rise strictly.");
            }
        }

        var values = new Dictionary<string, IReadOnlyList<double>>();
        for (var column = 1; column < table.Columns.Count; column++)
        {
            var series = new double[seconds.Length];
            for (var row = 0; row < series.Length; row++)
            {
                series[row] = table.Rows[row][column] switch
                {
                    double number => number,
                    null => double.NaN,
                    var other => throw new InputFormatException(name, row + 2, $"'{other}' in column {table.Columns[column].Name} is not a number."),
                };
            }

            values[table.Columns[column].Name] = series;
        }

        return new TimeSeries(seconds, values, start);
    }

    /// <summary>Reads a table; what reads as a number is one.</summary>
    /// <exception cref="InputFormatException">The text is no such CSV.</exception>
    public static Table ReadTable(TextReader text, string name = "table")
    {
        List<IReadOnlyList<object?>> rows = [];
        List<string>? header = null;
        foreach (var (line, cells) in CsvText.Records(text))
        {
            if (header is null)
            {
                header = cells;
            }
            else if (cells.Count != header.Count)
            {
                throw new InputFormatException(name, line, $"{cells.Count} cells under {header.Count} headings.");
            }
            else
            {
                rows.Add([.. cells.Select(Cell)]);
            }
        }

        if (header is null || header.Distinct(StringComparer.OrdinalIgnoreCase).Count() != header.Count)
        {
            throw new InputFormatException(name, 1, header is null ? "the text is empty." : "two columns have the same name.");
        }

        return new Table([.. header.Select(h => new TableColumn(h))], rows);
    }

    /// <summary>Writes a table.</summary>
    public static void Write(Table table, TextWriter text)
    {
        CsvText.WriteRecord(text, table.Columns.Select(c => c.Name));
        foreach (var row in table.Rows)
        {
            CsvText.WriteRecord(text, row.Select(cell => cell is double number ? double.IsNaN(number) ? "" : number.ToString("R", CultureInfo.InvariantCulture) : cell as string ?? ""));
        }
    }

    /// <summary>Writes a time series, times as seconds, or as RFC 3339 where it has a start.</summary>
    public static void Write(TimeSeries series, TextWriter text)
    {
        string[] names = [.. series.Values.Keys];
        var rows = series.Seconds.Select((seconds, i) => (IReadOnlyList<object?>)
            [series.Start is { } start ? start.AddSeconds(seconds).ToString("O", CultureInfo.InvariantCulture) : seconds, .. names.Select(n => (object?)series.Values[n][i])]);
        Write(new Table([new("time"), .. names.Select(n => new TableColumn(n))], [.. rows]), text);
    }

    private static object? Cell(string text) => text.Length == 0 ? null
        : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : text;
}
