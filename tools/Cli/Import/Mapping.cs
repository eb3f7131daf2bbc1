using System.Text.Json;

namespace LivingCity.Cli.Import;

/// <summary>How a long-form CSV (one reading a row) becomes context data.</summary>
/// <param name="City">The tenant it belongs to, part of the entities' ids.</param>
/// <param name="Time">The time column.</param>
/// <param name="Station">The columns that describe the station.</param>
/// <param name="Parameter">The column that says what was measured.</param>
/// <param name="Value">The column of the number.</param>
/// <param name="Parameters">What each value of the parameter column means.</param>
internal sealed record Mapping(string City, TimeColumn Time, StationColumns Station, string Parameter, string Value, IReadOnlyDictionary<string, Measured> Parameters)
{
    public static async Task<Mapping> ReadAsync(string path, CancellationToken cancellationToken)
    {
        await using var file = File.OpenRead(path);
        return await JsonSerializer.DeserializeAsync<Mapping>(file, JsonSerializerOptions.Web, cancellationToken) ?? throw new JsonException("The mapping is empty.");
    }
}

/// <summary>The time column.</summary>
/// <param name="Column">Its name.</param>
/// <param name="Format">.NET format of its values.</param>
/// <param name="Zone">IANA zone of its values.</param>
internal sealed record TimeColumn(string Column, string Format, string Zone);

/// <summary>The station's columns.</summary>
internal sealed record StationColumns(string Id, string Name, string Longitude, string Latitude);

/// <summary>One kind of reading.</summary>
/// <param name="Type">Entity type (Smart Data Model).</param>
/// <param name="Property">Attribute name.</param>
/// <param name="UnitCode">UN/CEFACT code of the stored value.</param>
/// <param name="Factor">What the source's value is multiplied with.</param>
/// <param name="Min">The lowest value that can be, after the factor.</param>
/// <param name="Max">The highest value that can be, after the factor.</param>
internal sealed record Measured(string Type, string Property, string UnitCode, double Factor = 1, double Min = double.NegativeInfinity, double Max = double.PositiveInfinity);
