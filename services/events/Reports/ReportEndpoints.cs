using Dapper;
using LivingCity.Events.Programme;
using LivingCity.Events.Registration;
using LivingCity.ServiceDefaults.Data;
using LivingCity.ServiceDefaults.Errors;
using LivingCity.ServiceDefaults.Security;
using LivingCity.ServiceDefaults.Web;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LivingCity.Events.Reports;

/// <summary>What was said at an event. A part that is not written yet is empty.</summary>
internal sealed record Report
{
    public Text? Summary { get; init; }

    public IReadOnlyList<Text> Insights { get; init; } = [];

    public IReadOnlyList<Text> Priorities { get; init; } = [];

    public IReadOnlyList<Text> Implications { get; init; } = [];

    public Text? Conclusion { get; init; }

    public IReadOnlyList<Quote> Quotes { get; init; } = [];

    public IReadOnlyList<Link> Recordings { get; init; } = [];

    public IReadOnlyList<Link> Links { get; init; } = [];
}

/// <param name="By">Who said it.</param>
/// <param name="Consent">Whether he or she agreed to be quoted: else it is not shown.</param>
internal sealed record Quote(Text Words, string By, bool Consent);

/// <summary>What was promised.</summary>
internal sealed record NextStep(Guid Id, string Event, string Promise, string Responsible, DateOnly? DueOn, string Status, string? Progress, DateTimeOffset ChangedAt, bool Overdue);

internal sealed record NextStepRequest(string Promise, string Responsible, string Status, DateOnly? DueOn = null, string? Progress = null);

internal sealed record SurveyRequest(int Overall, int Content, int Organisation, string? Remark = null);

/// <summary>Means of an event's survey; none while fewer than five have answered, since few could be told apart.</summary>
internal sealed record SurveyResult(int Answers, double? Overall, double? Content, double? Organisation);

internal sealed record ReportView(string Event, Report Report, IReadOnlyList<NextStep> NextSteps, SurveyResult Survey);

/// <summary>A year of promises.</summary>
internal sealed record FollowUp(int? Year, int Promised, int Done, int UnderWay, int Open, int Dropped, int Overdue, IReadOnlyList<NextStep> Steps);

/// <summary>Reports, what follows from them, and what became of it.</summary>
internal static class ReportEndpoints
{
    private const int FewestAnswers = 5;

    public static void MapReports(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/events/{id}/report", GetAsync).RequireAuthorization(Access.Public).WithTags("Reports").WithSummary("The report of an event with its next steps and survey.");
        routes.MapGet("/events/{id}/report/draft", DraftAsync).RequireAuthorization(Access.Organiser).WithTags("Reports").WithSummary("The report as its writers have it, with quotes that wait for consent, in all languages.");
        routes.MapPut("/events/{id}/report", PutAsync).RequireAuthorization(Access.Organiser).Transactional().WithTags("Reports").WithSummary("Writes the report; a changed one names the revision it changes.");
        routes.MapPost("/events/{id}/next-steps", AddAsync).RequireAuthorization(Access.Organiser).Transactional().WithTags("Reports").WithSummary("Notes a promise.");
        routes.MapPut("/events/{id}/next-steps/{step:guid}", ChangeAsync).RequireAuthorization(Access.Organiser).Transactional().WithTags("Reports").WithSummary("Says what became of a promise.");
        routes.MapPut("/events/{id}/survey", AnswerAsync).RequireAuthorization(Access.SignedIn).Transactional().WithTags("Reports").WithSummary("A participant's evaluation, 1 to 5.");
        routes.MapGet("/events/{id}/survey", OwnAnswerAsync).RequireAuthorization(Access.SignedIn).Transactional().WithTags("Reports").WithSummary("The caller's evaluation.");
        routes.MapGet("/events/{id}/survey/remarks", RemarksAsync).RequireAuthorization(Access.Organiser).WithTags("Reports").WithSummary("What participants wrote, in no order, without names.");
        routes.MapGet("/follow-up", FollowUpAsync).RequireAuthorization(Access.Public).WithTags("Reports").WithSummary("Over the years: what was promised, what happened.");
    }

    private static async Task<Results<Ok<ReportView>, ProblemHttpResult>> GetAsync(string id, HttpResponse response, SessionDirectory sessions, Database database, TimeProvider time, CancellationToken cancellationToken)
    {
        await using var work = await database.BeginAsync(await sessions.OwnerAsync(id, cancellationToken), cancellationToken);
        var row = await work.Connection.QuerySingleOrDefaultAsync<(string Body, long Revision)?>(new CommandDefinition("SELECT body, revision FROM report WHERE event_id = @id", new { id }, work.Transaction, cancellationToken: cancellationToken));
        var report = row is { } found ? ProgrammeJson.Parse<Report>(found.Body) : new Report();
        response.SetVersion(row?.Revision ?? 0);
        var survey = await work.Connection.QuerySingleAsync<(int Answers, double? Overall, double? Content, double? Organisation)>(new CommandDefinition(
            "SELECT count(*)::int, avg(overall)::float8, avg(content)::float8, avg(organisation)::float8 FROM survey_answer WHERE event_id = @id", new { id }, work.Transaction, cancellationToken: cancellationToken));
        return TypedResults.Ok(new ReportView(id, report with { Quotes = [.. report.Quotes.Where(quote => quote.Consent)] }, await StepsAsync(work, id, time, cancellationToken),
            survey.Answers < FewestAnswers ? new SurveyResult(survey.Answers, null, null, null) : new SurveyResult(survey.Answers, survey.Overall, survey.Content, survey.Organisation)));
    }

    private static async Task<Ok<Report>> DraftAsync(string id, Caller caller, HttpResponse response, SessionDirectory sessions, Database database, CancellationToken cancellationToken)
    {
        await using var work = await database.BeginAsync(await sessions.RequireOrganiserAsync(id, caller, cancellationToken), cancellationToken);
        var row = await work.Connection.QuerySingleOrDefaultAsync<(string Body, long Revision)?>(new CommandDefinition("SELECT body, revision FROM report WHERE event_id = @id", new { id }, work.Transaction, cancellationToken: cancellationToken));
        response.SetVersion(row?.Revision ?? 0);
        return TypedResults.Ok(row is { } found ? ProgrammeJson.Parse<Report>(found.Body) : new Report());
    }

    private static async Task<Results<Ok<SurveyRequest>, ProblemHttpResult>> OwnAnswerAsync(string id, Caller caller, Work work, CancellationToken cancellationToken) =>
        await work.Connection.QuerySingleOrDefaultAsync<SurveyRequest>(new CommandDefinition("""
            SELECT a.overall, a.content, a.organisation, a.remark FROM survey_answer a JOIN participant p ON p.tenant = a.tenant AND p.id = a.participant WHERE a.event_id = @id AND p.person = @Subject AND p.city = @RequiredCity
            """, new { id, caller.Subject, caller.RequiredCity }, work.Transaction, cancellationToken: cancellationToken)) is { } answer ? TypedResults.Ok(answer) : Problem.NotFound.Because("There is no answer yet.");

    private static async Task<Ok<IEnumerable<string>>> RemarksAsync(string id, Caller caller, SessionDirectory sessions, Database database, CancellationToken cancellationToken)
    {
        await using var work = await database.BeginAsync(await sessions.RequireOrganiserAsync(id, caller, cancellationToken), cancellationToken);
        return TypedResults.Ok(await work.Connection.QueryAsync<string>(new CommandDefinition("SELECT remark FROM survey_answer WHERE event_id = @id AND remark IS NOT NULL ORDER BY md5(remark)", new { id }, work.Transaction, cancellationToken: cancellationToken)));
    }

    private static async Task<Ok<Report>> PutAsync(string id, Report report, Caller caller, HttpContext context, SessionDirectory sessions, Work work, TimeProvider time, CancellationToken cancellationToken)
    {
        new Validation()
            .Rule(report.Quotes.All(quote => quote.By.Trim().Length is > 0 and <= 200), "quotes", "must say who said it")
            .Rule(report.Recordings.Concat(report.Links).All(link => Uri.TryCreate(link.Url, UriKind.Absolute, out var address) && address.Scheme is "https" or "http"), "links", "must be web addresses")
            .ThrowIfInvalid();
        var owner = await sessions.RequireOrganiserAsync(id, caller, cancellationToken);
        var revision = await work.Connection.ExecuteScalarAsync<long?>(new CommandDefinition("SELECT revision FROM report WHERE event_id = @id FOR UPDATE", new { id }, work.Transaction, cancellationToken: cancellationToken));
        if (revision is { } current)
        {
            context.Request.RequireVersion(current);
        }

        await using var upsert = work.Command("""
            INSERT INTO report AS r (event_id, owner, body, published_at) VALUES ($1, $2, $3::text::jsonb, $4) ON CONFLICT (event_id) DO UPDATE SET body = excluded.body, revision = r.revision + 1
            """, id, owner, ProgrammeJson.Write(report), time.GetUtcNow().ToUniversalTime());
        await upsert.ExecuteNonQueryAsync(cancellationToken);
        context.Response.SetVersion((revision ?? 0) + 1);
        return TypedResults.Ok(report);
    }

    private static async Task<Created<NextStep>> AddAsync(string id, NextStepRequest request, Caller caller, SessionDirectory sessions, Work work, TimeProvider time, CancellationToken cancellationToken)
    {
        Check(request);
        var owner = await sessions.RequireOrganiserAsync(id, caller, cancellationToken);
        var step = new NextStep(Guid.CreateVersion7(), id, request.Promise.Trim(), request.Responsible.Trim(), request.DueOn, request.Status, request.Progress, time.GetUtcNow(), false);
        await using var insert = work.Command("INSERT INTO next_step (id, event_id, owner, promise, responsible, due_on, status, progress, changed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            step.Id, id, owner, step.Promise, step.Responsible, step.DueOn, step.Status, step.Progress, step.ChangedAt.ToUniversalTime());
        await insert.ExecuteNonQueryAsync(cancellationToken);
        return TypedResults.Created((string?)null, step);
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> ChangeAsync(string id, Guid step, NextStepRequest request, Caller caller, SessionDirectory sessions, Work work, TimeProvider time, CancellationToken cancellationToken)
    {
        Check(request);
        await sessions.RequireOrganiserAsync(id, caller, cancellationToken);
        await using var update = work.Command("UPDATE next_step SET promise = $3, responsible = $4, due_on = $5, status = $6, progress = $7, changed_at = $8 WHERE id = $1 AND event_id = $2",
            step, id, request.Promise.Trim(), request.Responsible.Trim(), request.DueOn, request.Status, request.Progress, time.GetUtcNow().ToUniversalTime());
        return await update.ExecuteNonQueryAsync(cancellationToken) == 1 ? TypedResults.NoContent() : Problem.NotFound.Because($"There is no step {step}.");
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> AnswerAsync(string id, SurveyRequest request, Caller caller, Work work, CancellationToken cancellationToken)
    {
        new Validation()
            .Rule(request.Overall is >= 1 and <= 5, "overall", "must be from 1 to 5").Rule(request.Content is >= 1 and <= 5, "content", "must be from 1 to 5").Rule(request.Organisation is >= 1 and <= 5, "organisation", "must be from 1 to 5")
            .Rule(request.Remark is null or { Length: <= 2000 }, "remark", "must not be longer than 2000 characters")
            .ThrowIfInvalid();
        await using var upsert = work.Command("""
            INSERT INTO survey_answer (tenant, event_id, participant, city, overall, content, organisation, remark) SELECT tenant, event_id, id, city, $4, $5, $6, $7 FROM participant WHERE event_id = $1 AND person = $2 AND city = $3
            ON CONFLICT (tenant, event_id, participant) DO UPDATE SET overall = excluded.overall, content = excluded.content, organisation = excluded.organisation, remark = excluded.remark
            """, id, caller.Subject, caller.RequiredCity, request.Overall, request.Content, request.Organisation, request.Remark);
        return await upsert.ExecuteNonQueryAsync(cancellationToken) == 1 ? TypedResults.NoContent() : Problem.NotFound.Because("Who was registered evaluates an event.");
    }

    private static async Task<Ok<List<FollowUp>>> FollowUpAsync(Database database, TimeProvider time, CancellationToken cancellationToken)
    {
        await using var work = await database.BeginAsync(null, cancellationToken);
        var years = (await work.Connection.QueryAsync<(string Event, int? Year)>(new CommandDefinition("""
            SELECT e.id, coalesce(extract(year FROM coalesce((v.body->>'starts')::date, (SELECT min((day->>'date')::date) FROM jsonb_array_elements(v.body->'days') day))), (substring(e.id FROM '(20\d\d)'))::int)::int
            FROM event e JOIN programme_version v ON v.event_id = e.id AND v.version = e.version
            """, transaction: work.Transaction, cancellationToken: cancellationToken))).ToDictionary(row => row.Event, row => row.Year);
        var steps = await StepsAsync(work, null, time, cancellationToken);
        return TypedResults.Ok(steps.GroupBy(step => years.GetValueOrDefault(step.Event)).OrderByDescending(year => year.Key).Select(year => new FollowUp(
            year.Key, year.Count(), year.Count(step => step.Status == "done"), year.Count(step => step.Status == "under-way"), year.Count(step => step.Status == "open"), year.Count(step => step.Status == "dropped"), year.Count(step => step.Overdue), [.. year])).ToList());
    }

    private static async Task<IReadOnlyList<NextStep>> StepsAsync(Work work, string? id, TimeProvider time, CancellationToken cancellationToken)
    {
        var today = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
        var rows = await work.Connection.QueryAsync<(Guid Id, string Event, string Promise, string Responsible, DateOnly? Due, string Status, string? Progress, DateTime At)>(new CommandDefinition(
            "SELECT id, event_id, promise, responsible, due_on, status, progress, changed_at FROM next_step WHERE @id::text IS NULL OR event_id = @id ORDER BY due_on NULLS LAST, promise", new { id }, work.Transaction, cancellationToken: cancellationToken));
        return [.. rows.Select(row => new NextStep(row.Id, row.Event, row.Promise, row.Responsible, row.Due, row.Status, row.Progress, row.At, row.Status is "open" or "under-way" && row.Due < today))];
    }

    private static void Check(NextStepRequest request) => new Validation()
        .Rule(request.Promise.Trim().Length is > 0 and <= 1000, "promise", "must have 1 to 1000 characters")
        .Rule(request.Responsible.Trim().Length is > 0 and <= 200, "responsible", "must name who sees to it")
        .Rule(request.Status is "open" or "under-way" or "done" or "dropped", "status", "must be open, under-way, done or dropped")
        .Rule(request.Progress is null or { Length: <= 2000 }, "progress", "must not be longer than 2000 characters")
        .ThrowIfInvalid();
}
