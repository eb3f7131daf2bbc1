using System.Numerics;

namespace LivingCity.Twin.Models.PowerGrid;

/// <summary>What hosting capacity is limited by.</summary>
public enum HostingLimit
{
    None,
    Voltage,
    Loading,
    Convergence,
}

/// <summary>Greatest generation that a group of buses takes.</summary>
/// <param name="Name">Bus or feeder.</param>
/// <param name="Buses">Numbers of the buses that the generation is spread over.</param>
/// <param name="Capacity">Generation in MW at unity power factor, on top of the case.</param>
/// <param name="Limit">What more would break.</param>
public sealed record HostingResult(string Name, IReadOnlyList<int> Buses, double Capacity, HostingLimit Limit);

/// <summary>
/// Hosting capacity: generation is raised until a voltage passes its upper limit or a branch its rating, found by bisection on power flows that start from the case
/// (the deterministic method of Bollen and Rönnberg 2017, "Hosting capacity of the power grid for renewable electricity production and new large consumption equipment", Energies 10, 1325).
/// </summary>
public static class HostingCapacity
{
    private const double RelativeWidth = 1e-4;

    /// <summary>Feeders of a network: what falls apart when the slack buses are taken out, each named after its lowest bus number.</summary>
    public static IReadOnlyList<(string Name, IReadOnlyList<int> Buses)> Feeders(PowerNetwork network)
    {
        var group = Enumerable.Range(0, network.Size).ToArray();
        foreach (var b in network.Branches.Where(b => network.Types[b.From] != BusType.Slack && network.Types[b.To] != BusType.Slack))
        {
            group[Root(b.From)] = Root(b.To);
        }

        return [.. Enumerable.Range(0, network.Size)
            .Where(i => network.Types[i] != BusType.Slack)
            .GroupBy(Root)
            .Select(g => (IReadOnlyList<int>)[.. g.Select(i => network.Source.Buses[network.Energised[i]].Number).Order()])
            .OrderBy(buses => buses[0])
            .Select(buses => ($"feeder of bus {buses[0]}", buses))];

        int Root(int i) => group[i] == i ? i : group[i] = Root(group[i]);
    }

    /// <summary>Capacity of each group, its generation spread in proportion to load (evenly where there is none), the others as in the case.</summary>
    /// <param name="network">Network.</param>
    /// <param name="groups">Names and bus numbers.</param>
    /// <param name="highest">Highest voltage allowed, p.u.; the bus's own limit where that is lower.</param>
    /// <param name="ceiling">Generation in MW at which the search stops.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    public static IReadOnlyList<HostingResult> Compute(
        PowerNetwork network, IReadOnlyList<(string Name, IReadOnlyList<int> Buses)> groups, double highest, double ceiling, CancellationToken cancellationToken = default)
    {
        var reference = new NewtonRaphson(network);
        var results = new HostingResult[groups.Count];
        reference.Start(PowerFlowStart.Case);
        if (!reference.Iterate(1e-8, 30, cancellationToken))
        {
            return [.. groups.Select(g => new HostingResult(g.Name, g.Buses, 0, HostingLimit.Convergence))];
        }

        using var solvers = new ThreadLocal<NewtonRaphson>(() => new NewtonRaphson(network));
        Parallel.For(0, groups.Count, new ParallelOptions { CancellationToken = cancellationToken, MaxDegreeOfParallelism = Environment.ProcessorCount }, i =>
            results[i] = Search(network, solvers.Value!, reference.Voltage, groups[i], highest, ceiling, cancellationToken));
        return results;
    }

    private static HostingResult Search(
        PowerNetwork network, NewtonRaphson solver, Complex[] start, (string Name, IReadOnlyList<int> Buses) group, double highest, double ceiling, CancellationToken cancellationToken)
    {
        var shares = Shares(network, group.Buses);
        var injections = network.Injections();
        solver.Start(PowerFlowStart.Case);
        var limit = Try(0);
        if (limit != HostingLimit.None)
        {
            return new(group.Name, group.Buses, 0, limit);
        }

        double low = 0, high = ceiling;
        limit = Try(ceiling);
        if (limit == HostingLimit.None)
        {
            return new(group.Name, group.Buses, ceiling, limit);
        }

        while (high - low > RelativeWidth * Math.Max(high, 1e-3))
        {
            var middle = (low + high) / 2;
            var found = Try(middle);
            (low, high, limit) = found == HostingLimit.None ? (middle, high, limit) : (low, middle, found);
        }

        return new(group.Name, group.Buses, low, limit);

        HostingLimit Try(double generation)
        {
            injections.CopyTo(solver.Injection, 0);
            start.CopyTo(solver.Voltage, 0);
            foreach (var (bus, share) in shares)
            {
                solver.Injection[bus] += share * generation / network.Source.BasePower;
            }

            return solver.Iterate(1e-8, 30, cancellationToken) ? Broken(network, solver.Voltage, highest) : HostingLimit.Convergence;
        }
    }

    private static HostingLimit Broken(PowerNetwork network, Complex[] voltage, double highest)
    {
        for (var i = 0; i < voltage.Length; i++)
        {
            var allowed = Math.Min(highest, network.Source.Buses[network.Energised[i]].MaximumVoltage);
            if (network.Types[i] == BusType.Load && voltage[i].Magnitude > allowed)
            {
                return HostingLimit.Voltage;
            }
        }

        return PowerFlowReport.Flows(network, voltage).Any(f => f.Loading > 1) ? HostingLimit.Loading : HostingLimit.None;
    }

    private static List<(int Bus, double Share)> Shares(PowerNetwork network, IReadOnlyList<int> numbers)
    {
        var wanted = numbers.ToHashSet();
        List<(int Bus, double Load)> buses = [.. Enumerable.Range(0, network.Size)
            .Where(i => wanted.Contains(network.Source.Buses[network.Energised[i]].Number))
            .Select(i => (i, Math.Max(0, network.Source.Buses[network.Energised[i]].ActiveLoad)))];
        var total = buses.Sum(b => b.Load);
        return [.. buses.Select(b => (b.Bus, total > 0 ? b.Load / total : 1.0 / buses.Count))];
    }
}
