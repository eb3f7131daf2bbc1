using LivingCity.ServiceDefaults.Data;
using Npgsql;

namespace LivingCity.Events.Registration;

/// <summary>Somebody of an event, as the desk knows him or her.</summary>
internal sealed record Participant(Guid Id, string Person, string City, string Name, string? Email);

/// <summary>What the desk knows when it decides.</summary>
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
    public static async Task<DeskState> TakeAsync(Work work, string eventId, string owner, IReadOnlyList<DeskRequest> requests, CancellationToken cancellationToken)
    {
        var state = new DeskState();
        int version;
        await using (var take = new NpgsqlBatch(work.Connection, work.Transaction)
        {
            BatchCommands =
            {
                Statement.Of("INSERT INTO desk (event_id) SELECT id FROM event WHERE id = $1 ON CONFLICT DO NOTHING", eventId),
                Statement.Of("SELECT d.next_number, d.plan_version, e.version FROM desk d JOIN event e ON e.id = d.event_id WHERE d.event_id = $1 FOR UPDATE OF d", eventId),
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

        await new DeskReader(work, eventId, owner, requests, state.Plan is not null).ReadAsync(state, cancellationToken);
        return state;
    }

    public void Add(Participant participant)
    {
        ByPerson[participant.Person] = participant;
        ById[participant.Id] = participant;
    }

    private static async Task<PlanSeats> PlanAsync(Work work, string eventId, CancellationToken cancellationToken)
    {
        await using var command = work.Command("SELECT id, capacity, exclusive_group, joins FROM session WHERE event_id = $1 AND NOT cancelled ORDER BY position", eventId);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var sessions = new List<PlannedSession>();
        while (await reader.ReadAsync(cancellationToken))
        {
            sessions.Add(new PlannedSession(reader.GetString(0), reader.NullableInt(1), reader.NullableText(2), reader.NullableText(3)));
        }

        return new PlanSeats(sessions);
    }
}
