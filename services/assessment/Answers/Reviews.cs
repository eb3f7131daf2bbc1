using Dapper;
using LivingCity.Assessment.Questionnaires;
using LivingCity.ServiceDefaults.Data;
using LivingCity.ServiceDefaults.Errors;
using LivingCity.ServiceDefaults.Security;
using LivingCity.ServiceDefaults.Web;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LivingCity.Assessment.Answers;

/// <summary>What a reviewer decides.</summary>
internal enum Decision
{
    /// <summary>A review is asked for; not a reviewer's word.</summary>
    Requested,
    Returned,
    Approved,
}

/// <summary>A reviewer's word.</summary>
/// <param name="Decision"><c>returned</c> or <c>approved</c>.</param>
/// <param name="Note">Why; needed when it is returned.</param>
internal sealed record ReviewRequest(Decision Decision, string Note = "");

/// <summary>A step of the review.</summary>
/// <param name="Decision">What was decided.</param>
/// <param name="Note">Why.</param>
/// <param name="AnswersSha256">The digest of the answers that it is about.</param>
/// <param name="By">Who.</param>
/// <param name="At">When.</param>
internal sealed record ReviewView(Decision Decision, string Note, string AnswersSha256, string By, DateTimeOffset At);

/// <summary>Sign-off by somebody who has answered nothing of it. From the request on, answers stand still; what is approved is what is submitted.</summary>
internal static class Reviews
{
    public static void MapReviews(this IEndpointRouteBuilder group)
    {
        group.MapGet("/{id:guid}/reviews", ListAsync).Transactional().WithSummary("The steps of the review, the oldest first.");
        group.MapPost("/{id:guid}/review-request", RequestAsync).Transactional().WithSummary("Asks for a review. Every question that is asked must be answered.");
        group.MapPost("/{id:guid}/review", DecideAsync).Transactional().RequireAuthorization(Access.Assessor).WithSummary("Approves the answers, or returns them to those who answer.");
    }

    private static async Task<Ok<IEnumerable<ReviewView>>> ListAsync(Guid id, Work work, CancellationToken cancellationToken) =>
        TypedResults.Ok((await work.Connection.QueryAsync<(string Decision, string Note, string Sha256, string By, DateTime At)>(new CommandDefinition(
            "SELECT decision, note, answers_sha256, decided_name, decided_at FROM review WHERE tenant = @Tenant AND assessment_id = @id ORDER BY id", new { work.Tenant, id }, work.Transaction, cancellationToken: cancellationToken)))
            .Select(row => new ReviewView(Enum.Parse<Decision>(row.Decision, ignoreCase: true), row.Note, row.Sha256, row.By, row.At)));

    private static async Task<Results<NoContent, ProblemHttpResult>> RequestAsync(Guid id, Caller caller, Work work, QuestionnaireLibrary library, TimeProvider time, CancellationToken cancellationToken)
    {
        if (await StoredAssessment.FindAsync(work, id, alone: true, cancellationToken) is not { } assessment)
        {
            return StoredAssessment.NoSuch(id);
        }

        if (AnswerProblems.Closed(assessment.Status) is { } closed)
        {
            return closed.Because("There is nothing to ask for.");
        }

        var validation = new Validation();
        foreach (var open in assessment.View((await library.GetAsync(work, assessment.QuestionnaireId, cancellationToken)).Structure).Open)
        {
            validation.Rule(false, open, "is not answered");
        }

        if (!validation.IsValid)
        {
            return validation.ToResult();
        }

        await NoteAsync(work, assessment, Decision.Requested, "", Status.InReview, caller, time.GetUtcNow(), cancellationToken);
        return TypedResults.NoContent();
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> DecideAsync(Guid id, ReviewRequest request, Caller caller, Work work, TimeProvider time, CancellationToken cancellationToken)
    {
        if (await StoredAssessment.FindAsync(work, id, alone: true, cancellationToken) is not { } assessment)
        {
            return StoredAssessment.NoSuch(id);
        }

        if (assessment.Status != Status.InReview)
        {
            return AnswerProblems.NotInReview.Because("Wait for the request.");
        }

        var validation = new Validation()
            .Rule(request.Decision is Decision.Approved or Decision.Returned, "decision", "must be approved or returned")
            .Rule(request.Decision != Decision.Returned || request.Note.Trim().Length > 0, "note", "must say what is to be changed")
            .Rule(request.Note.Length <= 2000, "note", "must not be longer than 2000 characters");
        if (!validation.IsValid)
        {
            return validation.ToResult();
        }

        var own = await work.Connection.ExecuteScalarAsync<bool>(new CommandDefinition(
            "SELECT EXISTS (SELECT FROM answer_change WHERE tenant = @Tenant AND assessment_id = @id AND changed_by = @Subject)", new { work.Tenant, id, caller.Subject }, work.Transaction, cancellationToken: cancellationToken));
        if (own)
        {
            return AnswerProblems.OwnAnswers.Because("Ask a colleague to review it.");
        }

        await NoteAsync(work, assessment, request.Decision, request.Note.Trim(), request.Decision == Decision.Approved ? Status.Approved : Status.Answering, caller, time.GetUtcNow(), cancellationToken);
        return TypedResults.NoContent();
    }

    private static async Task NoteAsync(Work work, StoredAssessment assessment, Decision decision, string note, Status next, Caller caller, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var insert = work.Command("""
            INSERT INTO review (tenant, assessment_id, id, decision, note, answers_sha256, decided_by, decided_name, decided_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
            """, work.Tenant, assessment.Id, Guid.CreateVersion7(), Name(decision.ToString()), note, Package.AnswersDigest(assessment), caller.Subject, caller.Name, now);
        await insert.ExecuteNonQueryAsync(cancellationToken);
        await using var update = work.Command("UPDATE assessment SET status = $3, version = version + 1 WHERE tenant = $1 AND id = $2", work.Tenant, assessment.Id, Name(next.ToString()));
        await update.ExecuteNonQueryAsync(cancellationToken);
    }

    private static string Name(string name) => char.ToLowerInvariant(name[0]) + name[1..];
}
