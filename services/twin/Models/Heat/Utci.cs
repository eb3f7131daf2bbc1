using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace LivingCity.Twin.Models.Heat;

/// <summary>
/// Universal Thermal Climate Index: the air temperature (°C) of a reference environment that strains the human body as the real one does.
/// Sixth-order regression polynomial of Bröde et al. (2012), International Journal of Biometeorology 56, 481–494; vapour pressure after Hardy (1998).
/// </summary>
/// <remarks>
/// Valid for air temperature −50…50 °C, wind at 10 m of 0.5…17 m/s and mean radiant temperature from 30 K below to 70 K above the air temperature, limits included;
/// outside there is no value (null, or NaN in the array forms), never an extrapolation. All members are thread safe.
/// </remarks>
public static class Utci
{
    /// <summary>Aerodynamic roughness of UTCI's reference ground, in m (Bröde et al. 2012, section "Reference environment").</summary>
    public const double ReferenceRoughness = 0.01;

    internal const double MinTemperature = -50, MaxTemperature = 50, MinWind = 0.5, MaxWind = 17, MinRadiantExcess = -30, MaxRadiantExcess = 70;

    /// <summary>UTCI in °C, or null outside the range of validity.</summary>
    /// <param name="airTemperature">Air temperature at 2 m, °C.</param>
    /// <param name="meanRadiantTemperature">Mean radiant temperature, °C.</param>
    /// <param name="windSpeed">Wind speed at 10 m, m/s.</param>
    /// <param name="relativeHumidity">Relative humidity, %, 0…100.</param>
    public static double? Calculate(double airTemperature, double meanRadiantTemperature, double windSpeed, double relativeHumidity)
    {
        var value = Evaluate(airTemperature, meanRadiantTemperature, windSpeed, relativeHumidity);
        return double.IsNaN(value) ? null : value;
    }

    /// <summary>
    /// UTCI in °C from what a weather station at 2 m reports, or null outside the range of validity.
    /// Where no radiation is measured the mean radiant temperature is taken as the air temperature: shade, or an overcast sky. Wind measured at another
    /// height is carried to 10 m by the logarithmic profile over <see cref="ReferenceRoughness"/>; calm air counts as 0.5 m/s, the least the regression knows.
    /// </summary>
    /// <param name="airTemperature">Air temperature at 2 m, °C.</param>
    /// <param name="relativeHumidity">Relative humidity at 2 m, %, 0…100.</param>
    /// <param name="windSpeed">Wind speed, m/s, not negative.</param>
    /// <param name="windHeight">Height of the anemometer above ground, m, more than <see cref="ReferenceRoughness"/>; 10 where none is given.</param>
    /// <param name="meanRadiantTemperature">Mean radiant temperature, °C, where radiation is measured or modelled.</param>
    public static double? FromWeather(
        double airTemperature, double relativeHumidity, double windSpeed, double windHeight = 10, double? meanRadiantTemperature = null) =>
        Calculate(
            airTemperature,
            meanRadiantTemperature ?? airTemperature,
            windSpeed >= 0 ? Math.Max(WindAtTenMetres(windSpeed, windHeight), MinWind) : double.NaN,
            relativeHumidity);

    /// <summary>Wind speed at 10 m in m/s from one measured at another height (m, more than <see cref="ReferenceRoughness"/>): logarithmic profile over short grass.</summary>
    public static double WindAtTenMetres(double windSpeed, double height)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(height, ReferenceRoughness);
        return windSpeed * Math.Log(10 / ReferenceRoughness) / Math.Log(height / ReferenceRoughness);
    }

    /// <summary>As <see cref="Calculate"/>, with NaN in place of null.</summary>
    public static double Evaluate(double airTemperature, double meanRadiantTemperature, double windSpeed, double relativeHumidity)
    {
        var excess = meanRadiantTemperature - airTemperature;
        var valid = airTemperature is >= MinTemperature and <= MaxTemperature && windSpeed is >= MinWind and <= MaxWind
            && excess is >= MinRadiantExcess and <= MaxRadiantExcess && relativeHumidity is >= 0 and <= 100;
        return valid
            ? airTemperature + UtciPolynomial.Offset(airTemperature, windSpeed, excess, VapourPressure.Actual(airTemperature, relativeHumidity) / 10)
            : double.NaN;
    }

    /// <summary>UTCI of many places or hours at once, NaN outside the range of validity; all spans must be of one length.</summary>
    /// <exception cref="ArgumentException">The spans differ in length.</exception>
    public static void Evaluate(
        ReadOnlySpan<double> airTemperature, ReadOnlySpan<double> meanRadiantTemperature, ReadOnlySpan<double> windSpeed, ReadOnlySpan<double> relativeHumidity,
        Span<double> result)
    {
        var count = result.Length;
        if (airTemperature.Length != count || meanRadiantTemperature.Length != count || windSpeed.Length != count || relativeHumidity.Length != count)
        {
            throw new ArgumentException("All spans must be of one length.", nameof(result));
        }

        var width = Vector512<double>.Count;
        var i = 0;
        for (; i <= count - width; i += width)
        {
            EvaluateBlock(airTemperature[i..], meanRadiantTemperature[i..], windSpeed[i..], relativeHumidity[i..]).CopyTo(result[i..]);
        }

        if (i < count)
        {
            // The tail runs through the same vector code, so that a value does not depend on where in the array it stands.
            Span<double> tail = stackalloc double[5 * width];
            var rest = count - i;
            airTemperature[i..].CopyTo(tail);
            meanRadiantTemperature[i..].CopyTo(tail[width..]);
            windSpeed[i..].CopyTo(tail[(2 * width)..]);
            relativeHumidity[i..].CopyTo(tail[(3 * width)..]);
            EvaluateBlock(tail, tail[width..], tail[(2 * width)..], tail[(3 * width)..]).CopyTo(tail[(4 * width)..]);
            tail.Slice(4 * width, rest).CopyTo(result[i..]);
        }
    }

    /// <summary>The ten classes of thermal stress of the index (Bröde et al. 2012, table 1); null where there is no value.</summary>
    public static ThermalStress? Stress(double? utci) => utci switch
    {
        null or double.NaN => null,
        > 46 => ThermalStress.ExtremeHeat,
        > 38 => ThermalStress.VeryStrongHeat,
        > 32 => ThermalStress.StrongHeat,
        > 26 => ThermalStress.ModerateHeat,
        > 9 => ThermalStress.None,
        > 0 => ThermalStress.SlightCold,
        > -13 => ThermalStress.ModerateCold,
        > -27 => ThermalStress.StrongCold,
        > -40 => ThermalStress.VeryStrongCold,
        _ => ThermalStress.ExtremeCold,
    };

    private static Vector512<double> EvaluateBlock(
        ReadOnlySpan<double> airTemperature, ReadOnlySpan<double> meanRadiantTemperature, ReadOnlySpan<double> windSpeed, ReadOnlySpan<double> relativeHumidity)
    {
        var ta = Load(airTemperature);
        var excess = Load(meanRadiantTemperature) - ta;
        var wind = Load(windSpeed);
        var humidity = Load(relativeHumidity);
        var valid = Within(ta, MinTemperature, MaxTemperature) & Within(wind, MinWind, MaxWind)
            & Within(excess, MinRadiantExcess, MaxRadiantExcess) & Within(humidity, 0, 100);
        var kilopascal = VapourPressure.Saturation(ta) * humidity * Vector512.Create(0.001);
        return Vector512.ConditionalSelect(valid, ta + UtciPolynomial.Offset(ta, wind, excess, kilopascal), Vector512.Create(double.NaN));
    }

    private static Vector512<double> Load(ReadOnlySpan<double> span) => Vector512.LoadUnsafe(ref MemoryMarshal.GetReference(span));

    private static Vector512<double> Within(Vector512<double> value, double low, double high) =>
        Vector512.GreaterThanOrEqual(value, Vector512.Create(low)) & Vector512.LessThanOrEqual(value, Vector512.Create(high));
}
