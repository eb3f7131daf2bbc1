using System.Runtime.CompilerServices;

namespace LivingCity.Twin.Models.Traffic;

/// <summary>Flow, travel time and its derivative on every link, kept in step. Links are numbered from 0, nodes from 0.</summary>
internal sealed class LinkTimes
{
    private const double Trace = 1e-9;

    private readonly double[] _base;
    private readonly double[] _factor;
    private readonly double[] _inverseCapacity;
    private readonly double[] _power;

    public LinkTimes(RoadNetwork network)
    {
        var count = network.Links.Count;
        (_base, _factor, _inverseCapacity, _power) = (new double[count], new double[count], new double[count], new double[count]);
        (Flow, Time, Derivative) = (new double[count], new double[count], new double[count]);
        for (var i = 0; i < count; i++)
        {
            var link = network.Links[i];
            var varies = link.B > 0 && link.Power > 0 && link.FreeFlowTime > 0;
            // With a power of zero the term is B whatever the flow.
            _base[i] = varies ? link.FreeFlowTime : link.FreeFlowTime * (1 + (link.Power == 0 ? link.B : 0));
            _factor[i] = varies ? link.FreeFlowTime * link.B : 0;
            _inverseCapacity[i] = varies ? 1 / link.Capacity : 0;
            _power[i] = varies ? link.Power : 1;
        }

        UpdateAll();
    }

    public double[] Flow { get; }

    public double[] Time { get; }

    public double[] Derivative { get; }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(int link, double change)
    {
        // Rounding may leave a negative trace.
        Flow[link] = Math.Max(0, Flow[link] + change);
        Update(link);
    }

    public void UpdateAll()
    {
        for (var i = 0; i < Flow.Length; i++)
        {
            Update(i);
        }
    }

    /// <summary>Sums the flows anew from the bushes, so that rounding does not pile up over the moves.</summary>
    public void Recount(Bush[] bushes)
    {
        Array.Clear(Flow);
        foreach (var bush in bushes)
        {
            for (var e = 0; e < bush.Link.Length; e++)
            {
                Flow[bush.Link[e]] += bush.Flow[e];
            }
        }

        UpdateAll();
    }

    /// <summary>Integral of the travel time from no flow to the present flow.</summary>
    public double Integral(int link)
    {
        var ratio = Flow[link] * _inverseCapacity[link];
        return Flow[link] * (_base[link] + _factor[link] * Math.Pow(ratio, _power[link]) / (_power[link] + 1));
    }

    private void Update(int link)
    {
        var factor = _factor[link];
        if (factor == 0)
        {
            Time[link] = _base[link];
            return;
        }

        var inverse = _inverseCapacity[link];
        var ratio = Flow[link] * inverse;
        var power = _power[link];
        double below;
        if (power == 4)
        {
            below = ratio * ratio * ratio;
        }
        else
        {
            below = ratio > 0 ? Math.Pow(ratio, power - 1) : power == 1 ? 1 : 0;
        }

        Time[link] = _base[link] + (ratio > 0 ? factor * below * ratio : 0);
        // Below a power of one the derivative at no flow is infinite, and Newton's method would never leave it: near it, the derivative of a trace of flow counts.
        Derivative[link] = factor * power * inverse * (power < 1 ? Math.Pow(Math.Max(ratio, Trace), power - 1) : below);
    }
}
