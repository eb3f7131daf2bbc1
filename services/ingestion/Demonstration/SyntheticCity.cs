namespace LivingCity.Ingestion.Demonstration;

/// <summary>One station of the synthetic city.</summary>
/// <param name="Id">URI.</param>
/// <param name="Type">Smart Data Model.</param>
/// <param name="Name">Name for people.</param>
/// <param name="Longitude">WGS 84, degrees.</param>
/// <param name="Latitude">WGS 84, degrees.</param>
/// <param name="Number">Its number, which makes its readings its own.</param>
internal sealed record SyntheticStation(string Id, string Type, string Name, double Longitude, double Latitude, int Number);

/// <summary>One computed value.</summary>
internal sealed record SyntheticValue(string Property, double Value, string UnitCode);

/// <summary>
/// Four weeks of a city that does not exist: daily and weekly cycles, a heatwave in the second week and a storm in the third. Every value is a pure function of the
/// city's name, the station and the hour, so the same city is computed everywhere. Plausible, not measured, and no model of any place.
/// </summary>
internal sealed class SyntheticCity(string city, double longitude, double latitude)
{
    /// <summary>Monday, midnight UTC: the first hour.</summary>
    public static readonly DateTimeOffset Start = new(2026, 7, 6, 0, 0, 0, TimeSpan.Zero);

    /// <summary>How many hours the city lives.</summary>
    public const int Hours = 28 * 24;

    private const int HeatwaveFirstDay = 8;
    private const int HeatwaveLastDay = 13;
    private const int StormHour = (19 * 24) + 15;

    private static readonly string[] Districts = ["Centre", "Old Town", "River Bank", "Hill", "Station Quarter", "Garden Suburb"];

    /// <summary>Six stations for air and weather, four for traffic, one at the river.</summary>
    public IReadOnlyList<SyntheticStation> Stations { get; } =
    [
        .. Districts.Select((district, number) => Place(city, "WeatherObserved", district, number, longitude, latitude)),
        .. Districts.Select((district, number) => Place(city, "AirQualityObserved", district, number, longitude, latitude)),
        .. Districts.Take(4).Select((district, number) => Place(city, "TrafficFlowObserved", district, number, longitude, latitude)),
        Place(city, "WaterObserved", "River Bank", 2, longitude, latitude),
    ];

    /// <summary>What a station would have measured in an hour.</summary>
    /// <param name="station">One of <see cref="Stations"/>.</param>
    /// <param name="hour">Hours since <see cref="Start"/>, 0 up to and without <see cref="Hours"/>.</param>
    public IReadOnlyList<SyntheticValue> Observe(SyntheticStation station, int hour) => station.Type switch
    {
        "WeatherObserved" => Weather(station.Number, hour),
        "AirQualityObserved" => Air(station.Number, hour),
        "TrafficFlowObserved" => [new("intensity", Math.Round(Traffic(station.Number, hour)), "E50"), new("averageVehicleSpeed", Math.Round(58 - (Traffic(station.Number, hour) / 40), 1), "KMH")],
        _ => [new("waterLevel", Math.Round(1.2 + (0.1 * Noise("level", 0, hour)) + (1.9 * AfterStorm(hour)), 2), "MTR")],
    };

    private SyntheticValue[] Weather(int station, int hour)
    {
        var temperature = Temperature(station, hour);
        var sun = Math.Max(0, Math.Sin((HourOfDay(hour) - 5) / 14.0 * Math.PI)) * (InStorm(hour) ? 0.1 : 1);
        return
        [
            new("temperature", Math.Round(temperature, 1), "CEL"),
            new("relativeHumidity", Math.Round(Math.Clamp(0.92 - (0.018 * temperature) + (0.05 * Noise("humidity", station, hour)) + (InStorm(hour) ? 0.35 : 0), 0.15, 1), 2), "C62"),
            new("windSpeed", Math.Round(Math.Max(0.2, 2.2 + Math.Sin(HourOfDay(hour) / 24.0 * 2 * Math.PI) + Noise("wind", station, hour) + (InStorm(hour) ? 12 : 0)), 1), "MTS"),
            new("atmosphericPressure", Math.Round(1015 + (3 * Math.Sin(hour / 90.0)) - (14 * AfterStorm(hour + 3)), 1), "A97"),
            new("solarRadiation", Math.Round(820 * sun), "D54"),
            new("precipitation", InStorm(hour) ? Math.Round(18 + (6 * Noise("rain", station, hour)), 1) : 0, "MMT"),
        ];
    }

    private SyntheticValue[] Air(int station, int hour)
    {
        var traffic = Traffic(station, hour) / 1000;
        var heat = Math.Max(0, Temperature(station, hour) - 24);
        var washed = 1 - (0.6 * AfterStorm(hour));
        return
        [
            new("pm10", Math.Round(Math.Max(2, (12 + (22 * traffic) + (4 * Noise("pm10", station, hour))) * washed), 1), "GQ"),
            new("pm25", Math.Round(Math.Max(1, (7 + (11 * traffic) + (2 * Noise("pm25", station, hour))) * washed), 1), "GQ"),
            new("no2", Math.Round(Math.Max(1, (8 + (34 * traffic) + (3 * Noise("no2", station, hour))) * washed), 1), "GQ"),
            new("o3", Math.Round(Math.Max(5, 38 + (5.5 * heat) - (14 * traffic) + (5 * Noise("o3", station, hour))), 1), "GQ"),
        ];
    }

    /// <summary>Warmest at 15 h, two degrees apart over the districts, eight degrees hotter in the heatwave, cooler after the storm.</summary>
    private double Temperature(int station, int hour)
    {
        var day = hour / 24;
        var heatwave = day is >= HeatwaveFirstDay and <= HeatwaveLastDay ? Math.Sin((day - HeatwaveFirstDay + 1.0) / (HeatwaveLastDay - HeatwaveFirstDay + 2) * Math.PI) * 9.5 : 0;
        return 21 + (6.5 * Math.Cos((HourOfDay(hour) - 15) / 24.0 * 2 * Math.PI)) + (station * 0.4) - 1 + heatwave - (6 * AfterStorm(hour)) + (0.6 * Noise("temperature", station, hour));
    }

    /// <summary>Vehicles per hour: two peaks on working days, one broad hump at the weekend.</summary>
    private double Traffic(int station, int hour)
    {
        var time = HourOfDay(hour);
        var weekend = hour / 24 % 7 >= 5;
        var shape = weekend ? 0.55 * Bell(time, 14, 4) : Bell(time, 8, 1.6) + (0.9 * Bell(time, 17.5, 2.2)) + (0.35 * Bell(time, 12.5, 3));
        return Math.Max(15, ((60 + (1050 * shape)) * (1 - (station * 0.09))) + (40 * Noise("traffic", station, hour)) - (InStorm(hour) ? 250 : 0));
    }

    private static bool InStorm(int hour) => hour is >= StormHour and < StormHour + 4;

    /// <summary>1 when the storm ends, fading over two days; 0 before it.</summary>
    private static double AfterStorm(int hour) => hour < StormHour ? 0 : Math.Exp(-(hour - StormHour) / 16.0);

    private static double Bell(double time, double centre, double width) => Math.Exp(-Math.Pow((time - centre) / width, 2) / 2);

    private static int HourOfDay(int hour) => hour % 24;

    /// <summary>A number from -1 to 1 that depends on all of its arguments and nothing else (SplitMix64).</summary>
    private double Noise(string quantity, int station, int hour)
    {
        var state = 14695981039346656037UL;
        foreach (var letter in $"{city}/{quantity}/{station}/{hour}")
        {
            state = (state ^ letter) * 1099511628211UL;
        }

        state += 0x9E3779B97F4A7C15UL;
        state = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9UL;
        state = (state ^ (state >> 27)) * 0x94D049BB133111EBUL;
        return ((state ^ (state >> 31)) / (double)ulong.MaxValue * 2) - 1;
    }

    private static SyntheticStation Place(string city, string type, string district, int number, double longitude, double latitude)
    {
        var angle = number / 6.0 * 2 * Math.PI;
        return new SyntheticStation($"urn:ngsi-ld:{type}:{city}:synthetic-{number + 1}", type, $"{district} (synthetic)",
            Math.Round(longitude + (number == 0 ? 0 : 0.028 * Math.Cos(angle)), 5), Math.Round(latitude + (number == 0 ? 0 : 0.019 * Math.Sin(angle)), 5), number);
    }
}
