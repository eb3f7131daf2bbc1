namespace LivingCity.Twin.Models.Traffic;

/// <summary>
/// Deterministic user equilibrium of one or more classes (Wardrop 1952, Beckmann et al. 1956): nobody can lower the cost of a trip by another path. Solved by bushes (<see cref="BushSolver"/>), one for each class and origin;
/// the result depends on its inputs alone.
/// </summary>
public static class UserEquilibrium
{
    // Passes over the bushes as they are cost little against rebuilding them; both numbers were tuned on Sioux Falls, Anaheim and Barcelona.
    private const int InnerPasses = 100;

    // Iterations after which a network counts as stiff, and every pass is worth more work.
    private const int StiffAfter = 20;

    // The passes end once what they can still save inside the bushes is this share of the gap.
    private const double Rest = 0.05;

    // Shifts go so far beyond what equals the costs, from the third pass on and as long as each pass leaves less than the one before.
    private const double Relaxation = 1.7;

    // Of what a bush may leave when the passes end, the links that together make this share are not worth a shift.
    private const double Negligible = 0.2;

    // A bush rests meanwhile once it can save less than this share of what it may when the passes end.
    private const double RestOfBush = 0.1;

    /// <summary>Finds the equilibrium.</summary>
    /// <param name="network">Network.</param>
    /// <param name="classes">Classes, each with a matrix of the network's zones.</param>
    /// <param name="settings">Gap and limit.</param>
    /// <param name="start">State of an earlier scenario on the same nodes and links with as many classes; its splits are the first guess.</param>
    /// <param name="progress">Told an estimate of the share done.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    /// <exception cref="ArgumentException">Classes or start do not fit the network.</exception>
    public static Equilibrium Solve(
        RoadNetwork network, IReadOnlyList<TrafficClass> classes, EquilibriumSettings settings, EquilibriumState? start = null, IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        if (classes.FirstOrDefault(c => c.Trips.Zones != network.Zones) is { } wrong)
        {
            throw new ArgumentException($"Class {wrong.Name} has trips of {wrong.Trips.Zones} zones; the network has {network.Zones}.", nameof(classes));
        }

        var times = new LinkTimes(network);
        double[][] fixedCost = [.. classes.Select(c => FixedCost(network, c))];
        var solver = new BushSolver(network, times, fixedCost);
        List<UnservedTrips> unserved = [];
        var bushes = new InitialBushes(network, classes, solver, times, fixedCost).Make(start, unserved, cancellationToken);
        times.Recount(bushes);
        var iteration = 0;
        var gap = double.PositiveInfinity;
        var first = double.NaN;
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            (gap, var total) = Gap(solver, times, bushes, fixedCost, cancellationToken);
            first = double.IsNaN(first) ? gap : first;
            progress?.Report(gap <= settings.RelativeGap ? 1 : Math.Clamp(Math.Log(gap / first) / Math.Log(settings.RelativeGap / first), 0, 1));
            if (gap <= settings.RelativeGap || iteration == settings.MaximumIterations)
            {
                break;
            }

            iteration++;
            foreach (var bush in bushes)
            {
                cancellationToken.ThrowIfCancellationRequested();
                solver.Improve(bush);
                solver.Equilibrate(bush);
            }

            PassOver(bushes, solver, gap * total * Rest, iteration > StiffAfter ? new SubspaceStep(bushes, times, fixedCost, solver.From, network.Nodes) : null, cancellationToken);
            times.Recount(bushes);
        }

        return Result(network, classes, fixedCost, times, bushes, gap <= settings.RelativeGap, iteration, gap, unserved);
    }

    // Passes over the bushes as they are, until what they can still save is within the goal.
    private static void PassOver(Bush[] bushes, BushSolver solver, double goal, SubspaceStep? further, CancellationToken cancellationToken)
    {
        var left = new double[bushes.Length];
        var rest = double.PositiveInfinity;
        var falling = true;
        for (var pass = 0; pass < InnerPasses && rest > goal; pass++)
        {
            further?.Remember();
            for (var b = 0; b < bushes.Length; b++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (pass == 0 || left[b] > goal / bushes.Length * RestOfBush)
                {
                    left[b] = solver.Equilibrate(bushes[b], pass > 1 && falling ? Relaxation : 1, Negligible * goal / bushes.Length / bushes[b].Link.Length);
                }
            }

            further?.Extend(cancellationToken);
            var before = rest;
            rest = left.Sum();
            falling &= rest < before;
        }
    }

    private static double[] FixedCost(RoadNetwork network, TrafficClass group) =>
    [
        .. network.Links.Select((link, i) => group.Banned?[i] == true
            ? double.PositiveInfinity
            : (group.ExtraCost?[i] ?? 0) + network.TollFactor * link.Toll + network.DistanceFactor * link.Length),
    ];

    private static (double Gap, double Total) Gap(BushSolver solver, LinkTimes times, Bush[] bushes, double[][] fixedCost, CancellationToken cancellationToken)
    {
        double excess = 0, total = 0;
        foreach (var bush in bushes)
        {
            cancellationToken.ThrowIfCancellationRequested();
            excess += solver.Labels.Excess(bush);
            for (var e = 0; e < bush.Link.Length; e++)
            {
                total += bush.Flow[e] > 0 ? bush.Flow[e] * (times.Time[bush.Link[e]] + fixedCost[bush.Class][bush.Link[e]]) : 0;
            }
        }

        return (total > 0 ? Math.Max(0, excess) / total : 0, total);
    }

    private static Equilibrium Result(
        RoadNetwork network, IReadOnlyList<TrafficClass> classes, double[][] fixedCost, LinkTimes times, Bush[] bushes, bool converged, int iterations, double gap, List<UnservedTrips> unserved)
    {
        double[][] classFlow = [.. classes.Select(_ => new double[network.Links.Count])];
        foreach (var bush in bushes)
        {
            for (var e = 0; e < bush.Link.Length; e++)
            {
                classFlow[bush.Class][bush.Link[e]] += bush.Flow[e];
            }
        }

        double objective = 0, totalTime = 0;
        for (var link = 0; link < network.Links.Count; link++)
        {
            objective += times.Integral(link);
            totalTime += times.Flow[link] * times.Time[link];
            for (var c = 0; c < classes.Count; c++)
            {
                objective += classFlow[c][link] > 0 ? classFlow[c][link] * fixedCost[c][link] : 0;
                classFlow[c][link] /= classes[c].PassengerCarUnits;
            }
        }

        return new(converged, iterations, gap, objective, times.Flow, times.Time, classFlow, totalTime, unserved, new EquilibriumState(network.Nodes, network.Links.Count, bushes));
    }
}
