using System.Numerics;

namespace LivingCity.Twin.Models.PowerGrid;

/// <summary>Bus admittance matrix in p.u., by rows, the diagonal apart. Parallel branches are one entry.</summary>
internal sealed class AdmittanceMatrix
{
    private AdmittanceMatrix(Complex[] diagonal, int[] start, int[] column, Complex[] value) => (Diagonal, Start, Column, Value) = (diagonal, start, column, value);

    public Complex[] Diagonal { get; }

    public int[] Start { get; }

    public int[] Column { get; }

    public Complex[] Value { get; }

    public static AdmittanceMatrix Build(Complex[] shunts, BranchModel[] branches)
    {
        Complex[] diagonal = [.. shunts];
        var rows = new SortedDictionary<int, Complex>[shunts.Length];
        for (var i = 0; i < rows.Length; i++)
        {
            rows[i] = [];
        }

        foreach (var b in branches)
        {
            if (b.From == b.To)
            {
                diagonal[b.From] += b.FromFrom + b.FromTo + b.ToFrom + b.ToTo;
                continue;
            }

            diagonal[b.From] += b.FromFrom;
            diagonal[b.To] += b.ToTo;
            rows[b.From][b.To] = rows[b.From].GetValueOrDefault(b.To) + b.FromTo;
            rows[b.To][b.From] = rows[b.To].GetValueOrDefault(b.From) + b.ToFrom;
        }

        var start = new int[rows.Length + 1];
        for (var i = 0; i < rows.Length; i++)
        {
            start[i + 1] = start[i] + rows[i].Count;
        }

        return new(diagonal, start, [.. rows.SelectMany(r => r.Keys)], [.. rows.SelectMany(r => r.Values)]);
    }
}
