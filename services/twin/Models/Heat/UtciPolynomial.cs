using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace LivingCity.Twin.Models.Heat;

/// <summary>The regression polynomial in nested Horner form: what has to be added to the air temperature, in K.</summary>
internal static class UtciPolynomial
{
    /// <summary>Offset in K from air temperature (°C), wind (m/s), radiant excess (K) and vapour pressure (kPa).</summary>
    public static double Offset(double airTemperature, double wind, double excess, double vapourPressure)
    {
        ref var next = ref MemoryMarshal.GetReference(UtciCoefficients.Horner);
        double outer = 0;
        for (var k = 0; k <= UtciCoefficients.Degree; k++)
        {
            double overExcess = 0;
            for (var j = 0; j <= k; j++)
            {
                double overWind = 0;
                for (var m = 0; m <= j; m++)
                {
                    double overTemperature = next;
                    for (var n = 0; n < m; n++)
                    {
                        next = ref Unsafe.Add(ref next, 1);
                        overTemperature = Math.FusedMultiplyAdd(overTemperature, airTemperature, next);
                    }

                    next = ref Unsafe.Add(ref next, 1);
                    overWind = Math.FusedMultiplyAdd(overWind, wind, overTemperature);
                }

                overExcess = Math.FusedMultiplyAdd(overExcess, excess, overWind);
            }

            outer = Math.FusedMultiplyAdd(outer, vapourPressure, overExcess);
        }

        return outer;
    }

    /// <summary>The same for eight places at once; the order of operations is the same, so the sums are too.</summary>
    public static Vector512<double> Offset(Vector512<double> airTemperature, Vector512<double> wind, Vector512<double> excess, Vector512<double> vapourPressure)
    {
        ref var next = ref MemoryMarshal.GetReference(UtciCoefficients.Horner);
        var outer = Vector512<double>.Zero;
        for (var k = 0; k <= UtciCoefficients.Degree; k++)
        {
            var overExcess = Vector512<double>.Zero;
            for (var j = 0; j <= k; j++)
            {
                var overWind = Vector512<double>.Zero;
                for (var m = 0; m <= j; m++)
                {
                    var overTemperature = Vector512.Create(next);
                    for (var n = 0; n < m; n++)
                    {
                        next = ref Unsafe.Add(ref next, 1);
                        overTemperature = Vector512.FusedMultiplyAdd(overTemperature, airTemperature, Vector512.Create(next));
                    }

                    next = ref Unsafe.Add(ref next, 1);
                    overWind = Vector512.FusedMultiplyAdd(overWind, wind, overTemperature);
                }

                overExcess = Vector512.FusedMultiplyAdd(overExcess, excess, overWind);
            }

            outer = Vector512.FusedMultiplyAdd(outer, vapourPressure, overExcess);
        }

        return outer;
    }
}
