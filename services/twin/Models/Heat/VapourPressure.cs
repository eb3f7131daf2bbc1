using System.Runtime.Intrinsics;

namespace LivingCity.Twin.Models.Heat;

/// <summary>
/// Saturation vapour pressure of air over water on the ITS-90 scale: Hardy (1998), "ITS-90 formulations for vapor pressure, frostpoint temperature,
/// dewpoint temperature, and enhancement factors in the range −100 to +100 °C", equation 2. UTCI is defined with this formulation.
/// </summary>
public static class VapourPressure
{
    private const double LogCoefficient = 2.7150305;

    private const double PascalPerHectopascal = 100;

    // Powers of the absolute temperature from −2 to 4.
    private static ReadOnlySpan<double> Coefficients =>
        [-2836.5744, -6028.076559, 19.54263612, -2.737830188e-2, 1.6261698e-5, 7.0229056e-10, -1.8680009e-13];

    /// <summary>Saturation vapour pressure in hPa at an air temperature in °C (valid −100…100).</summary>
    public static double Saturation(double airTemperature)
    {
        var kelvin = airTemperature + 273.15;
        var c = Coefficients;
        var sum = c[6];
        for (var i = 5; i >= 0; i--)
        {
            sum = Math.FusedMultiplyAdd(sum, kelvin, c[i]);
        }

        return Math.Exp(sum / (kelvin * kelvin) + LogCoefficient * Math.Log(kelvin)) / PascalPerHectopascal;
    }

    /// <summary>Actual vapour pressure in hPa at an air temperature in °C and a relative humidity in %.</summary>
    public static double Actual(double airTemperature, double relativeHumidity) => Saturation(airTemperature) * relativeHumidity / 100;

    internal static Vector512<double> Saturation(Vector512<double> airTemperature)
    {
        var kelvin = airTemperature + Vector512.Create(273.15);
        var c = Coefficients;
        var sum = Vector512.Create(c[6]);
        for (var i = 5; i >= 0; i--)
        {
            sum = Vector512.FusedMultiplyAdd(sum, kelvin, Vector512.Create(c[i]));
        }

        return Vector512.Exp(sum / (kelvin * kelvin) + Vector512.Create(LogCoefficient) * Vector512.Log(kelvin)) / Vector512.Create(PascalPerHectopascal);
    }
}
