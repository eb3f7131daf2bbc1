using System.Text.Json;
using Dapper;
using LivingCity.Assessment.Questionnaires;
using LivingCity.Assessment.Scoring;
using LivingCity.Contracts.Assessment;
using LivingCity.ServiceDefaults.Data;
using LivingCity.ServiceDefaults.Errors;
using LivingCity.ServiceDefaults.Security;
using LivingCity.ServiceDefaults.Web;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LivingCity.Assessment.Answers;

/// <summary>Starting, answering and submitting an assessment.</summary>
internal static class AssessmentEndpoints
{
    private static readonly Problem Submitted = new("assessment-submitted", StatusCodes.Status409Conflict, "This assessment is submitted and cannot change any more.");

    public static void MapAssessments(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/assessments").RequireAuthorization(Access.DataOfficer).WithTags("Assessments");
        group.MapPost("/", StartAsync).Transactional().WithSummary("Starts an assessment of the caller's city.");
        group.MapGet("/{id:guid}", GetAsync).Transactional().WithSummary("An assessment with its answers, and its result once it is submitted.");
        group.MapPut("/{id:guid}/answers/{question}", AnswerAsync).Transactional().WithSummary("Saves one answer.");
        group.MapPost("/{id:guid}/submission", SubmitAsync).Transactional().WithSummary("Scores and freezes the assessment. Every question must be answered.");
    }

    private static async Task<Results<Created<AssessmentView>, ProblemHttpResult>> StartAsync(
        StartRequest request, Caller caller, Work work, QuestionnaireCatalogue questionnaires, TimeProvider time, CancellationToken cancellationToken)
    {
        var validation = new Validation().Rule(questionnaires.Find(request.Questionnaire) is not null, "questionnaire", "is not one of those at /api/assessment/v1/questionnaires");
        if (!validation.IsValid)
        {
            return validation.ToResult();
        }

        var id = Guid.CreateVersion7();
        var now = time.GetUtcNow();
        await using var insert = work.Command("INSERT INTO assessment (tenant, id, questionnaire, started_at) VALUES ($1, $2, $3, $4)", caller.RequiredCity, id, request.Questionnaire, now);
        await insert.ExecuteNonQueryAsync(cancellationToken);
        return TypedResults.Created($"/api/assessment/v1/assessments/{id}", new AssessmentView(id, request.Questionnaire, now, null, new Dictionary<string, string>(), null));
    }

    private static async Task<Results<Ok<AssessmentView>, ProblemHttpResult>> GetAsync(Guid id, Caller caller, Work work, CancellationToken cancellationToken) =>
        await FindAsync(work, caller.RequiredCity, id, toChange: false, cancellationToken) is { } found ? TypedResults.Ok(found) : NoSuch(id);

    private static async Task<Results<NoContent, ProblemHttpResult>> AnswerAsync(
        Guid id, string question, AnswerRequest answer, Caller caller, Work work, QuestionnaireCatalogue questionnaires, TimeProvider time, CancellationToken cancellationToken)
    {
        if (await FindAsync(work, caller.RequiredCity, id, toChange: true, cancellationToken) is not { } assessment)
        {
            return NoSuch(id);
        }

        if (assessment.SubmittedAt is not null)
        {
            return Submitted.Because("Start a new assessment to answer again.");
        }

        var asked = questionnaires.Find(assessment.Questionnaire)!.Questions.SingleOrDefault(candidate => candidate.Id == question);
        if (asked is null)
        {
            return Problem.NotFound.Because($"There is no question {question} in {assessment.Questionnaire}.");
        }

        var validation = new Validation().Rule(asked.Options.Any(option => option.Id == answer.Option), "option", $"must be one of {string.Join(", ", asked.Options.Select(option => option.Id))}");
        if (!validation.IsValid)
        {
            return validation.ToResult();
        }

        await using var save = work.Command("""
            INSERT INTO answer (tenant, assessment_id, question, option, answered_by, answered_at) VALUES ($1, $2, $3, $4, $5, $6)
            ON CONFLICT (tenant, assessment_id, question) DO UPDATE SET option = excluded.option, answered_by = excluded.answered_by, answered_at = excluded.answered_at
            """, caller.City, id, question, answer.Option, caller.Subject, time.GetUtcNow());
        await save.ExecuteNonQueryAsync(cancellationToken);
        return TypedResults.NoContent();
    }

    private static async Task<Results<Ok<AssessmentView>, ProblemHttpResult>> SubmitAsync(
        Guid id, Caller caller, Work work, QuestionnaireCatalogue questionnaires, TimeProvider time, CancellationToken cancellationToken)
    {
        if (await FindAsync(work, caller.RequiredCity, id, toChange: true, cancellationToken) is not { } assessment)
        {
            return NoSuch(id);
        }

        if (assessment.SubmittedAt is not null)
        {
            return TypedResults.Ok(assessment);
        }

        var questionnaire = questionnaires.Find(assessment.Questionnaire)!;
        var validation = new Validation();
        foreach (var open in questionnaire.Questions.Where(question => !assessment.Answers.ContainsKey(question.Id)))
        {
            validation.Rule(false, open.Id, "is not answered");
        }

        if (!validation.IsValid)
        {
            return validation.ToResult();
        }

        var now = time.GetUtcNow();
        var score = Scorer.Evaluate(questionnaire, assessment.Answers);
        await using var freeze = work.Command("UPDATE assessment SET submitted_at = $3, result = $4::text::jsonb, version = version + 1 WHERE tenant = $1 AND id = $2",
            caller.City, id, now, JsonSerializer.Serialize(score, JsonSerializerOptions.Web));
        await freeze.ExecuteNonQueryAsync(cancellationToken);
        work.Publish(new AssessmentCompleted(caller.City!, id, assessment.Questionnaire, now, score.Overall, score.Level, score.Dimensions, score.Needs), caller.City!);
        return TypedResults.Ok(assessment with { SubmittedAt = now, Result = score });
    }

    /// <summary>Whoever changes an assessment locks it, so that an answer and a submission at the same time follow one another.</summary>
    private static async Task<AssessmentView?> FindAsync(Work work, string city, Guid id, bool toChange, CancellationToken cancellationToken)
    {
        var row = await work.Connection.QuerySingleOrDefaultAsync<Row>(new CommandDefinition(
            $"""
            SELECT questionnaire, started_at, submitted_at, result FROM assessment
            WHERE tenant = @city AND id = @id {(toChange ? "FOR UPDATE" : "")}
            """,
            new { city, id }, work.Transaction, cancellationToken: cancellationToken));
        if (row is null)
        {
            return null;
        }

        var answers = await work.Connection.QueryAsync<(string Question, string Option)>(new CommandDefinition(
            "SELECT question, option FROM answer WHERE tenant = @city AND assessment_id = @id", new { city, id }, work.Transaction, cancellationToken: cancellationToken));
        return new AssessmentView(id, row.Questionnaire, row.StartedAt, row.SubmittedAt, answers.ToDictionary(answer => answer.Question, answer => answer.Option),
            row.Result is null ? null : JsonSerializer.Deserialize<Score>(row.Result, JsonSerializerOptions.Web));
    }

    private static ProblemHttpResult NoSuch(Guid id) => Problem.NotFound.Because($"There is no assessment {id}.");

    private sealed record Row(string Questionnaire, DateTime StartedAt, DateTime? SubmittedAt, string? Result);
}

/// <summary>Which questionnaire to answer.</summary>
internal sealed record StartRequest(string Questionnaire);

/// <summary>The option chosen.</summary>
internal sealed record AnswerRequest(string Option);

/// <summary>An assessment.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Questionnaire">Which questionnaire, with its version.</param>
/// <param name="StartedAt">When it was started.</param>
/// <param name="SubmittedAt">When it was submitted, or null.</param>
/// <param name="Answers">Option by question.</param>
/// <param name="Result">The score, once submitted.</param>
internal sealed record AssessmentView(Guid Id, string Questionnaire, DateTimeOffset StartedAt, DateTimeOffset? SubmittedAt, IReadOnlyDictionary<string, string> Answers, Score? Result);
