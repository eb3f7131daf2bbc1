namespace LivingCity.Twin.Models.Traffic;

/// <summary>Dijkstra's algorithm from one origin, for the first bush of a commodity.</summary>
internal sealed class ShortestPathTree
{
    private readonly int[] _start;
    private readonly int[] _leaving;
    private readonly int[] _to;
    private readonly double[] _label;
    private readonly int[] _via;
    private readonly PriorityQueue<int, double> _queue = new();

    public ShortestPathTree(int nodes, int[] from, int[] to)
    {
        _to = to;
        (_start, _leaving) = Leaving(nodes, from);
        (_label, _via) = (new double[nodes], new int[nodes]);
    }

    /// <summary>Cost of the shortest path to each node; infinite where there is none.</summary>
    public double[] Label => _label;

    /// <summary>Link by which the shortest path enters each node, −1 for none.</summary>
    public int[] Via => _via;

    /// <summary>Links by the node that they leave: those of a node stand from its start to that of the next.</summary>
    public static (int[] Start, int[] Links) Leaving(int nodes, int[] from)
    {
        var start = new int[nodes + 1];
        foreach (var node in from)
        {
            start[node + 1]++;
        }

        for (var i = 0; i < nodes; i++)
        {
            start[i + 1] += start[i];
        }

        var next = start.AsSpan(0, nodes).ToArray();
        var links = new int[from.Length];
        for (var link = 0; link < from.Length; link++)
        {
            links[next[from[link]]++] = link;
        }

        return (start, links);
    }

    public void Run(int origin, Func<int, double> cost, Func<int, bool> mayLeave)
    {
        Array.Fill(_label, double.PositiveInfinity);
        Array.Fill(_via, -1);
        _label[origin] = 0;
        _queue.Clear();
        _queue.Enqueue(origin, 0);
        while (_queue.TryDequeue(out var node, out var label))
        {
            if (label > _label[node] || !mayLeave(node))
            {
                continue;
            }

            for (var p = _start[node]; p < _start[node + 1]; p++)
            {
                var link = _leaving[p];
                var head = _to[link];
                var candidate = label + cost(link);
                if (candidate < _label[head] && head != origin)
                {
                    _label[head] = candidate;
                    _via[head] = link;
                    _queue.Enqueue(head, candidate);
                }
            }
        }
    }
}
