using LivingCity.ServiceDefaults.Data;
using LivingCity.ServiceDefaults.Errors;
using LivingCity.ServiceDefaults.Security;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LivingCity.Assessment.Questionnaires;

/// <summary>The questionnaires, open to everybody; a city's own to the city.</summary>
internal static class QuestionnaireEndpoints
{
    public static IServiceCollection AddQuestionnaires(this IServiceCollection services) => services.AddSingleton<QuestionnaireCatalogue>().AddSingleton<QuestionnaireLibrary>();

    public static void MapQuestionnaires(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/questionnaires").RequireAuthorization(Access.Public).WithTags("Questionnaires");
        group.MapGet("/", (QuestionnaireCatalogue catalogue, HttpRequest request) => TypedResults.Ok(catalogue.All.Select(one => QuestionnaireSummary.Of(one, request.Languages(), catalogue.Newest.Contains(one)))))
            .WithSummary("The questionnaires, in the caller's language where there is one.");
        group.MapGet("/{name}/{version:int}", GetAsync).WithSummary("One questionnaire with all its questions, in the caller's language where there is one.");
        group.MapGet("/schema", () => TypedResults.Stream(typeof(QuestionnaireEndpoints).Assembly.GetManifestResourceStream("questionnaires/schema")!, "application/schema+json"))
            .WithSummary("The JSON Schema of a questionnaire.");
        routes.MapDrafts();
    }

    private static async Task<Results<Ok<QuestionnaireView>, ProblemHttpResult>> GetAsync(
        string name, int version, Caller caller, QuestionnaireLibrary library, QuestionnaireCatalogue catalogue, Database database, HttpRequest request, CancellationToken cancellationToken)
    {
        var id = $"{name}/{version}";
        if (catalogue.Find(id) is not { } found)
        {
            await using var work = await database.BeginAsync(caller.City, cancellationToken);
            found = caller.City is null ? null : await library.FindAsync(work, id, cancellationToken);
        }

        return found is null ? Problem.NotFound.Because($"There is no questionnaire {id}.") : TypedResults.Ok(QuestionnaireView.Of(found, found.Texts.Choose(request.Languages())));
    }
}

/// <summary>A questionnaire in a list.</summary>
/// <param name="Id">Name and version.</param>
/// <param name="Title">Its title.</param>
/// <param name="Questions">How many questions it has.</param>
/// <param name="Languages">The languages that it is complete in.</param>
/// <param name="Newest">Whether no newer version follows it.</param>
internal sealed record QuestionnaireSummary(string Id, string Title, int Questions, IReadOnlyList<string> Languages, bool Newest)
{
    public static QuestionnaireSummary Of(Published published, IEnumerable<string> wanted, bool newest) => new(
        published.Structure.Id, published.Texts.Find(published.Texts.Choose(wanted), "title"), published.Structure.Questions.Count(), published.Structure.Languages, newest);
}
