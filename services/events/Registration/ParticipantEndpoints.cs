using Dapper;
using LivingCity.Events.Notifications;
using LivingCity.ServiceDefaults.Data;
using LivingCity.ServiceDefaults.Errors;
using LivingCity.ServiceDefaults.Security;
using LivingCity.ServiceDefaults.Web;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LivingCity.Events.Registration;

/// <summary>What an organiser needs to know of who comes, and no more; diet and access needs are deleted after the event.</summary>
/// <param name="Name">Name for list and badge.</param>
/// <param name="Email">Where to write to.</param>
/// <param name="Language">For notices: en, es, fr or bg.</param>
/// <param name="Organisation">For the badge.</param>
/// <param name="Diet">What a kitchen must know.</param>
/// <param name="AccessNeeds">What a venue must know.</param>
/// <param name="Consent">Whether the organiser may keep this; without it diet and access needs are not taken.</param>
internal sealed record Profile(string Name, string? Email = null, string? Language = null, string? Organisation = null, string? Diet = null, string? AccessNeeds = null, bool Consent = false);

/// <summary>What a participant tells the organiser about himself or herself.</summary>
internal static class ParticipantEndpoints
{
    public static void MapParticipants(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/events/{id}/profile").RequireAuthorization(Access.SignedIn).Transactional().WithTags("Registration");
        group.MapGet("/", GetAsync).WithSummary("What the caller has told the organiser of this event.");
        group.MapPut("/", PutAsync).WithSummary("Tells the organiser.");
        group.MapDelete("/", EraseAsync).WithSummary("Takes diet, access needs and address back.");
    }

    private static async Task<Results<Ok<Profile>, ProblemHttpResult>> GetAsync(string id, Caller caller, Work work, CancellationToken cancellationToken) =>
        await work.Connection.QuerySingleOrDefaultAsync<(string Name, string? Email, string Language, string? Organisation, string? Diet, string? AccessNeeds, bool Consent)?>(new CommandDefinition(
            "SELECT name, email, language, organisation, diet, access_needs, consent_at IS NOT NULL FROM participant WHERE event_id = @id AND person = @Subject AND city = @RequiredCity",
            new { id, caller.Subject, caller.RequiredCity }, work.Transaction, cancellationToken: cancellationToken)) is { } row
            ? TypedResults.Ok(new Profile(row.Name, row.Email, row.Language, row.Organisation, row.Diet, row.AccessNeeds, row.Consent))
            : Problem.NotFound.Because("Nothing was told yet.");

    private static async Task<Ok<Profile>> PutAsync(string id, Profile profile, Caller caller, HttpContext context, SessionDirectory sessions, Work work, TimeProvider time, CancellationToken cancellationToken)
    {
        new Validation()
            .Rule(profile.Name.Trim().Length is > 0 and <= 200, "name", "must have 1 to 200 characters")
            .Rule(profile.Email is null || Addresses.IsAddress(profile.Email), "email", "must be an e-mail address")
            .Rule(profile.Language is null || NoticeTexts.Languages.Contains(profile.Language), "language", "must be en, es, fr or bg")
            .Rule(profile.Organisation is null or { Length: <= 200 }, "organisation", "must not be longer than 200 characters")
            .Rule(profile.Diet is null or { Length: <= 500 } && profile.AccessNeeds is null or { Length: <= 500 }, "accessNeeds", "must not be longer than 500 characters")
            .Rule(profile.Consent || (profile.Diet is null && profile.AccessNeeds is null), "consent", "is needed to keep diet or access needs")
            .ThrowIfInvalid();
        var visitor = Visitors.Of(context, caller);
        var owner = await sessions.OwnerAsync(id, cancellationToken);
        await using var upsert = work.Command("""
            INSERT INTO participant AS p (tenant, id, event_id, city, person, kind, name, email, language, organisation, diet, access_needs, consent_at, created_at)
            VALUES ($1, $2, $3, $4, $5, 'member', $6, $7, $8, $9, $10, $11, CASE WHEN $12 THEN $13 END, $13)
            ON CONFLICT (event_id, person) DO UPDATE SET name = excluded.name, email = excluded.email, language = excluded.language, organisation = excluded.organisation, diet = excluded.diet,
                access_needs = excluded.access_needs, consent_at = CASE WHEN $12 THEN coalesce(p.consent_at, $13) END
            """, owner, Guid.NewGuid(), id, visitor.City, visitor.Person, profile.Name.Trim(), profile.Email ?? visitor.Email, profile.Language ?? visitor.Language, profile.Organisation, profile.Diet, profile.AccessNeeds,
            profile.Consent, time.GetUtcNow().ToUniversalTime());
        await upsert.ExecuteNonQueryAsync(cancellationToken);
        return TypedResults.Ok(profile);
    }

    private static async Task<NoContent> EraseAsync(string id, Caller caller, Work work, CancellationToken cancellationToken)
    {
        await using var update = work.Command("UPDATE participant SET diet = NULL, access_needs = NULL, email = NULL, consent_at = NULL WHERE event_id = $1 AND person = $2 AND city = $3", id, caller.Subject, caller.RequiredCity);
        await update.ExecuteNonQueryAsync(cancellationToken);
        return TypedResults.NoContent();
    }
}
