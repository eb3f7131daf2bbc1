using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace LivingCity.Twin.Models.PowerGrid;

/// <summary>Eight complex numbers, one for each of eight scenarios that are solved side by side.</summary>
internal readonly struct LaneComplex(Vector512<double> real, Vector512<double> imaginary)
{
    public readonly Vector512<double> Real = real;

    public readonly Vector512<double> Imaginary = imaginary;

    public static int Lanes => Vector512<double>.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneComplex All(Complex value) => new(Vector512.Create(value.Real), Vector512.Create(value.Imaginary));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneComplex operator +(LaneComplex a, LaneComplex b) => new(a.Real + b.Real, a.Imaginary + b.Imaginary);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneComplex operator -(LaneComplex a, LaneComplex b) => new(a.Real - b.Real, a.Imaginary - b.Imaginary);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneComplex operator *(LaneComplex a, Complex b)
    {
        Vector512<double> real = Vector512.Create(b.Real), imaginary = Vector512.Create(b.Imaginary);
        return new(a.Real * real - a.Imaginary * imaginary, a.Real * imaginary + a.Imaginary * real);
    }

    /// <summary>conj(power / voltage): the current that a power draws.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneComplex Current(LaneComplex power, LaneComplex voltage)
    {
        var scale = Vector512<double>.One / (voltage.Real * voltage.Real + voltage.Imaginary * voltage.Imaginary);
        return new((power.Real * voltage.Real + power.Imaginary * voltage.Imaginary) * scale, (power.Real * voltage.Imaginary - power.Imaginary * voltage.Real) * scale);
    }

    /// <summary>Squared magnitudes.</summary>
    public Vector512<double> Norm => Real * Real + Imaginary * Imaginary;
}
