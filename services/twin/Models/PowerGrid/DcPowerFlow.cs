using LivingCity.Twin.Models.Numerics;

namespace LivingCity.Twin.Models.PowerGrid;

/// <summary>DC power flow (MATPOWER manual, section 3.3): voltages of 1 p.u., small angles, no losses; ratios and phase shifts count.</summary>
public static class DcPowerFlow
{
    /// <summary>Angles in degrees of the buses of the case, NaN where there is no voltage.</summary>
    /// <exception cref="ArgumentException">A branch has no reactance, or the network is singular.</exception>
    public static IReadOnlyList<double> Solve(PowerNetwork network)
    {
        var angles = Angles(network);
        return [.. network.IndexOfBus.Select(i => i < 0 ? double.NaN : angles[i])];
    }

    /// <summary>Active flow in MW over each branch of the case, from its from end.</summary>
    public static IReadOnlyList<double> Flows(PowerNetwork network)
    {
        var angles = Angles(network);
        var flows = new double[network.Source.Branches.Count];
        foreach (var b in network.Branches)
        {
            flows[b.Index] = Susceptance(b) * ((angles[b.From] - angles[b.To]) * Math.PI / 180 - b.Tap.Phase) * network.Source.BasePower;
        }

        return flows;
    }

    internal static double[] Angles(PowerNetwork network)
    {
        var size = network.Size;
        var angle = new double[size];
        var power = new double[size];
        var injections = network.Injections();
        for (var i = 0; i < size; i++)
        {
            var bus = network.Source.Buses[network.Energised[i]];
            power[i] = injections[i].Real - bus.ShuntConductance / network.Source.BasePower;
            angle[i] = network.Types[i] == BusType.Slack ? bus.VoltageAngle * Math.PI / 180 : 0;
        }

        var at = new List<(int Neighbour, double Susceptance)>[size];
        for (var i = 0; i < size; i++)
        {
            at[i] = [];
        }

        foreach (var b in network.Branches)
        {
            var susceptance = Susceptance(b);
            at[b.From].Add((b.To, susceptance));
            at[b.To].Add((b.From, susceptance));
            power[b.From] += susceptance * b.Tap.Phase;
            power[b.To] -= susceptance * b.Tap.Phase;
        }

        var unknowns = network.Pattern.Size;
        var right = new double[unknowns];
        var factors = new SparseLu(network.Pattern);
        var regular = factors.Factorise((step, row) =>
        {
            var i = network.BusOfStep[step];
            right[step] = power[i];
            foreach (var (j, susceptance) in at[i])
            {
                row[step] += susceptance;
                if (network.UnknownOf[j] is >= 0 and var column)
                {
                    row[column] -= susceptance;
                }
                else
                {
                    right[step] += susceptance * angle[j];
                }
            }
        });
        if (!regular)
        {
            throw new ArgumentException("The DC network is singular: reactances cancel each other.", nameof(network));
        }

        factors.Solve(right);
        for (var i = 0; i < size; i++)
        {
            angle[i] = (network.UnknownOf[i] is >= 0 and var step ? right[step] : angle[i]) * 180 / Math.PI;
        }

        return angle;
    }

    private static double Susceptance(in BranchModel b) => b.Impedance.Imaginary != 0
        ? 1 / (b.Impedance.Imaginary * b.Tap.Magnitude)
        : throw new ArgumentException($"Branch {b.Index + 1} has no reactance, which the DC power flow needs.", nameof(b));
}
