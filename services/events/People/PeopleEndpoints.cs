using LivingCity.Events.Programme;
using LivingCity.ServiceDefaults.Data;
using LivingCity.ServiceDefaults.Errors;
using LivingCity.ServiceDefaults.Security;
using LivingCity.ServiceDefaults.Web;
using Dapper;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LivingCity.Events.People;

/// <summary>A person with the parts that he or she had.</summary>
internal sealed record PersonView(Person Person, IReadOnlyList<Appearance> Appearances);

/// <param name="Event">The event.</param>
/// <param name="Session">The session, or null for the event as a whole.</param>
/// <param name="Role">In which part.</param>
/// <param name="As">Title and organisation at that time.</param>
internal sealed record Appearance(string Event, string? Session, Role Role, string? As);

/// <summary>The directory of those who act in public.</summary>
internal static class PeopleEndpoints
{
    public static void MapPeople(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/people").WithTags("People");
        group.MapGet("/", SearchAsync).RequireAuthorization(Access.Public).WithSummary("Speakers, moderators and chairs; q finds them in any spelling.");
        group.MapGet("/{id}", GetAsync).RequireAuthorization(Access.Public).WithSummary("A person, and when and where he or she appeared.");
        group.MapPut("/{id}", PutAsync).RequireAuthorization(Access.Organiser).Transactional().WithSummary("Adds a person, or replaces one (If-Match).");
    }

    private static async Task<Ok<IEnumerable<Person>>> SearchAsync(string? q, Database database, CancellationToken cancellationToken)
    {
        new Validation().Rule(q is null or { Length: <= 200 }, "q", "must not be longer than 200 characters").ThrowIfInvalid();
        await using var work = await database.BeginAsync(null, cancellationToken);
        return TypedResults.Ok(await PeopleStore.SearchAsync(work, string.IsNullOrWhiteSpace(q) ? null : q.Trim(), cancellationToken));
    }

    private static async Task<Results<Ok<PersonView>, ProblemHttpResult>> GetAsync(string id, HttpResponse response, Database database, CancellationToken cancellationToken)
    {
        await using var work = await database.BeginAsync(null, cancellationToken);
        if (await PeopleStore.FindAsync(work, id, cancellationToken) is not { } found)
        {
            return Problem.NotFound.Because($"There is no person {id}.");
        }

        var events = (await work.Connection.QueryAsync<string>(new CommandDefinition("""
            SELECT v.body FROM event e JOIN programme_version v ON v.event_id = e.id AND v.version = e.version WHERE v.body::text LIKE '%' || @quoted || '%' ORDER BY e.position
            """, new { quoted = $"\"{id}\"" }, work.Transaction, cancellationToken: cancellationToken))).Select(ProgrammeJson.Parse<Event>);
        response.SetVersion(found.Revision);
        return TypedResults.Ok(new PersonView(found.Person,
        [
            .. events.SelectMany(item => item.People.Select(part => (Session: (string?)null, part)).Concat(item.Sessions.SelectMany(session => session.People.Select(part => (Session: (string?)session.Id, part))))
                .Where(at => at.part.Person == id).Select(at => new Appearance(item.Id, at.Session, at.part.Role, at.part.As?.Plain))),
        ]));
    }

    private static async Task<Ok<Person>> PutAsync(string id, Person person, HttpContext context, Work work, CancellationToken cancellationToken)
    {
        new Validation()
            .Rule(person.Id == id && id.Length is > 0 and <= 100, "id", "must be the one of the address, of 100 characters at most")
            .Rule(person.Name.Trim().Length is > 0 and <= 200, "name", "must have 1 to 200 characters")
            .ThrowIfInvalid();
        var known = await PeopleStore.FindAsync(work, id, cancellationToken);
        if (known is { } existing)
        {
            context.Request.RequireVersion(existing.Revision);
        }

        await PeopleStore.SaveAsync(work, person, cancellationToken);
        context.Response.SetVersion((known?.Revision ?? 0) + 1);
        return TypedResults.Ok(person);
    }
}
