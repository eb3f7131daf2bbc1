namespace LivingCity.Twin.Models.Traffic;

/// <summary>First bushes: shortest-path trees, or the splits of an earlier scenario.</summary>
internal sealed class InitialBushes(RoadNetwork network, IReadOnlyList<TrafficClass> classes, BushSolver solver, LinkTimes times, double[][] fixedCost)
{
    private readonly BushBuilder _builder = new(network.Nodes, solver.From, solver.To);
    private readonly ShortestPathTree _tree = new(network.Nodes, solver.From, solver.To);
    private readonly double[] _flowOfLink = new double[network.Links.Count];
    private readonly double[] _through = new double[network.Nodes];

    public Bush[] Make(EquilibriumState? start, List<UnservedTrips> unserved, CancellationToken cancellationToken)
    {
        if (start is not null && (start.Nodes != network.Nodes || start.Links != network.Links.Count))
        {
            throw new ArgumentException("The state to start from belongs to another network.", nameof(start));
        }

        var earlier = start?.Bushes.ToDictionary(b => (b.Class, b.Origin));
        List<Bush> bushes = [];
        for (var c = 0; c < classes.Count; c++)
        {
            for (var origin = 0; origin < network.Zones; origin++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (Enumerable.Range(1, network.Zones).Any(to => to != origin + 1 && classes[c].Trips[origin + 1, to] > 0))
                {
                    var bush = earlier?.GetValueOrDefault((c, origin)) is { } before && Reuse(before, c) is { } reused ? reused : Tree(c, origin, unserved);
                    bushes.Add(bush);
                }
            }
        }

        return [.. bushes];
    }

    // All or nothing at the times that the flows loaded so far make: later origins avoid what the first have filled.
    private Bush Tree(int c, int origin, List<UnservedTrips> unserved)
    {
        var bush = new Bush(c, origin);
        var cost = fixedCost[c];
        _tree.Run(origin, link => times.Time[link] + cost[link], node => solver.Labels.MayLeave(bush, node));
        var links = Enumerable.Range(0, network.Nodes).Where(node => _tree.Via[node] >= 0).Select(node => _tree.Via[node]).ToList();
        Array.Clear(_flowOfLink);
        for (var to = 0; to < network.Zones; to++)
        {
            var trips = classes[c].Trips[origin + 1, to + 1];
            if (to == origin || trips <= 0)
            {
                continue;
            }

            if (double.IsInfinity(_tree.Label[to]))
            {
                unserved.Add(new(classes[c].Name, origin + 1, to + 1, trips));
                continue;
            }

            for (var node = to; node != origin; node = solver.From[_tree.Via[node]])
            {
                _flowOfLink[_tree.Via[node]] += trips * classes[c].PassengerCarUnits;
            }
        }

        _builder.Make(bush, links, _flowOfLink);
        foreach (var link in links)
        {
            times.Add(link, _flowOfLink[link]);
        }

        return bush;
    }

    // The trips of today over the shares that the links into each node had. Null where a closed link leaves a node without a way in.
    private Bush? Reuse(Bush before, int c)
    {
        var bush = before.Copy();
        Array.Clear(_through);
        foreach (var node in bush.Order)
        {
            if (node < network.Zones && node != bush.Origin)
            {
                _through[node] = Math.Max(0, classes[c].Trips[bush.Origin + 1, node + 1]) * classes[c].PassengerCarUnits;
            }
        }

        if (Enumerable.Range(0, network.Zones).Any(z => z != bush.Origin && classes[c].Trips[bush.Origin + 1, z + 1] > 0 && !bush.Order.Contains(z))
            || bush.Link.Any(link => double.IsInfinity(fixedCost[c][link])))
        {
            return null;
        }

        for (var place = bush.Order.Length - 1; place > 0; place--)
        {
            int begin = bush.Start[place], end = bush.Start[place + 1];
            var entering = bush.Flow.AsSpan(begin, end - begin);
            double sum = 0;
            foreach (var flow in entering)
            {
                sum += flow;
            }

            var through = _through[bush.Order[place]];
            for (var i = 0; i < entering.Length; i++)
            {
                entering[i] = through * (sum > 0 ? entering[i] / sum : i == 0 ? 1 : 0);
                _through[solver.From[bush.Link[begin + i]]] += entering[i];
                times.Add(bush.Link[begin + i], entering[i]);
            }
        }

        return bush;
    }
}
