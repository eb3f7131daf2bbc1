using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace LivingCity.Twin.Models.Flood;

/// <summary>Functions of sixteen single-precision numbers.</summary>
internal static class VectorMath
{
    /// <summary>x^(−1/3) of positive normal numbers: a first guess from the bits, then Newton's method to full precision.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> InverseCubeRoot(Vector512<float> x)
    {
        var third = Vector512.Create(1f / 3f);
        var guess = Vector512.Create(0x54A21D2A) - Vector512.ConvertToInt32(Vector512.ConvertToSingle(x.AsInt32()) * third);
        var y = guess.AsSingle();
        var scaled = x * third;
        var four = Vector512.Create(4f / 3f);
        y *= four - scaled * (y * y * y);
        y *= four - scaled * (y * y * y);
        y *= four - scaled * (y * y * y);
        return y;
    }

    /// <summary>Adds a change in double precision to a number kept in two parts.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector512<float> Value, Vector512<float> Left) Split(Vector512<double> lower, Vector512<double> upper)
    {
        var value = Vector512.Narrow(lower, upper);
        return (value, Vector512.Narrow(lower - Vector512.WidenLower(value), upper - Vector512.WidenUpper(value)));
    }
}
