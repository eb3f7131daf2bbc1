using LivingCity.Assessment.Questionnaires;
using LivingCity.Assessment.Roadmaps;
using LivingCity.Assessment.Scoring;
using LivingCity.Assessment.Tests.Questionnaires;

namespace LivingCity.Assessment.Tests.Roadmaps;

public sealed class OptimiserTests
{
    private static readonly Questionnaire Digital = new QuestionnaireCatalogue().Find("digital-maturity/2")!.Structure;
    private static readonly ActionLibrary Library = ActionLibrary.For("digital-maturity/2")!;

    [Fact]
    public void Best_OnEverySmallCase_IsWhatBruteForceFinds()
    {
        var random = new Random(5);
        for (var round = 0; round < 400; round++)
        {
            var (gains, choices) = Draw(random, 1 + (round % 10));
            var limits = new Limits(random.Next(0, 60), random.Next(0, 25));

            var best = new Optimiser(gains, choices).Best(limits);

            var brute = Subsets(choices).Where(set => set.Sum(action => choices[action].Cost) <= limits.Budget && set.Sum(action => choices[action].Effort) <= limits.Capacity).Max(set => gains.Together(set));
            Assert.Equal(brute, gains.Together(best), 9);
            Assert.True(IsClosed(best, choices) && best.Sum(action => choices[action].Cost) <= limits.Budget && best.Sum(action => choices[action].Effort) <= limits.Capacity);
        }
    }

    [Fact]
    public void Smallest_OnEverySmallCase_IsNoLargerAndNoDearerThanBruteForceFinds()
    {
        var random = new Random(6);
        var reached = 0;
        for (var round = 0; round < 400; round++)
        {
            var (gains, choices) = Draw(random, 1 + (round % 10));
            var wanted = random.NextDouble() * 25;

            var smallest = new Optimiser(gains, choices).Smallest(wanted);

            var brute = Subsets(choices).Where(set => gains.Together(set) >= wanted - 1e-9).OrderBy(set => set.Length).ThenBy(set => set.Sum(action => choices[action].Cost)).FirstOrDefault();
            Assert.Equal(brute?.Length, smallest?.Count);
            if (smallest is not null)
            {
                reached++;
                Assert.Equal(brute!.Sum(action => choices[action].Cost), smallest.Sum(action => choices[action].Cost), 9);
                Assert.True(gains.Together(smallest) >= wanted - 1e-9 && IsClosed(smallest, choices));
            }
        }

        Assert.InRange(reached, 100, 399);
    }

    [Fact]
    public void Actions_NeedNoneInACircle_AndCoverEveryIndicator()
    {
        var seen = new HashSet<string>();
        while (seen.Count < Library.Actions.Count)
        {
            var free = Library.Actions.Where(action => !seen.Contains(action.Id) && action.Prerequisites.All(seen.Contains)).ToArray();
            Assert.NotEmpty(free);
            seen.UnionWith(free.Select(action => action.Id));
        }

        Assert.Equal(Digital.Indicators.Select(indicator => indicator.Id).Order(), Library.Actions.SelectMany(action => action.Effects.Keys).Distinct().Order());
        Assert.All(Library.Actions, action => Assert.Equal(["bg", "en", "es", "fr"], action.Titles.Keys.Order()));
        Assert.Throws<InvalidOperationException>(() => new Optimiser(Gains.Of(0, [100], [1], [[5], [5]]), [new Choice(1, 1, [1]), new Choice(1, 1, [0])]).Best(new Limits(9, 9)));
    }

    [Theory]
    [InlineData(1, 100_000, 2, 12)]
    [InlineData(2, 400_000, 4, 18)]
    [InlineData(3, 1_500_000, 8, 24)]
    [InlineData(4, 0, 1, 6)]
    public void Roadmap_OfARealLibrary_KeepsItsLimitsAndTracesEveryActionToAnswers(int seed, double budget, double people, int months)
    {
        var score = Scored(seed);

        var roadmap = RoadmapMaker.Make(Digital, score, Library, new RoadmapRequest(budget, people, months), "en");

        Assert.True(roadmap.Cost[1] <= budget && roadmap.Effort <= people * months);
        var positions = roadmap.Actions.ToDictionary(action => action.Id);
        var lost = score.Details!.SelectMany(dimension => dimension.Indicators).SelectMany(indicator => indicator.Questions).Where(question => question.Lost > 0).Select(question => question.Id).ToHashSet();
        foreach (var action in roadmap.Actions)
        {
            Assert.All(Library.Find(action.Id)!.Prerequisites, need => Assert.True(positions[need].End <= action.Start, $"{action.Id} begins before {need} ends"));
            Assert.NotEmpty(action.Traces);
            Assert.All(action.Traces, trace => Assert.True(trace.NeededBy is { } other ? positions.ContainsKey(other) : trace.Questions.Count > 0 && trace.Questions.All(lost.Contains)));
        }

        for (var month = 0; month < roadmap.Months; month++)
        {
            Assert.True(roadmap.Actions.Where(action => action.Start <= month && month < action.End).Sum(action => action.Effort / (action.End - action.Start)) <= people + 1e-6);
        }

        Assert.Equal(budget > 0, roadmap.Actions.Count > 0);
    }

    [Fact]
    public void NextLevel_OfARealAssessment_IsReachedAndNoActionCanBeLeftOut()
    {
        var score = Scored(8);

        var roadmap = RoadmapMaker.Make(Digital, score, Library, new RoadmapRequest(0, 5, 24, Goal.NextLevel), "bg");

        Assert.True(roadmap.Reached);
        Assert.Equal(score.Level + 1, roadmap.LevelThen);
        foreach (var left in roadmap.Actions)
        {
            var actions = Library.Actions.ToArray();
            var gains = Gains.Of(Digital, score, actions);
            Assert.True(score.Overall + gains.Together(roadmap.Actions.Where(action => action != left).Select(action => Array.FindIndex(actions, one => one.Id == action.Id))) < Digital.Levels[score.Level], left.Id);
        }

        var without = RoadmapMaker.Make(Digital, score, Library, new RoadmapRequest(0, 5, 24, Goal.NextLevel, Without: ["digital-lead"]), "bg");
        Assert.DoesNotContain(without.Actions, action => action.Id is "digital-lead" or "strategy" or "budget-line");
    }

    private static Score Scored(int seed) => Scorer.Evaluate(Digital, RandomAnswers.Read(Digital, RandomAnswers.Draw(Digital, new Random(seed))), RandomAnswers.Day);

    private static (Gains Gains, Choice[] Choices) Draw(Random random, int count)
    {
        const int indicators = 4;
        var choices = Enumerable.Range(0, count).Select(action => new Choice(random.Next(0, 20), random.Next(0, 8), [.. Enumerable.Range(0, action).Where(_ => random.NextDouble() < 0.2)])).ToArray();
        var effects = choices.Select(_ => Enumerable.Range(0, indicators).Select(_ => random.NextDouble() < 0.4 ? (double)random.Next(5, 60) : 0).ToArray()).ToArray();
        return (Gains.Of(30, [.. Enumerable.Range(0, indicators).Select(_ => (double)random.Next(0, 100))], [0.4, 0.3, 0.2, 0.1], effects), choices);
    }

    private static IEnumerable<int[]> Subsets(Choice[] choices) =>
        Enumerable.Range(0, 1 << choices.Length).Select(bits => Enumerable.Range(0, choices.Length).Where(action => (bits & (1 << action)) != 0).ToArray()).Where(set => IsClosed(set, choices));

    private static bool IsClosed(IReadOnlyList<int> set, Choice[] choices) => set.All(action => choices[action].Needs.All(set.Contains));
}
