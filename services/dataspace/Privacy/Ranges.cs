namespace LivingCity.Dataspace.Privacy;

/// <summary>Public ranges of what cities measure, chosen without looking at any data: noise is calibrated to them.</summary>
internal static class Ranges
{
    private static readonly Dictionary<string, Bounds> Known = new(StringComparer.OrdinalIgnoreCase)
    {
        ["pm10"] = new(0, 500), ["pm25"] = new(0, 300), ["no2"] = new(0, 400), ["so2"] = new(0, 500), ["o3"] = new(0, 400), ["co"] = new(0, 20),
        ["temperature"] = new(-40, 50), ["relativeHumidity"] = new(0, 1), ["windSpeed"] = new(0, 60), ["atmosphericPressure"] = new(850, 1100), ["intensity"] = new(0, 10_000),
    };

    public static Bounds? Of(string attribute) => Known.TryGetValue(attribute, out var bounds) ? bounds : null;
}
