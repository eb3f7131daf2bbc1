using LivingCity.ServiceDefaults.Errors;

namespace LivingCity.Assessment.Answers;

/// <summary>What can stand in the way of an answer.</summary>
internal static class AnswerProblems
{
    public static readonly Problem Submitted = new("assessment-submitted", StatusCodes.Status409Conflict, "This assessment is submitted and cannot change any more.");
    public static readonly Problem UnderReview = new("assessment-in-review", StatusCodes.Status409Conflict, "This assessment is under review: its answers do not change until the reviewer returns it.");
    public static readonly Problem NotReviewed = new("assessment-not-reviewed", StatusCodes.Status409Conflict, "This assessment is submitted once a reviewer has approved it.");
    public static readonly Problem NotInReview = new("assessment-not-in-review", StatusCodes.Status409Conflict, "Nobody has asked for a review of this assessment.");
    public static readonly Problem OwnAnswers = new("assessment-own-answers", StatusCodes.Status409Conflict, "Who has answered does not review the same assessment.");

    /// <summary>Why answers do not change in this state, or null.</summary>
    public static Problem? Closed(Status status) => status switch { Status.Answering => null, Status.Submitted => Submitted, _ => UnderReview };
}
