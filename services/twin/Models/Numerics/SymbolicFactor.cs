namespace LivingCity.Twin.Models.Numerics;

/// <summary>
/// Pattern of the LU factors of a matrix with symmetric pattern: found once, and used by every numeric factorisation after it. Rows of L and of U are kept in
/// compressed form with rising columns; U has the pattern of the transpose of L. Immutable and thread safe.
/// </summary>
internal sealed class SymbolicFactor
{
    private SymbolicFactor(int[] order, int[] position, int[] lowerStart, int[] lowerColumn, int[] upperStart, int[] upperColumn) =>
        (Order, Position, LowerStart, LowerColumn, UpperStart, UpperColumn) = (order, position, lowerStart, lowerColumn, upperStart, upperColumn);

    /// <summary>Node eliminated at each step.</summary>
    public int[] Order { get; }

    /// <summary>Step at which each node is eliminated.</summary>
    public int[] Position { get; }

    public int[] LowerStart { get; }

    public int[] LowerColumn { get; }

    public int[] UpperStart { get; }

    public int[] UpperColumn { get; }

    public int Size => Order.Length;

    /// <summary>All columns of a row of the factors, rising.</summary>
    public IEnumerable<int> ColumnsOf(int row) => [.. LowerColumn.AsSpan(LowerStart[row], LowerStart[row + 1] - LowerStart[row]), row, .. UpperColumn.AsSpan(UpperStart[row], UpperStart[row + 1] - UpperStart[row])];

    public static SymbolicFactor Analyse(List<int>[] neighbours, CancellationToken cancellationToken = default)
    {
        var n = neighbours.Length;
        var order = MinimumDegree.Order(neighbours, cancellationToken);
        var position = new int[n];
        for (var k = 0; k < n; k++)
        {
            position[order[k]] = k;
        }

        // Row i of L is what its neighbours before i reach in the elimination tree (Liu 1990).
        var parent = new int[n];
        var mark = new int[n];
        Array.Fill(parent, -1);
        Array.Fill(mark, -1);
        var lowerStart = new int[n + 1];
        List<int> lowerColumn = [];
        var upperCount = new int[n];
        for (var i = 0; i < n; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            mark[i] = i;
            var first = lowerColumn.Count;
            foreach (var neighbour in neighbours[order[i]])
            {
                for (var k = position[neighbour]; k < i && mark[k] != i; k = parent[k])
                {
                    mark[k] = i;
                    lowerColumn.Add(k);
                    upperCount[k]++;
                    if (parent[k] < 0)
                    {
                        parent[k] = i;
                    }
                }
            }

            lowerColumn.Sort(first, lowerColumn.Count - first, null);
            lowerStart[i + 1] = lowerColumn.Count;
        }

        var upperStart = new int[n + 1];
        for (var i = 0; i < n; i++)
        {
            upperStart[i + 1] = upperStart[i] + upperCount[i];
        }

        var upperColumn = new int[lowerColumn.Count];
        var next = upperStart.AsSpan(0, n).ToArray();
        for (var i = 0; i < n; i++)
        {
            for (var p = lowerStart[i]; p < lowerStart[i + 1]; p++)
            {
                upperColumn[next[lowerColumn[p]]++] = i;
            }
        }

        return new(order, position, lowerStart, [.. lowerColumn], upperStart, upperColumn);
    }
}
