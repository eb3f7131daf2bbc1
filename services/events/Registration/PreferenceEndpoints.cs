using Dapper;
using LivingCity.Events.Programme;
using LivingCity.ServiceDefaults.Data;
using LivingCity.ServiceDefaults.Errors;
using LivingCity.ServiceDefaults.Security;
using LivingCity.ServiceDefaults.Web;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LivingCity.Events.Registration;

/// <summary>Sessions of an exclusive group, the dearest first.</summary>
internal sealed record Ranking(IReadOnlyList<string> Sessions);

/// <summary>Ranked wishes among parallel sessions, until the organiser gives the seats.</summary>
internal static class PreferenceEndpoints
{
    public static void MapPreferences(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/events/{id}/preferences/{group}").RequireAuthorization(Access.SignedIn).Transactional().WithTags("Registration");
        group.MapGet("/", GetAsync).WithSummary("The caller's wishes.");
        group.MapPut("/", PutAsync).WithSummary("Says which of the sessions that exclude each other the caller would like, the dearest first.");
        group.MapDelete("/", DeleteAsync).WithSummary("Takes the wishes back.");
    }

    private static async Task<Ok<Ranking>> GetAsync(string id, string group, Caller caller, Work work, CancellationToken cancellationToken) =>
        TypedResults.Ok(new Ranking(await work.Connection.QuerySingleOrDefaultAsync<string[]>(new CommandDefinition("""
            SELECT f.ranking FROM preference f JOIN participant p ON p.tenant = f.tenant AND p.id = f.participant WHERE f.event_id = @id AND f.exclusive_group = @group AND p.person = @Subject AND p.city = @RequiredCity
            """, new { id, group, caller.Subject, caller.RequiredCity }, work.Transaction, cancellationToken: cancellationToken)) ?? []));

    private static async Task<Ok<Ranking>> PutAsync(string id, string group, Ranking ranking, Caller caller, HttpContext context, SessionDirectory sessions, ProgrammeCache programme, Work work, TimeProvider time, CancellationToken cancellationToken)
    {
        var visitor = Visitors.Of(context, caller);
        var owner = await sessions.OwnerAsync(id, cancellationToken);
        var choices = (await programme.FindAsync(id, cancellationToken))?.Event.Sessions.Where(session => session.ExclusiveGroup == group).Select(session => session.Id).ToHashSet() ?? [];
        new Validation()
            .Rule(choices.Count > 0, "group", "is not one of this event")
            .Rule(ranking.Sessions.Count > 0 && ranking.Sessions.Distinct().Count() == ranking.Sessions.Count, "sessions", "must name at least one, and each once")
            .Rule(ranking.Sessions.All(choices.Contains), "sessions", "must be of this group")
            .ThrowIfInvalid();
        var now = time.GetUtcNow().ToUniversalTime();
        await using var upsert = work.Command("""
            WITH made AS (
                INSERT INTO participant (tenant, id, event_id, city, person, kind, name, email, language, created_at) VALUES ($1, $2, $3, $4, $5, 'member', $6, $7, $8, $9)
                ON CONFLICT (event_id, person) DO UPDATE SET name = participant.name RETURNING id)
            INSERT INTO preference (tenant, event_id, exclusive_group, participant, city, ranking, changed_at) SELECT $1, $3, $10, id, $4, $11, $9 FROM made
            ON CONFLICT (tenant, event_id, exclusive_group, participant) DO UPDATE SET ranking = excluded.ranking, changed_at = excluded.changed_at
            """, owner, Guid.NewGuid(), id, visitor.City, visitor.Person, visitor.Name, visitor.Email, visitor.Language, now, group, ranking.Sessions.ToArray());
        await upsert.ExecuteNonQueryAsync(cancellationToken);
        return TypedResults.Ok(ranking);
    }

    private static async Task<NoContent> DeleteAsync(string id, string group, Caller caller, Work work, CancellationToken cancellationToken)
    {
        await using var delete = work.Command("""
            DELETE FROM preference f USING participant p WHERE p.tenant = f.tenant AND p.id = f.participant AND f.event_id = $1 AND f.exclusive_group = $2 AND p.person = $3 AND p.city = $4
            """, id, group, caller.Subject, caller.RequiredCity);
        await delete.ExecuteNonQueryAsync(cancellationToken);
        return TypedResults.NoContent();
    }
}
