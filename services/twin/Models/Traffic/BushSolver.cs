using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace LivingCity.Twin.Models.Traffic;

/// <summary>
/// Algorithm B: Dial (2006), "A path-based user-equilibrium traffic assignment algorithm that obviates path storage and enumeration", Transportation Research B 40, 917–936, with the bush
/// updates of Nie (2010), Transportation Research B 44, 73–89, and segments chosen by flow as in TAPAS (Bar-Gera 2010, Transportation Research B 44, 1022–1046). Costs of links are time plus the fixed cost of a class.
/// </summary>
internal sealed class BushSolver
{
    private const double NoPath = double.PositiveInfinity;

    private readonly LinkTimes _times;
    private readonly int[] _from;
    private readonly int[] _to;
    private readonly double[][] _fixed;
    private readonly int[][] _usable;
    private readonly int _firstThrough;

    private readonly double[] _shortest;
    private readonly double[] _longest;
    private readonly int[] _shortestEntry;
    private readonly int[] _busiestEntry;
    private readonly int[] _place;
    private readonly int[] _inBush;
    private readonly BushBuilder _builder;
    private readonly int[] _leavingStart;
    private readonly int[] _leaving;
    private readonly bool[] _waiting;
    private readonly Queue<int> _shortened = new();
    private double[] _label = [];
    private int _stamp;

    /// <summary>Makes the storage.</summary>
    /// <param name="network">Network.</param>
    /// <param name="times">Flows and times, shared with the caller.</param>
    /// <param name="fixedCost">For each class the cost of each link besides time; infinite where the link is closed.</param>
    public BushSolver(RoadNetwork network, LinkTimes times, double[][] fixedCost)
    {
        _times = times;
        _from = [.. network.Links.Select(l => l.From - 1)];
        _to = [.. network.Links.Select(l => l.To - 1)];
        _fixed = fixedCost;
        _firstThrough = network.FirstThroughNode - 1;
        _usable = [.. fixedCost.Select(cost => Enumerable.Range(0, _from.Length).Where(l => double.IsFinite(cost[l]) && _from[l] != _to[l]).ToArray())];
        (_shortest, _longest) = (new double[network.Nodes], new double[network.Nodes]);
        (_shortestEntry, _busiestEntry) = (new int[network.Nodes], new int[network.Nodes]);
        _place = new int[network.Nodes];
        _inBush = new int[_from.Length];
        _waiting = new bool[network.Nodes];
        (_leavingStart, _leaving) = ShortestPathTree.Leaving(network.Nodes, _from);
        _builder = new BushBuilder(network.Nodes, _from, _to);
    }

    public int[] From => _from;

    public int[] To => _to;

    /// <summary>Whether traffic of a bush may leave a node.</summary>
    public bool MayLeave(Bush bush, int node) => node >= _firstThrough || node == bush.Origin;

    /// <summary>
    /// Drops links that carry nothing, takes in links that shorten paths, and orders the bush anew. New links lead from lower to higher longest-path labels, which never fall along the links that stay, so no cycle can close.
    /// </summary>
    public void Improve(Bush bush)
    {
        var cost = _fixed[bush.Class];
        LabelForUpdate(bush, cost, out var dropped);
        _stamp++;
        for (var place = 1; place < bush.Order.Length; place++)
        {
            var kept = _shortestEntry[bush.Order[place]];
            for (var e = bush.Start[place]; e < bush.Start[place + 1]; e++)
            {
                if (bush.Flow[e] > 0 || e == kept)
                {
                    _inBush[bush.Link[e]] = _stamp;
                }
            }
        }

        var added = _builder.Added;
        added.Clear();
        foreach (var link in _usable[bush.Class])
        {
            int from = _from[link], to = _to[link];
            var step = _times.Time[link] + cost[link];
            // The small margin keeps rounding from adding links for ever.
            if (_shortest[from] + step < _shortest[to] * (1 - 1e-15) && _longest[from] < _longest[to] && _inBush[link] != _stamp && MayLeave(bush, from) && to != bush.Origin)
            {
                added.Add(link);
            }
        }

        if (dropped || added.Count > 0)
        {
            _builder.Rebuild(bush, _inBush, _stamp);
        }
    }

    /// <summary>
    /// One pass from the far end of the bush towards its origin: at every merge flow moves from each used link to the shortest path, over the segments between the merge and where both ways part, until they cost the same or one
    /// is empty. Upstream of the link the way with most flow is followed: the longest way often carries next to nothing, and would let nothing move.
    /// </summary>
    /// <returns>Sum over the bush of flow × excess of the link over the shortest path in the bush, before the pass.</returns>
    public double Equilibrate(Bush bush)
    {
        var cost = _fixed[bush.Class];
        LabelForShift(bush, cost);
        var excess = 0.0;
        for (var m = bush.Merges.Length - 1; m >= 0; m--)
        {
            var place = bush.Merges[m];
            var node = bush.Order[place];
            var shortest = _shortestEntry[node];
            for (var e = bush.Start[place]; e < bush.Start[place + 1]; e++)
            {
                if (bush.Flow[e] > 0 && e != shortest)
                {
                    excess += bush.Flow[e] * Math.Max(0, _label[e] - _shortest[node]);
                    _busiestEntry[node] = e;
                    Shift(bush, cost, node);
                }
            }
        }

        return excess;
    }

    /// <summary>Sum over the bush of flow × excess of the link over the shortest path in the whole network. The labels start from the bush and are corrected until no link of the network shortens any.</summary>
    public double Excess(Bush bush)
    {
        var cost = _fixed[bush.Class];
        LabelForUpdate(bush, cost, out _);
        foreach (var link in _usable[bush.Class])
        {
            Shorten(bush, link, cost);
        }

        while (_shortened.TryDequeue(out var node))
        {
            _waiting[node] = false;
            for (var p = _leavingStart[node]; p < _leavingStart[node + 1]; p++)
            {
                Shorten(bush, _leaving[p], cost);
            }
        }

        var excess = 0.0;
        for (var e = 0; e < bush.Link.Length; e++)
        {
            if (bush.Flow[e] > 0)
            {
                var link = bush.Link[e];
                excess += bush.Flow[e] * (_shortest[_from[link]] + _times.Time[link] + cost[link] - _shortest[_to[link]]);
            }
        }

        return excess;
    }

    // Infinite costs, of closed links, shorten nothing.
    private void Shorten(Bush bush, int link, double[] cost)
    {
        int from = _from[link], to = _to[link];
        var label = _shortest[from] + _times.Time[link] + cost[link];
        if (label < _shortest[to] && MayLeave(bush, from))
        {
            _shortest[to] = label;
            if (!_waiting[to])
            {
                _waiting[to] = true;
                _shortened.Enqueue(to);
            }
        }
    }

    // Shortest labels over the whole bush; longest labels over what stays in it: used links, and the shortest link into each node.
    private void LabelForUpdate(Bush bush, double[] cost, out bool dropped)
    {
        Array.Fill(_shortest, NoPath);
        Array.Fill(_longest, NoPath);
        _shortest[bush.Origin] = _longest[bush.Origin] = 0;
        dropped = false;
        for (var place = 1; place < bush.Order.Length; place++)
        {
            double best = NoPath, worst = 0;
            var bestEntry = -1;
            for (var e = bush.Start[place]; e < bush.Start[place + 1]; e++)
            {
                var link = bush.Link[e];
                var label = _shortest[_from[link]] + _times.Time[link] + cost[link];
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
                    worst = Math.Max(worst, _longest[_from[link]] + _times.Time[link] + cost[link]);
                }
                else
                {
                    dropped = true;
                }
            }

            var node = bush.Order[place];
            (_shortest[node], _longest[node], _shortestEntry[node]) = (best, worst, bestEntry);
        }
    }

    // Shortest labels, and the entering link that carries most.
    private void LabelForShift(Bush bush, double[] cost)
    {
        _shortest[bush.Origin] = 0;
        _place[bush.Origin] = 0;
        if (_label.Length < bush.Link.Length)
        {
            _label = new double[bush.Link.Length * 2];
        }

        ref var links = ref MemoryMarshal.GetArrayDataReference(bush.Link);
        ref var flows = ref MemoryMarshal.GetArrayDataReference(bush.Flow);
        ref var times = ref MemoryMarshal.GetArrayDataReference(_times.Time);
        ref var tails = ref MemoryMarshal.GetArrayDataReference(_from);
        ref var costs = ref MemoryMarshal.GetArrayDataReference(cost);
        ref var labels = ref MemoryMarshal.GetArrayDataReference(_label);
        ref var shortLabels = ref MemoryMarshal.GetArrayDataReference(_shortest);
        for (var place = 1; place < bush.Order.Length; place++)
        {
            double best = NoPath, most = -1;
            int bestEntry = -1, busiest = -1;
            var end = bush.Start[place + 1];
            for (var e = bush.Start[place]; e < end; e++)
            {
                var link = Unsafe.Add(ref links, e);
                var low = Unsafe.Add(ref shortLabels, Unsafe.Add(ref tails, link)) + Unsafe.Add(ref times, link) + Unsafe.Add(ref costs, link);
                Unsafe.Add(ref labels, e) = low;
                if (low < best)
                {
                    (best, bestEntry) = (low, e);
                }

                var flow = Unsafe.Add(ref flows, e);
                if (flow > most)
                {
                    (most, busiest) = (flow, e);
                }
            }

            var node = bush.Order[place];
            _place[node] = place;
            (_shortest[node], _shortestEntry[node], _busiestEntry[node]) = (best, bestEntry, busiest);
        }
    }

    private void Shift(Bush bush, double[] cost, int node)
    {
        int busyNode = _from[bush.Link[_busiestEntry[node]]], shortNode = _from[bush.Link[_shortestEntry[node]]];
        double difference = 0, slope = 0, room = NoPath;
        Take(_busiestEntry[node], 1);
        Take(_shortestEntry[node], -1);
        while (busyNode != shortNode)
        {
            if (_place[busyNode] > _place[shortNode])
            {
                var e = _busiestEntry[busyNode];
                Take(e, 1);
                busyNode = _from[bush.Link[e]];
            }
            else
            {
                var e = _shortestEntry[shortNode];
                Take(e, -1);
                shortNode = _from[bush.Link[e]];
            }
        }

        if (difference <= 0 || room <= 0)
        {
            return;
        }

        var move = slope > 0 ? Math.Min(room, difference / slope) : room;
        Move(bush, node, shortNode, _busiestEntry, -move, move == room);
        Move(bush, node, shortNode, _shortestEntry, move, false);

        void Take(int entry, int sign)
        {
            var link = bush.Link[entry];
            difference += sign * (_times.Time[link] + cost[link]);
            slope += _times.Derivative[link];
            room = sign > 0 ? Math.Min(room, bush.Flow[entry]) : room;
        }
    }

    private void Move(Bush bush, int node, int end, int[] entries, double change, bool empties)
    {
        while (node != end)
        {
            var entry = entries[node];
            var link = bush.Link[entry];
            var flow = bush.Flow[entry] + change;
            // What is left of an emptied path is rounding.
            bush.Flow[entry] = empties && flow < 1e-13 * -change ? 0 : Math.Max(flow, 0);
            _times.Add(link, change);
            node = _from[link];
        }
    }
}
