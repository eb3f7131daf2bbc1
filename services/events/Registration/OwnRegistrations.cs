using Dapper;
using LivingCity.ServiceDefaults.Data;
using LivingCity.ServiceDefaults.Errors;

namespace LivingCity.Events.Registration;

/// <summary>A person's own seats and places in queues.</summary>
internal static class OwnRegistrations
{
    public static async Task<IReadOnlyList<RegistrationView>> OfAsync(Database database, string city, string person, CancellationToken cancellationToken)
    {
        List<Row> rows;
        await using (var work = await database.BeginAsync(city, cancellationToken))
        {
            rows = (await work.Connection.QueryAsync<Row>(new CommandDefinition("""
                SELECT r.id, r.event_id, r.session_id, p.name, r.state, r.registered_at, r.instead_of, r.joined, r.tenant FROM registration r JOIN participant p ON p.tenant = r.tenant AND p.id = r.participant
                WHERE p.person = @person AND r.city = @city AND r.state <> 'cancelled' ORDER BY r.registered_at, r.id
                """, new { person, city }, work.Transaction, cancellationToken: cancellationToken))).AsList();
        }

        var positions = await PositionsAsync(database, rows, cancellationToken);
        return [.. rows.Select(row => new RegistrationView(row.Id, row.EventId, row.SessionId, row.Name, Enum.Parse<PlaceState>(row.State, true), positions.TryGetValue(row.Id, out var position) ? position : null, row.RegisteredAt, row.InsteadOf, row.Joined))];
    }

    /// <summary>The event of a seat that belongs to somebody of this city, and who organises it.</summary>
    /// <exception cref="ProblemException">There is none for this city (404).</exception>
    public static async Task<(string Event, string Owner)> EventOfAsync(Database database, string city, Guid id, CancellationToken cancellationToken)
    {
        await using var work = await database.BeginAsync(city, cancellationToken);
        await using var find = work.Command("SELECT event_id, tenant FROM registration WHERE id = $1", id);
        await using var row = await find.ExecuteReaderAsync(cancellationToken);
        return await row.ReadAsync(cancellationToken) ? (row.GetString(0), row.GetString(1)) : throw Problem.NotFound.Throw($"There is no registration {id}.");
    }

    /// <summary>How many stand before somebody is a number that other cities' rows are counted for, so it is read for the organiser.</summary>
    private static async Task<Dictionary<Guid, int>> PositionsAsync(Database database, List<Row> rows, CancellationToken cancellationToken)
    {
        var positions = new Dictionary<Guid, int>();
        foreach (var owner in rows.Where(row => row.State == "waiting").GroupBy(row => row.Tenant))
        {
            await using var work = await database.BeginAsync(owner.Key, cancellationToken);
            foreach (var (id, position) in await work.Connection.QueryAsync<(Guid, int)>(new CommandDefinition("""
                SELECT r.id, (SELECT count(*) FROM registration q WHERE q.event_id = r.event_id AND q.session_id = r.session_id AND q.state = 'waiting' AND (q.priority > r.priority OR (q.priority = r.priority AND q.ticket <= r.ticket)))::int
                FROM registration r WHERE r.id = ANY(@ids)
                """, new { ids = owner.Select(row => row.Id).ToArray() }, work.Transaction, cancellationToken: cancellationToken)))
            {
                positions[id] = position;
            }
        }

        return positions;
    }

    private sealed record Row(Guid Id, string EventId, string SessionId, string Name, string State, DateTime RegisteredAt, Guid? InsteadOf, bool Joined, string Tenant);
}
