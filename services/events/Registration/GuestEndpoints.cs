using Dapper;
using LivingCity.Events.Notifications;
using LivingCity.ServiceDefaults.Data;
using LivingCity.ServiceDefaults.Errors;
using LivingCity.ServiceDefaults.Security;
using LivingCity.ServiceDefaults.Web;

namespace LivingCity.Events.Registration;

/// <summary>Somebody from outside the network, or somebody invited.</summary>
/// <param name="Name">Name.</param>
/// <param name="Email">Where the seat's link is sent to.</param>
/// <param name="Consent">Whether the organiser may keep name and address.</param>
/// <param name="Invitation">The code of an invitation; without one only sessions that are open to non-members can be had.</param>
internal sealed record GuestRequest(string Name, string Email, bool Consent, string? Invitation = null);

/// <summary>A guest's seat; the code manages it, and is in each message about it.</summary>
internal sealed record GuestSeat(string Code, RegistrationView Registration);

/// <summary>Seats without a login. Who has the code that came with the seat can look at it and give it back.</summary>
internal static class GuestEndpoints
{
    private static readonly Problem MembersOnly = new("members-only", StatusCodes.Status403Forbidden, "This session is for members and invited guests.");

    public static void MapGuests(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/sessions/{session}/guests", RegisterAsync).RequireAuthorization(Access.Public).WithTags("Guests").Produces<GuestSeat>(201).WithSummary("A seat for a guest in a session that is open to non-members, or with an invitation in any.");
        routes.MapGet("/guests/{code}", ShowAsync).RequireAuthorization(Access.Public).WithTags("Guests").Produces<RegistrationView>().WithSummary("A guest's seat or place in the queue.");
        routes.MapDelete("/guests/{code}", CancelAsync).RequireAuthorization(Access.Public).WithTags("Guests").Produces(204).WithSummary("Gives a guest's seat back.");
    }

    private static async Task<IResult> RegisterAsync(string session, GuestRequest request, HttpContext context, SessionDirectory sessions, Database database, Seals seals, RegistrationDesk desk, CancellationToken cancellationToken)
    {
        new Validation()
            .Rule(request.Name.Trim().Length is > 0 and <= 200, "name", "must have 1 to 200 characters")
            .Rule(Addresses.IsAddress(request.Email), "email", "must be an e-mail address")
            .Rule(request.Consent, "consent", "is needed: without name and address there is no seat")
            .ThrowIfInvalid();
        var (eventId, owner) = await sessions.FindAsync(session, cancellationToken);
        await using (var work = await database.BeginAsync(owner, cancellationToken))
        {
            if (request.Invitation is { Length: > 0 } code)
            {
                await using var invited = work.Command("SELECT 1 FROM participant WHERE id = $1 AND event_id = $2", (await seals.ReadAsync(Seals.Invitation, code, cancellationToken))?.Id ?? Guid.Empty, eventId);
                if (await invited.ExecuteScalarAsync(cancellationToken) is null)
                {
                    return Codes.NotKnown.Because("This invitation is none of ours, or for another event.");
                }
            }
            else
            {
                await using var find = work.Command("SELECT open_to_non_members FROM session WHERE id = $1", session);
                if (await find.ExecuteScalarAsync(cancellationToken) is not true)
                {
                    return MembersOnly.Because("Sign in, or use the code of your invitation.");
                }
            }
        }

        // The address is the person: a second request with it is the same guest.
        var visitor = new Visitor(PersonOf(request.Email), "", string.IsNullOrEmpty(request.Invitation) ? "guest" : "invited", request.Name.Trim(), request.Email.Trim(), Visitors.LanguageOf(context.Request));
        var answer = await desk.AskAsync(eventId, owner, new RegisterRequest(session, []) { Visitor = visitor }, cancellationToken);
        if (answer.Verdict is not (Verdict.Confirmed or Verdict.Waiting))
        {
            // Whether an address is registered is nobody's business, so nothing of an existing seat is shown.
            return answer.Verdict == Verdict.Existing ? DeskResults.AlreadyThere.Because("This address has a place already. The link in the first message manages it.") : answer.Created();
        }

        return TypedResults.Created((string?)null, new GuestSeat(await seals.MakeAsync(Seals.Guest, owner, answer.Views[0].Id, cancellationToken), answer.Views[0]));
    }

    private static async Task<IResult> ShowAsync(string code, Database database, Seals seals, CancellationToken cancellationToken) =>
        await seals.ReadAsync(Seals.Guest, code, cancellationToken) is { } found && await FindAsync(database, found.Tenant, found.Id, cancellationToken) is { } seat ? TypedResults.Ok(seat) : Codes.NotKnown.Because("The seat has ended, or the link is not complete.");

    private static async Task<IResult> CancelAsync(string code, Database database, Seals seals, RegistrationDesk desk, CancellationToken cancellationToken) =>
        await seals.ReadAsync(Seals.Guest, code, cancellationToken) is { } found && await FindAsync(database, found.Tenant, found.Id, cancellationToken) is { } seat
            ? (await desk.AskAsync(seat.Event, found.Tenant, new CancelRequest(found.Id, true), cancellationToken)).NoContent()
            : Codes.NotKnown.Because("The seat has ended, or the link is not complete.");

    /// <summary>Under which name a guest is known: the address, however it is written.</summary>
    public static string PersonOf(string email) => $"guest:{email.Trim().ToLowerInvariant()}";

    private static async Task<RegistrationView?> FindAsync(Database database, string tenant, Guid id, CancellationToken cancellationToken)
    {
        await using var work = await database.BeginAsync(tenant, cancellationToken);
        return await work.Connection.QuerySingleOrDefaultAsync<(string Event, string Session, string Name, string State, DateTime At, int? Position)?>(new CommandDefinition("""
            SELECT r.event_id, r.session_id, p.name, r.state, r.registered_at, CASE WHEN r.state = 'waiting' THEN
                (SELECT count(*)::int FROM registration q WHERE q.event_id = r.event_id AND q.session_id = r.session_id AND q.state = 'waiting' AND (q.priority > r.priority OR (q.priority = r.priority AND q.ticket <= r.ticket))) END
            FROM registration r JOIN participant p ON p.tenant = r.tenant AND p.id = r.participant WHERE r.tenant = @tenant AND r.id = @id AND r.state <> 'cancelled'
            """, new { tenant, id }, work.Transaction, cancellationToken: cancellationToken)) is { } row
            ? new RegistrationView(id, row.Event, row.Session, row.Name, Enum.Parse<PlaceState>(row.State, true), row.Position, row.At) : null;
    }
}
