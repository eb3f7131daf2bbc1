using System.Globalization;

namespace LivingCity.Gateway.Portal.Pulse;

/// <summary>How a property's values are written for people, in the page's language. The browser's part has the same table (Client/src/format.ts).</summary>
internal static class Units
{
    private static readonly Dictionary<string, (string Symbol, double Factor, int Decimals)> Known = new()
    {
        ["temperature"] = ("°C", 1, 1), ["relativeHumidity"] = ("%", 100, 0), ["windSpeed"] = ("m/s", 1, 1), ["atmosphericPressure"] = ("hPa", 1, 0),
        ["solarRadiation"] = ("W/m²", 1, 0), ["precipitation"] = ("mm", 1, 1), ["pm10"] = ("µg/m³", 1, 0), ["pm25"] = ("µg/m³", 1, 0), ["no2"] = ("µg/m³", 1, 0),
        ["o3"] = ("µg/m³", 1, 0), ["so2"] = ("µg/m³", 1, 0), ["co"] = ("mg/m³", 1, 1), ["intensity"] = ("/h", 1, 0), ["averageVehicleSpeed"] = ("km/h", 1, 0),
        ["waterLevel"] = ("m", 1, 2),
    };

    /// <summary>A value with its unit, kept on one line.</summary>
    public static string Quantity(string property, double value)
    {
        var (symbol, factor, decimals) = Known.GetValueOrDefault(property, ("", 1, 1));
        var number = (value * factor).ToString($"N{decimals}", CultureInfo.CurrentCulture);
        return symbol.Length == 0 ? number : $"{number}\u00a0{symbol}";
    }
}
