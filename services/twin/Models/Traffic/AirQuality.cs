namespace LivingCity.Twin.Models.Traffic;

/// <summary>Annual limits and guidelines for outdoor air, µg/m³.</summary>
public static class AirQuality
{
    /// <summary>WHO global air quality guidelines 2021, annual mean of NO2.</summary>
    public const double NitrogenDioxideGuideline = 10;

    /// <summary>Directive 2008/50/EC, annual mean of NO2, in force to the end of 2029.</summary>
    public const double NitrogenDioxideLimit = 40;

    /// <summary>Directive (EU) 2024/2881, annual mean of NO2, from 2030.</summary>
    public const double NitrogenDioxideLimit2030 = 20;

    /// <summary>NO2 in µg/m³ that comes with NOx in µg/m³ (as NO2) in annual means: Romberg et al. (1996), Gefahrstoffe – Reinhaltung der Luft 56, 215–218.</summary>
    public static double NitrogenDioxide(double nitrogenOxides) => 103 * nitrogenOxides / (nitrogenOxides + 130) + 0.005 * nitrogenOxides;
}
