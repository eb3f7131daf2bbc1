using System.Numerics;
using LivingCity.Twin.Models.Numerics;

namespace LivingCity.Twin.Models.PowerGrid;

/// <summary>
/// A network ready to be solved: everything that stays the same over scenarios of injections, with the elimination order found once. Immutable and thread safe.
/// </summary>
/// <remarks>
/// Isolated buses, and buses with no way to a slack bus, are left out: they carry no voltage. A slack or generator bus whose generators are all out of service counts as a load bus;
/// where no slack is left the first generator bus takes its place (as MATPOWER does).
/// </remarks>
public sealed class PowerNetwork
{
    private PowerNetwork(
        PowerCase source, int[] energised, int[] indexOfBus, BusType[] types, double[] setPoints, AdmittanceMatrix admittance, BranchModel[] branches, SymbolicFactor pattern, int[] unknownOf)
    {
        (Source, Energised, IndexOfBus, Types, SetPoints, Admittance, Branches, Pattern, UnknownOf) =
            (source, energised, indexOfBus, types, setPoints, admittance, branches, pattern, unknownOf);
        BusOfStep = new int[pattern.Size];
        for (var i = 0; i < unknownOf.Length; i++)
        {
            if (unknownOf[i] >= 0)
            {
                BusOfStep[unknownOf[i]] = i;
            }
        }
    }

    /// <summary>The case that the network was made from.</summary>
    public PowerCase Source { get; }

    /// <summary>Positions in <see cref="PowerCase.Buses"/> of the buses that are solved.</summary>
    public IReadOnlyList<int> EnergisedBuses => Energised;

    internal int[] Energised { get; }

    /// <summary>For each bus of the case its place among the energised ones, or −1.</summary>
    internal int[] IndexOfBus { get; }

    internal BusType[] Types { get; }

    /// <summary>Voltage magnitude of slack and generator buses, p.u.</summary>
    internal double[] SetPoints { get; }

    internal AdmittanceMatrix Admittance { get; }

    internal BranchModel[] Branches { get; }

    /// <summary>Factors over the buses that are not slack.</summary>
    internal SymbolicFactor Pattern { get; }

    /// <summary>For each energised bus its elimination step, or −1 for a slack bus.</summary>
    internal int[] UnknownOf { get; }

    /// <summary>For each elimination step its energised bus.</summary>
    internal int[] BusOfStep { get; }

    internal int Size => Energised.Length;

    /// <summary>Prepares a case.</summary>
    /// <param name="source">Case.</param>
    /// <param name="cancellationToken">Ends the preparation.</param>
    /// <exception cref="ArgumentException">No bus can be the slack.</exception>
    public static PowerNetwork Build(PowerCase source, CancellationToken cancellationToken = default)
    {
        var position = source.Buses.Select((bus, i) => (bus.Number, i)).ToDictionary(b => b.Number, b => b.i);
        var (types, setPoints) = EffectiveTypes(source, position);
        var reached = Reach(source, position, types);
        int[] energised = [.. Enumerable.Range(0, types.Length).Where(i => reached[i])];
        var index = new int[types.Length];
        Array.Fill(index, -1);
        for (var i = 0; i < energised.Length; i++)
        {
            index[energised[i]] = i;
        }

        BranchModel[] branches = [.. source.Branches
            .Select((branch, i) => (branch, i, from: index[position[branch.From]], to: index[position[branch.To]]))
            .Where(b => b.branch.InService && b.from >= 0 && b.to >= 0)
            .Select(b => BranchModel.Make(b.branch, b.i, b.from, b.to, source.BasePower))];
        Complex[] shunts = [.. energised.Select(i => new Complex(source.Buses[i].ShuntConductance, source.Buses[i].ShuntSusceptance) / source.BasePower)];
        BusType[] kept = [.. energised.Select(i => types[i])];
        var (pattern, unknownOf) = Order(kept, branches, cancellationToken);
        return new(source, energised, index, kept, [.. energised.Select(i => setPoints[i])], AdmittanceMatrix.Build(shunts, branches), branches, pattern, unknownOf);
    }

    /// <summary>Power put into each energised bus by the case: generation less load, p.u.</summary>
    internal Complex[] Injections()
    {
        Complex[] injections = [.. Energised.Select(i => -new Complex(Source.Buses[i].ActiveLoad, Source.Buses[i].ReactiveLoad))];
        var position = Source.Buses.Select((bus, i) => (bus.Number, i)).ToDictionary(b => b.Number, b => b.i);
        foreach (var generator in Source.Generators.Where(g => g.InService && IndexOfBus[position[g.Bus]] >= 0))
        {
            injections[IndexOfBus[position[generator.Bus]]] += new Complex(generator.ActivePower, generator.ReactivePower);
        }

        return [.. injections.Select(s => s / Source.BasePower)];
    }

    private static (BusType[] Types, double[] SetPoints) EffectiveTypes(PowerCase source, Dictionary<int, int> position)
    {
        var generating = new bool[source.Buses.Count];
        double[] setPoints = [.. source.Buses.Select(b => b.VoltageMagnitude)];
        foreach (var generator in source.Generators.Where(g => g.InService))
        {
            generating[position[generator.Bus]] = true;
            setPoints[position[generator.Bus]] = generator.VoltageSetPoint;
        }

        BusType[] types = [.. source.Buses.Select((bus, i) => bus.Type is BusType.Slack or BusType.Generator && !generating[i] ? BusType.Load : bus.Type)];
        if (!types.Contains(BusType.Slack))
        {
            var first = Array.IndexOf(types, BusType.Generator);
            types[first >= 0 ? first : throw new ArgumentException("The case has no slack bus with a generator in service, and no generator bus that could take its place.", nameof(source))]
                = BusType.Slack;
        }

        return (types, setPoints);
    }

    private static bool[] Reach(PowerCase source, Dictionary<int, int> position, BusType[] types)
    {
        var neighbours = new List<int>[types.Length];
        for (var i = 0; i < types.Length; i++)
        {
            neighbours[i] = [];
        }

        foreach (var branch in source.Branches.Where(b => b.InService))
        {
            int from = position[branch.From], to = position[branch.To];
            if (types[from] != BusType.Isolated && types[to] != BusType.Isolated)
            {
                neighbours[from].Add(to);
                neighbours[to].Add(from);
            }
        }

        bool[] reached = [.. types.Select(t => t == BusType.Slack)];
        var queue = new Queue<int>(Enumerable.Range(0, types.Length).Where(i => reached[i]));
        while (queue.TryDequeue(out var i))
        {
            foreach (var j in neighbours[i].Where(j => !reached[j]))
            {
                reached[j] = true;
                queue.Enqueue(j);
            }
        }

        return reached;
    }

    private static (SymbolicFactor Pattern, int[] UnknownOf) Order(BusType[] types, BranchModel[] branches, CancellationToken cancellationToken)
    {
        int[] unknowns = [.. Enumerable.Range(0, types.Length).Where(i => types[i] != BusType.Slack)];
        var number = new int[types.Length];
        Array.Fill(number, -1);
        for (var u = 0; u < unknowns.Length; u++)
        {
            number[unknowns[u]] = u;
        }

        var neighbours = new HashSet<int>[unknowns.Length];
        for (var u = 0; u < unknowns.Length; u++)
        {
            neighbours[u] = [];
        }

        foreach (var branch in branches)
        {
            int from = number[branch.From], to = number[branch.To];
            if (from >= 0 && to >= 0 && from != to)
            {
                neighbours[from].Add(to);
                neighbours[to].Add(from);
            }
        }

        var pattern = SymbolicFactor.Analyse([.. neighbours.Select(set => set.Order().ToList())], cancellationToken);
        return (pattern, [.. number.Select(u => u < 0 ? -1 : pattern.Position[u])]);
    }
}
