using System.Globalization;
using CsvHelper;

namespace LivingCity.Cli.Import;

/// <summary>One reading of a CSV.</summary>
internal sealed record Reading(int Row, string Station, string Name, double Longitude, double Latitude, Measured Measured, DateTimeOffset Time, double Value);

/// <summary>A row that is not imported, and why.</summary>
internal sealed record Quarantined(int Row, string Reason, string Detail);

/// <summary>Reads a long-form CSV row by row. A row that cannot be true is quarantined with its reason, never dropped in silence.</summary>
internal sealed class ReadingCsv(Mapping mapping)
{
    private readonly TimeZoneInfo zone = TimeZoneInfo.FindSystemTimeZoneById(mapping.Time.Zone);

    /// <returns>Readings and quarantined rows, in the order of the file.</returns>
    /// <exception cref="HeaderValidationException">A column that the mapping names is missing.</exception>
    public IEnumerable<(Reading? Reading, Quarantined? Quarantined)> Read(TextReader text)
    {
        using var csv = new CsvReader(text, CultureInfo.InvariantCulture);
        csv.Read();
        csv.ReadHeader();
        for (var row = 2; csv.Read(); row++)
        {
            yield return Read(csv, row);
        }
    }

    private (Reading? Reading, Quarantined? Quarantined) Read(CsvReader csv, int row)
    {
        (Reading?, Quarantined?) No(string reason, string detail) => (null, new Quarantined(row, reason, detail));

        var parameter = Field(csv, mapping.Parameter);
        if (!mapping.Parameters.TryGetValue(parameter, out var measured))
        {
            return No("unknown parameter", $"{mapping.Parameter}={parameter}");
        }

        if (!DateTime.TryParseExact(Field(csv, mapping.Time.Column), mapping.Time.Format, CultureInfo.InvariantCulture, DateTimeStyles.None, out var local) || zone.IsInvalidTime(local))
        {
            return No("not a time", $"{mapping.Time.Column}={Field(csv, mapping.Time.Column)}");
        }

        if (!TryNumber(csv, mapping.Value, out var raw))
        {
            return No("not a number", $"{mapping.Value}={Field(csv, mapping.Value)}");
        }

        if (!TryNumber(csv, mapping.Station.Longitude, out var longitude) || !TryNumber(csv, mapping.Station.Latitude, out var latitude) || Math.Abs(longitude) > 180 || Math.Abs(latitude) > 90)
        {
            return No("not a position", $"{Field(csv, mapping.Station.Longitude)}, {Field(csv, mapping.Station.Latitude)}");
        }

        var value = Math.Round(raw * measured.Factor, 9);
        return value < measured.Min ? No($"{measured.Property} below what can be ({measured.Min})", $"{value}")
            : value > measured.Max ? No($"{measured.Property} above what can be ({measured.Max})", $"{value}")
            : (new Reading(row, Field(csv, mapping.Station.Id), Field(csv, mapping.Station.Name), longitude, latitude, measured, new DateTimeOffset(local, zone.GetUtcOffset(local)).ToUniversalTime(), value), null);
    }

    private static string Field(CsvReader csv, string column) =>
        csv.TryGetField<string>(column, out var value) ? value ?? "" : throw new FormatException($"The file has no column {column}.");

    private static bool TryNumber(CsvReader csv, string column, out double number) =>
        double.TryParse(Field(csv, column), NumberStyles.Float, CultureInfo.InvariantCulture, out number) && double.IsFinite(number);
}
