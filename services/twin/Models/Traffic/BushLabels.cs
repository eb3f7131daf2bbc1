namespace LivingCity.Twin.Models.Traffic;

/// <summary>Costs from the origin of a bush to every node: along its shortest and longest paths, and for the gap along any path of the network. Keeps its storage.</summary>
internal sealed class BushLabels(RoadNetwork network, LinkTimes times, double[][] fixedCost, int[][] usable, int[] from, int[] to)
{
    private const double NoPath = double.PositiveInfinity;

    private readonly (int[] Start, int[] Links) _leaving = ShortestPathTree.Leaving(network.Nodes, from);
    private readonly bool[] _waiting = new bool[network.Nodes];
    private readonly Queue<int> _shortened = new();

    /// <summary>Cost of the shortest path to each node.</summary>
    public double[] Shortest { get; } = new double[network.Nodes];

    /// <summary>Cost of the longest path to each node over links that stay.</summary>
    public double[] Longest { get; } = new double[network.Nodes];

    /// <summary>Entry of the bush by which the shortest path reaches each node.</summary>
    public int[] ShortestEntry { get; } = new int[network.Nodes];

    /// <summary>Whether traffic of a bush may leave a node.</summary>
    public bool MayLeave(Bush bush, int node) => node >= network.FirstThroughNode - 1 || node == bush.Origin;

    /// <summary>Shortest labels over the whole bush; longest labels over what stays in it when it is updated: used links, and the shortest link into each node.</summary>
    /// <returns>Whether there is a link that does not stay.</returns>
    public bool Update(Bush bush)
    {
        var cost = fixedCost[bush.Class];
        Array.Fill(Shortest, NoPath);
        Array.Fill(Longest, NoPath);
        Shortest[bush.Origin] = Longest[bush.Origin] = 0;
        var dropped = false;
        for (var place = 1; place < bush.Order.Length; place++)
        {
            double best = NoPath, worst = 0;
            var bestEntry = -1;
            for (var e = bush.Start[place]; e < bush.Start[place + 1]; e++)
            {
                var link = bush.Link[e];
                var label = Shortest[from[link]] + times.Time[link] + cost[link];
                if (label < best)
                {
                    (best, bestEntry) = (label, e);
                }
            }

            for (var e = bush.Start[place]; e < bush.Start[place + 1]; e++)
            {
                if (bush.Flow[e] > 0 || e == bestEntry)
                {
                    var link = bush.Link[e];
                    worst = Math.Max(worst, Longest[from[link]] + times.Time[link] + cost[link]);
                }
                else
                {
                    dropped = true;
                }
            }

            var node = bush.Order[place];
            (Shortest[node], Longest[node], ShortestEntry[node]) = (best, worst, bestEntry);
        }

        return dropped;
    }

    /// <summary>Sum over the bush of flow × excess of the link over the shortest path in the whole network. The labels start from the bush and are corrected until no link of the network shortens any.</summary>
    public double Excess(Bush bush)
    {
        var cost = fixedCost[bush.Class];
        Update(bush);
        foreach (var link in usable[bush.Class])
        {
            Shorten(bush, link, cost);
        }

        while (_shortened.TryDequeue(out var node))
        {
            _waiting[node] = false;
            for (var p = _leaving.Start[node]; p < _leaving.Start[node + 1]; p++)
            {
                Shorten(bush, _leaving.Links[p], cost);
            }
        }

        var excess = 0.0;
        for (var e = 0; e < bush.Link.Length; e++)
        {
            if (bush.Flow[e] > 0)
            {
                var link = bush.Link[e];
                excess += bush.Flow[e] * (Shortest[from[link]] + times.Time[link] + cost[link] - Shortest[to[link]]);
            }
        }

        return excess;
    }

    // Infinite costs, of closed links, shorten nothing.
    private void Shorten(Bush bush, int link, double[] cost)
    {
        int tail = from[link], head = to[link];
        var label = Shortest[tail] + times.Time[link] + cost[link];
        if (label < Shortest[head] && MayLeave(bush, tail))
        {
            Shortest[head] = label;
            if (!_waiting[head])
            {
                _waiting[head] = true;
                _shortened.Enqueue(head);
            }
        }
    }
}
