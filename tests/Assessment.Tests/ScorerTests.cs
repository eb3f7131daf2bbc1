using LivingCity.Assessment.Questionnaires;
using LivingCity.Assessment.Scoring;

namespace LivingCity.Assessment.Tests;

public sealed class ScorerTests
{
    private static readonly Questionnaire Digital = new QuestionnaireCatalogue().Find("digital-maturity/1")!;

    [Theory]
    [InlineData("0", 0, 1)]
    [InlineData("1", 25, 2)]
    [InlineData("2", 50, 3)]
    [InlineData("3", 75, 4)]
    [InlineData("4", 100, 5)]
    public void Evaluate_SameOptionEverywhere_IsThatScoreAndLevel(string option, double overall, int level)
    {
        var score = Scorer.Evaluate(Digital, Digital.Questions.ToDictionary(question => question.Id, _ => option));

        Assert.Equal((overall, level, 7), (score.Overall, score.Level, score.Dimensions.Count));
    }

    [Fact]
    public void Evaluate_NotApplicable_CountsNowhere()
    {
        var answers = Digital.Questions.ToDictionary(question => question.Id, question => question.Id.StartsWith("data.", StringComparison.Ordinal) ? "na" : "4");
        answers["people.training"] = "na";

        var score = Scorer.Evaluate(Digital, answers);

        Assert.Equal(100, score.Overall);
        Assert.Equal(100, score.Dimensions["people"]);
        Assert.DoesNotContain("data", score.Dimensions.Keys);
    }

    [Fact]
    public void Evaluate_Needs_AreTheWeakDimensionsWeakestFirst()
    {
        var answers = Digital.Questions.ToDictionary(question => question.Id, question => question.Id.Split('.')[0] switch { "data" => "0", "services" => "1", "people" => "2", _ => "4" });

        Assert.Equal(["data", "services"], Scorer.Evaluate(Digital, answers).Needs);
    }

    [Fact]
    public void Evaluate_Weights_ShiftTheMean()
    {
        Option[] options = [new("no", "No", 0), new("yes", "Yes", 100)];
        var questionnaire = new Questionnaire("q/1", "Q", "", [0, 50], [new("d", "D", 1, [new("a", "A", 3, options), new("b", "B", 1, options)])]);

        Assert.Equal(75, Scorer.Evaluate(questionnaire, new Dictionary<string, string> { ["a"] = "yes", ["b"] = "no" }).Overall);
    }

    [Fact]
    public void Catalogue_DigitalMaturity_HasSevenDimensionsAndUniqueQuestions()
    {
        Assert.Equal(7, Digital.Dimensions.Count);
        Assert.Equal(Digital.Questions.Count(), Digital.Questions.Select(question => question.Id).Distinct().Count());
        Assert.All(Digital.Questions, question => Assert.Contains(question.Options, option => option.Score is null));
    }
}
