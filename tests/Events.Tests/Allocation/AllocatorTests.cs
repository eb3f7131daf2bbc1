using LivingCity.Events.Allocation;
using LivingCity.Events.Registration;

namespace LivingCity.Events.Tests.Allocation;

/// <summary>Seats by ranked wishes: nobody has a reason to complain, and no other way gives the equal ones better ranks.</summary>
public sealed class AllocatorTests
{
    [Fact]
    public void Allocate_OnAThousandRandomWishes_LeavesNoBlockingPairAndHasBetterRanksThanFirstCome()
    {
        var (ours, firstCome) = (0.0, 0.0);
        for (var seed = 0; seed < 1000; seed++)
        {
            var (free, wishes) = Draw(new Random(seed), people: 40, sessions: 4, priorities: seed % 3);

            var result = Allocator.Allocate(free, wishes, seed);

            AssertFair(free, wishes, result);
            ours += wishes.Sum(wish => Cost(wish, result.Seats.GetValueOrDefault(wish.Participant)));
            firstCome += FirstCome(free, wishes);
            if (wishes.All(wish => wish.Priority == 0))
            {
                Assert.True(wishes.Sum(wish => Cost(wish, result.Seats.GetValueOrDefault(wish.Participant))) <= FirstCome(free, wishes), $"seed {seed}");
            }
        }

        Assert.True(ours < firstCome, $"{ours} against {firstCome}");
    }

    [Fact]
    public void Allocate_OnSmallCases_IsTheBestOfAllPossible()
    {
        for (var seed = 0; seed < 500; seed++)
        {
            var (free, wishes) = Draw(new Random(seed), people: 5, sessions: 3, priorities: 0);

            var result = Allocator.Allocate(free, wishes, seed);

            AssertFair(free, wishes, result);
            Assert.Equal(Best(free, wishes, 0), wishes.Sum(wish => Cost(wish, result.Seats.GetValueOrDefault(wish.Participant))));
        }
    }

    [Fact]
    public void Allocate_WithTheSameSeed_IsTheSameWhateverTheOrderOfWishes()
    {
        var (free, wishes) = Draw(new Random(1), people: 60, sessions: 3, priorities: 2);

        var first = Allocator.Allocate(free, wishes, 42).Seats.OrderBy(seat => seat.Key);
        var again = Allocator.Allocate(free, [.. wishes.Reverse()], 42).Seats.OrderBy(seat => seat.Key);

        Assert.Equal(first, again);
        Assert.NotEqual(first, Allocator.Allocate(free, wishes, 43).Seats.OrderBy(seat => seat.Key));
    }

    [Fact]
    public void Allocate_ByLots_GivesEqualWishesEqualChances()
    {
        var wishes = Enumerable.Range(0, 4).Select(number => Wish(number, ["a"])).ToArray();
        var won = new int[4];
        for (var seed = 0; seed < 4000; seed++)
        {
            var winner = Assert.Single(Allocator.Allocate(new Dictionary<string, int> { ["a"] = 1 }, wishes, seed).Seats).Key;
            won[Array.FindIndex(wishes, wish => wish.Participant == winner)]++;
        }

        // Four standard deviations of a fair draw: 1000 ± 110.
        Assert.All(won, wins => Assert.InRange(wins, 890, 1110));
    }

    [Fact]
    public void Allocate_ToAShortList_GivesNoAdvantage()
    {
        Wish[] wishes = [Wish(0, ["a"]), Wish(1, ["a", "b"])];
        var shortWon = Enumerable.Range(0, 1000).Count(seed => Allocator.Allocate(new Dictionary<string, int> { ["a"] = 1, ["b"] = 1 }, wishes, seed).Seats.GetValueOrDefault(wishes[0].Participant) == "a");

        Assert.InRange(shortWon, 430, 570);
    }

    private static void AssertFair(Dictionary<string, int> free, IReadOnlyList<Wish> wishes, AllocationResult result)
    {
        var seated = wishes.Where(wish => result.Seats.ContainsKey(wish.Participant)).ToLookup(wish => result.Seats[wish.Participant]);
        Assert.All(free, session => Assert.True(seated[session.Key].Count() <= session.Value));
        Assert.All(seated, session => Assert.All(session, wish => Assert.Contains(session.Key, wish.Ranking)));
        foreach (var wish in wishes)
        {
            var own = Cost(wish, result.Seats.GetValueOrDefault(wish.Participant));
            foreach (var dearer in wish.Ranking.Take(own))
            {
                Assert.Equal(free[dearer], seated[dearer].Count());
                Assert.DoesNotContain(seated[dearer], other => other.Priority < wish.Priority);
            }
        }
    }

    private static int Cost(Wish wish, string? session) => session is null ? wish.Ranking.Count : wish.Ranking.ToList().IndexOf(session);

    private static int FirstCome(Dictionary<string, int> free, IReadOnlyList<Wish> wishes)
    {
        var left = free.ToDictionary();
        return wishes.OrderByDescending(wish => wish.Priority).Sum(wish =>
        {
            var session = wish.Ranking.FirstOrDefault(candidate => left[candidate] > 0);
            if (session is not null)
            {
                left[session]--;
            }

            return Cost(wish, session);
        });
    }

    /// <summary>Tries everything.</summary>
    private static int Best(Dictionary<string, int> free, IReadOnlyList<Wish> wishes, int from)
    {
        if (from == wishes.Count)
        {
            return 0;
        }

        var best = Cost(wishes[from], null) + Best(free, wishes, from + 1);
        foreach (var session in wishes[from].Ranking.Where(session => free[session] > 0))
        {
            var left = free.ToDictionary();
            left[session]--;
            best = Math.Min(best, Cost(wishes[from], session) + Best(left, wishes, from + 1));
        }

        return best;
    }

    private static (Dictionary<string, int> Free, Wish[] Wishes) Draw(Random random, int people, int sessions, int priorities)
    {
        var names = Enumerable.Range(0, sessions).Select(number => $"s{number}").ToArray();
        return (
            names.ToDictionary(name => name, _ => random.Next(0, people / sessions)),
            [.. Enumerable.Range(0, people).Select(number =>
            {
                var ranking = names.ToArray();
                random.Shuffle(ranking);
                return Wish(number, ranking[..random.Next(1, sessions + 1)], priorities == 0 ? 0 : random.Next(priorities + 1));
            })]);
    }

    private static Wish Wish(int number, string[] ranking, int priority = 0) =>
        new(new Guid(number + 1, 7, 7, 1, 2, 3, 4, 5, 6, 7, 8), ranking, priority, priority == 0 ? null : "because", new Guid(number + 1, 9, 9, 1, 2, 3, 4, 5, 6, 7, 8));
}
