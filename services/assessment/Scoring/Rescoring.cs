using LivingCity.Assessment.Answers;
using LivingCity.Assessment.Questionnaires;
using LivingCity.ServiceDefaults.Errors;

namespace LivingCity.Assessment.Scoring;

/// <summary>A submission, scored once more.</summary>
/// <param name="Questionnaire">The version by which.</param>
/// <param name="Overall">0 to 100.</param>
/// <param name="Level">1 to the number of levels.</param>
/// <param name="Carried">How many answers the version takes over: those to questions that ask the same, in a form that still fits.</param>
/// <param name="Asked">How many questions the version asks after those answers.</param>
internal sealed record Rescored(string Questionnaire, double Overall, int Level, int Carried, int Asked);

/// <summary>Old answers under new rules. Pure.</summary>
internal static class Rescoring
{
    /// <summary>Whether two results are the same to the last bit, whatever the order in which a store gave back their members.</summary>
    public static bool Same(Score one, Score other) =>
        one.Overall.Equals(other.Overall) && one.Level == other.Level && one.Needs.SequenceEqual(other.Needs)
        && one.Dimensions.Count == other.Dimensions.Count && one.Dimensions.All(dimension => other.Dimensions.TryGetValue(dimension.Key, out var value) && value.Equals(dimension.Value))
        // Results from before every point was explained have no details.
        && (one.Details is null || other.Details is null || Questions(one).SequenceEqual(Questions(other)));

    /// <summary>The answers that a later version takes over.</summary>
    /// <param name="from">What was answered.</param>
    /// <param name="to">The version that follows it.</param>
    /// <param name="answers">The answers to the former.</param>
    public static IReadOnlyDictionary<string, AnswerView> Carry(Questionnaire from, Questionnaire to, IReadOnlyDictionary<string, AnswerView> answers)
    {
        var carried = new Dictionary<string, AnswerView>();
        foreach (var question in to.Questions)
        {
            if (question.Follows is { } earlier && from.Find(earlier) is not null && answers.GetValueOrDefault(earlier) is { } answer
                && AnswerValue.Read(to, question, answer.Value, answer.NotApplicable, new Validation()) is not null)
            {
                carried[question.Id] = answer;
            }
        }

        return carried;
    }

    /// <summary>Scores what was carried.</summary>
    public static Rescored Under(Questionnaire questionnaire, IReadOnlyDictionary<string, AnswerView> answers, DateOnly day)
    {
        var values = answers.ToDictionary(answer => answer.Key, answer => AnswerValue.Stored(questionnaire, questionnaire.Find(answer.Key)!, answer.Value.Value, answer.Value.NotApplicable));
        var score = Scorer.Evaluate(questionnaire, values, day);
        return new Rescored(questionnaire.Id, score.Overall, score.Level, answers.Count, Branching.Visible(questionnaire, values).Count);
    }

    private static IEnumerable<QuestionScore> Questions(Score score) => score.Details!.SelectMany(dimension => dimension.Indicators).SelectMany(indicator => indicator.Questions);
}
