namespace LivingCity.Twin.Models.Traffic;

/// <summary>
/// One directed link. Travel time is <c>t = FreeFlowTime·(1 + B·(v/Capacity)^Power)</c> (Bureau of Public Roads 1964). Units are the network's own: TNTP networks differ; GeoJSON networks are in m, km/h, s and vehicles/h.
/// </summary>
/// <param name="From">Tail node, from 1.</param>
/// <param name="To">Head node, from 1.</param>
public sealed record RoadLink(
    int From, int To, double Capacity, double Length, double FreeFlowTime, double B, double Power, double Speed = 0, double Toll = 0, int Type = 1);

/// <summary>A road network. Nodes are numbered from 1; the first <see cref="Zones"/> of them are where trips begin and end.</summary>
/// <param name="Zones">Number of zones.</param>
/// <param name="Nodes">Number of nodes.</param>
/// <param name="FirstThroughNode">Nodes below this number begin or end a trip but are never driven through.</param>
/// <param name="Links">Links, parallel ones allowed.</param>
/// <param name="TollFactor">Generalised cost (in time units) of one unit of toll.</param>
/// <param name="DistanceFactor">Generalised cost (in time units) of one unit of length.</param>
public sealed record RoadNetwork(
    int Zones, int Nodes, int FirstThroughNode, IReadOnlyList<RoadLink> Links, double TollFactor = 0, double DistanceFactor = 0);

/// <summary>Trips between zones in the period of the assignment.</summary>
public sealed class TripMatrix
{
    private readonly double[] _values;

    /// <summary>Makes a matrix without trips.</summary>
    public TripMatrix(int zones) => (Zones, _values) = (zones, new double[zones * zones]);

    /// <summary>Number of zones.</summary>
    public int Zones { get; }

    /// <summary>Trips from one zone to another, both from 1.</summary>
    public double this[int from, int to]
    {
        get => _values[(from - 1) * Zones + to - 1];
        set => _values[(from - 1) * Zones + to - 1] = value;
    }

    /// <summary>All trips.</summary>
    public double Total => _values.Sum();

    /// <summary>A copy with every value changed.</summary>
    public TripMatrix Map(Func<int, int, double, double> change)
    {
        var copy = new TripMatrix(Zones);
        for (var i = 0; i < _values.Length; i++)
        {
            copy._values[i] = change(i / Zones + 1, i % Zones + 1, _values[i]);
        }

        return copy;
    }
}
