using LivingCity.Assessment.Questionnaires;

namespace LivingCity.Assessment.Scoring;

/// <summary>The result of an assessment.</summary>
/// <param name="Overall">0 to 100.</param>
/// <param name="Level">1 to the number of levels.</param>
/// <param name="Dimensions">0 to 100 each; a dimension in which nothing applies is left out.</param>
/// <param name="Needs">The dimensions that score below 50, the weakest first.</param>
internal sealed record Score(double Overall, int Level, IReadOnlyDictionary<string, double> Dimensions, IReadOnlyList<string> Needs);

/// <summary>Scores answers. Pure: the same answers to the same version score the same for ever.</summary>
internal static class Scorer
{
    private const double NeedsAttentionBelow = 50;

    /// <summary>
    /// A dimension scores the weighted mean of its answers, the whole the weighted mean of its dimensions. Answers that do not apply count nowhere.
    /// A dimension needs attention when it scores below 50.
    /// </summary>
    /// <param name="questionnaire">The version that was answered.</param>
    /// <param name="answers">Option by question; every question is answered.</param>
    public static Score Evaluate(Questionnaire questionnaire, IReadOnlyDictionary<string, string> answers)
    {
        var dimensions = questionnaire.Dimensions
            .Select(dimension => (dimension, score: Mean(dimension.Questions.Select(question => (question.Weight, question.Options.Single(option => option.Id == answers[question.Id]).Score)))))
            .ToArray();
        var overall = Mean(dimensions.Select(dimension => (dimension.dimension.Weight, dimension.score))) ?? 0;
        return new Score(
            overall,
            questionnaire.Levels.Count(cutOff => overall >= cutOff),
            dimensions.Where(dimension => dimension.score is not null).ToDictionary(dimension => dimension.dimension.Id, dimension => dimension.score!.Value),
            [.. dimensions.Where(dimension => dimension.score < NeedsAttentionBelow).OrderBy(dimension => dimension.score).Select(dimension => dimension.dimension.Id)]);
    }

    private static double? Mean(IEnumerable<(double Weight, double? Score)> parts)
    {
        var counted = parts.Where(part => part is { Score: not null, Weight: > 0 }).ToArray();
        return counted.Length == 0 ? null : counted.Sum(part => part.Weight * part.Score!.Value) / counted.Sum(part => part.Weight);
    }
}
