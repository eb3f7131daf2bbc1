using Dapper;
using LivingCity.Assessment.Measured;
using LivingCity.Assessment.Questionnaires;
using LivingCity.ServiceDefaults.Data;
using LivingCity.ServiceDefaults.Errors;
using LivingCity.ServiceDefaults.Security;
using LivingCity.ServiceDefaults.Web;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LivingCity.Assessment.Answers;

/// <summary>Starting and reading assessments.</summary>
internal static class AssessmentEndpoints
{
    public static IServiceCollection AddAssessments(this IServiceCollection services) => services.AddAuthorization(Respondents.Configure).AddSingleton<SigningKey>();

    public static void MapAssessments(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/assessments").RequireAuthorization(Respondents.Policy);
        var assessments = group.MapGroup("").WithTags("Assessments");
        assessments.MapGet("/", ListAsync).Transactional().WithSummary("The city's assessments, the newest first.");
        assessments.MapPost("/", StartAsync).Transactional().WithSummary("Starts an assessment of the caller's city. What the platform has measured is answered already, and marked so.");
        assessments.MapGet("/{id:guid}", GetAsync).Transactional().WithSummary("An assessment with its answers, and its result once it is submitted.");
        assessments.MapAnswers();
        assessments.MapReviews();
        assessments.MapSubmission();
        assessments.MapRescoring();
        group.MapGroup("").WithTags("Working together").MapDepartments().MapComments().MapEvidence();
        routes.MapSigningKeys();
    }

    private static async Task<Ok<IReadOnlyList<AssessmentSummary>>> ListAsync(int? limit, string? cursor, Caller caller, Work work, HttpContext http, CancellationToken cancellationToken)
    {
        var page = PageRequest.From<Guid?>(limit, cursor);
        var rows = (await work.Connection.QueryAsync<(Guid Id, string Questionnaire, string Status, DateTime StartedAt, DateTime? SubmittedAt, double? Overall, int? Level)>(new CommandDefinition("""
            SELECT id, questionnaire, status, started_at, submitted_at, (result->>'overall')::float8, (result->>'level')::int FROM assessment
            WHERE tenant = @city AND (@After::uuid IS NULL OR id < @After) ORDER BY id DESC LIMIT @Limit + 1
            """, new { city = caller.RequiredCity, page.After, page.Limit }, work.Transaction, cancellationToken: cancellationToken)))
            .Select(row => new AssessmentSummary(row.Id, row.Questionnaire, Enum.Parse<Status>(row.Status, ignoreCase: true), row.StartedAt, row.SubmittedAt, row.Overall, row.Level)).ToList();
        return TypedResults.Ok(page.Take(http, rows, row => (Guid?)row.Id));
    }

    private static async Task<Results<Created<AssessmentView>, ProblemHttpResult>> StartAsync(
        StartRequest request, Caller caller, Work work, QuestionnaireLibrary library, TimeProvider time, CancellationToken cancellationToken)
    {
        if (await library.FindAsync(work, request.Questionnaire, cancellationToken) is not { } questionnaire)
        {
            return new Validation().Rule(false, "questionnaire", "is not one of those at /api/assessment/v1/questionnaires").ToResult();
        }

        var id = Guid.CreateVersion7();
        var now = time.GetUtcNow();
        await using var insert = work.Command(
            "INSERT INTO assessment (tenant, id, questionnaire, started_at, started_by, requires_review) VALUES ($1, $2, $3, $4, $5, $6)",
            caller.RequiredCity, id, request.Questionnaire, now, caller.Subject, request.RequiresReview);
        await insert.ExecuteNonQueryAsync(cancellationToken);
        await Prefill.AnswerAsync(work, id, questionnaire.Structure, now, cancellationToken);
        var stored = await StoredAssessment.FindAsync(work, id, alone: false, cancellationToken);
        return TypedResults.Created($"/api/assessment/v1/assessments/{id}", stored!.View(questionnaire.Structure));
    }

    private static async Task<Results<Ok<AssessmentView>, ProblemHttpResult>> GetAsync(Guid id, Work work, QuestionnaireLibrary library, CancellationToken cancellationToken)
    {
        if (await StoredAssessment.FindAsync(work, id, alone: false, cancellationToken) is not { } found)
        {
            return StoredAssessment.NoSuch(id);
        }

        return TypedResults.Ok(found.View((await library.GetAsync(work, found.QuestionnaireId, cancellationToken)).Structure));
    }
}
