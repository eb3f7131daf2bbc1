using System.Numerics;

namespace LivingCity.Twin.Models.PowerGrid;

/// <summary>A network without loops, in the order in which sweeps pass it: every bus after the bus that feeds it. Immutable and thread safe.</summary>
public sealed class RadialFeeder
{
    private RadialFeeder(PowerNetwork network, int[] bus, int[] parent, RadialSegment[] segments, Complex[] shunts, Complex source) =>
        (Network, Bus, Parent, Segments, Shunts, SourceVoltage) = (network, bus, parent, segments, shunts, source);

    /// <summary>Network that the feeder was made from.</summary>
    public PowerNetwork Network { get; }

    /// <summary>For each place in the order the energised bus; the slack comes first.</summary>
    internal int[] Bus { get; }

    /// <summary>Place of the feeding bus.</summary>
    internal int[] Parent { get; }

    /// <summary>What joins a bus to the bus that feeds it.</summary>
    internal RadialSegment[] Segments { get; }

    internal Complex[] Shunts { get; }

    internal Complex SourceVoltage { get; }

    /// <summary>Prepares a network.</summary>
    /// <exception cref="ArgumentException">The network has loops, several slack buses, or buses that hold their voltage: these need Newton's method.</exception>
    public static RadialFeeder Build(PowerNetwork network)
    {
        if (network.Types.Count(t => t == BusType.Slack) != 1 || network.Types.Contains(BusType.Generator))
        {
            throw new ArgumentException("A sweep needs exactly one slack bus and no other bus that holds its voltage.", nameof(network));
        }

        if (network.Branches.Length != network.Size - 1)
        {
            throw new ArgumentException($"The network is not radial: {network.Branches.Length} branches join {network.Size} buses.", nameof(network));
        }

        var at = new List<BranchModel>[network.Size];
        for (var i = 0; i < at.Length; i++)
        {
            at[i] = [];
        }

        foreach (var b in network.Branches)
        {
            at[b.From].Add(b);
            at[b.To].Add(b);
        }

        var slack = Array.IndexOf(network.Types, BusType.Slack);
        var place = new int[network.Size];
        Array.Fill(place, -1);
        place[slack] = 0;
        List<int> order = [slack], parent = [-1];
        List<RadialSegment> segments = [default];
        for (var k = 0; k < order.Count; k++)
        {
            foreach (var b in at[order[k]])
            {
                var downstream = b.From == order[k];
                var child = downstream ? b.To : b.From;
                if (place[child] < 0)
                {
                    place[child] = order.Count;
                    order.Add(child);
                    parent.Add(k);
                    segments.Add(new(b.Index, b.Impedance, b.Charging / 2, downstream ? b.Tap : 1, downstream ? 1 : b.Tap));
                }
            }
        }

        var source = network.Source.Buses[network.Energised[slack]];
        return new(
            network,
            [.. order],
            [.. parent],
            [.. segments],
            [.. order.Select(i => new Complex(network.Source.Buses[network.Energised[i]].ShuntConductance, network.Source.Buses[network.Energised[i]].ShuntSusceptance) / network.Source.BasePower)],
            Complex.FromPolarCoordinates(network.SetPoints[slack], source.VoltageAngle * Math.PI / 180));
    }
}

/// <summary>One branch of a feeder in p.u., with ideal transformers at both ends (1 where there is none).</summary>
/// <param name="Branch">Place of the branch in the case.</param>
/// <param name="Impedance">Series impedance.</param>
/// <param name="HalfCharging">Susceptance at each end.</param>
/// <param name="FeedingTap">Ratio at the end of the feeding bus.</param>
/// <param name="FedTap">Ratio at the end of the fed bus.</param>
internal readonly record struct RadialSegment(int Branch, Complex Impedance, double HalfCharging, Complex FeedingTap, Complex FedTap)
{
    /// <summary>Whether there is an impedance and nothing else.</summary>
    public bool IsPlain => HalfCharging == 0 && FeedingTap == Complex.One && FedTap == Complex.One;
}
