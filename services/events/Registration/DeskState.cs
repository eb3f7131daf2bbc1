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

    public long NextNumber { get; private init; }

    /// <summary>The sessions as published, where the desk does not know that version yet.</summary>
    public PlanSeats? Plan { get; private init; }

    public int PlanVersion { get; private init; }

    /// <summary>Begins the transaction, takes the event's desk and reads what the requests are about, in one round trip. Until the transaction ends nobody else decides on seats of this event.</summary>
    public static async Task<(Work Work, DeskState State)> TakeAsync(Database database, string eventId, string owner, IReadOnlyList<DeskRequest> requests, CancellationToken cancellationToken)
    {
        var some = new DeskReader(eventId, owner, requests, all: false);
        var (work, (state, version)) = await database.BeginAsync(
            owner,
            [
                Statement.Of("INSERT INTO desk (event_id) SELECT id FROM event WHERE id = $1 ON CONFLICT DO NOTHING", eventId),
                Statement.Of("SELECT d.next_number, d.plan_version, e.version FROM desk d JOIN event e ON e.id = d.event_id WHERE d.event_id = $1 FOR UPDATE OF d", eventId),
                .. some.Statements,
            ],
            async rows =>
            {
                await rows.ReadAsync(cancellationToken);
                var (taken, published) = (new DeskState { NextNumber = rows.GetInt64(0), PlanVersion = rows.GetInt32(1) }, rows.GetInt32(2));
                await rows.NextResultAsync(cancellationToken);
                await DeskReader.ReadAsync(rows, taken, cancellationToken);
                return (taken, published);
            },
            cancellationToken);
        try
        {
            return (work, version == state.PlanVersion ? state : await AllAsync(work, eventId, owner, requests, state.NextNumber, version, cancellationToken));
        }
        catch
        {
            await work.DisposeAsync();
            throw;
        }
    }

    /// <summary>With another version of the programme everybody can be concerned.</summary>
    private static async Task<DeskState> AllAsync(Work work, string eventId, string owner, IReadOnlyList<DeskRequest> requests, long next, int version, CancellationToken cancellationToken)
    {
        var state = new DeskState { NextNumber = next, PlanVersion = version, Plan = await PlanAsync(work, eventId, cancellationToken) };
        await using var batch = new NpgsqlBatch(work.Connection, work.Transaction);
        foreach (var statement in new DeskReader(eventId, owner, requests, all: true).Statements)
        {
            batch.BatchCommands.Add(statement);
        }

        await using var rows = await batch.ExecuteReaderAsync(cancellationToken);
        await DeskReader.ReadAsync(rows, state, cancellationToken);
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
