using LivingCity.ServiceDefaults.Data;
using Npgsql;

namespace LivingCity.Events.Registration;

/// <summary>Reads what requests are about: one round trip, whatever their number, and no row that none of them needs.</summary>
/// <param name="work">The transaction, which holds the event's desk.</param>
/// <param name="eventId">The event.</param>
/// <param name="owner">The city that organises it.</param>
/// <param name="requests">The requests.</param>
/// <param name="all">Whether the plan has changed: then everybody can be concerned.</param>
internal sealed class DeskReader(Work work, string eventId, string owner, IReadOnlyList<DeskRequest> requests, bool all)
{
    /// <summary>Only registering takes no seat from anybody, so that nobody can move up.</summary>
    private readonly bool queues = all || requests.Any(request => request is not RegisterRequest);
    private readonly string[] groups = [.. requests.OfType<AllocateRequest>().Select(request => request.Group)];

    private readonly Guid[] registrations =
    [
        .. requests.Select(request => request switch
        {
            CancelRequest cancel => cancel.Registration,
            SwitchRequest change => change.Registration,
            TakeOverRequest take => take.Registration,
            PrioritiseRequest prioritise => prioritise.Registration,
            _ => (Guid?)null,
        }).OfType<Guid>(),
    ];

    public async Task ReadAsync(DeskState state, CancellationToken cancellationToken)
    {
        var keys = requests.Select(request => request.Key).OfType<RequestKey>().ToArray();
        var who = Who();
        await using var batch = new NpgsqlBatch(work.Connection, work.Transaction)
        {
            BatchCommands =
            {
                Statement.Of("SELECT session_id, capacity, exclusive_group, joins, cancelled, taken, waiting, next_ticket FROM seat_plan WHERE event_id = $1", eventId),
                Concerned(who, "SELECT p.* FROM who, LATERAL (SELECT id, person, city, name, email FROM participant WHERE tenant = $2 AND id = who.id OFFSET 0) p"),
                Concerned(who, """
                    SELECT r.* FROM who, LATERAL (
                        SELECT id, session_id, participant, state, ticket, priority, instead_of, joined, registered_at FROM registration WHERE participant = who.id AND state <> 'cancelled' OFFSET 0) r
                    ORDER BY r.ticket
                    """),
                Statement.Of("SELECT caller, key, request_sha256, body FROM idempotency_key WHERE tenant = $1 AND (caller, key) IN (SELECT * FROM unnest($2, $3)) AND status IS NOT NULL",
                    DeskWriter.KeyTenant(eventId), keys.Select(key => key.Caller).ToArray(), keys.Select(key => key.Value).ToArray()),
                Statement.Of("""
                    SELECT p.participant, p.ranking, coalesce(q.priority, 0), q.reason FROM preference p LEFT JOIN preference_priority q ON q.event_id = p.event_id AND q.participant = p.participant
                    WHERE p.event_id = $1 AND p.exclusive_group = ANY($2) ORDER BY p.participant
                    """, eventId, groups),
            },
        };
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            state.Book.Ledger.Load(new Seats(reader.GetString(0))
            {
                Capacity = reader.NullableInt(1), Group = reader.NullableText(2), Joins = reader.NullableText(3), Cancelled = reader.GetBoolean(4), Taken = reader.GetInt32(5), Waiting = reader.GetInt32(6), NextTicket = reader.GetInt64(7),
            });
        }

        await reader.NextResultAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            state.Add(new Participant(reader.GetGuid(0), reader.GetString(1), reader.GetString(2), reader.GetString(3), reader.NullableText(4)));
        }

        await reader.NextResultAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var place = new Place(reader.GetGuid(0), reader.GetString(1), reader.GetGuid(2), reader.GetString(3) == "confirmed" ? PlaceState.Confirmed : PlaceState.Waiting, reader.GetInt64(4), reader.GetInt32(5),
                reader.NullableGuid(6), reader.GetBoolean(7));
            state.Book.Ledger.Load(place);
            state.RegisteredAt[place.Id] = reader.GetFieldValue<DateTimeOffset>(8);
        }

        await reader.NextResultAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            state.Answers[(reader.GetString(0), reader.GetString(1))] = (reader.GetFieldValue<byte[]>(2), reader.GetFieldValue<byte[]>(3));
        }

        await reader.NextResultAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            state.Wishes.Add(new Wish(reader.GetGuid(0), reader.GetFieldValue<string[]>(1), reader.GetInt32(2), reader.NullableText(3), Guid.CreateVersion7()));
        }
    }

    /// <summary>
    /// Those concerned: who asks, whose seats it is about, and who can move up. One lookup in an index for each (that is what OFFSET 0 holds the planner to), because a table that has just been
    /// filled looks small to it, and joining would read the whole event for every few requests.
    /// </summary>
    private string Who()
    {
        if (all)
        {
            return "SELECT id FROM participant WHERE event_id = $1";
        }

        var who = new List<string> { "SELECT p.id FROM unnest($3) AS asking(person), LATERAL (SELECT id FROM participant WHERE event_id = $1 AND person = asking.person OFFSET 0) p" };
        if (registrations.Length > 0)
        {
            who.Add("SELECT r.participant FROM unnest($4) AS named(id), LATERAL (SELECT participant FROM registration WHERE tenant = $2 AND id = named.id OFFSET 0) r");
        }

        if (queues)
        {
            who.Add("SELECT participant FROM registration WHERE event_id = $1 AND state = 'waiting'");
        }

        if (groups.Length > 0)
        {
            who.Add("SELECT participant FROM preference WHERE tenant = $2 AND event_id = $1 AND exclusive_group = ANY($5)");
        }

        return string.Join(" UNION ", who);
    }

    private NpgsqlBatchCommand Concerned(string who, string sql) => Statement.Of(
        $"WITH who AS MATERIALIZED ({who}) {sql}", eventId, owner, requests.Select(request => request.Visitor?.Person).OfType<string>().Distinct().ToArray(), registrations, groups);
}
