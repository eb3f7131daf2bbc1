namespace LivingCity.Twin.Models.Traffic;

/// <summary>Vehicles of one kind: they share the road, but pay their own tolls and keep their own bans.</summary>
/// <param name="Name">Name, such as "diesel Euro 4".</param>
/// <param name="Trips">Trips in vehicles.</param>
/// <param name="PassengerCarUnits">Road space of one vehicle in cars.</param>
/// <param name="ExtraCost">Cost on each link besides the travel time (tolls, distance), in time units, not negative; null for none.</param>
/// <param name="Banned">Links that are closed to the class; null for none.</param>
public sealed record TrafficClass(string Name, TripMatrix Trips, double PassengerCarUnits = 1, IReadOnlyList<double>? ExtraCost = null, IReadOnlyList<bool>? Banned = null);

/// <summary>How an equilibrium is found.</summary>
/// <param name="RelativeGap">Share of the total cost by which it may exceed the cost on shortest paths.</param>
/// <param name="MaximumIterations">Passes over all origins before it is given up.</param>
public sealed record EquilibriumSettings(double RelativeGap = 1e-12, int MaximumIterations = 1000);

/// <summary>Trips that have no path.</summary>
public sealed record UnservedTrips(string Class, int From, int To, double Trips);

/// <summary>User equilibrium.</summary>
/// <param name="Converged">Whether the gap was met.</param>
/// <param name="Iterations">Passes over all origins.</param>
/// <param name="RelativeGap">(Total cost − cost on shortest paths) / total cost.</param>
/// <param name="Objective">Beckmann's objective, extra costs included.</param>
/// <param name="Flow">Flow on each link in cars (passenger car units).</param>
/// <param name="Time">Travel time on each link.</param>
/// <param name="ClassFlow">For each class the vehicles on each link.</param>
/// <param name="TotalTime">Sum of flow × travel time.</param>
/// <param name="Unserved">Trips without a path, left out of the assignment.</param>
/// <param name="State">Where the next scenario can start from.</param>
public sealed record Equilibrium(
    bool Converged,
    int Iterations,
    double RelativeGap,
    double Objective,
    double[] Flow,
    double[] Time,
    double[][] ClassFlow,
    double TotalTime,
    IReadOnlyList<UnservedTrips> Unserved,
    EquilibriumState State);

/// <summary>Bushes of a solved equilibrium: how each origin's trips divide over the network. Immutable for its users.</summary>
public sealed class EquilibriumState
{
    internal EquilibriumState(int nodes, int links, Bush[] bushes) => (Nodes, Links, Bushes) = (nodes, links, bushes);

    internal int Nodes { get; }

    internal int Links { get; }

    internal Bush[] Bushes { get; }
}
