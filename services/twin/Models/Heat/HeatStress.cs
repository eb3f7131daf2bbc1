namespace LivingCity.Twin.Models.Heat;

/// <summary>Wet-bulb globe temperature and what it does to work.</summary>
public static class HeatStress
{
    /// <summary>
    /// Simplified wet-bulb globe temperature in °C: <c>0.567·T + 0.393·e + 3.94</c> with e in hPa by Magnus's formula <c>RH/100·6.105·exp(17.27·T/(237.7 + T))</c>
    /// (American College of Sports Medicine 1984; Australian Bureau of Meteorology). It assumes moderate sun and light wind.
    /// </summary>
    /// <param name="airTemperature">°C.</param>
    /// <param name="relativeHumidity">%, 0…100.</param>
    public static double WetBulbGlobe(double airTemperature, double relativeHumidity) =>
        0.567 * airTemperature + 0.393 * (relativeHumidity / 100 * 6.105 * Math.Exp(17.27 * airTemperature / (237.7 + airTemperature))) + 3.94;

    /// <summary>Share of working time lost to rest at a wet-bulb globe temperature: a quarter, a half or three quarters above 31.5, 32.0 and 32.5 °C for light work, 27.5, 29.5 and 31.5 °C for heavy work (Kjellstrom et al. 2009, via InVEST).</summary>
    public static double WorkLoss(double wetBulbGlobe, bool heavy)
    {
        double[] steps = heavy ? [27.5, 29.5, 31.5] : [31.5, 32.0, 32.5];
        return 0.25 * steps.Count(s => wetBulbGlobe >= s);
    }

    /// <summary>Hot days (maximum of 30 °C and more) and tropical nights (minimum of 20 °C and more) in hourly temperatures; the days are whole runs of 24 values.</summary>
    public static (int HotDays, int TropicalNights) HeatDays(IReadOnlyList<double> hourly)
    {
        int hot = 0, tropical = 0;
        for (var day = 0; day + 24 <= hourly.Count; day += 24)
        {
            double low = double.PositiveInfinity, high = double.NegativeInfinity;
            for (var hour = 0; hour < 24; hour++)
            {
                low = Math.Min(low, hourly[day + hour]);
                high = Math.Max(high, hourly[day + hour]);
            }

            hot += high >= 30 ? 1 : 0;
            tropical += low >= 20 ? 1 : 0;
        }

        return (hot, tropical);
    }
}
