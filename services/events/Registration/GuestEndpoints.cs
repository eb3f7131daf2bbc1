using LivingCity.Events.Notifications;
using LivingCity.ServiceDefaults.Data;
using LivingCity.ServiceDefaults.Errors;
using LivingCity.ServiceDefaults.Security;
using LivingCity.ServiceDefaults.Web;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LivingCity.Events.Registration;

/// <summary>Somebody from outside the network, or somebody invited.</summary>
/// <param name="Name">Name.</param>
/// <param name="Email">Where the seat's link is sent to.</param>
/// <param name="Consent">Whether the organiser may keep name and address.</param>
/// <param name="Invitation">The code of an invitation; without one only sessions that are open to non-members can be had.</param>
internal sealed record GuestRequest(string Name, string Email, bool Consent, string? Invitation = null);

internal sealed record InvitationRequest(string Name, string Email);

internal sealed record Invitation(string Code);

/// <summary>A guest's seat; the code manages it.</summary>
internal sealed record GuestSeat(string Code, RegistrationView Registration);

/// <summary>Seats without a login. Who has the code that came with the seat can look at it and give it back.</summary>
internal static class GuestEndpoints
{
    private static readonly Problem MembersOnly = new("members-only", StatusCodes.Status403Forbidden, "This session is for members and invited guests.");

    public static void MapGuests(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/sessions/{session}/guests", RegisterAsync).RequireAuthorization(Access.Public).WithTags("Guests").Produces<GuestSeat>(201).WithSummary("A seat for a guest in a session that is open to non-members, or with an invitation in any.");
        routes.MapDelete("/guests/{code}", CancelAsync).RequireAuthorization(Access.Public).WithTags("Guests").Produces(204).WithSummary("Gives a guest's seat back.");
        routes.MapPost("/events/{id}/invitations", InviteAsync).RequireAuthorization(Access.Organiser).Transactional().WithTags("Desk").WithSummary("Invites somebody: the code lets a guest into any session.");
    }

    private static async Task<IResult> RegisterAsync(string session, GuestRequest request, HttpContext context, SessionDirectory sessions, Database database, RegistrationDesk desk, TimeProvider time, CancellationToken cancellationToken)
    {
        new Validation()
            .Rule(request.Name.Trim().Length is > 0 and <= 200, "name", "must have 1 to 200 characters")
            .Rule(Addresses.IsAddress(request.Email), "email", "must be an e-mail address")
            .Rule(request.Consent, "consent", "is needed: without name and address there is no seat")
            .ThrowIfInvalid();
        var (eventId, owner) = await sessions.FindAsync(session, cancellationToken);
        await using (var work = await database.BeginAsync(owner, cancellationToken))
        {
            await using var find = work.Command("SELECT open_to_non_members FROM session WHERE id = $1", session);
            if (request.Invitation is { } code)
            {
                if ((await Codes.FindAsync(work, code, "invitation", time.GetUtcNow(), cancellationToken)).EventId != eventId)
                {
                    return Codes.NotKnown.Because("It belongs to another event.");
                }
            }
            else if (await find.ExecuteScalarAsync(cancellationToken) is not true)
            {
                return MembersOnly.Because("Sign in, or use the code of your invitation.");
            }
        }

        // The address is the person: a second request with it is the same guest.
        var visitor = new Visitor($"guest:{request.Email.Trim().ToLowerInvariant()}", "", request.Invitation is null ? "guest" : "invited", request.Name.Trim(), request.Email.Trim(), Visitors.LanguageOf(context.Request));
        var answer = await desk.AskAsync(eventId, owner, new RegisterRequest(session, []) { Visitor = visitor }, cancellationToken);
        if (answer.Verdict is not (Verdict.Confirmed or Verdict.Waiting))
        {
            // Whether an address is registered is nobody's business, so nothing of an existing seat is shown.
            return answer.Verdict == Verdict.Existing ? DeskResults.AlreadyThere.Because("This address has a place already. The link in the first message manages it.") : answer.Created();
        }

        await using var keep = await database.BeginAsync(owner, cancellationToken);
        var secret = await Codes.MakeAsync(keep, new Code { Tenant = owner, Purpose = "guest", EventId = eventId, RegistrationId = answer.Views[0].Id }, cancellationToken);
        await keep.CommitAsync(cancellationToken);
        return TypedResults.Created((string?)null, new GuestSeat(secret, answer.Views[0]));
    }

    private static async Task<IResult> CancelAsync(string code, Database database, RegistrationDesk desk, TimeProvider time, CancellationToken cancellationToken)
    {
        Code found;
        await using (var work = await database.BeginAsync(null, cancellationToken))
        {
            found = await Codes.FindAsync(work, code, "guest", time.GetUtcNow(), cancellationToken);
        }

        return (await desk.AskAsync(found.EventId, found.Tenant, new CancelRequest(found.RegistrationId!.Value, true), cancellationToken)).NoContent();
    }

    private static async Task<Created<Invitation>> InviteAsync(string id, InvitationRequest request, Caller caller, SessionDirectory sessions, Work work, CancellationToken cancellationToken)
    {
        new Validation().Rule(request.Name.Trim().Length is > 0 and <= 200, "name", "must have 1 to 200 characters").Rule(Addresses.IsAddress(request.Email), "email", "must be an e-mail address").ThrowIfInvalid();
        var owner = await sessions.RequireOrganiserAsync(id, caller, cancellationToken);
        return TypedResults.Created((string?)null, new Invitation(await Codes.MakeAsync(work, new Code { Tenant = owner, Purpose = "invitation", EventId = id, Name = request.Name, Email = request.Email }, cancellationToken)));
    }
}
