using Dapper;
using LivingCity.Assessment.Questionnaires;
using LivingCity.ServiceDefaults.Data;
using LivingCity.ServiceDefaults.Errors;
using LivingCity.ServiceDefaults.Security;
using LivingCity.ServiceDefaults.Web;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LivingCity.Assessment.Answers;

/// <summary>What a colleague or a reviewer says about a question.</summary>
internal sealed record CommentRequest(string Question, string Text);

/// <summary>A comment.</summary>
internal sealed record CommentView(Guid Id, string Question, string Text, string By, DateTimeOffset At);

/// <summary>Comments on questions, in the order in which they were written. They are no part of the answers and stay out of the score and the package.</summary>
internal static class Comments
{
    private const int LongestText = 2000;

    public static RouteGroupBuilder MapComments(this RouteGroupBuilder group)
    {
        group.MapGet("/{id:guid}/comments", ListAsync).Transactional().WithSummary("What was said about questions, the oldest first.");
        group.MapPost("/{id:guid}/comments", AddAsync).Transactional().WithSummary("Says something about a question.");
        return group;
    }

    private static async Task<Ok<IEnumerable<CommentView>>> ListAsync(Guid id, Work work, CancellationToken cancellationToken) =>
        TypedResults.Ok((await work.Connection.QueryAsync<(Guid Id, string Question, string Text, string By, DateTime At)>(new CommandDefinition(
            "SELECT id, question, text, written_name, written_at FROM comment WHERE tenant = @Tenant AND assessment_id = @id ORDER BY id LIMIT 1000", new { work.Tenant, id }, work.Transaction, cancellationToken: cancellationToken)))
            .Select(row => new CommentView(row.Id, row.Question, row.Text, row.By, row.At)));

    private static async Task<Results<Created<CommentView>, ProblemHttpResult>> AddAsync(
        Guid id, CommentRequest request, Caller caller, Work work, QuestionnaireLibrary library, TimeProvider time, CancellationToken cancellationToken)
    {
        if (await StoredAssessment.FindAsync(work, id, alone: false, cancellationToken) is not { } assessment)
        {
            return StoredAssessment.NoSuch(id);
        }

        var questionnaire = (await library.GetAsync(work, assessment.QuestionnaireId, cancellationToken)).Structure;
        var validation = new Validation()
            .Rule(questionnaire.Find(request.Question) is not null, "question", $"is no question of {questionnaire.Id}")
            .Rule(request.Text.Trim().Length is > 0 and <= LongestText && !request.Text.Contains('\0', StringComparison.Ordinal), "text", $"must have 1 to {LongestText} characters");
        if (!validation.IsValid)
        {
            return validation.ToResult();
        }

        var comment = new CommentView(Guid.CreateVersion7(), request.Question, request.Text.Trim(), caller.Name, time.GetUtcNow());
        await using var insert = work.Command(
            "INSERT INTO comment (tenant, assessment_id, id, question, text, written_by, written_name, written_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            work.Tenant, id, comment.Id, comment.Question, comment.Text, caller.Subject, caller.Name, comment.At);
        await insert.ExecuteNonQueryAsync(cancellationToken);
        return TypedResults.Created($"/api/assessment/v1/assessments/{id}/comments", comment);
    }
}
