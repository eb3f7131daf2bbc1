using LivingCity.ServiceDefaults.Data;
using Npgsql;

namespace LivingCity.Events.Registration;

/// <summary>Somebody of an event, as the desk knows him or her.</summary>
internal sealed record Participant(Guid Id, string Person, string City, string Name, string? Email, DateTimeOffset? Consented = null);

/// <summary>What the desk reads before it decides: one round trip, whatever the number of requests.</summary>
internal sealed class DeskState
{
    public SeatBook Book { get; } = new();

    public Dictionary<string, Participant> ByPerson { get; } = [];

    public Dictionary<Guid, Participant> ById { get; } = [];

    public Dictionary<Guid, DateTimeOffset> RegisteredAt { get; } = [];

    public Dictionary<(string Caller, string Key), (byte[] Fingerprint, byte[] Body)> Answers { get; } = [];

    public List<Wish> Wishes { get; } = [];

    public long NextNumber { get; private set; }

    /// <summary>The sessions as published, where the desk does not know that version yet.</summary>
    public PlanSeats? Plan { get; private set; }

    public int PlanVersion { get; private set; }

    /// <summary>Takes the event's desk and reads what the requests are about. Until the transaction ends nobody else decides on seats of this event.</summary>
    public static async Task<DeskState> TakeAsync(Work work, string eventId, IReadOnlyList<DeskRequest> requests, CancellationToken cancellationToken)
    {
        var state = new DeskState();
        int version;
        await using (var take = new NpgsqlBatch(work.Connection, work.Transaction)
        {
            BatchCommands =
            {
                Statement("INSERT INTO desk (event_id) SELECT id FROM event WHERE id = $1 ON CONFLICT DO NOTHING", eventId),
                Statement("SELECT d.next_number, d.plan_version, e.version FROM desk d JOIN event e ON e.id = d.event_id WHERE d.event_id = $1 FOR UPDATE OF d", eventId),
            },
        })
        await using (var reader = await take.ExecuteReaderAsync(cancellationToken))
        {
            await reader.ReadAsync(cancellationToken);
            (state.NextNumber, state.PlanVersion, version) = (reader.GetInt64(0), reader.GetInt32(1), reader.GetInt32(2));
        }

        if (version != state.PlanVersion)
        {
            state.PlanVersion = version;
            state.Plan = await PlanAsync(work, eventId, cancellationToken);
        }

        await state.ReadAsync(work, eventId, requests, cancellationToken);
        return state;
    }

    private static async Task<PlanSeats> PlanAsync(Work work, string eventId, CancellationToken cancellationToken)
    {
        await using var command = work.Command("SELECT id, capacity, exclusive_group FROM session WHERE event_id = $1 AND NOT cancelled ORDER BY position", eventId);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var sessions = new List<PlannedSession>();
        while (await reader.ReadAsync(cancellationToken))
        {
            sessions.Add(new PlannedSession(reader.GetString(0), reader.IsDBNull(1) ? null : reader.GetInt32(1), reader.IsDBNull(2) ? null : reader.GetString(2)));
        }

        return new PlanSeats(sessions);
    }

    private async Task ReadAsync(Work work, string eventId, IReadOnlyList<DeskRequest> requests, CancellationToken cancellationToken)
    {
        var persons = requests.Select(request => request.Visitor?.Person).OfType<string>().Distinct().ToArray();
        var registrations = requests.Select(request => request switch
        {
            CancelRequest cancel => cancel.Registration,
            SwitchRequest change => change.Registration,
            TakeOverRequest take => take.Registration,
            PrioritiseRequest prioritise => prioritise.Registration,
            _ => (Guid?)null,
        }).OfType<Guid>().ToArray();
        var keys = requests.Select(request => request.Key).OfType<RequestKey>().ToArray();
        var queues = Plan is not null || requests.Any(request => request is not RegisterRequest);
        var groups = requests.OfType<AllocateRequest>().Select(request => request.Group).ToArray();
        await using var batch = new NpgsqlBatch(work.Connection, work.Transaction)
        {
            BatchCommands =
            {
                Statement("SELECT session_id, capacity, exclusive_group, cancelled, taken, waiting, next_ticket FROM seat_plan WHERE event_id = $1", eventId),
                Statement("SELECT caller, key, request_sha256, body FROM idempotency_key WHERE tenant = $1 AND (caller, key) IN (SELECT * FROM unnest($2, $3)) AND status IS NOT NULL",
                    DeskWriter.KeyTenant(eventId), keys.Select(key => key.Caller).ToArray(), keys.Select(key => key.Value).ToArray()),
                Statement("""
                    SELECT id, person, city, name, email FROM participant
                    WHERE event_id = $1 AND (person = ANY($2) OR id IN (SELECT participant FROM registration WHERE event_id = $1 AND (id = ANY($3) OR ($4 AND state = 'waiting') OR ($6 AND state <> 'cancelled')))
                        OR id IN (SELECT participant FROM preference WHERE event_id = $1 AND exclusive_group = ANY($5)))
                    """, eventId, persons, registrations, queues, groups, Plan is not null),
                Statement("""
                    SELECT id, session_id, participant, state, ticket, priority, instead_of, registered_at FROM registration
                    WHERE event_id = $1 AND state <> 'cancelled' AND ($6 OR ($4 AND state = 'waiting')
                        OR participant IN (
                            SELECT id FROM participant WHERE event_id = $1 AND person = ANY($2)
                            UNION ALL SELECT participant FROM registration WHERE event_id = $1 AND id = ANY($3)
                            UNION ALL SELECT participant FROM registration WHERE $4 AND event_id = $1 AND state = 'waiting' AND instead_of IS NOT NULL
                            UNION ALL SELECT participant FROM preference WHERE event_id = $1 AND exclusive_group = ANY($5)))
                    ORDER BY ticket
                    """, eventId, persons, registrations, queues, groups, Plan is not null),
                Statement("""
                    SELECT p.participant, p.ranking, coalesce(q.priority, 0), q.reason, p.exclusive_group FROM preference p LEFT JOIN preference_priority q ON q.event_id = p.event_id AND q.participant = p.participant
                    WHERE p.event_id = $1 AND p.exclusive_group = ANY($2) ORDER BY p.participant
                    """, eventId, groups),
            },
        };
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            Book.Load(new Seats(reader.GetString(0))
            {
                Capacity = reader.IsDBNull(1) ? null : reader.GetInt32(1), Group = reader.IsDBNull(2) ? null : reader.GetString(2), Cancelled = reader.GetBoolean(3),
                Taken = reader.GetInt32(4), Waiting = reader.GetInt32(5), NextTicket = reader.GetInt64(6),
            });
        }

        await reader.NextResultAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            Answers[(reader.GetString(0), reader.GetString(1))] = (reader.GetFieldValue<byte[]>(2), reader.GetFieldValue<byte[]>(3));
        }

        await reader.NextResultAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            Add(new Participant(reader.GetGuid(0), reader.GetString(1), reader.GetString(2), reader.GetString(3), reader.IsDBNull(4) ? null : reader.GetString(4)));
        }

        await reader.NextResultAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var place = new Place(reader.GetGuid(0), reader.GetString(1), reader.GetGuid(2), reader.GetString(3) == "confirmed" ? PlaceState.Confirmed : PlaceState.Waiting, reader.GetInt64(4), reader.GetInt32(5),
                reader.IsDBNull(6) ? null : reader.GetGuid(6));
            Book.Load(place);
            RegisteredAt[place.Id] = reader.GetFieldValue<DateTimeOffset>(7);
        }

        await reader.NextResultAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            Wishes.Add(new Wish(reader.GetGuid(0), reader.GetFieldValue<string[]>(1), reader.GetInt32(2), reader.IsDBNull(3) ? null : reader.GetString(3), Guid.CreateVersion7()));
        }
    }

    public void Add(Participant participant)
    {
        ByPerson[participant.Person] = participant;
        ById[participant.Id] = participant;
    }

    private static NpgsqlBatchCommand Statement(string sql, params ReadOnlySpan<object> parameters)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var value in parameters)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        }

        return command;
    }
}
