namespace LivingCity.Twin.Models.Numerics;

/// <summary>
/// Approximate minimum degree ordering on a quotient graph: Amestoy, Davis and Duff (1996), "An approximate minimum degree ordering algorithm",
/// SIAM Journal on Matrix Analysis and Applications 17, 886–905, without supervariables.
/// </summary>
internal sealed class MinimumDegree
{
    private readonly List<int>[] _variables;
    private readonly List<int>[] _elements;
    private readonly List<int>?[] _members;
    private readonly int[] _degree;
    private readonly int[] _mark;
    private readonly int[] _overlap;
    private readonly int[] _overlapStamp;
    private readonly bool[] _eliminated;
    private readonly PriorityQueue<int, (int Degree, int Index)> _queue = new();
    private int _stamp;

    private MinimumDegree(List<int>[] neighbours)
    {
        var n = neighbours.Length;
        _variables = [.. neighbours.Select(list => new List<int>(list))];
        _elements = [.. neighbours.Select(_ => new List<int>())];
        _members = new List<int>?[n];
        _degree = [.. neighbours.Select(list => list.Count)];
        _mark = new int[n];
        _overlap = new int[n];
        _overlapStamp = new int[n];
        _eliminated = new bool[n];
    }

    /// <summary>Order of elimination of a symmetric pattern.</summary>
    /// <param name="neighbours">For each node the nodes it is joined to, without itself and without repeats.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    /// <returns>Nodes in the order in which they are eliminated; ties go to the lower index, so the order is always the same.</returns>
    public static int[] Order(List<int>[] neighbours, CancellationToken cancellationToken = default) => new MinimumDegree(neighbours).Run(cancellationToken);

    private int[] Run(CancellationToken cancellationToken)
    {
        var n = _degree.Length;
        var order = new int[n];
        for (var i = 0; i < n; i++)
        {
            _queue.Enqueue(i, (_degree[i], i));
        }

        for (var k = 0; k < n;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            // Stale entries stay in the queue; the one with the current degree counts.
            _queue.TryDequeue(out var pivot, out var priority);
            if (!_eliminated[pivot] && priority.Degree == _degree[pivot])
            {
                order[k++] = pivot;
                Eliminate(pivot, n - k);
            }
        }

        return order;
    }

    private void Eliminate(int pivot, int remaining)
    {
        _eliminated[pivot] = true;
        var front = Front(pivot);
        var stamp = _stamp;
        foreach (var i in front)
        {
            foreach (var e in _elements[i])
            {
                if (_members[e] is { } members)
                {
                    _overlap[e] = (_overlapStamp[e] == stamp ? _overlap[e] : members.Count) - 1;
                    _overlapStamp[e] = stamp;
                }
            }
        }

        foreach (var i in front)
        {
            _variables[i].RemoveAll(j => _mark[j] == stamp || _eliminated[j]);
            _elements[i].RemoveAll(e => _members[e] is null);
            var outside = _variables[i].Count + front.Count - 1;
            foreach (var e in _elements[i])
            {
                outside += _overlap[e];
            }

            _elements[i].Add(pivot);
            var degree = Math.Min(Math.Min(remaining - 1, _degree[i] + front.Count - 1), outside);
            if (degree != _degree[i])
            {
                _degree[i] = degree;
                _queue.Enqueue(i, (degree, i));
            }
        }

        _members[pivot] = front;
        _variables[pivot] = [];
        _elements[pivot] = [];
    }

    // The nodes that the pivot joins: its own neighbours and those of the elements it absorbs.
    private List<int> Front(int pivot)
    {
        _stamp++;
        _mark[pivot] = _stamp;
        List<int> front = [];
        Add(_variables[pivot]);
        foreach (var e in _elements[pivot])
        {
            if (_members[e] is { } members)
            {
                Add(members);
                _members[e] = null;
            }
        }

        return front;

        void Add(List<int> nodes)
        {
            foreach (var j in nodes)
            {
                if (!_eliminated[j] && _mark[j] != _stamp)
                {
                    _mark[j] = _stamp;
                    front.Add(j);
                }
            }
        }
    }
}
