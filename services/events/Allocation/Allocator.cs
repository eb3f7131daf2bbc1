using LivingCity.Events.Registration;

namespace LivingCity.Events.Allocation;

/// <param name="Seats">The session of each participant who got one.</param>
/// <param name="Order">The lots: indexes into the wishes, in the order in which they were drawn within each priority.</param>
internal sealed record AllocationResult(IReadOnlyDictionary<Guid, string> Seats, IReadOnlyList<int> Order);

/// <summary>
/// Gives seats by ranked wishes. Priorities are served one after the other; within a priority everybody is equal, the sum of ranks is the least that is possible (successive shortest
/// augmenting paths, as in Ahuja, Magnanti, Orlin: Network Flows, 9.7), and lots decide between equals. Nobody can then prefer a session that has a free seat, or in which somebody of lower
/// priority sits: there is no blocking pair. Getting nothing counts as the rank after the last that was wished for, so a short list is no advantage. Wishes can still be untrue to one's
/// advantage: no rule with the least sum of ranks can prevent that.
/// </summary>
internal static class Allocator
{
    public static AllocationResult Allocate(IReadOnlyDictionary<string, int> free, IReadOnlyList<Wish> wishes, long seed)
    {
        var order = Draw(wishes, seed);
        var names = free.Keys.Order(StringComparer.Ordinal).ToArray();
        var index = names.Select((name, at) => (name, at)).ToDictionary(pair => pair.name, pair => pair.at);
        var left = names.Select(name => free[name]).ToArray();
        var result = new Dictionary<Guid, string>();
        foreach (var level in order.GroupBy(at => wishes[at].Priority))
        {
            var people = level.Select(at => new Person(wishes[at].Participant, [.. wishes[at].Ranking.Where(index.ContainsKey).Distinct().Select(name => index[name])], names.Length)).ToArray();
            var seated = names.Select(_ => new List<Person>()).ToArray();
            foreach (var person in people)
            {
                Seat(person, seated, left);
            }

            for (var session = 0; session < names.Length; session++)
            {
                left[session] -= seated[session].Count;
                foreach (var person in seated[session])
                {
                    result[person.Id] = names[session];
                }
            }
        }

        return new AllocationResult(result, order);
    }

    /// <summary>The lots, by a generator that is written down here, so that anybody can draw them again.</summary>
    private static int[] Draw(IReadOnlyList<Wish> wishes, long seed)
    {
        // Whoever wishes first must not matter: people are sorted by their random id before the lots are drawn.
        var order = Enumerable.Range(0, wishes.Count).OrderBy(at => wishes[at].Participant.ToString("N"), StringComparer.Ordinal).ToArray();
        var state = (ulong)seed;
        for (var at = order.Length - 1; at > 0; at--)
        {
            var other = (int)(Next(ref state) % (ulong)(at + 1));
            (order[at], order[other]) = (order[other], order[at]);
        }

        return [.. order.OrderByDescending(at => wishes[at].Priority)];
    }

    /// <summary>SplitMix64 (Steele, Lea, Flood 2014).</summary>
    private static ulong Next(ref ulong state)
    {
        var z = state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>Seats one more person at the least additional cost, moving others along or leaving one of them without.</summary>
    private static void Seat(Person person, List<Person>[] seated, int[] capacity)
    {
        var sessions = seated.Length;
        var cost = new int[sessions];
        var from = new (int Session, Person? Moves)[sessions];
        for (var session = 0; session < sessions; session++)
        {
            (cost[session], from[session]) = (person.CostOf(session), (-1, null));
        }

        // Bellman-Ford: moves can have negative cost. The assignment so far is the cheapest, so there is no negative cycle.
        for (var changed = true; changed;)
        {
            changed = false;
            for (var a = 0; a < sessions; a++)
            {
                if (cost[a] >= Person.Impossible)
                {
                    continue;
                }

                foreach (var moves in seated[a])
                {
                    foreach (var b in moves.Wanted)
                    {
                        var way = cost[a] - moves.CostOf(a) + moves.CostOf(b);
                        if (b != a && way < cost[b])
                        {
                            (cost[b], from[b], changed) = (way, (a, moves), true);
                        }
                    }
                }
            }
        }

        // The path ends at a free seat, or with somebody who goes without, the new one included.
        var best = (Cost: person.CostOfNothing, At: -1, Leaves: (Person?)null);
        for (var session = 0; session < sessions; session++)
        {
            if (cost[session] >= Person.Impossible)
            {
                continue;
            }

            if (seated[session].Count < capacity[session])
            {
                best = cost[session] < best.Cost || (cost[session] == best.Cost && best.At < 0) ? (cost[session], session, null) : best;
            }
            else
            {
                foreach (var leaves in seated[session])
                {
                    var total = cost[session] - leaves.CostOf(session) + leaves.CostOfNothing;
                    best = total < best.Cost ? (total, session, leaves) : best;
                }
            }
        }

        if (best.At < 0)
        {
            return;
        }

        if (best.Leaves is not null)
        {
            seated[best.At].Remove(best.Leaves);
        }

        for (var at = best.At; ;)
        {
            var (previous, moves) = from[at];
            seated[at].Add(moves ?? person);
            if (moves is null)
            {
                return;
            }

            seated[previous].Remove(moves);
            at = previous;
        }
    }

    private sealed class Person
    {
        public const int Impossible = 1_000_000;

        private readonly int[] costs;

        public Person(Guid id, int[] wanted, int sessions)
        {
            (Id, Wanted, costs) = (id, wanted, new int[sessions]);
            Array.Fill(costs, Impossible);
            for (var rank = 0; rank < wanted.Length; rank++)
            {
                costs[wanted[rank]] = rank;
            }
        }

        public Guid Id { get; }

        public int[] Wanted { get; }

        public int CostOfNothing => Wanted.Length;

        public int CostOf(int session) => costs[session];
    }
}
