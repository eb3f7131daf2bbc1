using System.Numerics;

namespace LivingCity.Twin.Models.PowerGrid;

/// <summary>Turns voltages of energised buses into the result over the whole case.</summary>
internal static class PowerFlowReport
{
    public static PowerFlowResult Make(
        PowerNetwork network, Complex[] voltage, Complex[] flow, bool converged, int iterations, double mismatch, IReadOnlyList<int> atLimit)
    {
        var source = network.Source;
        var magnitude = new double[source.Buses.Count];
        var angle = new double[source.Buses.Count];
        Array.Fill(magnitude, double.NaN);
        Array.Fill(angle, double.NaN);
        Complex slack = 0;
        for (var i = 0; i < voltage.Length; i++)
        {
            var bus = network.Energised[i];
            magnitude[bus] = voltage[i].Magnitude;
            angle[bus] = voltage[i].Phase * 180 / Math.PI;
            if (network.Types[i] == BusType.Slack)
            {
                slack += flow[i] * source.BasePower + new Complex(source.Buses[bus].ActiveLoad, source.Buses[bus].ReactiveLoad);
            }
        }

        var flows = Flows(network, voltage);
        return new(converged, iterations, mismatch, magnitude, angle, flows, flows.Sum(f => f.Losses), slack.Real, slack.Imaginary, atLimit);
    }

    public static BranchFlow[] Flows(PowerNetwork network, Complex[] voltage)
    {
        var flows = new BranchFlow[network.Source.Branches.Count];
        foreach (var b in network.Branches)
        {
            Complex from = voltage[b.From], to = voltage[b.To];
            var into = from * Complex.Conjugate(b.FromFrom * from + b.FromTo * to) * network.Source.BasePower;
            var back = to * Complex.Conjugate(b.ToFrom * from + b.ToTo * to) * network.Source.BasePower;
            var loading = b.Rating > 0 ? Math.Max(into.Magnitude, back.Magnitude) / (b.Rating * network.Source.BasePower) : double.NaN;
            flows[b.Index] = new(into.Real, into.Imaginary, back.Real, back.Imaginary, loading);
        }

        return flows;
    }
}
