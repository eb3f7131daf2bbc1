using System.Text.Json;
using LivingCity.Assessment.Questionnaires;

namespace LivingCity.Assessment.Tests.Questionnaires;

/// <summary>
/// Every path through each questionnaire ends. Questions fall into parts that do not look at each other (<see cref="Parts"/>), so what is asked in one part depends on that part's answers alone,
/// and the paths of the whole are those of its parts, combined. Each part is walked exhaustively: every answer that a condition could tell from another.
/// </summary>
public sealed class BranchingTests
{
    private static readonly QuestionnaireCatalogue Catalogue = new();

    public static TheoryData<string> Each => [.. Catalogue.All.Select(one => one.Structure.Id)];

    [Theory]
    [MemberData(nameof(Each))]
    public void Conditions_LookBackOnly_SoThatNoCircleIsPossible(string id)
    {
        var asked = new HashSet<string>();
        foreach (var question in Catalogue.Find(id)!.Structure.Questions)
        {
            Assert.All(question.VisibleIf?.Questions ?? [], earlier => Assert.Contains(earlier, asked));
            asked.Add(question.Id);
        }
    }

    [Theory]
    [MemberData(nameof(Each))]
    public void Paths_OfEveryPart_MoveForwardEndAndMeetEveryQuestionBothWays(string id)
    {
        var whole = Catalogue.Find(id)!.Structure;
        var parts = Parts(whole);
        Assert.Equal(whole.Questions.Count(), parts.Sum(part => part.Questions.Count()));
        foreach (var part in parts)
        {
            var walk = new Walk(part);
            walk.Go([]);

            Assert.True(walk.Paths > 0);
            // No question is dead: each is asked on some path, and one with a condition is left out on some other.
            Assert.Equal(part.Questions.Select(question => question.Id).Order(), walk.Asked.Order());
            Assert.Equal(part.Questions.Where(question => question.VisibleIf is not null).Select(question => question.Id).Order(), walk.LeftOut.Order());
        }
    }

    [Theory]
    [MemberData(nameof(Each))]
    public void Parts_AnsweredTogether_AskWhatEachAsksAlone(string id)
    {
        var whole = Catalogue.Find(id)!.Structure;
        var parts = Parts(whole);
        var random = new Random(8);
        for (var trial = 0; trial < 500; trial++)
        {
            var answers = RandomAnswers.Read(whole, RandomAnswers.Draw(whole, random, random.NextDouble()));

            Assert.Equal(
                Branching.Visible(whole, answers).Select(question => question.Id).Order(),
                parts.SelectMany(part => Branching.Visible(part, answers)).Select(question => question.Id).Order());
        }
    }

    /// <summary>The questions in groups of which none looks at another's.</summary>
    private static List<Questionnaire> Parts(Questionnaire questionnaire)
    {
        var part = new Dictionary<string, int>();
        foreach (var question in questionnaire.Questions)
        {
            part[question.Id] = part.Count;
            foreach (var joined in (question.VisibleIf?.Questions ?? []).Select(other => part[other]).Distinct().ToArray())
            {
                foreach (var moved in part.Where(entry => entry.Value == joined).Select(entry => entry.Key).ToArray())
                {
                    part[moved] = part[question.Id];
                }
            }
        }

        return [.. part.GroupBy(entry => entry.Value, entry => entry.Key).Select(group => group.ToHashSet()).Select(ids => questionnaire with
        {
            Dimensions = [new("part", 1, [new("part", 1, [.. questionnaire.Questions.Where(question => ids.Contains(question.Id))])])],
        })];
    }

    /// <summary>Takes every path of one part.</summary>
    private sealed class Walk(Questionnaire part)
    {
        private readonly List<string> order = [.. part.Questions.Select(question => question.Id)];
        private readonly HashSet<string> gates = [.. part.Questions.SelectMany(question => question.VisibleIf?.Questions ?? [])];

        public int Paths { get; private set; }

        public HashSet<string> Asked { get; } = [];

        public HashSet<string> LeftOut { get; } = [];

        public void Go(Dictionary<string, AnswerValue> answers, int last = -1)
        {
            if (Branching.Next(part, answers) is { } next)
            {
                var position = order.IndexOf(next.Id);
                Assert.True(position > last, $"{next.Id} is asked after a later question");
                foreach (var answer in Answers(next))
                {
                    Go(new(answers) { [next.Id] = answer }, position);
                }

                return;
            }

            Paths++;
            var visible = Branching.Visible(part, answers).Select(question => question.Id).ToHashSet();
            Assert.All(part.Questions.Where(question => visible.Contains(question.Id) && !question.Optional), question => Assert.True(answers.ContainsKey(question.Id)));
            Asked.UnionWith(visible);
            LeftOut.UnionWith(order.Except(visible));
        }

        /// <summary>For a question that others depend on all that they could tell apart, for another one answer.</summary>
        private IEnumerable<AnswerValue> Answers(Question question)
        {
            if (!gates.Contains(question.Id))
            {
                return [Read(question, RandomAnswers.Value(part, question, new Random(0)))];
            }

            var options = part.OptionsOf(question);
            IEnumerable<object> values = question.Kind switch
            {
                QuestionKind.Single => options.Select(option => option.Id),
                QuestionKind.Multiple => Subsets([.. options.Where(option => !option.Exclusive).Select(option => option.Id)]).Concat(options.Where(option => option.Exclusive).Select(option => new[] { option.Id })),
                _ => Thresholds(question).SelectMany(least => (object[])[least, Math.BitDecrement(least)]),
            };
            var answers = values.Select(value => Read(question, value));
            return question.MayNotApply ? answers.Append(new AnswerValue { NotApplicable = true }) : answers;
        }

        private IEnumerable<double> Thresholds(Question question) =>
            part.Questions.SelectMany(other => other.VisibleIf?.Parts ?? []).Where(condition => condition.Question == question.Id).Select(condition => condition.AtLeast).OfType<double>();

        private AnswerValue Read(Question question, object value) => AnswerValue.Stored(part, question, JsonSerializer.SerializeToElement(value), false);

        private static IEnumerable<string[]> Subsets(string[] options) =>
            Enumerable.Range(1, (1 << options.Length) - 1).Select(set => options.Where((_, position) => (set & (1 << position)) != 0).ToArray());
    }
}
