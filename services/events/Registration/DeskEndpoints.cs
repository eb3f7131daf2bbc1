using System.Security.Cryptography;
using Dapper;
using LivingCity.ServiceDefaults.Data;
using LivingCity.ServiceDefaults.Errors;
using LivingCity.ServiceDefaults.Security;
using LivingCity.ServiceDefaults.Web;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LivingCity.Events.Registration;

/// <summary>A seat or a place in a queue, as the organiser sees it.</summary>
internal sealed record DeskRow(Guid Id, string Session, Guid Participant, string Name, string City, string Kind, string State, int Priority, long Ticket, DateTimeOffset RegisteredAt, string? Organisation, string? Diet, string? AccessNeeds);

internal sealed record PriorityChange(int Priority, string Reason);

/// <param name="Group">The exclusive group.</param>
/// <param name="Seed">For the lots; without one it is drawn, and noted in the log.</param>
internal sealed record AllocationOrder(string Group, long? Seed = null);

internal sealed record AllocationDone(long Seed, int Seated, int Waiting);

/// <summary>Seats of a session in numbers.</summary>
internal sealed record SeatCount(string Session, int? Capacity, int Taken, int Waiting);

/// <summary>The organiser's desk, and the numbers that everybody may see.</summary>
internal static class DeskEndpoints
{
    public static void MapDesk(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/events/{id}/seats", SeatsAsync).RequireAuthorization(Access.Public).WithTags("Programme").WithSummary("How many seats there are, are taken and are waited for, by session.");
        var group = routes.MapGroup("/events/{id}").RequireAuthorization(Access.Organiser).WithTags("Desk");
        group.MapGet("/registrations", ListAsync).WithSummary("Who comes and who waits, in the order of the queues.");
        group.MapDelete("/registrations/{registration:guid}", CancelAsync).Produces(204).WithSummary("Cancels somebody's seat or place.");
        group.MapPut("/registrations/{registration:guid}/priority", PrioritiseAsync).Produces(204).WithSummary("Moves somebody in a queue. The reason is public.");
        group.MapPut("/preferences/priorities/{participant:guid}", PreferAsync).Transactional().WithSummary("Gives wishes a priority in the allocation. The reason is public.");
        group.MapPost("/allocations", AllocateAsync).WithSummary("Gives the seats of an exclusive group by ranked wishes.");
    }

    private static async Task<Ok<IEnumerable<SeatCount>>> SeatsAsync(string id, Database database, CancellationToken cancellationToken)
    {
        await using var work = await database.BeginAsync(null, cancellationToken);
        return TypedResults.Ok(await work.Connection.QueryAsync<SeatCount>(new CommandDefinition("""
            SELECT s.id AS session, s.capacity, coalesce(p.taken, 0) AS taken, coalesce(p.waiting, 0) AS waiting FROM session s LEFT JOIN seat_plan p ON p.session_id = s.id
            WHERE s.event_id = @id AND NOT s.cancelled ORDER BY s.position
            """, new { id }, work.Transaction, cancellationToken: cancellationToken)));
    }

    private static async Task<Ok<IReadOnlyList<DeskRow>>> ListAsync(string id, string? session, string? state, int? limit, string? cursor, Caller caller, HttpContext context, SessionDirectory sessions, Database database, CancellationToken cancellationToken)
    {
        var owner = await sessions.RequireOrganiserAsync(id, caller, cancellationToken);
        var page = PageRequest.From<Guid?>(limit, cursor);
        await using var work = await database.BeginAsync(owner, cancellationToken);
        var rows = (await work.Connection.QueryAsync<Row>(new CommandDefinition("""
            WITH found AS (
                SELECT r.id, r.session_id AS session, r.participant, p.name, r.city, p.kind, r.state, r.priority, r.ticket, r.registered_at, p.organisation, p.diet, p.access_needs,
                    row_number() OVER (ORDER BY r.session_id, r.state, r.priority DESC, r.ticket) AS place
                FROM registration r JOIN participant p ON p.tenant = r.tenant AND p.id = r.participant
                WHERE r.event_id = @id AND (@session::text IS NULL OR r.session_id = @session) AND r.state = coalesce(@state, r.state) AND (@state::text IS NOT NULL OR r.state <> 'cancelled'))
            SELECT id, session, participant, name, city, kind, state, priority, ticket, registered_at, organisation, diet, access_needs FROM found
            WHERE place > coalesce((SELECT place FROM found WHERE id = @after), 0) ORDER BY place LIMIT @most
            """, new { id, session, state, after = page.After, most = page.Limit + 1 }, work.Transaction, cancellationToken: cancellationToken))).AsList();
        return TypedResults.Ok(page.Take(context, rows.ConvertAll(row => row.View), row => (Guid?)row.Id));
    }

    private static async Task<IResult> CancelAsync(string id, Guid registration, Caller caller, SessionDirectory sessions, RegistrationDesk desk, CancellationToken cancellationToken) =>
        (await desk.AskAsync(id, await sessions.RequireOrganiserAsync(id, caller, cancellationToken), new CancelRequest(registration, true), cancellationToken)).NoContent();

    private static async Task<IResult> PrioritiseAsync(string id, Guid registration, PriorityChange change, Caller caller, SessionDirectory sessions, RegistrationDesk desk, CancellationToken cancellationToken)
    {
        Check(change);
        var owner = await sessions.RequireOrganiserAsync(id, caller, cancellationToken);
        return (await desk.AskAsync(id, owner, new PrioritiseRequest(registration, change.Priority, change.Reason.Trim()), cancellationToken)).NoContent();
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> PreferAsync(string id, Guid participant, PriorityChange change, Caller caller, SessionDirectory sessions, Work work, CancellationToken cancellationToken)
    {
        Check(change);
        var owner = await sessions.RequireOrganiserAsync(id, caller, cancellationToken);
        await using var upsert = work.Command("""
            INSERT INTO preference_priority (tenant, event_id, participant, priority, reason) SELECT tenant, event_id, id, $4, $5 FROM participant WHERE tenant = $1 AND event_id = $2 AND id = $3
            ON CONFLICT (tenant, event_id, participant) DO UPDATE SET priority = excluded.priority, reason = excluded.reason
            """, owner, id, participant, change.Priority, change.Reason.Trim());
        return await upsert.ExecuteNonQueryAsync(cancellationToken) == 1 ? TypedResults.NoContent() : Problem.NotFound.Because($"There is no participant {participant}.");
    }

    private static async Task<Ok<AllocationDone>> AllocateAsync(string id, AllocationOrder order, Caller caller, SessionDirectory sessions, RegistrationDesk desk, CancellationToken cancellationToken)
    {
        var owner = await sessions.RequireOrganiserAsync(id, caller, cancellationToken);
        var seed = order.Seed ?? RandomNumberGenerator.GetInt32(int.MaxValue);
        var answer = await desk.AskAsync(id, owner, new AllocateRequest(order.Group, seed), cancellationToken);
        return TypedResults.Ok(new AllocationDone(seed, answer.Views.Count(view => view.State == PlaceState.Confirmed), answer.Views.Count(view => view.State == PlaceState.Waiting)));
    }

    private sealed record Row(Guid Id, string Session, Guid Participant, string Name, string City, string Kind, string State, int Priority, long Ticket, DateTime RegisteredAt, string? Organisation, string? Diet, string? AccessNeeds)
    {
        public DeskRow View => new(Id, Session, Participant, Name, City, Kind, State, Priority, Ticket, RegisteredAt, Organisation, Diet, AccessNeeds);
    }

    private static void Check(PriorityChange change) => new Validation()
        .Rule(change.Priority is >= -1000 and <= 1000, "priority", "must be from -1000 to 1000")
        .Rule(change.Reason.Trim().Length is > 0 and <= 500, "reason", "is needed, in 500 characters at most: everybody can read it")
        .ThrowIfInvalid();
}
