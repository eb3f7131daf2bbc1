using System.Text.Json;
using Dapper;
using LivingCity.Assessment.Answers;
using LivingCity.Assessment.Questionnaires;
using LivingCity.ServiceDefaults.Data;
using LivingCity.ServiceDefaults.Errors;
using LivingCity.ServiceDefaults.Security;
using LivingCity.ServiceDefaults.Web;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LivingCity.Assessment.Roadmaps;

/// <summary>How far an action is.</summary>
internal enum Progress
{
    Planned,
    Started,
    Done,
    Dropped,
}

/// <summary>How far an action is, and what there is to say about it.</summary>
internal sealed record ProgressRequest(Progress Progress, string Note = "");

/// <summary>A roadmap that was issued, with its follow-up.</summary>
internal sealed record IssuedRoadmap(Guid Id, Guid Assessment, RoadmapRequest Request, Roadmap Roadmap, string IssuedBy, DateTimeOffset IssuedAt, IReadOnlyDictionary<string, ProgressView> Progress);

/// <summary>How far an action is.</summary>
internal sealed record ProgressView(Progress Progress, string Note, string By, DateTimeOffset At);

/// <summary>Roadmaps from submitted assessments: tried by anybody of the staff, issued by an assessor, followed up by all.</summary>
internal static class RoadmapEndpoints
{
    private static readonly Problem NotSubmitted = new("assessment-not-submitted", StatusCodes.Status409Conflict, "A roadmap follows from a submitted assessment.");
    private static readonly Problem NoActions = new("no-actions", StatusCodes.Status409Conflict, "There are no actions for this questionnaire.");

    public static void MapRoadmaps(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("").RequireAuthorization(Respondents.Policy).WithTags("Roadmaps");
        group.MapPost("/assessments/{id:guid}/roadmap-trials", TryAsync).Transactional().WithSummary("What if: the roadmap that follows from these limits. Nothing is kept.");
        group.MapPost("/assessments/{id:guid}/roadmaps", IssueAsync).Transactional().RequireAuthorization(Access.Assessor).WithSummary("Issues a roadmap.");
        group.MapGet("/assessments/{id:guid}/roadmaps", ListAsync).Transactional().WithSummary("The roadmaps of an assessment with how far they are, the newest first.");
        group.MapPut("/roadmaps/{id:guid}/actions/{action}", FollowAsync).Transactional().WithSummary("Notes how far an action of a roadmap is.");
        routes.MapGet("/actions/{name}/{version:int}", Results<Ok<ActionLibrary>, ProblemHttpResult> (string name, int version) =>
            ActionLibrary.For($"{name}/{version}") is { } library ? TypedResults.Ok(library) : Problem.NotFound.Because($"There are no actions for {name}/{version}."))
            .RequireAuthorization(Access.Public).WithTags("Roadmaps").WithSummary("The actions for a questionnaire.");
    }

    /// <summary>Makes a roadmap of a city's submitted assessment.</summary>
    /// <exception cref="ProblemException">There is no such assessment, it is not submitted, or there are no actions for it.</exception>
    public static async Task<Roadmap> MakeAsync(Work work, Guid id, RoadmapRequest request, QuestionnaireLibrary library, string language, CancellationToken cancellationToken)
    {
        var assessment = await StoredAssessment.FindAsync(work, id, alone: false, cancellationToken) ?? throw Problem.NotFound.Throw($"There is no assessment {id}.");
        if (assessment.Result?.Details is null)
        {
            throw NotSubmitted.Throw("Submit it first.");
        }

        var actions = ActionLibrary.For(assessment.QuestionnaireId) ?? throw NoActions.Throw($"For {assessment.QuestionnaireId} there are none.");
        var validation = new Validation()
            .Rule(request.Budget is >= 0 and <= 1e12, "budget", "must be from 0 to 1000000000000 euro")
            .Rule(request.People is > 0 and <= 10_000, "people", "must be above 0 and at most 10000")
            .Rule(request.Months is >= 1 and <= 240, "months", "must be from 1 to 240");
        foreach (var (field, unknown) in (request.Done ?? []).Select(action => ("done", action)).Concat((request.Without ?? []).Select(action => ("without", action))).Where(named => actions.Find(named.action) is null))
        {
            validation.Rule(false, field, $"{unknown} is no action of {actions.Id}");
        }

        validation.ThrowIfInvalid();
        var questionnaire = (await library.GetAsync(work, assessment.QuestionnaireId, cancellationToken)).Structure;
        return RoadmapMaker.Make(questionnaire, assessment.Result, actions, request, language);
    }

    private static async Task<Ok<Roadmap>> TryAsync(Guid id, RoadmapRequest request, Work work, QuestionnaireLibrary library, HttpRequest http, CancellationToken cancellationToken) =>
        TypedResults.Ok(await MakeAsync(work, id, request, library, LanguageOf(http), cancellationToken));

    private static async Task<Created<IssuedRoadmap>> IssueAsync(
        Guid id, RoadmapRequest request, Caller caller, Work work, QuestionnaireLibrary library, TimeProvider time, HttpRequest http, CancellationToken cancellationToken)
    {
        var roadmap = await MakeAsync(work, id, request, library, LanguageOf(http), cancellationToken);
        var issued = new IssuedRoadmap(Guid.CreateVersion7(), id, request, roadmap, caller.Name, time.GetUtcNow(), new Dictionary<string, ProgressView>());
        await using var insert = work.Command(
            "INSERT INTO roadmap (tenant, id, assessment_id, request, body, issued_by, issued_at) VALUES ($1, $2, $3, $4::text::jsonb, $5::text::jsonb, $6, $7)",
            work.Tenant, issued.Id, id, JsonSerializer.Serialize(request, StoredAssessment.Json), JsonSerializer.Serialize(roadmap, StoredAssessment.Json), caller.Name, issued.IssuedAt);
        await insert.ExecuteNonQueryAsync(cancellationToken);
        return TypedResults.Created($"/api/assessment/v1/assessments/{id}/roadmaps", issued);
    }

    private static async Task<Ok<IEnumerable<IssuedRoadmap>>> ListAsync(Guid id, Work work, HttpRequest http, CancellationToken cancellationToken) => TypedResults.Ok(await IssuedAsync(work, id, LanguageOf(http), cancellationToken));

    /// <summary>The roadmaps of an assessment, the newest first, with titles in a language.</summary>
    public static async Task<IEnumerable<IssuedRoadmap>> IssuedAsync(Work work, Guid id, string language, CancellationToken cancellationToken)
    {
        var rows = (await work.Connection.QueryAsync<(Guid Id, string Request, string Body, string By, DateTime At)>(new CommandDefinition(
            "SELECT id, request, body, issued_by, issued_at FROM roadmap WHERE tenant = @Tenant AND assessment_id = @id ORDER BY id DESC LIMIT 100", new { work.Tenant, id }, work.Transaction, cancellationToken: cancellationToken))).AsList();
        var progress = (await work.Connection.QueryAsync<(Guid Roadmap, string Action, string Progress, string Note, string By, DateTime At)>(new CommandDefinition(
            "SELECT roadmap_id, action, progress, note, noted_by, noted_at FROM roadmap_progress WHERE tenant = @Tenant AND roadmap_id = ANY(@ids)", new { work.Tenant, ids = rows.Select(row => row.Id).ToArray() }, work.Transaction, cancellationToken: cancellationToken)))
            .ToLookup(row => row.Roadmap);
        return rows.Select(row => new IssuedRoadmap(
            row.Id, id, JsonSerializer.Deserialize<RoadmapRequest>(row.Request, StoredAssessment.Json)!, JsonSerializer.Deserialize<Roadmap>(row.Body, StoredAssessment.Json)!.In(language), row.By, row.At,
            progress[row.Id].ToDictionary(one => one.Action, one => new ProgressView(Enum.Parse<Progress>(one.Progress), one.Note, one.By, one.At))));
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> FollowAsync(Guid id, string action, ProgressRequest request, Caller caller, Work work, TimeProvider time, CancellationToken cancellationToken)
    {
        var body = await work.Connection.ExecuteScalarAsync<string>(new CommandDefinition("SELECT body FROM roadmap WHERE tenant = @Tenant AND id = @id", new { work.Tenant, id }, work.Transaction, cancellationToken: cancellationToken));
        if (body is null || JsonSerializer.Deserialize<Roadmap>(body, StoredAssessment.Json)!.Actions.All(one => one.Id != action))
        {
            return Problem.NotFound.Because($"There is no roadmap {id} with an action {action}.");
        }

        var validation = new Validation().Rule(request.Note.Length <= 2000, "note", "must not be longer than 2000 characters");
        if (!validation.IsValid)
        {
            return validation.ToResult();
        }

        await using var put = work.Command("""
            INSERT INTO roadmap_progress (tenant, roadmap_id, action, progress, note, noted_by, noted_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
            ON CONFLICT (tenant, roadmap_id, action) DO UPDATE SET progress = excluded.progress, note = excluded.note, noted_by = excluded.noted_by, noted_at = excluded.noted_at
            """, work.Tenant, id, action, request.Progress.ToString(), request.Note, caller.Name, time.GetUtcNow());
        await put.ExecuteNonQueryAsync(cancellationToken);
        return TypedResults.NoContent();
    }

    public static string LanguageOf(HttpRequest request) => request.Languages().FirstOrDefault(language => language is "en" or "bg" or "es" or "fr") ?? "en";
}
