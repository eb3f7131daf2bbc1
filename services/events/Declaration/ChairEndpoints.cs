using Dapper;
using LivingCity.Events.Programme;
using LivingCity.ServiceDefaults.Data;
using LivingCity.ServiceDefaults.Errors;
using LivingCity.ServiceDefaults.Security;
using LivingCity.ServiceDefaults.Web;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LivingCity.Events.Declaration;

/// <summary>Somebody's time in office: two years.</summary>
internal sealed record Mandate(Guid Id, string Person, string Name, string Office, Guid? Signatory, string? SignatoryName, DateOnly StartsOn, DateOnly EndsOn);

internal sealed record MandateRequest(string Person, string Office, DateOnly StartsOn, Guid? Signatory = null);

/// <param name="Office"><c>chair</c> or <c>co-chair</c>.</param>
/// <param name="Opens">Local time in the zone.</param>
/// <param name="Closes">Local time in the zone.</param>
/// <param name="TimeZone">IANA zone.</param>
internal sealed record ElectionRequest(string Office, DateTime Opens, DateTime Closes, string TimeZone);

internal sealed record ElectionView(Guid Id, string Office, DateTimeOffset OpensAt, DateTimeOffset ClosesAt, string TimeZone, string State, int Voted, IReadOnlyList<Candidate> Candidates);

/// <param name="Votes">Known once the election is closed.</param>
internal sealed record Candidate(Guid Signatory, string Name, string Person, string Statement, int? Votes);

internal sealed record CandidacyRequest(string Person, string Statement);

internal sealed record Ballot(Guid Candidate);

/// <summary>Mandates and elections. Eligible and entitled is who has signed; a signatory's city votes once, and how it voted is not kept with it.</summary>
internal static class ChairEndpoints
{
    private static readonly Problem NotNow = new("election-not-open", StatusCodes.Status409Conflict, "The election is not open.");
    private static readonly Problem NotEligible = new("not-a-signatory", StatusCodes.Status403Forbidden, "Only signatories stand and vote.");
    private static readonly Problem Voted = new("already-voted", StatusCodes.Status409Conflict, "This signatory has voted.");

    public static void MapChairs(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/mandates", ListAsync).RequireAuthorization(Access.Public).WithTags("Chairs").WithSummary("Who chairs, and chaired.");
        routes.MapPost("/mandates", GiveAsync).RequireAuthorization(Access.Organiser).Transactional().WithTags("Chairs").WithSummary("Notes a mandate; it lasts two years.");
        var group = routes.MapGroup("/elections").WithTags("Chairs");
        group.MapGet("/", ElectionsAsync).RequireAuthorization(Access.Public).WithSummary("Elections; votes are shown once they are closed.");
        group.MapPost("/", OpenAsync).RequireAuthorization(Access.Organiser).Transactional().WithSummary("Calls an election.");
        group.MapPost("/{id:guid}/candidacies", StandAsync).RequireAuthorization(Access.CityAdmin).Transactional().WithSummary("Stands for office, for the caller's city.");
        group.MapPost("/{id:guid}/result", ElectionResult.DeclareAsync).RequireAuthorization(Access.Organiser).Transactional().WithSummary("Declares who was elected, after it is closed: the mandate begins the day after, or when said.");
        group.MapPost("/{id:guid}/votes", VoteAsync).RequireAuthorization(Access.CityAdmin).Transactional().WithSummary("Votes for the caller's city: once, and for good.");
    }

    private static async Task<Ok<IEnumerable<Mandate>>> ListAsync(Database database, CancellationToken cancellationToken)
    {
        await using var work = await database.BeginAsync(null, cancellationToken);
        var rows = await work.Connection.QueryAsync<(Guid Id, string Person, string Name, string Office, Guid? Signatory, string? SignatoryName, DateOnly Starts, DateOnly Ends)>(new CommandDefinition(
            "SELECT m.id, m.person, p.name, m.office, m.signatory_id, s.name, m.starts_on, m.ends_on FROM mandate m JOIN person p ON p.id = m.person LEFT JOIN signatory s ON s.id = m.signatory_id ORDER BY m.starts_on DESC, p.name", transaction: work.Transaction, cancellationToken: cancellationToken));
        return TypedResults.Ok(rows.Select(row => new Mandate(row.Id, row.Person, row.Name, row.Office, row.Signatory, row.SignatoryName, row.Starts, row.Ends)));
    }

    private static async Task<Results<Created<Mandate>, ProblemHttpResult>> GiveAsync(MandateRequest request, Work work, CancellationToken cancellationToken)
    {
        new Validation().Rule(request.Office is "chair" or "co-chair", "office", "must be chair or co-chair").ThrowIfInvalid();
        return await InsertAsync(work, request, cancellationToken) is { } mandate ? TypedResults.Created((string?)null, mandate) : new Validation().Rule(false, "person", "or signatory is not known").ToResult();
    }

    /// <returns>Null where the person is not in the directory, or there is no such signatory.</returns>
    internal static async Task<Mandate?> InsertAsync(Work work, MandateRequest request, CancellationToken cancellationToken)
    {
        var (id, ends) = (Guid.CreateVersion7(), request.StartsOn.AddYears(2));
        await using var insert = work.Command("""
            WITH given AS (
                INSERT INTO mandate (id, person, office, signatory_id, starts_on, ends_on)
                SELECT $1, p.id, $3, s.id, $5, $6 FROM person p LEFT JOIN signatory s ON s.id = $4 WHERE p.id = $2 AND ($4::uuid IS NULL OR s.id IS NOT NULL) RETURNING person, signatory_id)
            SELECT p.name, s.name FROM given g JOIN person p ON p.id = g.person LEFT JOIN signatory s ON s.id = g.signatory_id
            """, id, request.Person, request.Office, request.Signatory, request.StartsOn, ends);
        await using var row = await insert.ExecuteReaderAsync(cancellationToken);
        return await row.ReadAsync(cancellationToken) ? new Mandate(id, request.Person, row.GetString(0), request.Office, request.Signatory, row.IsDBNull(1) ? null : row.GetString(1), request.StartsOn, ends) : null;
    }

    private static async Task<Ok<List<ElectionView>>> ElectionsAsync(Database database, TimeProvider time, CancellationToken cancellationToken)
    {
        await using var work = await database.BeginAsync(null, cancellationToken);
        var elections = await work.Connection.QueryAsync<(Guid Id, string Office, DateTime Opens, DateTime Closes, string Zone, bool Decided, int Voted)>(new CommandDefinition(
            "SELECT id, office, opens_at, closes_at, time_zone, decided_at IS NOT NULL, (SELECT count(*)::int FROM ballot_paper b WHERE b.election_id = e.id) FROM election e ORDER BY opens_at DESC", transaction: work.Transaction, cancellationToken: cancellationToken));
        var candidates = (await work.Connection.QueryAsync<(Guid Election, Guid Signatory, string Name, string Person, string Statement, int Votes)>(new CommandDefinition("""
            SELECT c.election_id, c.signatory_id, s.name, p.name, c.statement, coalesce(v.votes, 0) FROM candidacy c JOIN signatory s ON s.id = c.signatory_id JOIN person p ON p.id = c.person
            LEFT JOIN vote v ON v.election_id = c.election_id AND v.candidate = c.signatory_id ORDER BY s.name
            """, transaction: work.Transaction, cancellationToken: cancellationToken))).ToLookup(candidate => candidate.Election);
        var now = time.GetUtcNow().UtcDateTime;
        return TypedResults.Ok(elections.Select(election => new ElectionView(election.Id, election.Office, Deadlines.By(election.Opens, election.Zone), Deadlines.By(election.Closes, election.Zone), election.Zone,
            election.Decided ? "decided" : now < election.Opens ? "announced" : now < election.Closes ? "open" : "closed", election.Voted,
            [.. candidates[election.Id].Select(candidate => new Candidate(candidate.Signatory, candidate.Name, candidate.Person, candidate.Statement, now >= election.Closes ? candidate.Votes : null))])).ToList());
    }

    private static async Task<Created<ElectionView>> OpenAsync(ElectionRequest request, Caller caller, Work work, CancellationToken cancellationToken)
    {
        var zone = SessionTimes.Zone(request.TimeZone);
        new Validation()
            .Rule(request.Office is "chair" or "co-chair", "office", "must be chair or co-chair")
            .Rule(zone is not null, "timeZone", "is not a zone of the IANA database")
            .Rule(request.Opens < request.Closes, "closes", "must be after it opens")
            .ThrowIfInvalid();
        var view = new ElectionView(Guid.CreateVersion7(), request.Office, Deadlines.At(request.Opens, zone!), Deadlines.At(request.Closes, zone!), request.TimeZone, "announced", 0, []);
        await using var insert = work.Command("INSERT INTO election (id, owner, office, opens_at, closes_at, time_zone) VALUES ($1, $2, $3, $4, $5, $6)",
            view.Id, caller.RequiredCity, view.Office, view.OpensAt.ToUniversalTime(), view.ClosesAt.ToUniversalTime(), view.TimeZone);
        await insert.ExecuteNonQueryAsync(cancellationToken);
        return TypedResults.Created((string?)null, view);
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> StandAsync(Guid id, CandidacyRequest request, Caller caller, Work work, TimeProvider time, CancellationToken cancellationToken)
    {
        new Validation().Rule(request.Statement.Trim().Length is > 0 and <= 2000, "statement", "must have 1 to 2000 characters").ThrowIfInvalid();
        if (await SignatoryOfAsync(work, caller, cancellationToken) is not { } signatory)
        {
            return NotEligible.Because("The caller's city has not signed the declaration.");
        }

        await using var insert = work.Command("""
            INSERT INTO candidacy (election_id, signatory_id, person, statement) SELECT e.id, $2, p.id, $4 FROM election e CROSS JOIN person p WHERE e.id = $1 AND p.id = $3 AND e.opens_at > $5 ON CONFLICT DO NOTHING
            """, id, signatory, request.Person, request.Statement.Trim(), time.GetUtcNow().ToUniversalTime());
        return await insert.ExecuteNonQueryAsync(cancellationToken) == 1 ? TypedResults.NoContent() : NotNow.Because("One stands before an election opens, once, with a person of the directory.");
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> VoteAsync(Guid id, Ballot ballot, Caller caller, Work work, TimeProvider time, CancellationToken cancellationToken)
    {
        if (await SignatoryOfAsync(work, caller, cancellationToken) is not { } signatory)
        {
            return NotEligible.Because("The caller's city has not signed the declaration.");
        }

        var now = time.GetUtcNow().ToUniversalTime();
        await using (var open = work.Command("SELECT 1 FROM election e JOIN candidacy c ON c.election_id = e.id WHERE e.id = $1 AND c.signatory_id = $2 AND e.opens_at <= $3 AND e.closes_at > $3", id, ballot.Candidate, now))
        {
            if (await open.ExecuteScalarAsync(cancellationToken) is null)
            {
                return NotNow.Because("There is no such election open, or no such candidate.");
            }
        }

        await using var paper = work.Command("INSERT INTO ballot_paper (election_id, signatory_id) VALUES ($1, $2) ON CONFLICT DO NOTHING", id, signatory);
        if (await paper.ExecuteNonQueryAsync(cancellationToken) == 0)
        {
            return Voted.Because("A vote cannot be changed.");
        }

        await using var vote = work.Command("INSERT INTO vote AS v (election_id, candidate, votes) VALUES ($1, $2, 1) ON CONFLICT (election_id, candidate) DO UPDATE SET votes = v.votes + 1", id, ballot.Candidate);
        await vote.ExecuteNonQueryAsync(cancellationToken);
        return TypedResults.NoContent();
    }

    private static Task<Guid?> SignatoryOfAsync(Work work, Caller caller, CancellationToken cancellationToken) => work.Connection.ExecuteScalarAsync<Guid?>(new CommandDefinition(
        "SELECT signatory_id FROM signing WHERE tenant = @RequiredCity AND signatory_id IS NOT NULL ORDER BY countersigned_at LIMIT 1", new { caller.RequiredCity }, work.Transaction, cancellationToken: cancellationToken));
}

/// <summary>Times that people set by their clocks.</summary>
internal static class Deadlines
{
    /// <summary>An instant (UTC) with the offset of its zone.</summary>
    public static DateTimeOffset By(DateTime utc, string zone) => NodaTime.Instant.FromDateTimeUtc(DateTime.SpecifyKind(utc, DateTimeKind.Utc)).InZone(SessionTimes.Zone(zone)!).ToDateTimeOffset();

    /// <summary>What the clock shows twice is the later one: nobody is late who came in time by his clock.</summary>
    public static DateTimeOffset At(DateTime local, NodaTime.DateTimeZone zone) => NodaTime.LocalDateTime.FromDateTime(local).InZone(zone, mapping => mapping.Count switch
    {
        0 => NodaTime.TimeZones.Resolvers.ReturnForwardShifted(mapping.LocalDateTime, mapping.Zone, mapping.EarlyInterval, mapping.LateInterval),
        _ => mapping.Last(),
    }).ToDateTimeOffset();
}
