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

    private readonly BushLabels _labels;
    private readonly double[] _shortest;
    private readonly int[] _shortestEntry;
    private readonly int[] _busiestEntry;
    private readonly int[] _place;
    private readonly int[] _inBush;
    private readonly BushBuilder _builder;
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
        _usable = [.. fixedCost.Select(cost => Enumerable.Range(0, _from.Length).Where(l => double.IsFinite(cost[l]) && _from[l] != _to[l]).ToArray())];
        _labels = new BushLabels(network, times, fixedCost, _usable, _from, _to);
        (_shortest, _shortestEntry, _busiestEntry) = (_labels.Shortest, _labels.ShortestEntry, new int[network.Nodes]);
        _place = new int[network.Nodes];
        _inBush = new int[_from.Length];
        _builder = new BushBuilder(network.Nodes, _from, _to);
    }

    public int[] From => _from;

    public int[] To => _to;

    public BushLabels Labels => _labels;

    /// <summary>
    /// Drops links that carry nothing, takes in links that shorten paths, and orders the bush anew. New links lead from lower to higher longest-path labels, which never fall along the links that stay, so no cycle can close.
    /// </summary>
    public void Improve(Bush bush)
    {
        var cost = _fixed[bush.Class];
        var dropped = _labels.Update(bush);
        var longest = _labels.Longest;
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
            if (_shortest[from] + step < _shortest[to] * (1 - 1e-15) && longest[from] < longest[to] && _inBush[link] != _stamp && _labels.MayLeave(bush, from) && to != bush.Origin)
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
    /// <param name="bush">Bush.</param>
    /// <param name="relaxation">Factor on every shift, 1 to below 2. Above 1 the passes over many bushes that share their links converge faster (successive over-relaxation, Young 1954).</param>
    /// <param name="negligible">Excess of a link that is not worth a shift.</param>
    /// <returns>Sum over the bush of flow × excess of the link over the shortest path in the bush, before the pass.</returns>
    public double Equilibrate(Bush bush, double relaxation = 1, double negligible = 0)
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
                    var own = bush.Flow[e] * Math.Max(0, _label[e] - _shortest[node]);
                    excess += own;
                    if (own >= negligible)
                    {
                        _busiestEntry[node] = e;
                        Shift(bush, cost, node, relaxation);
                    }
                }
            }
        }

        return excess;
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

    private void Shift(Bush bush, double[] cost, int node, double relaxation)
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

        var move = slope > 0 ? Math.Min(room, relaxation * difference / slope) : room;
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
