using LivingCity.Events.Notifications;
using LivingCity.Events.Programme;
using LivingCity.ServiceDefaults.Data;
using LivingCity.ServiceDefaults.Errors;
using LivingCity.ServiceDefaults.Security;
using LivingCity.ServiceDefaults.Web;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LivingCity.Events.Registration;

/// <param name="Name">Who is invited.</param>
/// <param name="Email">Where the invitation is sent to.</param>
/// <param name="Language">In which language: en, es, fr or bg.</param>
internal sealed record InvitationRequest(string Name, string Email, string? Language = null);

internal sealed record Invitation(string Code);

/// <summary>Invitations: a message with a link that lets somebody without a login into the sessions of an event.</summary>
internal static class InvitationEndpoints
{
    public static void MapInvitations(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/events/{id}/invitations", InviteAsync).RequireAuthorization(Access.Organiser).Transactional().WithTags("Desk").WithSummary("Invites somebody by e-mail: the link lets a guest into any session.");

    private static async Task<Created<Invitation>> InviteAsync(string id, InvitationRequest request, Caller caller, SessionDirectory sessions, Seals seals, Work work, TimeProvider time, CancellationToken cancellationToken)
    {
        new Validation()
            .Rule(request.Name.Trim().Length is > 0 and <= 200, "name", "must have 1 to 200 characters")
            .Rule(Addresses.IsAddress(request.Email), "email", "must be an e-mail address")
            .Rule(request.Language is null || NoticeTexts.Languages.Contains(request.Language), "language", "must be en, es, fr or bg")
            .ThrowIfInvalid();
        var owner = await sessions.RequireOrganiserAsync(id, caller, cancellationToken);
        var now = time.GetUtcNow().ToUniversalTime();
        await using var setting = work.Command("SELECT set_config('app.tenant', $1, true)", owner);
        await setting.ExecuteNonQueryAsync(cancellationToken);
        await using var add = work.Command("""
            INSERT INTO participant (tenant, id, event_id, city, person, kind, name, email, language, created_at) VALUES ($1, $2, $3, '', $4, 'invited', $5, $6, $7, $8)
            ON CONFLICT (event_id, person) DO UPDATE SET kind = 'invited' RETURNING id
            """, owner, Guid.NewGuid(), id, GuestEndpoints.PersonOf(request.Email), request.Name.Trim(), request.Email.Trim(), request.Language ?? Text.Fallback, now);
        var participant = (Guid)(await add.ExecuteScalarAsync(cancellationToken))!;
        await using var tell = work.Command("""
            INSERT INTO notification (tenant, event_id, participant, city, kind, change_key, created_at) VALUES ($1, $2, $3, '', $4, $5, $6)
            """, owner, id, participant, NoticeTexts.Invitation, $"{NoticeTexts.Invitation} {Guid.CreateVersion7():N}", now);
        await tell.ExecuteNonQueryAsync(cancellationToken);
        return TypedResults.Created((string?)null, new Invitation(await seals.MakeAsync(Seals.Invitation, owner, participant, cancellationToken)));
    }
}
