using Dapper;
using LivingCity.Events.Programme;
using LivingCity.ServiceDefaults.Data;
using LivingCity.ServiceDefaults.Security;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LivingCity.Events.Registration;

/// <summary>A session of one's own day.</summary>
/// <param name="Session">The session.</param>
/// <param name="State"><c>confirmed</c>, <c>waiting</c>, or <c>joins</c>: a seat where the visit one has a seat in leads to.</param>
internal sealed record AgendaItem(string Session, string State);

/// <param name="Event">The event.</param>
/// <param name="Items">One's sessions, in the order of the programme.</param>
/// <param name="Clashes">What cannot be done both, ways between venues included.</param>
internal sealed record Agenda(string Event, IReadOnlyList<AgendaItem> Items, IReadOnlyList<Clash> Clashes);

internal static class AgendaStore
{
    /// <summary>The latest state of a participant in each session.</summary>
    public static async Task<IReadOnlyDictionary<string, string>> SessionsAsync(Work work, Guid participant, CancellationToken cancellationToken) =>
        (await work.Connection.QueryAsync<(string Session, string State)>(new CommandDefinition(
            "SELECT DISTINCT ON (session_id) session_id, state FROM registration WHERE participant = @participant ORDER BY session_id, (state = 'cancelled'), changed_at DESC", new { participant }, work.Transaction, cancellationToken: cancellationToken)))
        .ToDictionary(row => row.Session, row => row.State);
}

/// <summary>A person's own programme.</summary>
internal static class AgendaEndpoints
{
    public static void MapAgenda(this IEndpointRouteBuilder routes) => routes.MapGet("/agenda", GetAsync).RequireAuthorization(Access.SignedIn).WithTags("Registration")
        .WithSummary("The caller's sessions by event, where they lead, and which of them clash.");

    private static async Task<Ok<List<Agenda>>> GetAsync(Caller caller, Database database, ProgrammeCache programme, CancellationToken cancellationToken)
    {
        var agendas = new List<Agenda>();
        foreach (var group in (await OwnRegistrations.OfAsync(database, caller.RequiredCity, caller.Subject, cancellationToken)).GroupBy(registration => registration.Event))
        {
            if (await programme.FindAsync(group.Key, cancellationToken) is not { } published)
            {
                continue;
            }

            var own = group.DistinctBy(registration => registration.Session).ToDictionary(
                registration => registration.Session, registration => registration.State != PlaceState.Confirmed ? "waiting" : registration.Joined ? "joins" : "confirmed");

            agendas.Add(new Agenda(group.Key, [.. published.Event.Sessions.Where(session => own.ContainsKey(session.Id)).Select(session => new AgendaItem(session.Id, own[session.Id]))],
                Clashes.OfAgenda(published.Event, own.Where(seat => seat.Value != "waiting").Select(seat => seat.Key).ToHashSet())));
        }

        return TypedResults.Ok(agendas);
    }
}
