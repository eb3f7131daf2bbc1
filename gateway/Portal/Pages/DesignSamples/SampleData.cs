using LivingCity.Gateway.Portal.Live;

namespace LivingCity.Gateway.Portal.Pages.DesignSamples;

/// <summary>A small invented city for the maps and charts of the style page, which anybody may see.</summary>
internal static class SampleData
{
    public const string Prefix = "/design/data";

    private static readonly DateTimeOffset Day = new(2026, 6, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>One station in each state, so that every colour and shape of the map is seen.</summary>
    private static readonly StationView[] Stations =
    [
        Station("1", "North Hill", 23.30, 42.74, Condition.Good, 21.4, 8),
        Station("2", "Old Market", 23.33, 42.70, Condition.Attention, 29.2, 19),
        Station("3", "Ring Road", 23.38, 42.68, Condition.Poor, 34.8, 41),
        Station("4", "River Park", 23.29, 42.67, Condition.Good, 20.1, 6),
        Station("5", "Depot", 23.36, 42.73, Condition.Unknown, 24.0, null),
    ];

    public static void MapSampleData(this IEndpointRouteBuilder routes)
    {
        var data = routes.MapGroup(Prefix);
        data.MapGet("/stations", () => ConditionalJson.Of<IReadOnlyList<StationView>>(Stations));
        data.MapGet("/city-model", () => ConditionalJson.Of(CityModel.Of("sample", Stations)));
        data.MapGet("/history", () => ConditionalJson.Of(Week()));
        data.MapGet("/air-quality", () => ConditionalJson.Of(AirProfile.Of(Stations)));
    }

    private static StationView Station(string id, string name, double longitude, double latitude, Condition condition, double temperature, double? pm25) => new(
        $"urn:ngsi-ld:WeatherObserved:sample:{id}", "WeatherObserved", name, longitude, latitude, true, Day, condition, new Dictionary<string, double> { ["temperature"] = temperature }, null,
        pm25 is { } mean ? [new("pm25", mean, 24, 24, 15, mean > 15), new("pm10", 1.6 * mean, 24, 24, 45, 1.6 * mean > 45), new("no2", 1.1 * mean, 24, 24, 25, 1.1 * mean > 25)] : []);

    /// <summary>Seven days of hours: warmest in the afternoon, each day a little warmer.</summary>
    private static History Week() => new(
        Stations[0].Id, Stations[0].Name, "temperature", "CEL", true,
        [.. Enumerable.Range(0, 7 * 24).Select(hour => new[] { Day.AddHours(hour).ToUnixTimeMilliseconds(), Math.Round(16 + (hour / 24.0) - (6 * Math.Cos(Math.Tau * (hour - 3) / 24)), 1) })]);
}
