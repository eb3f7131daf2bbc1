using Dapper;
using LivingCity.Events.Declaration;
using LivingCity.Events.Programme;
using LivingCity.ServiceDefaults.Data;
using LivingCity.ServiceDefaults.Errors;
using LivingCity.ServiceDefaults.Security;
using LivingCity.ServiceDefaults.Web;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LivingCity.Events.Hosts;

/// <summary>What applications are judged by.</summary>
/// <param name="Id">Short name.</param>
/// <param name="Name">What is asked.</param>
/// <param name="Weight">How much it counts.</param>
/// <param name="Most">The most points there are.</param>
internal sealed record Criterion(string Id, string Name, int Weight, int Most);

/// <param name="Deadline">Local time in <paramref name="TimeZone"/>.</param>
internal sealed record CallRequest(string Title, int Year, string Description, IReadOnlyList<Criterion> Criteria, DateTime Opens, DateTime Deadline, string TimeZone);

internal sealed record CallView(Guid Id, string Title, int Year, string Description, IReadOnlyList<Criterion> Criteria, DateTimeOffset OpensAt, DateTimeOffset Deadline, string TimeZone, string State, string? Winner, string? Reasons);

internal sealed record ApplicationRequest(string Community, string Contact, IReadOnlyDictionary<string, string> Answers);

internal sealed record ApplicationView(Guid Id, string Community, string Contact, IReadOnlyDictionary<string, string> Answers, DateTimeOffset SubmittedAt, double? Score, int Judges);

internal sealed record Scores(IReadOnlyDictionary<string, int> Points, string? Remark = null);

internal sealed record Decision(Guid Application, string Reasons);

/// <summary>The call for hosts: criteria, a deadline by the clocks of its zone, applications, scores of a committee, a decision with its reasons.</summary>
internal static class HostEndpoints
{
    private static readonly Problem Closed = new("call-closed", StatusCodes.Status409Conflict, "The call is not open.");

    public static void MapHosts(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/host-calls").WithTags("Hosts");
        group.MapGet("/", ListAsync).RequireAuthorization(Access.Public).WithSummary("Calls for hosts, and how they were decided.");
        group.MapPost("/", OpenAsync).RequireAuthorization(Access.Organiser).Transactional().WithSummary("Opens a call.");
        group.MapPut("/{id:guid}/application", ApplyAsync).RequireAuthorization(Access.CityAdmin).Transactional().WithSummary("Applies for the caller's city, or changes what was applied, until the deadline.");
        group.MapGet("/{id:guid}/applications", ApplicationsAsync).RequireAuthorization(Access.SignedIn).Transactional().WithSummary("The caller's application; for the organiser all of them, the best first.");
        group.MapPut("/{id:guid}/applications/{application:guid}/scores", ScoreAsync).RequireAuthorization(Access.Assessor).Transactional().WithSummary("A committee member's points, after the deadline.");
        group.MapPost("/{id:guid}/decision", DecideAsync).RequireAuthorization(Access.Organiser).Transactional().WithSummary("Decides, with the reasons, which are public.");
    }

    private static async Task<Ok<IEnumerable<CallView>>> ListAsync(Database database, TimeProvider time, CancellationToken cancellationToken)
    {
        await using var work = await database.BeginAsync(null, cancellationToken);
        return TypedResults.Ok((await ReadAsync(work, null, cancellationToken)).Select(call => call.View(time.GetUtcNow())));
    }

    private static async Task<Created<CallView>> OpenAsync(CallRequest request, Caller caller, Work work, TimeProvider time, CancellationToken cancellationToken)
    {
        var zone = SessionTimes.Zone(request.TimeZone);
        new Validation()
            .Rule(request.Title.Trim().Length is > 0 and <= 200, "title", "must have 1 to 200 characters")
            .Rule(request.Year is >= 2020 and <= 2100, "year", "must be from 2020 to 2100")
            .Rule(request.Criteria.Count is > 0 and <= 20 && request.Criteria.Select(criterion => criterion.Id).Distinct().Count() == request.Criteria.Count, "criteria", "must be 1 to 20, of different ids")
            .Rule(request.Criteria.All(criterion => criterion.Weight > 0 && criterion.Most > 0), "criteria", "must have weights and points above 0")
            .Rule(zone is not null, "timeZone", "is not a zone of the IANA database")
            .Rule(request.Opens < request.Deadline, "deadline", "must be after it opens")
            .ThrowIfInvalid();
        var id = Guid.CreateVersion7();
        await using var insert = work.Command("INSERT INTO host_call (id, owner, title, year, description, criteria, opens_at, deadline, time_zone) VALUES ($1, $2, $3, $4, $5, $6::text::jsonb, $7, $8, $9)",
            id, caller.RequiredCity, request.Title.Trim(), request.Year, request.Description, ProgrammeJson.Write(request.Criteria), Deadlines.At(request.Opens, zone!).ToUniversalTime(), Deadlines.At(request.Deadline, zone!).ToUniversalTime(), request.TimeZone);
        await insert.ExecuteNonQueryAsync(cancellationToken);
        return TypedResults.Created((string?)null, (await ReadAsync(work, id, cancellationToken)).Single().View(time.GetUtcNow()));
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> ApplyAsync(Guid id, ApplicationRequest request, Caller caller, Work work, TimeProvider time, CancellationToken cancellationToken)
    {
        if ((await ReadAsync(work, id, cancellationToken)).SingleOrDefault() is not { } call)
        {
            return Problem.NotFound.Because($"There is no call {id}.");
        }

        var criteria = call.Parsed.Select(criterion => criterion.Id).ToHashSet();
        new Validation()
            .Rule(request.Community.Trim().Length is > 0 and <= 200, "community", "must have 1 to 200 characters")
            .Rule(Notifications.Addresses.IsAddress(request.Contact), "contact", "must be an e-mail address")
            .Rule(criteria.SetEquals(request.Answers.Where(answer => !string.IsNullOrWhiteSpace(answer.Value)).Select(answer => answer.Key)), "answers", "must say something to each criterion")
            .Rule(request.Answers.Values.All(answer => answer is { Length: <= 5000 }), "answers", "must not be longer than 5000 characters each")
            .ThrowIfInvalid();
        if (call.View(time.GetUtcNow()).State != "open")
        {
            return Closed.Because($"It was open until {call.Deadline:yyyy-MM-dd HH:mm} UTC.");
        }

        await using var upsert = work.Command("""
            INSERT INTO host_application (tenant, id, call_id, organiser, community, contact, answers, submitted_at) VALUES ($1, $2, $3, $4, $5, $6, $7::text::jsonb, $8)
            ON CONFLICT (call_id, tenant) DO UPDATE SET community = excluded.community, contact = excluded.contact, answers = excluded.answers, submitted_at = excluded.submitted_at
            """, caller.RequiredCity, Guid.CreateVersion7(), id, call.Owner, request.Community.Trim(), request.Contact.Trim(), ProgrammeJson.Write(request.Answers), time.GetUtcNow().ToUniversalTime());
        await upsert.ExecuteNonQueryAsync(cancellationToken);
        return TypedResults.NoContent();
    }

    private static async Task<Ok<List<ApplicationView>>> ApplicationsAsync(Guid id, Caller caller, Work work, CancellationToken cancellationToken)
    {
        var call = (await ReadAsync(work, id, cancellationToken)).SingleOrDefault() ?? throw Problem.NotFound.Throw($"There is no call {id}.");
        var committee = call.Owner == caller.City && (caller.Roles.Contains(Access.Organiser) || caller.Roles.Contains(Access.Assessor) || caller.Roles.Contains(Access.CityAdmin));
        var rows = await work.Connection.QueryAsync<(Guid Id, string Tenant, string Community, string Contact, string Answers, DateTime At)>(new CommandDefinition(
            "SELECT id, tenant, community, contact, answers, submitted_at FROM host_application WHERE call_id = @id ORDER BY submitted_at", new { id }, work.Transaction, cancellationToken: cancellationToken));
        var scores = (await work.Connection.QueryAsync<(Guid Application, string Member, string Criterion, int Points)>(new CommandDefinition(
            "SELECT application, member, criterion, points FROM host_score WHERE tenant = @Owner", new { call.Owner }, work.Transaction, cancellationToken: cancellationToken))).ToLookup(score => score.Application);
        return TypedResults.Ok(rows.Where(row => committee || row.Tenant == caller.City).Select(row => new ApplicationView(
            row.Id, row.Community, row.Contact, ProgrammeJson.Parse<Dictionary<string, string>>(row.Answers), row.At, committee ? ScoreOf(call.Parsed, scores[row.Id]) : null, committee ? scores[row.Id].Select(score => score.Member).Distinct().Count() : 0))
            .OrderByDescending(view => view.Score ?? -1).ToList());
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> ScoreAsync(Guid id, Guid application, Scores scores, Caller caller, Work work, TimeProvider time, CancellationToken cancellationToken)
    {
        var call = (await ReadAsync(work, id, cancellationToken)).SingleOrDefault();
        if (call is null || call.Owner != caller.City)
        {
            return Problem.NotFound.Because($"There is no call {id} for this caller.");
        }

        if (call.View(time.GetUtcNow()).State != "judging")
        {
            return Closed.Because("Applications are judged after the deadline and before the decision.");
        }

        new Validation()
            .Rule(call.Parsed.All(criterion => scores.Points.TryGetValue(criterion.Id, out var points) && points >= 0 && points <= criterion.Most) && scores.Points.Count == call.Parsed.Count, "points", "must be given for each criterion, from 0 to its most")
            .ThrowIfInvalid();
        foreach (var (criterion, points) in scores.Points)
        {
            await using var upsert = work.Command("""
                INSERT INTO host_score (tenant, application, member, criterion, points, remark) SELECT $1, a.id, $3, $4, $5, $6 FROM host_application a WHERE a.id = $2 AND a.call_id = $7
                ON CONFLICT (tenant, application, member, criterion) DO UPDATE SET points = excluded.points, remark = excluded.remark
                """, call.Owner, application, caller.Subject, criterion, points, scores.Remark, id);
            if (await upsert.ExecuteNonQueryAsync(cancellationToken) == 0)
            {
                return Problem.NotFound.Because($"There is no application {application}.");
            }
        }

        return TypedResults.NoContent();
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> DecideAsync(Guid id, Decision decision, Caller caller, Work work, TimeProvider time, CancellationToken cancellationToken)
    {
        new Validation().Rule(decision.Reasons.Trim().Length is > 0 and <= 5000, "reasons", "are needed, in 5000 characters at most").ThrowIfInvalid();
        await using var update = work.Command("""
            UPDATE host_call c SET decided_at = $4, winner = a.community, reasons = $5 FROM host_application a WHERE c.id = $1 AND c.owner = $2 AND c.decided_at IS NULL AND c.deadline <= $4 AND a.id = $3 AND a.call_id = c.id
            """, id, caller.RequiredCity, decision.Application, time.GetUtcNow().ToUniversalTime(), decision.Reasons.Trim());
        return await update.ExecuteNonQueryAsync(cancellationToken) == 1 ? TypedResults.NoContent() : Closed.Because("A call is decided once, after its deadline, for one of its applications.");
    }

    /// <summary>The mean over the committee of weighted shares of the most points, 0 to 100.</summary>
    internal static double? ScoreOf(IReadOnlyList<Criterion> criteria, IEnumerable<(Guid Application, string Member, string Criterion, int Points)> scores)
    {
        var members = scores.GroupBy(score => score.Member).Select(member => member.Sum(score => criteria.First(criterion => criterion.Id == score.Criterion) is var criterion ? (double)criterion.Weight * score.Points / criterion.Most : 0)).ToArray();
        return members.Length == 0 ? null : Math.Round(100 * members.Average() / criteria.Sum(criterion => criterion.Weight), 1);
    }

    private static async Task<IReadOnlyList<Row>> ReadAsync(Work work, Guid? id, CancellationToken cancellationToken) => (await work.Connection.QueryAsync<Row>(new CommandDefinition(
        "SELECT id, owner, title, year, description, criteria, opens_at, deadline, time_zone, winner, reasons FROM host_call WHERE @id::uuid IS NULL OR id = @id ORDER BY year DESC, opens_at DESC", new { id }, work.Transaction, cancellationToken: cancellationToken))).AsList();

    private sealed record Row(Guid Id, string Owner, string Title, int Year, string Description, string Criteria, DateTime OpensAt, DateTime Deadline, string TimeZone, string? Winner, string? Reasons)
    {
        public List<Criterion> Parsed => ProgrammeJson.Parse<List<Criterion>>(Criteria);

        public CallView View(DateTimeOffset now)
        {
            return new CallView(Id, Title, Year, Description, Parsed, Deadlines.By(OpensAt, TimeZone), Deadlines.By(Deadline, TimeZone), TimeZone, Winner is not null ? "decided" : now < OpensAt ? "announced" : now < Deadline ? "open" : "judging", Winner, Reasons);
        }
    }
}
