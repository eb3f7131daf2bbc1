namespace LivingCity.Assessment.Roadmaps;

/// <summary>The limits of a roadmap.</summary>
/// <param name="Budget">Euro; the greatest cost of each action counts against it.</param>
/// <param name="Capacity">Person-months.</param>
internal sealed record Limits(double Budget, double Capacity);

/// <summary>An action as the optimiser sees it.</summary>
/// <param name="Cost">Euro.</param>
/// <param name="Effort">Person-months.</param>
/// <param name="Needs">Positions of its prerequisites.</param>
internal sealed record Choice(double Cost, double Effort, IReadOnlyList<int> Needs);

/// <summary>
/// Chooses actions, exactly, by branch and bound (Land and Doig 1960): the best set within the limits, and the smallest set that reaches a score. What an action adds together with others is never
/// more than what it adds alone, so the sum of what the rest could add alone, as far as the limits carry it (Dantzig's fractional bound), is a bound. Pure; ties go to the cheaper set, then to the
/// first in the library's order.
/// </summary>
internal sealed class Optimiser(Gains gains, IReadOnlyList<Choice> choices)
{
    private const double Tiny = 1e-9;

    private readonly double[] alone = [.. Enumerable.Range(0, choices.Count).Select(gains.Alone)];

    /// <summary>The set of actions that adds most within the limits, prerequisites included.</summary>
    public IReadOnlyList<int> Best(Limits limits)
    {
        var order = TopologicalOrder();
        var (best, bestGain, bestCost) = (Array.Empty<int>(), 0d, 0d);
        var taken = new bool[choices.Count];
        var chosen = new List<int>();
        var useful = Useful();
        Search(0, 0, 0);
        return [.. best.Order()];

        void Search(int at, double cost, double effort)
        {
            var gain = gains.Together(chosen);
            if (gain > bestGain + Tiny || (gain > bestGain - Tiny && cost < bestCost - Tiny))
            {
                (best, bestGain, bestCost) = ([.. chosen], gain, cost);
            }

            if (at == order.Length || gain + Bound(order, at, taken, limits.Budget - cost, limits.Capacity - effort) < bestGain - Tiny)
            {
                return;
            }

            var action = order[at];
            var choice = choices[action];
            if (useful[action] && choice.Needs.All(need => taken[need]) && cost + choice.Cost <= limits.Budget + Tiny && effort + choice.Effort <= limits.Capacity + Tiny)
            {
                taken[action] = true;
                chosen.Add(action);
                Search(at + 1, cost + choice.Cost, effort + choice.Effort);
                chosen.RemoveAt(chosen.Count - 1);
                taken[action] = false;
            }

            Search(at + 1, cost, effort);
        }
    }

    /// <summary>The fewest actions, prerequisites included, that add at least so many points; among those the cheapest.</summary>
    /// <returns>Null where all actions together do not reach it.</returns>
    public IReadOnlyList<int>? Smallest(double points)
    {
        if (points <= 0)
        {
            return [];
        }

        var useful = Useful();
        var order = TopologicalOrder().Where(action => useful[action]).ToArray();
        if (gains.Together(order) < points - Tiny)
        {
            return null;
        }

        for (var size = 1; ; size++)
        {
            if (OfSize(order, size, points) is { } found)
            {
                return [.. found.Order()];
            }
        }
    }

    private int[]? OfSize(int[] order, int size, double points)
    {
        var (best, bestCost) = (null as int[], double.PositiveInfinity);
        var taken = new bool[choices.Count];
        var chosen = new List<int>();
        // What the best k of the actions from a position on could add alone, for every k.
        var most = new double[order.Length + 1][];
        for (var at = 0; at <= order.Length; at++)
        {
            var sorted = order.Skip(at).Select(action => alone[action]).OrderDescending().ToArray();
            most[at] = new double[size + 1];
            for (var k = 1; k <= size; k++)
            {
                most[at][k] = most[at][k - 1] + (k <= sorted.Length ? sorted[k - 1] : 0);
            }
        }

        Search(0, 0);
        return best;

        void Search(int at, double cost)
        {
            var gain = gains.Together(chosen);
            if (chosen.Count == size)
            {
                if (gain >= points - Tiny && cost < bestCost - Tiny)
                {
                    (best, bestCost) = ([.. chosen], cost);
                }

                return;
            }

            if (at == order.Length || order.Length - at < size - chosen.Count || cost >= bestCost || gain + most[at][size - chosen.Count] < points - Tiny)
            {
                return;
            }

            var action = order[at];
            if (choices[action].Needs.All(need => taken[need]))
            {
                taken[action] = true;
                chosen.Add(action);
                Search(at + 1, cost + choices[action].Cost);
                chosen.RemoveAt(chosen.Count - 1);
                taken[action] = false;
            }

            Search(at + 1, cost);
        }
    }

    /// <summary>Actions that add something, or that one which does needs.</summary>
    private bool[] Useful()
    {
        var useful = alone.Select(points => points > Tiny).ToArray();
        foreach (var action in TopologicalOrder().Reverse().Where(action => useful[action]))
        {
            foreach (var need in choices[action].Needs)
            {
                useful[need] = true;
            }
        }

        return useful;
    }

    /// <summary>Each action after its prerequisites; among free ones those that add most for their part of the limits first, so that good sets are found early.</summary>
    /// <exception cref="InvalidOperationException">Actions need each other in a circle.</exception>
    private int[] TopologicalOrder()
    {
        var order = new List<int>(choices.Count);
        while (order.Count < choices.Count)
        {
            var free = Enumerable.Range(0, choices.Count).Where(action => !order.Contains(action) && choices[action].Needs.All(order.Contains)).ToArray();
            if (free.Length == 0)
            {
                throw new InvalidOperationException("Actions need each other in a circle.");
            }

            order.Add(free.MaxBy(action => (alone[action] + Tiny) / (1 + choices[action].Effort)));
        }

        return [.. order];
    }

    /// <summary>The most that the actions from a position on could add within what is left: the smaller of the two fractional knapsacks, one for each limit.</summary>
    private double Bound(int[] order, int at, bool[] taken, double budget, double capacity)
    {
        return Math.Min(Fractional(choice => choice.Cost, budget), Fractional(choice => choice.Effort, capacity));

        double Fractional(Func<Choice, double> weight, double room)
        {
            var sum = 0d;
            foreach (var action in order.Skip(at).Where(action => !taken[action] && alone[action] > 0).OrderByDescending(action => alone[action] / Math.Max(Tiny, weight(choices[action]))))
            {
                var asked = weight(choices[action]);
                if (asked <= room)
                {
                    (sum, room) = (sum + alone[action], room - asked);
                }
                else
                {
                    return sum + (alone[action] * Math.Max(0, room) / asked);
                }
            }

            return sum;
        }
    }
}
