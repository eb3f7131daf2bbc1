namespace LivingCity.Twin.Models.Numerics;

/// <summary>
/// Sparse LU with threshold partial pivoting: Gilbert and Peierls (1988), SIAM Journal on Scientific and Statistical Computing 9, 862–874. Slower than factors over a pattern that is known beforehand, and the way out where one of
/// their diagonal pivots is tiny. Columns are eliminated in the order in which they are given.
/// </summary>
internal sealed class PivotingLu
{
    // The diagonal is kept as pivot, for the sake of sparsity, unless another entry is ten times as large.
    private const double Threshold = 0.1;

    private readonly List<(int Row, double Value)>[] _lower;
    private readonly List<(int Step, double Value)>[] _upper;
    private readonly double[] _pivot;
    private readonly int[] _rowOfStep;
    private readonly int[] _stepOfRow;

    // While factorising: the column under work, which rows of it are not zero, and in which order the steps before must be applied.
    private readonly double[] _work;
    private readonly int[] _mark;
    private readonly List<int> _reach = [];
    private readonly Stack<(int Row, int Next)> _path = new();

    private PivotingLu(int size)
    {
        (_lower, _upper) = (new List<(int, double)>[size], new List<(int, double)>[size]);
        (_pivot, _work) = (new double[size], new double[size]);
        (_rowOfStep, _stepOfRow, _mark) = (new int[size], new int[size], new int[size]);
        Array.Fill(_stepOfRow, -1);
        Array.Fill(_mark, -1);
    }

    /// <summary>Factorises a square matrix given by columns; rows of a column in any order, each once.</summary>
    /// <returns>The factors, or null where the matrix is singular to working precision.</returns>
    public static PivotingLu? Factorise(IReadOnlyList<IReadOnlyList<(int Row, double Value)>> columns)
    {
        var factors = new PivotingLu(columns.Count);
        for (var step = 0; step < columns.Count; step++)
        {
            if (!factors.Eliminate(step, columns[step]))
            {
                return null;
            }
        }

        return factors;
    }

    /// <summary>Solves in place.</summary>
    public void Solve(Span<double> vector)
    {
        var solution = new double[vector.Length];
        for (var step = 0; step < solution.Length; step++)
        {
            var value = vector[_rowOfStep[step]];
            solution[step] = value;
            foreach (var (row, factor) in _lower[step])
            {
                vector[row] -= factor * value;
            }
        }

        for (var step = solution.Length - 1; step >= 0; step--)
        {
            var value = solution[step] /= _pivot[step];
            foreach (var (before, entry) in _upper[step])
            {
                solution[before] -= entry * value;
            }
        }

        solution.CopyTo(vector);
    }

    private bool Eliminate(int step, IReadOnlyList<(int Row, double Value)> column)
    {
        _reach.Clear();
        var scale = 0.0;
        foreach (var (row, value) in column)
        {
            Visit(row, step);
            _work[row] = value;
            scale = Math.Max(scale, Math.Abs(value));
        }

        // The reach is found depth first, so its reverse is an order in which every step comes before those that it changes.
        List<(int, double)> upper = [];
        for (var i = _reach.Count - 1; i >= 0; i--)
        {
            var row = _reach[i];
            var earlier = _stepOfRow[row];
            if (earlier >= 0)
            {
                var value = _work[row];
                upper.Add((earlier, value));
                foreach (var (below, factor) in _lower[earlier])
                {
                    _work[below] -= factor * value;
                }
            }
        }

        List<int> open = [.. _reach.Where(row => _stepOfRow[row] < 0)];
        var best = open.Count > 0 ? open.MaxBy(row => Math.Abs(_work[row])) : -1;
        var singular = best < 0 || !(Math.Abs(_work[best]) > 1e-14 * scale);
        var pivotRow = !singular && open.Contains(step) && Math.Abs(_work[step]) >= Threshold * Math.Abs(_work[best]) ? step : best;
        List<(int, double)> lower = [];
        if (!singular)
        {
            (_pivot[step], _rowOfStep[step], _stepOfRow[pivotRow]) = (_work[pivotRow], pivotRow, step);
            lower.AddRange(open.Where(row => row != pivotRow && _work[row] != 0).Select(row => (row, _work[row] / _pivot[step])));
        }

        _reach.ForEach(row => _work[row] = 0);
        (_lower[step], _upper[step]) = (lower, upper);
        return !singular;
    }

    // Depth first over the rows that a row changes once it is eliminated, without recursion: chains are as long as a feeder.
    private void Visit(int start, int step)
    {
        if (_mark[start] == step)
        {
            return;
        }

        _mark[start] = step;
        _path.Push((start, 0));
        while (_path.TryPop(out var top))
        {
            var below = _stepOfRow[top.Row] is >= 0 and var earlier ? _lower[earlier] : [];
            var next = top.Next;
            while (next < below.Count && _mark[below[next].Row] == step)
            {
                next++;
            }

            if (next == below.Count)
            {
                _reach.Add(top.Row);
                continue;
            }

            _path.Push((top.Row, next + 1));
            _mark[below[next].Row] = step;
            _path.Push((below[next].Row, 0));
        }
    }
}
