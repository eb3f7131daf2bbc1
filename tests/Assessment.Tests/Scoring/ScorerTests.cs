using System.Text.Json;
using LivingCity.Assessment.Answers;
using LivingCity.Assessment.Questionnaires;
using LivingCity.Assessment.Scoring;
using LivingCity.Assessment.Tests.Independent;
using LivingCity.Assessment.Tests.Questionnaires;

namespace LivingCity.Assessment.Tests.Scoring;

public sealed class ScorerTests
{
    private static readonly QuestionnaireCatalogue Catalogue = new();
    private static readonly Questionnaire First = Catalogue.Find("digital-maturity/1")!.Structure;
    private static readonly Questionnaire Digital = Catalogue.Find("digital-maturity/2")!.Structure;

    public static TheoryData<string> Each => [.. Catalogue.All.Select(one => one.Structure.Id)];

    [Theory]
    [InlineData("0", 0, 1)]
    [InlineData("1", 25, 2)]
    [InlineData("2", 50, 3)]
    [InlineData("3", 75, 4)]
    [InlineData("4", 100, 5)]
    public void Evaluate_SameOptionEverywhere_IsThatScoreAndLevel(string option, double overall, int level)
    {
        var score = Scorer.Evaluate(First, First.Questions.ToDictionary(question => question.Id, _ => Choice(option)), RandomAnswers.Day);

        Assert.Equal((overall, level, 7), (score.Overall, score.Level, score.Dimensions.Count));
    }

    [Theory]
    [MemberData(nameof(Each))]
    public async Task Evaluate_AThousandRandomSubmissions_EqualsTheIndependentScript(string id)
    {
        var questionnaire = Catalogue.Find(id)!.Structure;
        var random = new Random(4711);
        var submissions = Enumerable.Range(0, 1000).Select(_ => RandomAnswers.Draw(questionnaire, random, 0.6 + (0.4 * random.NextDouble()))).ToArray();

        var scores = submissions.Select(given => Scorer.Evaluate(questionnaire, RandomAnswers.Read(questionnaire, given), RandomAnswers.Day)).ToArray();

        var expected = await Script.RunAsync(
            "python3", [Path.Combine(Script.Tests, "Independent/score.py")],
            new { questionnaire, submissions = submissions.Select(given => new { day = "2026-11-01", answers = given }) }, QuestionnaireCatalogue.Json);
        Assert.Equal(1000, expected.GetArrayLength());
        foreach (var (theirs, ours) in expected.EnumerateArray().Zip(scores))
        {
            Assert.Equal(theirs.GetProperty("overall").GetDouble(), ours.Overall); // to the last bit
            Assert.Equal(theirs.GetProperty("level").GetInt32(), ours.Level);
            Assert.Equal(theirs.GetProperty("dimensions").EnumerateObject().Select(one => (one.Name, one.Value.GetDouble())), ours.Dimensions.Select(one => (one.Key, one.Value)));
            Assert.Equal(theirs.GetProperty("needs").EnumerateArray().Select(need => need.GetString()), ours.Needs);
        }

        Assert.True(scores.Select(score => score.Overall).Distinct().Count() > 100, "the submissions differ");
    }

    [Theory]
    [MemberData(nameof(Each))]
    public void Explanation_OfAnySubmission_AddsUpToTheScore(string id)
    {
        var questionnaire = Catalogue.Find(id)!.Structure;
        var random = new Random(17);
        for (var i = 0; i < 200; i++)
        {
            var score = Scorer.Evaluate(questionnaire, RandomAnswers.Read(questionnaire, RandomAnswers.Draw(questionnaire, random)), RandomAnswers.Day);
            var answers = score.Details!.SelectMany(dimension => dimension.Indicators).SelectMany(indicator => indicator.Questions).ToArray();

            Assert.Equal(score.Overall, answers.Sum(answer => answer.Points), 9);
            Assert.Equal(100, answers.Sum(answer => answer.Points + answer.Lost), 9);
            Assert.Equal(1, answers.Sum(answer => answer.Share), 9);
            Assert.All(answers, answer => Assert.Equal(answer.Why == Why.Counted, answer.Share > 0));
        }
    }

    [Fact]
    public void Evaluate_NotApplicable_CountsNowhere()
    {
        var answers = Digital.Questions.ToDictionary(question => question.Id, question => Best(Digital, question));
        answers["data.uptime"] = new AnswerValue { NotApplicable = true };

        var score = Scorer.Evaluate(Digital, answers, RandomAnswers.Day);

        Assert.Equal(100, score.Dimensions["data"]);
        Assert.Equal(Why.NotApplicable, Find(score, "data.uptime").Why);
    }

    [Fact]
    public void Evaluate_AnswerThatBecameHidden_CountsNotEvenForWhatDependsOnIt()
    {
        Option[] yesNo = [new("no", 0), new("yes", 100)];
        var questionnaire = new Questionnaire("q/1", 1, ["en"], [0], [new("d", 1, [new("i", 1,
        [
            new("a", QuestionKind.Single, Options: yesNo),
            new("b", QuestionKind.Single, Options: yesNo, VisibleIf: new Condition("a", ["yes"])),
            new("c", QuestionKind.Single, Options: yesNo, VisibleIf: new Condition("b", ["yes"])),
        ])])]);

        var score = Scorer.Evaluate(questionnaire, new Dictionary<string, AnswerValue> { ["a"] = Choice("no"), ["b"] = Choice("yes"), ["c"] = Choice("yes") }, RandomAnswers.Day);

        Assert.Equal(0, score.Overall);
        Assert.Equal([Why.Counted, Why.Hidden, Why.Hidden], score.Details![0].Indicators[0].Questions.Select(question => question.Why));
    }

    [Fact]
    public void Evaluate_OldSubmission_AfterTenNewVersions_IsTheSameToTheLastBit()
    {
        // As stored when version 1 was all there was.
        var answers = First.Questions.Select((question, index) => (question.Id, Value: Choice(((index * 7) % 5).ToString(System.Globalization.CultureInfo.InvariantCulture)))).ToDictionary(one => one.Id, one => one.Value);
        var before = JsonSerializer.Serialize(Scorer.Evaluate(First, answers, RandomAnswers.Day), StoredAssessment.Json);
        var versions = Enumerable.Range(2, 10).Select(version => First with { Id = $"digital-maturity/{version}", Levels = [0, 90], Dimensions = [.. First.Dimensions.Select(dimension => dimension with { Weight = version })] }).ToArray();

        var after = JsonSerializer.Serialize(Scorer.Evaluate(new QuestionnaireCatalogue().Find("digital-maturity/1")!.Structure, answers, RandomAnswers.Day), StoredAssessment.Json);

        Assert.Equal(before, after);
        Assert.Contains("\"overall\":47.32142857142858,", after, StringComparison.Ordinal);
        Assert.All(versions, version => Assert.NotEqual(4, Scorer.Evaluate(version, answers, RandomAnswers.Day).Level));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(45, 50)]
    [InlineData(90, 100)]
    [InlineData(100, 100)]
    public void Evaluate_Number_ScoresAlongItsPoints(double value, double score) =>
        Assert.Equal(score, Find(Scorer.Evaluate(Digital, new Dictionary<string, AnswerValue> { ["services.online"] = new() { Number = value } }, RandomAnswers.Day), "services.online").Value);

    private static QuestionScore Find(Score score, string question) => score.Details!.SelectMany(dimension => dimension.Indicators).SelectMany(indicator => indicator.Questions).Single(one => one.Id == question);

    private static AnswerValue Choice(string option) => new() { Options = [option] };

    private static AnswerValue Best(Questionnaire questionnaire, Question question) => question.Kind switch
    {
        QuestionKind.Single => Choice(questionnaire.OptionsOf(question).MaxBy(option => option.Score ?? -1)!.Id),
        QuestionKind.Multiple => new AnswerValue { Options = [.. questionnaire.OptionsOf(question).Where(option => !option.Exclusive).Select(option => option.Id)] },
        QuestionKind.Matrix => new AnswerValue { Rows = question.Rows!.ToDictionary(row => row, _ => questionnaire.OptionsOf(question).MaxBy(option => option.Score)!.Id) },
        QuestionKind.Number => new AnswerValue { Number = question.Points?.MaxBy(point => point[1])![0] ?? 0 },
        QuestionKind.Date => new AnswerValue { Date = RandomAnswers.Day },
        QuestionKind.Evidence => new AnswerValue { Items = ["https://city.example/"] },
        _ => new AnswerValue { Text = "Words." },
    };
}
