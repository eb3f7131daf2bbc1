namespace LivingCity.Contracts.Assessment;

/// <summary>A city has completed an assessment.</summary>
/// <param name="City">The tenant.</param>
/// <param name="AssessmentId">The assessment.</param>
/// <param name="Questionnaire">Which questionnaire, with its version.</param>
/// <param name="CompletedAt">When it was submitted.</param>
/// <param name="Score">Overall score, 0 to 100.</param>
/// <param name="Level">Maturity level, 1 to 5.</param>
/// <param name="Dimensions">Scores by dimension, 0 to 100.</param>
/// <param name="Needs">The dimensions that need attention, the weakest first.</param>
/// <param name="Recommended">What the needs lead to, in their order.</param>
public sealed record AssessmentCompleted(
    string City,
    Guid AssessmentId,
    string Questionnaire,
    DateTimeOffset CompletedAt,
    double Score,
    int Level,
    IReadOnlyDictionary<string, double> Dimensions,
    IReadOnlyList<string> Needs,
    IReadOnlyList<Recommendation>? Recommended = null);

/// <summary>Something that helps with a need.</summary>
/// <param name="Kind"><c>dataset</c>, <c>scenario</c> or <c>session</c>.</param>
/// <param name="Topic">A keyword in English: of the catalogue, of the twin's models, of the programme.</param>
/// <param name="Because">The dimension that needs attention.</param>
/// <param name="Score">What the city scored there, 0 to 100.</param>
public sealed record Recommendation(string Kind, string Topic, string Because, double Score);
