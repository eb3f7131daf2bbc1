namespace LivingCity.Twin.Models.Numerics;

/// <summary>
/// LU factors of a sparse matrix with symmetric pattern and diagonal pivots, over a <see cref="SymbolicFactor"/> that is shared. Storage is made once; factorising
/// again allocates nothing. Not thread safe: one for each thread.
/// </summary>
internal sealed class SparseLu(SymbolicFactor pattern)
{
    private readonly double[] _lower = new double[pattern.LowerColumn.Length];
    private readonly double[] _upper = new double[pattern.UpperColumn.Length];
    private readonly double[] _inverse = new double[pattern.Size];
    private readonly double[] _work = new double[pattern.Size];

    /// <summary>Factorises; the delegate adds the entries of one row (by elimination step) to the work vector (by elimination step).</summary>
    /// <returns>False where a pivot vanishes, so the matrix is singular.</returns>
    public bool Factorise(Action<int, double[]> scatterRow)
    {
        for (var i = 0; i < pattern.Size; i++)
        {
            ClearRow(i);
            scatterRow(i, _work);
            var scale = 0.0;
            for (var p = pattern.LowerStart[i]; p < pattern.LowerStart[i + 1]; p++)
            {
                var k = pattern.LowerColumn[p];
                scale = Math.Max(scale, Math.Abs(_work[k]));
                var factor = _work[k] * _inverse[k];
                _lower[p] = factor;
                for (var q = pattern.UpperStart[k]; q < pattern.UpperStart[k + 1]; q++)
                {
                    _work[pattern.UpperColumn[q]] -= factor * _upper[q];
                }
            }

            for (var q = pattern.UpperStart[i]; q < pattern.UpperStart[i + 1]; q++)
            {
                _upper[q] = _work[pattern.UpperColumn[q]];
                scale = Math.Max(scale, Math.Abs(_upper[q]));
            }

            if (!(Math.Abs(_work[i]) > 1e-14 * scale))
            {
                return false;
            }

            _inverse[i] = 1 / _work[i];
        }

        return true;
    }

    /// <summary>Solves in place; the vector is in elimination order.</summary>
    public void Solve(Span<double> vector)
    {
        for (var i = 0; i < pattern.Size; i++)
        {
            var sum = vector[i];
            for (var p = pattern.LowerStart[i]; p < pattern.LowerStart[i + 1]; p++)
            {
                sum -= _lower[p] * vector[pattern.LowerColumn[p]];
            }

            vector[i] = sum;
        }

        for (var i = pattern.Size - 1; i >= 0; i--)
        {
            var sum = vector[i];
            for (var q = pattern.UpperStart[i]; q < pattern.UpperStart[i + 1]; q++)
            {
                sum -= _upper[q] * vector[pattern.UpperColumn[q]];
            }

            vector[i] = sum * _inverse[i];
        }
    }

    private void ClearRow(int i)
    {
        _work[i] = 0;
        for (var p = pattern.LowerStart[i]; p < pattern.LowerStart[i + 1]; p++)
        {
            _work[pattern.LowerColumn[p]] = 0;
        }

        for (var q = pattern.UpperStart[i]; q < pattern.UpperStart[i + 1]; q++)
        {
            _work[pattern.UpperColumn[q]] = 0;
        }
    }
}
