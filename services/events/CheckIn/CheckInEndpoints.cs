using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Dapper;
using LivingCity.Events.Exports;
using LivingCity.Events.Programme;
using LivingCity.Events.Registration;
using LivingCity.ServiceDefaults.Data;
using LivingCity.ServiceDefaults.Errors;
using LivingCity.ServiceDefaults.Security;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LivingCity.Events.CheckIn;

/// <summary>A ticket, and its code as an image.</summary>
internal sealed record TicketView(string Event, string Name, string Ticket, string Svg);

/// <summary>What a scanner needs to work without a connection.</summary>
/// <param name="Event">The event.</param>
/// <param name="Key">The public key of tickets, as a JSON Web Key (RFC 7517).</param>
/// <param name="Sessions">The sessions with who has a seat.</param>
/// <param name="Names">Names by participant.</param>
internal sealed record ScannerPack(string Event, PublicKey Key, IReadOnlyList<ScannerSession> Sessions, IReadOnlyDictionary<Guid, string> Names);

internal sealed record PublicKey(string Kty, string Crv, string X, string Y);

internal sealed record ScannerSession(string Id, string Title, int? Capacity, IReadOnlyList<Guid> Seats);

/// <param name="Id">Made by the scanner; the same scan may be sent again.</param>
/// <param name="Session">At which door.</param>
/// <param name="Ticket">What was read.</param>
/// <param name="At">When, by the scanner's clock.</param>
/// <param name="Device">Which scanner.</param>
internal sealed record Scan(Guid Id, string Session, string Ticket, DateTimeOffset At, string Device);

/// <param name="Id">The scan.</param>
/// <param name="Outcome"><c>admitted</c>, <c>again</c> (was in already), <c>no-seat</c> (let in without one) or <c>forged</c>.</param>
internal sealed record ScanResult(Guid Id, string Outcome);

/// <param name="Session">The session.</param>
/// <param name="Seats">Confirmed seats.</param>
/// <param name="Admitted">People who came in.</param>
/// <param name="WithoutSeat">Of these, without a seat.</param>
/// <param name="Over">By how many the capacity is exceeded.</param>
internal sealed record DoorCount(string Session, int? Capacity, int Seats, int Admitted, int WithoutSeat, int Over);

/// <summary>Tickets and doors.</summary>
internal static class CheckInEndpoints
{
    public static void MapCheckIn(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/events/{id}/ticket", TicketAsync).RequireAuthorization(Access.SignedIn).WithTags("Check-in").WithSummary("The caller's ticket for an event.");
        routes.MapGet("/events/{id}/ticket.svg", ImageAsync).RequireAuthorization(Access.SignedIn).WithTags("Check-in").WithSummary("The ticket as a QR code.");
        var group = routes.MapGroup("/events/{id}/check-in").RequireAuthorization(Access.Organiser).WithTags("Check-in");
        group.MapGet("/pack", PackAsync).WithSummary("What a scanner needs to work offline.");
        group.MapPost("/scans", ScanAsync).WithSummary("Takes scans in, in any order and as often as they come: the earliest of a person at a door counts.");
        group.MapGet("/counts", CountsAsync).WithSummary("Who is in, by session.");
        routes.MapGet("/events/{id}/badges.pdf", BadgesAsync).RequireAuthorization(Access.Organiser).WithTags("Exports").WithSummary("Badges of all with a seat, to print.");
        routes.MapGet("/events/{id}/invitation-letter.pdf", LetterAsync).RequireAuthorization(Access.SignedIn).WithTags("Exports").WithSummary("A letter that says that the caller has a seat.");
    }

    private static async Task<Results<Ok<TicketView>, ProblemHttpResult>> TicketAsync(string id, Caller caller, Database database, SigningKeys keys, CancellationToken cancellationToken) =>
        await FindAsync(id, caller, database, keys, cancellationToken) is { } ticket ? TypedResults.Ok(ticket) : Problem.NotFound.Because("There is no seat of the caller's in this event.");

    private static async Task<Results<ContentHttpResult, ProblemHttpResult>> ImageAsync(string id, Caller caller, Database database, SigningKeys keys, CancellationToken cancellationToken) =>
        await FindAsync(id, caller, database, keys, cancellationToken) is { } ticket ? TypedResults.Content(ticket.Svg, "image/svg+xml") : Problem.NotFound.Because("There is no seat of the caller's in this event.");

    private static async Task<TicketView?> FindAsync(string id, Caller caller, Database database, SigningKeys keys, CancellationToken cancellationToken)
    {
        await using var work = await database.BeginAsync(caller.RequiredCity, cancellationToken);
        var row = await work.Connection.QuerySingleOrDefaultAsync<(Guid Id, string Name)?>(new CommandDefinition("""
            SELECT p.id, p.name FROM participant p WHERE p.event_id = @id AND p.person = @Subject AND p.city = @RequiredCity
                AND EXISTS (SELECT FROM registration r WHERE r.tenant = p.tenant AND r.participant = p.id AND r.state = 'confirmed')
            """, new { id, caller.Subject, caller.RequiredCity }, work.Transaction, cancellationToken: cancellationToken));
        return row is { } found ? Drawn(id, found.Name, Tickets.Make(await keys.TicketsAsync(cancellationToken), id, found.Id)) : null;
    }

    private static TicketView Drawn(string id, string name, string ticket) => new(id, name, ticket, QrCode.Svg(ticket, name));

    private static async Task<Ok<ScannerPack>> PackAsync(string id, Caller caller, SessionDirectory sessions, Database database, SigningKeys keys, CancellationToken cancellationToken)
    {
        var owner = await sessions.RequireOrganiserAsync(id, caller, cancellationToken);
        var key = (await keys.TicketsAsync(cancellationToken)).ExportParameters(false).Q;
        await using var work = await database.BeginAsync(owner, cancellationToken);
        var all = (await work.Connection.QueryAsync<(string Id, string Title, int? Capacity)>(new CommandDefinition(
            "SELECT id, title, capacity FROM session WHERE event_id = @id AND NOT cancelled ORDER BY position", new { id }, work.Transaction, cancellationToken: cancellationToken))).AsList();
        var seats = (await SeatsAsync(work, id, cancellationToken)).ToLookup(seat => seat.Session);
        return TypedResults.Ok(new ScannerPack(
            id, new PublicKey("EC", "P-256", Base64Url.EncodeToString(key.X), Base64Url.EncodeToString(key.Y)),
            [.. all.Select(session => new ScannerSession(session.Id, session.Title, session.Capacity, [.. seats[session.Id].Select(seat => seat.Participant)]))],
            seats.SelectMany(session => session).DistinctBy(seat => seat.Participant).ToDictionary(seat => seat.Participant, seat => seat.Name)));
    }

    private static async Task<Ok<List<ScanResult>>> ScanAsync(string id, IReadOnlyList<Scan> scans, Caller caller, SessionDirectory sessions, Database database, SigningKeys keys, TimeProvider time, CancellationToken cancellationToken)
    {
        new Validation()
            .Rule(scans.Count is > 0 and <= 1000, "body", "must hold 1 to 1000 scans")
            .Rule(scans.All(scan => scan.Device.Length is > 0 and <= 100 && scan.Session.Length <= 120 && scan.Ticket.Length <= 400), "body", "holds a device, session or ticket that is too long")
            .ThrowIfInvalid();
        var owner = await sessions.RequireOrganiserAsync(id, caller, cancellationToken);
        var key = await keys.TicketsAsync(cancellationToken);
        var now = time.GetUtcNow();
        await using var work = await database.BeginAsync(owner, cancellationToken);
        var results = new List<ScanResult>();
        foreach (var scan in scans.OrderBy(scan => scan.At))
        {
            // A clock that is ahead must not move anybody's arrival into the future.
            results.Add(new ScanResult(scan.Id, Tickets.Read(key, id, scan.Ticket) is { } participant
                ? await TakeAsync(work, owner, id, scan with { At = scan.At > now ? now : scan.At }, participant, now, cancellationToken) : "forged"));
        }

        await work.CommitAsync(cancellationToken);
        return TypedResults.Ok(results);
    }

    private static async Task<string> TakeAsync(Work work, string owner, string id, Scan scan, Guid participant, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var known = await work.Connection.ExecuteScalarAsync<string?>(new CommandDefinition("SELECT outcome FROM scan WHERE tenant = @owner AND id = @Id", new { owner, scan.Id }, work.Transaction, cancellationToken: cancellationToken));
        if (known is not null)
        {
            return known;
        }

        var outcome = await work.Connection.ExecuteScalarAsync<string>(new CommandDefinition("""
            WITH seat AS (SELECT EXISTS (SELECT FROM registration WHERE tenant = @owner AND session_id = @Session AND participant = @participant AND state = 'confirmed') AS has),
            taken AS (
                INSERT INTO admission AS a (tenant, event_id, session_id, participant, at, with_seat) SELECT @owner, @id, @Session, @participant, @at, has FROM seat
                ON CONFLICT (tenant, session_id, participant) DO UPDATE SET at = least(a.at, excluded.at) RETURNING (xmax = 0) AS first, with_seat)
            INSERT INTO scan (tenant, id, event_id, session_id, participant, at, device, outcome, received_at)
            SELECT @owner, @scan, @id, @Session, @participant, @at, @Device, CASE WHEN NOT first THEN 'again' WHEN with_seat THEN 'admitted' ELSE 'no-seat' END, @now FROM taken RETURNING outcome
            """, new { owner, id, scan.Session, participant, at = scan.At.ToUniversalTime(), scan = scan.Id, scan.Device, now = now.ToUniversalTime() }, work.Transaction, cancellationToken: cancellationToken));
        return outcome!;
    }

    private static async Task<Ok<IEnumerable<DoorCount>>> CountsAsync(string id, Caller caller, SessionDirectory sessions, Database database, CancellationToken cancellationToken)
    {
        var owner = await sessions.RequireOrganiserAsync(id, caller, cancellationToken);
        await using var work = await database.BeginAsync(owner, cancellationToken);
        return TypedResults.Ok(await work.Connection.QueryAsync<DoorCount>(new CommandDefinition("""
            SELECT s.id AS session, s.capacity, coalesce(p.taken, 0) AS seats, coalesce(a.admitted, 0)::int AS admitted, coalesce(a.without_seat, 0)::int AS without_seat, greatest(0, coalesce(a.admitted, 0) - s.capacity)::int AS over
            FROM session s LEFT JOIN seat_plan p ON p.session_id = s.id
            LEFT JOIN (SELECT session_id, count(*) AS admitted, count(*) FILTER (WHERE NOT with_seat) AS without_seat FROM admission WHERE event_id = @id GROUP BY session_id) a ON a.session_id = s.id
            WHERE s.event_id = @id AND NOT s.cancelled ORDER BY s.position
            """, new { id }, work.Transaction, cancellationToken: cancellationToken)));
    }

    private static async Task<FileContentHttpResult> BadgesAsync(string id, Caller caller, SessionDirectory sessions, Database database, ProgrammeCache programme, SigningKeys keys, CancellationToken cancellationToken)
    {
        var owner = await sessions.RequireOrganiserAsync(id, caller, cancellationToken);
        var key = await keys.TicketsAsync(cancellationToken);
        await using var work = await database.BeginAsync(owner, cancellationToken);
        var people = (await SeatsAsync(work, id, cancellationToken)).DistinctBy(seat => seat.Participant).OrderBy(seat => seat.Name, StringComparer.Ordinal);
        var title = (await programme.FindAsync(id, cancellationToken))?.Event.Title.Plain ?? id;
        return TypedResults.File(Documents.Badges(title, [.. people.Select(seat => new Badge(seat.Name, seat.Organisation, Tickets.Make(key, id, seat.Participant)))]), "application/pdf");
    }

    private static async Task<Results<FileContentHttpResult, ProblemHttpResult>> LetterAsync(string id, Caller caller, HttpRequest request, Database database, ProgrammeCache programme, SigningKeys keys, TimeProvider time, CancellationToken cancellationToken)
    {
        if (await FindAsync(id, caller, database, keys, cancellationToken) is not { } ticket || await programme.FindAsync(id, cancellationToken) is not { } published)
        {
            return Problem.NotFound.Because("There is no seat of the caller's in this event.");
        }

        var item = published.Event;
        var venue = item.Venues is [var first, ..] ? $"{first.Name.Plain}{(first.Address is null ? "" : $", {first.Address}")}" : $"{item.City}, {item.Country}";
        var dates = (item.Starts ?? item.Days.Min(day => day.Date)) is { } starts ? $"{starts:yyyy-MM-dd}" : "dates to be announced";
        return TypedResults.File(Documents.Letter($"Invitation: {item.Title.Plain}",
        [
            $"{time.GetUtcNow():yyyy-MM-dd}", $"This confirms that {ticket.Name} is registered for {item.Title.Plain}, {dates}, {venue}.", $"It can be checked at {ExportEndpoints.SiteOf(request)}/programme/{item.Id}.",
        ]), "application/pdf");
    }

    private static Task<IEnumerable<(string Session, Guid Participant, string Name, string? Organisation)>> SeatsAsync(Work work, string id, CancellationToken cancellationToken) =>
        work.Connection.QueryAsync<(string Session, Guid Participant, string Name, string? Organisation)>(new CommandDefinition("""
            SELECT r.session_id, r.participant, p.name, p.organisation FROM registration r JOIN participant p ON p.tenant = r.tenant AND p.id = r.participant WHERE r.event_id = @id AND r.state = 'confirmed' ORDER BY r.ticket
            """, new { id }, work.Transaction, cancellationToken: cancellationToken));
}
