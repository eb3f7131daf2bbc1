namespace LivingCity.Twin.Models.Numerics;

/// <summary>
/// LU factors of a sparse matrix with symmetric pattern and diagonal pivots, over a <see cref="SymbolicFactor"/> that is shared. Storage is made once; factorising
/// again allocates nothing. Where a diagonal pivot is tiny beside its row, factors with pivoting take their place. Not thread safe: one for each thread.
/// </summary>
internal sealed class SparseLu(SymbolicFactor pattern)
{
    private readonly double[] _lower = new double[pattern.LowerColumn.Length];
    private readonly double[] _upper = new double[pattern.UpperColumn.Length];
    private readonly double[] _inverse = new double[pattern.Size];
    private readonly double[] _work = new double[pattern.Size];
    private PivotingLu? _pivoting;

    /// <summary>Share of the greatest entry of its row below which a pivot is tiny: its digits are mostly rounding.</summary>
    public const double Tiny = 1e-8;

    /// <summary>Factorises; the delegate adds the entries of one row (by elimination step) to the work vector (by elimination step).</summary>
    /// <returns>False where the matrix is singular.</returns>
    public bool Factorise(Action<int, double[]> scatterRow)
    {
        _pivoting = null;
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

            if (!(Math.Abs(_work[i]) > Tiny * scale))
            {
                return FactorisePivoting(scatterRow);
            }

            _inverse[i] = 1 / _work[i];
        }

        return true;
    }

    /// <summary>Solves in place; the vector is in elimination order.</summary>
    public void Solve(Span<double> vector)
    {
        if (_pivoting is not null)
        {
            _pivoting.Solve(vector);
            return;
        }

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

    private bool FactorisePivoting(Action<int, double[]> scatterRow)
    {
        var columns = new List<(int Row, double Value)>[pattern.Size];
        for (var i = 0; i < columns.Length; i++)
        {
            columns[i] = [];
        }

        for (var i = 0; i < pattern.Size; i++)
        {
            ClearRow(i);
            scatterRow(i, _work);
            foreach (var column in pattern.ColumnsOf(i))
            {
                if (_work[column] != 0)
                {
                    columns[column].Add((i, _work[column]));
                }
            }
        }

        _pivoting = PivotingLu.Factorise(columns);
        return _pivoting is not null;
    }

    private void ClearRow(int i)
    {
        foreach (var column in pattern.ColumnsOf(i))
        {
            _work[column] = 0;
        }
    }
}
