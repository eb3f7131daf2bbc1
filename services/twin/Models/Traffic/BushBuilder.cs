namespace LivingCity.Twin.Models.Traffic;

/// <summary>Puts the links of a bush into topological order. Keeps its storage.</summary>
internal sealed class BushBuilder(int nodes, int[] from, int[] to)
{
    private readonly int[] _entering = new int[nodes];
    private readonly int[] _place = new int[nodes];
    private readonly int[] _leavingStart = new int[nodes + 1];
    private readonly double[] _flowOfLink = new double[from.Length];
    private readonly List<int> _links = [];
    private int[] _leaving = [];

    /// <summary>Links to take in besides those that are marked.</summary>
    public List<int> Added { get; } = [];

    /// <summary>Rebuilds a bush from its marked links and the added ones; flows stay with their links.</summary>
    public void Rebuild(Bush bush, int[] mark, int stamp)
    {
        _links.Clear();
        for (var e = 0; e < bush.Link.Length; e++)
        {
            if (mark[bush.Link[e]] == stamp)
            {
                _links.Add(bush.Link[e]);
                _flowOfLink[bush.Link[e]] = bush.Flow[e];
            }
        }

        foreach (var link in Added)
        {
            _links.Add(link);
            _flowOfLink[link] = 0;
        }

        Order(bush);
    }

    /// <summary>Makes a bush of the links given, with the flows given by link.</summary>
    public void Make(Bush bush, IEnumerable<int> links, double[] flowOfLink)
    {
        _links.Clear();
        foreach (var link in links)
        {
            _links.Add(link);
            _flowOfLink[link] = flowOfLink[link];
        }

        Order(bush);
    }

    // Kahn (1962), with the queue kept in the order itself.
    private void Order(Bush bush)
    {
        Array.Clear(_entering);
        Array.Clear(_leavingStart);
        foreach (var link in _links)
        {
            _entering[to[link]]++;
            _leavingStart[from[link] + 1]++;
        }

        var reached = 1;
        for (var i = 0; i < nodes; i++)
        {
            _leavingStart[i + 1] += _leavingStart[i];
            reached += _entering[i] > 0 ? 1 : 0;
        }

        if (_leaving.Length < _links.Count)
        {
            _leaving = new int[_links.Count * 2];
        }

        Span<int> next = _place;
        _leavingStart.AsSpan(0, nodes).CopyTo(next);
        foreach (var link in _links)
        {
            _leaving[next[from[link]]++] = link;
        }

        var order = new int[reached];
        var start = new int[reached + 1];
        order[0] = bush.Origin;
        int count = 1, merges = 0;
        for (var k = 0; k < count; k++)
        {
            var node = order[k];
            for (var p = _leavingStart[node]; p < _leavingStart[node + 1]; p++)
            {
                var head = to[_leaving[p]];
                if (--_entering[head] == 0)
                {
                    order[count++] = head;
                }
            }
        }

        if (count != reached)
        {
            throw new InvalidOperationException("A bush has a cycle.");
        }

        for (var k = 0; k < reached; k++)
        {
            _place[order[k]] = k;
        }

        foreach (var link in _links)
        {
            start[_place[to[link]] + 1]++;
        }

        for (var k = 0; k < reached; k++)
        {
            merges += start[k + 1] > 1 ? 1 : 0;
            start[k + 1] += start[k];
        }

        int[] entry = new int[_links.Count], merge = new int[merges];
        var flow = new double[_links.Count];
        for (var k = reached; k > 0; k--)
        {
            if (start[k] - start[k - 1] > 1)
            {
                merge[--merges] = k - 1;
            }
        }

        Span<int> fill = _entering;
        start.AsSpan(0, reached).CopyTo(fill);
        foreach (var link in _links)
        {
            var e = fill[_place[to[link]]]++;
            entry[e] = link;
            flow[e] = _flowOfLink[link];
        }

        (bush.Order, bush.Start, bush.Link, bush.Flow, bush.Merges) = (order, start, entry, flow, merge);
    }
}
