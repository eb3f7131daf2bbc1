namespace LivingCity.Assessment.Scoring;

/// <summary>The result of an assessment.</summary>
/// <param name="Overall">0 to 100.</param>
/// <param name="Level">1 to the number of levels.</param>
/// <param name="Dimensions">0 to 100 each; a dimension in which nothing applies is left out.</param>
/// <param name="Needs">The dimensions that score below 50, the weakest first.</param>
/// <param name="Details">How each figure came about, down to the answers.</param>
internal sealed record Score(double Overall, int Level, IReadOnlyDictionary<string, double> Dimensions, IReadOnlyList<string> Needs, IReadOnlyList<DimensionScore>? Details = null);

/// <summary>A dimension's part.</summary>
/// <param name="Id">The dimension.</param>
/// <param name="Value">0 to 100; null where nothing applies.</param>
/// <param name="Share">Its share in the overall score, 0 to 1.</param>
/// <param name="Indicators">Its indicators.</param>
internal sealed record DimensionScore(string Id, double? Value, double Share, IReadOnlyList<IndicatorScore> Indicators);

/// <summary>An indicator's part.</summary>
internal sealed record IndicatorScore(string Id, double? Value, double Share, IReadOnlyList<QuestionScore> Questions);

/// <summary>An answer's part.</summary>
/// <param name="Id">The question.</param>
/// <param name="Value">0 to 100; null where it does not count.</param>
/// <param name="Share">Its share in the overall score, 0 to 1.</param>
/// <param name="Points">What it adds to the overall score.</param>
/// <param name="Lost">What the best answer would add beyond that.</param>
/// <param name="Why">Why it counts or not.</param>
internal sealed record QuestionScore(string Id, double? Value, double Share, double Points, double Lost, Why Why);

/// <summary>Why an answer counts or not.</summary>
internal enum Why
{
    Counted,
    NotApplicable,
    Hidden,
    NotScored,
    NotAnswered,
}
