using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace LivingCity.Twin.Models.Numerics;

/// <summary>
/// LU factors of a sparse matrix of 2 × 2 blocks: what <see cref="SparseLu"/> is for numbers, with a block (row by row in four doubles) in place of each number, which
/// is one vector register. The two rows of a block pivot against each other. Not thread safe: one for each thread.
/// </summary>
internal sealed class BlockSparseLu(SymbolicFactor pattern)
{
    private readonly Vector256<double>[] _lower = new Vector256<double>[pattern.LowerColumn.Length];
    private readonly Vector256<double>[] _upper = new Vector256<double>[pattern.UpperColumn.Length];
    private readonly Vector256<double>[] _inverse = new Vector256<double>[pattern.Size];

    /// <summary>Work row, by elimination step. It is all zero before a row is scattered into it.</summary>
    public Vector256<double>[] Work { get; } = new Vector256<double>[pattern.Size];

    public SymbolicFactor Pattern => pattern;

    /// <summary>Eliminates one row, which stands in <see cref="Work"/>, and clears the work row again. Rows come in order.</summary>
    /// <returns>False where the pivot block is singular, or tiny beside its row: <see cref="PivotingLu"/> is the way out.</returns>
    public bool EliminateRow(int i)
    {
        ref var work = ref MemoryMarshal.GetArrayDataReference(Work);
        ref var upper = ref MemoryMarshal.GetArrayDataReference(_upper);
        ref var upperColumn = ref MemoryMarshal.GetArrayDataReference(pattern.UpperColumn);
        var end = pattern.LowerStart[i + 1];
        for (var p = pattern.LowerStart[i]; p < end; p++)
        {
            var k = pattern.LowerColumn[p];
            ref var entry = ref Unsafe.Add(ref work, k);
            var factor = Multiply(entry, _inverse[k]);
            entry = default;
            _lower[p] = factor;
            // Rows of the product: first column of the factor times the first row of the block, plus second column times the second row.
            var first = Vector256.Shuffle(factor, Vector256.Create(0L, 0, 2, 2));
            var second = Vector256.Shuffle(factor, Vector256.Create(1L, 1, 3, 3));
            var last = pattern.UpperStart[k + 1];
            for (var q = pattern.UpperStart[k]; q < last; q++)
            {
                var block = Unsafe.Add(ref upper, q);
                ref var target = ref Unsafe.Add(ref work, Unsafe.Add(ref upperColumn, q));
                target -= (first * Vector256.Shuffle(block, Vector256.Create(0L, 1, 0, 1))) + (second * Vector256.Shuffle(block, Vector256.Create(2L, 3, 2, 3)));
            }
        }

        var greatest = Vector256<double>.Zero;
        for (var q = pattern.UpperStart[i]; q < pattern.UpperStart[i + 1]; q++)
        {
            ref var entry = ref Unsafe.Add(ref work, Unsafe.Add(ref upperColumn, q));
            Unsafe.Add(ref upper, q) = entry;
            greatest = Vector256.Max(greatest, Vector256.Abs(entry));
            entry = default;
        }

        ref var pivot = ref Unsafe.Add(ref work, i);
        double a = pivot[0], b = pivot[1], c = pivot[2], d = pivot[3];
        pivot = default;
        var determinant = a * d - b * c;
        var regular = Math.Abs(determinant) > SparseLu.Tiny * (Math.Abs(a * d) + Math.Abs(b * c))
            && Math.Max(Math.Abs(a), Math.Abs(b)) > SparseLu.Tiny * Math.Max(greatest[0], greatest[1]) && Math.Max(Math.Abs(c), Math.Abs(d)) > SparseLu.Tiny * Math.Max(greatest[2], greatest[3]);
        if (!regular)
        {
            return false;
        }

        _inverse[i] = Vector256.Create(d, -b, -c, a) / Vector256.Create(determinant);
        return true;
    }

    /// <summary>Solves in place; two numbers for each block, in elimination order.</summary>
    public void Solve(Vector128<double>[] vector)
    {
        for (var i = 0; i < pattern.Size; i++)
        {
            var sum = vector[i];
            for (var p = pattern.LowerStart[i]; p < pattern.LowerStart[i + 1]; p++)
            {
                sum -= Multiply(_lower[p], vector[pattern.LowerColumn[p]]);
            }

            vector[i] = sum;
        }

        for (var i = pattern.Size - 1; i >= 0; i--)
        {
            var sum = vector[i];
            for (var q = pattern.UpperStart[i]; q < pattern.UpperStart[i + 1]; q++)
            {
                sum -= Multiply(_upper[q], vector[pattern.UpperColumn[q]]);
            }

            vector[i] = Multiply(_inverse[i], sum);
        }
    }

    /// <summary>Clears the work row after a factorisation that stopped at a singular pivot.</summary>
    public void Reset() => Array.Clear(Work);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> Multiply(Vector256<double> left, Vector256<double> right) =>
        (Vector256.Shuffle(left, Vector256.Create(0L, 0, 2, 2)) * Vector256.Shuffle(right, Vector256.Create(0L, 1, 0, 1)))
        + (Vector256.Shuffle(left, Vector256.Create(1L, 1, 3, 3)) * Vector256.Shuffle(right, Vector256.Create(2L, 3, 2, 3)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<double> Multiply(Vector256<double> block, Vector128<double> vector)
    {
        var product = block * Vector256.Create(vector, vector);
        Vector128<double> upper = product.GetLower(), lower = product.GetUpper();
        return Vector128.Create(upper[0] + upper[1], lower[0] + lower[1]);
    }
}
