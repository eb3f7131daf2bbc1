using Dapper;
using LivingCity.Events.Programme;
using LivingCity.ServiceDefaults.Data;
using LivingCity.ServiceDefaults.Security;
using LivingCity.ServiceDefaults.Web;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LivingCity.Events.Registration;

/// <param name="Number">Its place in the order of decisions, from 1.</param>
/// <param name="At">When it was decided.</param>
/// <param name="Command">What was decided on.</param>
internal sealed record LogEntry(long Number, DateTimeOffset At, Command Command);

/// <param name="Session">The session.</param>
/// <param name="Confirmed">Registrations with a seat, by their number of asking.</param>
/// <param name="Waiting">Registrations in the queue, the next first.</param>
internal sealed record SeatList(string Session, IReadOnlyList<Guid> Confirmed, IReadOnlyList<Guid> Waiting);

/// <param name="Entries">How many decisions were replayed.</param>
/// <param name="Agrees">Whether the replay gives the seats that are kept.</param>
/// <param name="Seats">The seats by the replay.</param>
internal sealed record ReplayResult(int Entries, bool Agrees, IReadOnlyList<SeatList> Seats);

/// <summary>The log of all decisions on seats, without names, and its replay: everybody can check that the queue was fair.</summary>
internal static class LogEndpoints
{
    public static void MapLog(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/events/{id}/log").RequireAuthorization(Access.Public).WithTags("Fairness");
        group.MapGet("/", ReadAsync).WithSummary("The decisions in order. It names nobody: registrations and participants are random ids.");
        group.MapGet("/replay", ReplayAsync).WithSummary("Replays the log from the beginning and compares the result with the seats that are kept.");
    }

    public static SeatLedger Replay(IEnumerable<Command> commands)
    {
        var book = new SeatBook();
        foreach (var command in commands)
        {
            book.Apply(command);
        }

        return book.Ledger;
    }

    public static IReadOnlyList<SeatList> SeatsOf(SeatLedger ledger) =>
    [
        .. ledger.AllSeats.Where(session => !session.Cancelled).OrderBy(session => session.Session, StringComparer.Ordinal).Select(session => new SeatList(
            session.Session,
            [.. ledger.Places.Where(place => place.Session == session.Session && place.State == PlaceState.Confirmed).OrderBy(place => place.Ticket).Select(place => place.Id)],
            [.. session.Queue.Select(place => place.Id)])),
    ];

    private static async Task<Ok<IReadOnlyList<LogEntry>>> ReadAsync(string id, int? limit, string? cursor, HttpContext context, Database database, CancellationToken cancellationToken)
    {
        var page = PageRequest.From<long>(limit, cursor);
        await using var work = await database.BeginAsync(null, cancellationToken);
        return TypedResults.Ok(page.Take(context, await EntriesAsync(work, id, page.After, page.Limit + 1, cancellationToken), entry => entry.Number));
    }

    private static async Task<Ok<ReplayResult>> ReplayAsync(string id, SessionDirectory sessions, Database database, CancellationToken cancellationToken)
    {
        // One snapshot of log and seats: a decision between the two reads would look like a difference.
        await using var work = await database.BeginAsync(await sessions.OwnerAsync(id, cancellationToken), cancellationToken);
        var row = await work.Connection.QuerySingleAsync<(string[] Commands, string[] Kept)>(new CommandDefinition("""
            SELECT ARRAY(SELECT command::text FROM registration_log WHERE event_id = @id ORDER BY number),
                   ARRAY(SELECT concat_ws(' ', session_id, state, id) FROM registration WHERE event_id = @id AND state <> 'cancelled')
            """, new { id }, work.Transaction, cancellationToken: cancellationToken));
        var seats = SeatsOf(Replay(row.Commands.Select(ProgrammeJson.Parse<Command>)));
        var replayed = seats.SelectMany(list => list.Confirmed.Select(registration => $"{list.Session} confirmed {registration}").Concat(list.Waiting.Select(registration => $"{list.Session} waiting {registration}")));
        return TypedResults.Ok(new ReplayResult(row.Commands.Length, replayed.ToHashSet().SetEquals(row.Kept), seats));
    }

    private static async Task<IReadOnlyList<LogEntry>> EntriesAsync(Work work, string id, long after, int most, CancellationToken cancellationToken) =>
    [
        .. (await work.Connection.QueryAsync<(long Number, DateTime At, string Command)>(new CommandDefinition(
            "SELECT number, at, command FROM registration_log WHERE event_id = @id AND number > @after ORDER BY number LIMIT @most", new { id, after, most }, work.Transaction, cancellationToken: cancellationToken)))
        .Select(row => new LogEntry(row.Number, row.At, ProgrammeJson.Parse<Command>(row.Command))),
    ];
}
