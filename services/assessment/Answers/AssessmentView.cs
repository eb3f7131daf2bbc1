using System.Text.Json;
using LivingCity.Assessment.Scoring;

namespace LivingCity.Assessment.Answers;

/// <summary>Where an assessment stands.</summary>
internal enum Status
{
    Answering,
    InReview,
    Approved,
    Submitted,
}

/// <summary>Which questionnaire to answer.</summary>
/// <param name="Questionnaire">Name and version.</param>
/// <param name="RequiresReview">Whether an assessor signs off before it is submitted.</param>
internal sealed record StartRequest(string Questionnaire, bool RequiresReview = false);

/// <summary>An answer.</summary>
/// <param name="Option">The option chosen, for a question with one choice: short for <paramref name="Value"/>.</param>
/// <param name="Value">The answer in the form of the question's kind.</param>
/// <param name="NotApplicable">"Does not apply to us".</param>
internal sealed record AnswerRequest(string? Option = null, JsonElement? Value = null, bool NotApplicable = false);

/// <summary>An answer as it stands.</summary>
/// <param name="Value">The answer in the form of the question's kind; absent where it does not apply.</param>
/// <param name="NotApplicable">"Does not apply to us".</param>
/// <param name="Version">What an edit names in If-Match.</param>
/// <param name="AnsweredBy">Who answered, for people.</param>
/// <param name="AnsweredAt">When.</param>
/// <param name="Measured">Where the platform measured it, if nobody has changed it since.</param>
internal sealed record AnswerView(JsonElement? Value, bool NotApplicable, long Version, string AnsweredBy, DateTimeOffset AnsweredAt, string? Measured);

/// <summary>An assessment.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Questionnaire">Which questionnaire, with its version.</param>
/// <param name="Status">Where it stands.</param>
/// <param name="RequiresReview">Whether an assessor signs off before it is submitted.</param>
/// <param name="StartedAt">When it was started.</param>
/// <param name="SubmittedAt">When it was submitted, or null.</param>
/// <param name="Answers">Answers by question.</param>
/// <param name="Open">Questions that still need an answer, in order.</param>
/// <param name="Hidden">Questions that are not asked after the answers so far.</param>
/// <param name="Position">Names the last change, for <c>changes?after=</c>.</param>
/// <param name="Result">The score, once submitted.</param>
internal sealed record AssessmentView(
    Guid Id, string Questionnaire, Status Status, bool RequiresReview, DateTimeOffset StartedAt, DateTimeOffset? SubmittedAt, IReadOnlyDictionary<string, AnswerView> Answers, IReadOnlyList<string> Open,
    IReadOnlyList<string> Hidden, long Position, Score? Result);

/// <summary>An assessment in a list.</summary>
internal sealed record AssessmentSummary(Guid Id, string Questionnaire, Status Status, DateTimeOffset StartedAt, DateTimeOffset? SubmittedAt, double? Overall, int? Level);

/// <summary>A change of an answer.</summary>
/// <param name="Position">Its number; later ones are greater.</param>
/// <param name="Question">What was answered.</param>
/// <param name="Answer">The answer after the change.</param>
internal sealed record ChangeView(long Position, string Question, AnswerView Answer);
