using LivingCity.ServiceDefaults.Errors;
using LivingCity.ServiceDefaults.Security;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LivingCity.Assessment.Questionnaires;

/// <summary>The questionnaires, open to everybody.</summary>
internal static class QuestionnaireEndpoints
{
    public static IServiceCollection AddQuestionnaires(this IServiceCollection services) => services.AddSingleton<QuestionnaireCatalogue>();

    public static void MapQuestionnaires(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/questionnaires").RequireAuthorization(Access.Public).WithTags("Questionnaires");
        group.MapGet("/", (QuestionnaireCatalogue catalogue) => TypedResults.Ok(catalogue.All.Select(questionnaire => new QuestionnaireSummary(questionnaire.Id, questionnaire.Title, questionnaire.Questions.Count()))))
            .WithSummary("The questionnaires.");
        group.MapGet("/{name}/{version:int}", Results<Ok<Questionnaire>, ProblemHttpResult> (string name, int version, QuestionnaireCatalogue catalogue) =>
            catalogue.Find($"{name}/{version}") is { } questionnaire ? TypedResults.Ok(questionnaire) : Problem.NotFound.Because($"There is no questionnaire {name}/{version}."))
            .WithSummary("One questionnaire with all its questions.");
    }
}

/// <summary>A questionnaire in a list.</summary>
internal sealed record QuestionnaireSummary(string Id, string Title, int Questions);
