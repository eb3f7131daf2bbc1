using System.Runtime.InteropServices;

namespace LivingCity.Twin.Models.Flood;

/// <summary>Single-precision values of every cell of a padded grid, pinned and aligned for vector registers.</summary>
internal sealed unsafe class FieldBuffer
{
    private const int Alignment = 64;

    private readonly float[] _array;

    public FieldBuffer(int length)
    {
        _array = GC.AllocateArray<float>(length + Alignment / sizeof(float), pinned: true);
        var address = Marshal.UnsafeAddrOfPinnedArrayElement(_array, 0);
        Pointer = (float*)((address + Alignment - 1) / Alignment * Alignment);
        Length = length;
    }

    /// <summary>First value. It stays valid as long as this object lives.</summary>
    public float* Pointer { get; }

    public int Length { get; }

    public Span<float> Span => new(Pointer, Length);
}
