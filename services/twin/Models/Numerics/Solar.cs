namespace LivingCity.Twin.Models;

/// <summary>Position of the sun.</summary>
public static class Solar
{
    /// <summary>Declination of the sun in radians on a day of the year (Cooper 1969, "The absorption of radiation in solar stills", Solar Energy 12, 333–346).</summary>
    public static double Declination(int dayOfYear) => 23.45 * Math.PI / 180 * Math.Sin(2 * Math.PI * (284 + dayOfYear) / 365.0);

    /// <summary>Cosine of the zenith angle at a local solar hour (0…24) and a latitude in degrees; negative by night.</summary>
    public static double CosineOfZenith(double hour, int dayOfYear, double latitude)
    {
        var declination = Declination(dayOfYear);
        var phi = latitude * Math.PI / 180;
        return Math.Sin(phi) * Math.Sin(declination) + Math.Cos(phi) * Math.Cos(declination) * Math.Cos((hour - 12) * Math.PI / 12);
    }
}
