using System.Text.Json;
using Dapper;
using LivingCity.Assessment.Questionnaires.Languages;
using LivingCity.ServiceDefaults.Data;
using LivingCity.ServiceDefaults.Errors;
using LivingCity.ServiceDefaults.Security;
using LivingCity.ServiceDefaults.Web;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LivingCity.Assessment.Questionnaires;

/// <summary>Questionnaires of a city's own: written, translated and published by its assessors. What is published does not change any more.</summary>
internal static class DraftEndpoints
{
    private const int MostText = 2000;

    private static readonly Problem AlreadyPublished = new("questionnaire-published", StatusCodes.Status409Conflict, "This version is published and does not change any more.");
    private static readonly Problem Incomplete = new("questionnaire-incomplete", StatusCodes.Status409Conflict, "A declared language lacks texts, so the questionnaire is not published.");
    private static readonly Problem Taken = new("questionnaire-exists", StatusCodes.Status409Conflict, "There is a questionnaire of this name and version.");

    public static void MapDrafts(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/drafts").RequireAuthorization(Access.Assessor).WithTags("Own questionnaires");
        group.MapGet("/", ListAsync).Transactional().WithSummary("The city's own questionnaires.");
        group.MapPost("/", CreateAsync).Transactional().WithSummary("A new questionnaire of the city, or a new version of one.");
        group.MapGet("/{name}/{version:int}", GetAsync).Transactional().WithSummary("One of them as a document, with all its texts and what they lack.");
        group.MapPut("/{name}/{version:int}/texts/{language}", TranslateAsync).Transactional().WithSummary("Sets the texts of one language. Needs If-Match.");
        group.MapPost("/{name}/{version:int}/publication", PublishAsync).Transactional().WithSummary("Publishes it, if every declared language is complete.");
    }

    private static async Task<Ok<IEnumerable<DraftSummary>>> ListAsync(Caller caller, Work work, CancellationToken cancellationToken) =>
        TypedResults.Ok((await work.Connection.QueryAsync<(string Id, DateTime? PublishedAt)>(new CommandDefinition(
            "SELECT id, published_at FROM questionnaire WHERE tenant = @city ORDER BY id", new { city = caller.RequiredCity }, work.Transaction, cancellationToken: cancellationToken)))
            .Select(row => new DraftSummary(row.Id, row.PublishedAt)));

    private static async Task<Results<Created<DraftView>, ProblemHttpResult>> CreateAsync(
        DraftDocument document, Caller caller, Work work, QuestionnaireCatalogue catalogue, TimeProvider time, CancellationToken cancellationToken)
    {
        var validation = StructureCheck.Check(document.Structure);
        var name = document.Structure.Id.Split('/')[0];
        validation.Rule(catalogue.All.All(one => one.Structure.Id.Split('/')[0] != name), "structure.id", "is the name of a questionnaire that every city has");
        CheckTexts(document.Texts, validation);
        if (!validation.IsValid)
        {
            return validation.ToResult();
        }

        await using var insert = work.Command(
            "INSERT INTO questionnaire (tenant, id, structure, texts, created_by, created_at) VALUES ($1, $2, $3::text::jsonb, $4::text::jsonb, $5, $6) ON CONFLICT DO NOTHING",
            caller.RequiredCity, document.Structure.Id, JsonSerializer.Serialize(document.Structure, QuestionnaireCatalogue.Json), JsonSerializer.Serialize(document.Texts), caller.Subject, time.GetUtcNow());
        return await insert.ExecuteNonQueryAsync(cancellationToken) == 0
            ? Taken.Because($"{document.Structure.Id} exists: use the next version.")
            : TypedResults.Created($"/api/assessment/v1/drafts/{document.Structure.Id}", View(new Draft(new Published(document.Structure, new TextSet(document.Structure, document.Texts)), 1, null)));
    }

    private static async Task<Results<Ok<DraftView>, ProblemHttpResult>> GetAsync(string name, int version, HttpResponse response, Work work, CancellationToken cancellationToken)
    {
        if (await QuestionnaireLibrary.DraftAsync(work, $"{name}/{version}", cancellationToken) is not { } draft)
        {
            return NoSuch(name, version);
        }

        response.SetVersion(draft.Version);
        return TypedResults.Ok(View(draft));
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> TranslateAsync(
        string name, int version, string language, Dictionary<string, string> texts, HttpContext http, Work work, CancellationToken cancellationToken)
    {
        if (await QuestionnaireLibrary.DraftAsync(work, $"{name}/{version}", cancellationToken) is not { } draft)
        {
            return NoSuch(name, version);
        }

        if (draft.PublishedAt is not null)
        {
            return AlreadyPublished.Because("Make a new version.");
        }

        http.Request.RequireVersion(draft.Version);
        var validation = new Validation().Rule(draft.Published.Structure.Languages.Contains(language), "language", $"must be one of {string.Join(", ", draft.Published.Structure.Languages)}");
        CheckTexts(new Dictionary<string, IReadOnlyDictionary<string, string>> { [language] = texts }, validation);
        if (!validation.IsValid)
        {
            return validation.ToResult();
        }

        await using var update = work.Command(
            "UPDATE questionnaire SET texts = texts || jsonb_build_object($3::text, $4::text::jsonb), version = version + 1 WHERE tenant = $1 AND id = $2 AND version = $5",
            work.Tenant, $"{name}/{version}", language, JsonSerializer.Serialize(texts), draft.Version);
        if (await update.ExecuteNonQueryAsync(cancellationToken) == 0)
        {
            return Problem.Stale.Because("Read it again.");
        }

        http.Response.SetVersion(draft.Version + 1);
        return TypedResults.NoContent();
    }

    private static async Task<Results<Ok<DraftView>, ProblemHttpResult>> PublishAsync(string name, int version, Work work, TimeProvider time, CancellationToken cancellationToken)
    {
        if (await QuestionnaireLibrary.DraftAsync(work, $"{name}/{version}", cancellationToken) is not { } draft)
        {
            return NoSuch(name, version);
        }

        if (draft.PublishedAt is not null)
        {
            return TypedResults.Ok(View(draft));
        }

        if (draft.Published.Texts.Missing() is { Count: > 0 } missing)
        {
            var problem = Incomplete.Because($"Missing: {string.Join(", ", missing.Take(20))}{(missing.Count > 20 ? $" and {missing.Count - 20} more" : "")}.");
            problem.ProblemDetails.Extensions["missing"] = missing;
            return problem;
        }

        var now = time.GetUtcNow();
        await using var update = work.Command("UPDATE questionnaire SET published_at = $3 WHERE tenant = $1 AND id = $2 AND version = $4", work.Tenant, $"{name}/{version}", now, draft.Version);
        return await update.ExecuteNonQueryAsync(cancellationToken) == 0 ? Problem.Stale.Because("Read it again.") : TypedResults.Ok(View(draft with { PublishedAt = now }));
    }

    private static void CheckTexts(IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> texts, Validation validation)
    {
        foreach (var (language, entries) in texts)
        {
            validation.Rule(EuLanguage.Find(language) is not null, $"texts.{language}", "is no official language of the Union");
            foreach (var (key, text) in entries)
            {
                validation.Rule(text.Length <= MostText && !text.Contains('\0', StringComparison.Ordinal), $"texts.{language}.{key}", $"must not be longer than {MostText} characters");
            }
        }
    }

    private static DraftView View(Draft draft) => new(draft.Published.Structure, draft.Published.Texts.Texts, draft.PublishedAt, draft.Published.Texts.Missing());

    private static ProblemHttpResult NoSuch(string name, int version) => Problem.NotFound.Because($"There is no questionnaire {name}/{version} of this city.");
}

/// <summary>A questionnaire with its texts by language and key.</summary>
internal sealed record DraftDocument(Questionnaire Structure, IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> Texts);

/// <summary>A city's own questionnaire in a list.</summary>
internal sealed record DraftSummary(string Id, DateTimeOffset? PublishedAt);

/// <summary>A city's own questionnaire.</summary>
/// <param name="Structure">Questions and rules.</param>
/// <param name="Texts">Texts by language and key.</param>
/// <param name="PublishedAt">When it was published.</param>
/// <param name="Missing">What its languages lack, as <c>{language}: {key}</c>.</param>
internal sealed record DraftView(Questionnaire Structure, IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> Texts, DateTimeOffset? PublishedAt, IReadOnlyList<string> Missing);
