using System.Text.Json.Serialization;

namespace LivingCity.Assessment.Questionnaires;

/// <summary>A questionnaire in one version, without its texts. Versions never change once published; a new one gets a new id. The form of the file: <c>questionnaire.schema.json</c>.</summary>
/// <param name="Id">Name and version, for instance <c>digital-maturity/2</c>.</param>
/// <param name="Engine">The version of the scoring rules (<see cref="Scoring.Scorer"/>).</param>
/// <param name="Languages">The languages that it declares; each is complete or the version is not published.</param>
/// <param name="Levels">The lowest score of each level, ascending, the first 0.</param>
/// <param name="Dimensions">What is assessed.</param>
/// <param name="Scales">Options that several questions share, by name.</param>
/// <param name="Follows">The version before this one, whose figures it can be compared with where questions say so.</param>
internal sealed record Questionnaire(
    string Id, int Engine, IReadOnlyList<string> Languages, IReadOnlyList<double> Levels, IReadOnlyList<Dimension> Dimensions,
    IReadOnlyDictionary<string, IReadOnlyList<Option>>? Scales = null, string? Follows = null)
{
    private readonly Lazy<Dictionary<string, Question>> byId = new(() => Dimensions.SelectMany(dimension => dimension.Indicators).SelectMany(indicator => indicator.Questions).ToDictionary(question => question.Id));

    /// <summary>All indicators, in order.</summary>
    [JsonIgnore]
    public IEnumerable<Indicator> Indicators => Dimensions.SelectMany(dimension => dimension.Indicators);

    /// <summary>All questions, in order.</summary>
    [JsonIgnore]
    public IEnumerable<Question> Questions => Indicators.SelectMany(indicator => indicator.Questions);

    /// <returns>Null where there is no such question.</returns>
    public Question? Find(string question) => byId.Value.GetValueOrDefault(question);

    /// <summary>The options of a question: its own, or those of its scale.</summary>
    public IReadOnlyList<Option> OptionsOf(Question question) => question.Options ?? (question.Scale is { } scale ? Scales?.GetValueOrDefault(scale) : null) ?? [];

    /// <summary>The level of a score, from 1.</summary>
    public int LevelOf(double overall) => Levels.Count(cutOff => overall >= cutOff);
}

/// <summary>One aspect of what is assessed.</summary>
/// <param name="Id">Stable name.</param>
/// <param name="Weight">Its share in the overall score, relative to the others.</param>
/// <param name="Indicators">Its indicators.</param>
internal sealed record Dimension(string Id, double Weight, IReadOnlyList<Indicator> Indicators);

/// <summary>What a few questions measure together.</summary>
/// <param name="Id">Stable name.</param>
/// <param name="Weight">Its share in the dimension's score, relative to the others.</param>
/// <param name="Questions">Its questions.</param>
internal sealed record Indicator(string Id, double Weight, IReadOnlyList<Question> Questions);

/// <summary>How a question is answered.</summary>
internal enum QuestionKind
{
    Single,
    Multiple,
    Matrix,
    Number,
    Date,
    Text,
    Evidence,
}

/// <summary>A question.</summary>
/// <param name="Id">Stable name.</param>
/// <param name="Kind">How it is answered.</param>
/// <param name="Weight">Its share in the indicator's score, relative to the others; above 0.</param>
/// <param name="Options">What there is to choose from (single, multiple, and the columns of a matrix).</param>
/// <param name="Scale">The shared options, instead of its own.</param>
/// <param name="Rows">The rows of a matrix.</param>
/// <param name="Unit">The unit of a number; its text is <c>unit:{name}</c>.</param>
/// <param name="Minimum">Least number.</param>
/// <param name="Maximum">Greatest number.</param>
/// <param name="Points">What numbers score: pairs of value and score (0 to 100), linear in between and level outside. A date counts as its age in days, evidence as the number of its items.</param>
/// <param name="VisibleIf">When it is asked; refers to questions before it.</param>
/// <param name="Optional">May stay without an answer; only where nothing is scored.</param>
/// <param name="MayNotApply">May be answered with "does not apply to us".</param>
/// <param name="Mims">Requirements of the MIMs that it bears on.</param>
/// <param name="Prefill">The fact of the platform that answers it, marked as measured.</param>
/// <param name="Follows">The question of the version before that asks the same.</param>
internal sealed record Question(
    string Id, QuestionKind Kind, double Weight = 1, IReadOnlyList<Option>? Options = null, string? Scale = null, IReadOnlyList<string>? Rows = null, string? Unit = null,
    double? Minimum = null, double? Maximum = null, IReadOnlyList<IReadOnlyList<double>>? Points = null, Condition? VisibleIf = null, bool Optional = false, bool MayNotApply = false,
    IReadOnlyList<string>? Mims = null, string? Prefill = null, string? Follows = null);

/// <summary>An answer to choose.</summary>
/// <param name="Id">Stable name within the question or scale.</param>
/// <param name="Score">0 to 100; null where it counts nowhere.</param>
/// <param name="Exclusive">Rules the others out, like "none of them".</param>
internal sealed record Option(string Id, [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] double? Score, bool Exclusive = false);

/// <summary>When a question is asked. Exactly one form: a question with the options of which one is chosen, or with the least number; or several conditions combined.</summary>
internal sealed record Condition(
    string? Question = null, IReadOnlyList<string>? In = null, double? AtLeast = null, IReadOnlyList<Condition>? All = null, IReadOnlyList<Condition>? Any = null, Condition? Not = null)
{
    /// <summary>The questions that it looks at.</summary>
    [JsonIgnore]
    public IEnumerable<string> Questions => Question is not null ? [Question] : [.. (All ?? []).Concat(Any ?? []).SelectMany(part => part.Questions), .. Not?.Questions ?? []];

    [JsonIgnore]
    public IEnumerable<Condition> Parts => [this, .. (All ?? []).Concat(Any ?? []).Concat(Not is null ? [] : [Not]).SelectMany(part => part.Parts)];
}
