using System.Numerics.Tensors;
using LivingCity.Twin.Models.Geo;

namespace LivingCity.Twin.Models.Heat;

/// <summary>Sums and averages of a raster around every cell. Cells without a value take no part; near the edges only the weight that falls inside counts.</summary>
public static class KernelAverage
{
    /// <summary>Average with the weight exp(−distance/decay), out to five times the decay.</summary>
    /// <param name="raster">Values.</param>
    /// <param name="decay">Distance over which the weight falls to 1/e, in cells; 0 gives the raster itself.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public static Raster Exponential(Raster raster, int decay, CancellationToken cancellationToken = default)
    {
        if (decay <= 0)
        {
            return raster.With([.. raster.Values]);
        }

        var reach = 5 * decay;
        var (sum, weight) = Convolve(raster, reach, (dx, dy) => Math.Sqrt(dx * dx + dy * dy) is var d && d > reach ? 0 : Math.Exp(-d / decay), cancellationToken);
        return raster.With([.. sum.Select((s, i) => double.IsNaN(raster.Values[i]) ? double.NaN : s / weight[i])]);
    }

    /// <summary>Sum over the cells within a distance, given in cells.</summary>
    public static Raster DiscSum(Raster raster, double reach, CancellationToken cancellationToken = default) =>
        raster.With(Convolve(raster, (int)Math.Floor(reach), (dx, dy) => dx * dx + dy * dy <= reach * reach ? 1 : 0, cancellationToken).Sum);

    /// <summary>Sum with weights by the offset in columns and rows, out to a reach in cells.</summary>
    public static Raster Sum(Raster raster, int reach, Func<int, int, double> weight, CancellationToken cancellationToken = default) =>
        raster.With(Convolve(raster, reach, weight, cancellationToken).Sum);

    // Row by row: every row of the kernel is a vector operation over a row of the raster.
    private static (double[] Sum, double[] Weight) Convolve(Raster raster, int reach, Func<int, int, double> kernel, CancellationToken cancellationToken)
    {
        int columns = raster.Columns, rows = raster.Rows, padded = columns + 2 * reach;
        var side = 2 * reach + 1;
        double[] weights = [.. Enumerable.Range(0, side * side).Select(i => kernel(i % side - reach, i / side - reach))];
        double[] values = new double[padded * rows], present = new double[padded * rows];
        for (var i = 0; i < raster.Values.Length; i++)
        {
            if (!double.IsNaN(raster.Values[i]))
            {
                values[i / columns * padded + reach + i % columns] = raster.Values[i];
                present[i / columns * padded + reach + i % columns] = 1;
            }
        }

        double[] sum = new double[raster.Values.Length], weight = new double[raster.Values.Length];
        Parallel.For(0, rows, new ParallelOptions { CancellationToken = cancellationToken, MaxDegreeOfParallelism = Environment.ProcessorCount }, row =>
        {
            Span<double> sumRow = sum.AsSpan(row * columns, columns), weightRow = weight.AsSpan(row * columns, columns);
            for (var dy = Math.Max(-reach, -row); dy <= Math.Min(reach, rows - 1 - row); dy++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                for (var dx = -reach; dx <= reach; dx++)
                {
                    if (weights[(dy + reach) * side + dx + reach] is > 0 and var w)
                    {
                        var at = (row + dy) * padded + reach + dx;
                        TensorPrimitives.MultiplyAdd(values.AsSpan(at, columns), w, sumRow, sumRow);
                        TensorPrimitives.MultiplyAdd(present.AsSpan(at, columns), w, weightRow, weightRow);
                    }
                }
            }
        });
        return (sum, weight);
    }
}
