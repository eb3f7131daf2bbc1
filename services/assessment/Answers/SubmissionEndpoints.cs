using System.Text.Json;
using LivingCity.Assessment.Benchmark;
using LivingCity.Assessment.Questionnaires;
using LivingCity.Assessment.Reports;
using LivingCity.Assessment.Scoring;
using LivingCity.Contracts.Assessment;
using LivingCity.ServiceDefaults.Data;
using LivingCity.ServiceDefaults.Errors;
using LivingCity.ServiceDefaults.Security;
using LivingCity.ServiceDefaults.Web;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LivingCity.Assessment.Answers;

/// <summary>Scores and freezes an assessment, and gives out the signed package.</summary>
internal static class SubmissionEndpoints
{
    public static void MapSubmission(this IEndpointRouteBuilder group)
    {
        group.MapPost("/{id:guid}/submission", SubmitAsync).Transactional().WithSummary("Scores, signs and freezes the assessment. Every question that is asked must be answered.");
        group.MapGet("/{id:guid}/package", PackageAsync).Transactional().WithSummary("What was submitted, signed (JWS, flattened JSON): answers, score and the digests of the evidence. It can be verified without this service.");
    }

    private static async Task<Results<Ok<AssessmentView>, ProblemHttpResult>> SubmitAsync(
        Guid id, Caller caller, Work work, QuestionnaireLibrary library, SigningKey keys, TimeProvider time, CancellationToken cancellationToken)
    {
        if (await StoredAssessment.FindAsync(work, id, alone: true, cancellationToken) is not { } assessment)
        {
            return StoredAssessment.NoSuch(id);
        }

        var published = await library.GetAsync(work, assessment.QuestionnaireId, cancellationToken);
        var questionnaire = published.Structure;
        if (assessment.Status == Status.Submitted)
        {
            return TypedResults.Ok(assessment.View(questionnaire));
        }

        if (assessment.RequiresReview && assessment.Status != Status.Approved)
        {
            return AnswerProblems.NotReviewed.Because("Ask for a review first.");
        }

        var validation = new Validation();
        foreach (var open in assessment.View(questionnaire).Open)
        {
            validation.Rule(false, open, "is not answered");
        }

        if (!validation.IsValid)
        {
            return validation.ToResult();
        }

        var now = time.GetUtcNow();
        var values = assessment.Values(questionnaire);
        var score = Scorer.Evaluate(questionnaire, values, DateOnly.FromDateTime(now.UtcDateTime));
        var package = await Package.MakeAsync(work, assessment, questionnaire, score, now, keys, cancellationToken);
        await using var freeze = work.Command(
            "UPDATE assessment SET status = 'submitted', submitted_at = $3, result = $4::text::jsonb, package = $5, version = version + 1 WHERE tenant = $1 AND id = $2",
            caller.RequiredCity, id, now, JsonSerializer.Serialize(score, StoredAssessment.Json), package);
        await freeze.ExecuteNonQueryAsync(cancellationToken);
        await BenchmarkEntries.AddAsync(work, id, questionnaire, score, now, cancellationToken);
        work.Publish(
            new AssessmentCompleted(caller.RequiredCity, id, assessment.QuestionnaireId, now, score.Overall, score.Level, score.Dimensions, score.Needs, Recommended.For(questionnaire, score)), caller.RequiredCity);
        return TypedResults.Ok((assessment with { Status = Status.Submitted, SubmittedAt = now, Result = score }).View(questionnaire));
    }

    private static async Task<Results<ContentHttpResult, ProblemHttpResult>> PackageAsync(Guid id, Work work, CancellationToken cancellationToken)
    {
        await using var read = work.Command("SELECT package FROM assessment WHERE tenant = $1 AND id = $2", work.Tenant, id);
        return await read.ExecuteScalarAsync(cancellationToken) is string package ? TypedResults.Content(package, "application/jose+json") : Problem.NotFound.Because($"There is no submitted assessment {id} with a package.");
    }
}
