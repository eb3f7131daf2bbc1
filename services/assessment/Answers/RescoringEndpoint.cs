using LivingCity.Assessment.Questionnaires;
using LivingCity.Assessment.Scoring;
using LivingCity.ServiceDefaults.Data;
using LivingCity.ServiceDefaults.Errors;
using LivingCity.ServiceDefaults.Web;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LivingCity.Assessment.Answers;

/// <summary>A submitted assessment, scored again.</summary>
/// <param name="Again">By the version that was answered, from the answers that are kept.</param>
/// <param name="Identical">Whether that is what was signed, to the last bit.</param>
/// <param name="Later">By the versions after it, each with the answers that it takes over. Another series: not to be compared with what was signed.</param>
internal sealed record RescoringView(Rescored Again, bool Identical, IReadOnlyList<Rescored> Later);

internal static class RescoringEndpoint
{
    private static readonly Problem NotSubmitted = new("assessment-not-submitted", StatusCodes.Status409Conflict, "What is scored again is a submitted assessment.");

    public static void MapRescoring(this IEndpointRouteBuilder group) => group.MapGet("/{id:guid}/rescoring", GetAsync).Transactional()
        .WithSummary("The submitted answers scored once more: by their own version, which must give the same to the last bit, and by the versions after it.");

    private static async Task<Results<Ok<RescoringView>, ProblemHttpResult>> GetAsync(Guid id, Work work, QuestionnaireLibrary library, QuestionnaireCatalogue catalogue, CancellationToken cancellationToken)
    {
        if (await StoredAssessment.FindAsync(work, id, alone: false, cancellationToken) is not { } assessment)
        {
            return StoredAssessment.NoSuch(id);
        }

        if (assessment is not { Result: { } signed, SubmittedAt: { } at })
        {
            return NotSubmitted.Because("Submit it first.");
        }

        var day = DateOnly.FromDateTime(at.UtcDateTime);
        var questionnaire = (await library.GetAsync(work, assessment.QuestionnaireId, cancellationToken)).Structure;
        var again = Scorer.Evaluate(questionnaire, assessment.Values(questionnaire), day);
        var later = new List<Rescored>();
        var answers = assessment.Answers;
        for (var (from, to) = (questionnaire, After(questionnaire)); to is not null; (from, to) = (to, After(to)))
        {
            answers = Rescoring.Carry(from, to, answers);
            later.Add(Rescoring.Under(to, answers, day));
        }

        return TypedResults.Ok(new RescoringView(Rescoring.Under(questionnaire, assessment.Answers, day), Rescoring.Same(signed, again), later));

        Questionnaire? After(Questionnaire version) => catalogue.All.FirstOrDefault(one => one.Structure.Follows == version.Id)?.Structure;
    }
}
