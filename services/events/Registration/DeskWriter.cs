using System.Text.Json;
using LivingCity.Contracts.Events;
using LivingCity.Events.Programme;
using LivingCity.ServiceDefaults.Data;
using Npgsql;
using NpgsqlTypes;

namespace LivingCity.Events.Registration;

/// <summary>Writes what the desk decided: rows, log, answers to keys, what people are told, what other services hear. One round trip.</summary>
internal sealed class DeskWriter(Work work, string eventId, string owner, DateTimeOffset now)
{
    private readonly List<(Participant Row, Visitor Visitor)> participants = [];
    private readonly List<Command> commands = [];
    private readonly List<(RequestKey Key, byte[] Body)> answers = [];
    private readonly List<(string Kind, Guid Participant, string? Session, string Key)> notices = [];

    /// <summary>Keys of the desk stand beside those of other requests under a name that no city has.</summary>
    public static string KeyTenant(string eventId) => $"desk:{eventId}";

    public void Add(Participant participant, Visitor visitor) => participants.Add((participant, visitor));

    public void Log(Command command) => commands.Add(command);

    public void Keep(RequestKey key, RegistrationView[] views) => answers.Add((key, JsonSerializer.SerializeToUtf8Bytes(views, ProgrammeJson.Options)));

    public void Tell(string kind, Guid participant, string? session, string key) => notices.Add((kind, participant, session, key));

    public async Task WriteAsync(DeskState state, CancellationToken cancellationToken)
    {
        if (commands.Count == 0 && answers.Count == 0)
        {
            return;
        }

        await using var batch = new NpgsqlBatch(work.Connection, work.Transaction);
        var at = now.ToUniversalTime();
        if (participants.Count > 0)
        {
            batch.BatchCommands.Add(Statement.Of("""
                INSERT INTO participant (tenant, id, event_id, city, person, kind, name, email, language, consent_at, created_at)
                SELECT $1, id, $2, city, person, kind, name, email, language, $3, $3 FROM unnest($4, $5, $6, $7, $8, $9, $10) AS p(id, city, person, kind, name, email, language)
                """, owner, eventId, at, Array(participants, row => row.Row.Id), Array(participants, row => row.Visitor.City), Array(participants, row => row.Visitor.Person), Array(participants, row => row.Visitor.Kind),
                Array(participants, row => row.Visitor.Name), Texts(participants, row => row.Visitor.Email), Array(participants, row => row.Visitor.Language)));
        }

        // What is given up first: else the database would see two seats of a group for a moment.
        foreach (var places in state.Book.Ledger.Touched.GroupBy(place => place.State == PlaceState.Cancelled).OrderByDescending(group => group.Key).Select(group => group.ToArray()))
        {
            batch.BatchCommands.Add(Statement.Of("""
                INSERT INTO registration AS r (tenant, id, event_id, session_id, participant, city, state, ticket, priority, instead_of, exclusive_group, joined, registered_at, changed_at)
                SELECT $1, id, $2, session_id, participant, city, state, ticket, priority, instead_of, exclusive_group, joined, $3, $3
                FROM unnest($4, $5, $6, $7, $8, $9, $10, $11, $12, $13) AS p(id, session_id, participant, city, state, ticket, priority, instead_of, exclusive_group, joined)
                ON CONFLICT (tenant, id) DO UPDATE SET participant = excluded.participant, city = excluded.city, state = excluded.state, priority = excluded.priority, instead_of = excluded.instead_of,
                    exclusive_group = excluded.exclusive_group, joined = excluded.joined, changed_at = excluded.changed_at
                """, owner, eventId, at, Array(places, place => place.Id), Array(places, place => place.Session), Array(places, place => place.Participant), Array(places, place => state.ById[place.Participant].City),
                Array(places, place => StateOf(place.State)), Array(places, place => place.Ticket), Array(places, place => place.Priority),
                new NpgsqlParameter { Value = places.Select(place => place.InsteadOf).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid }, Texts(places, place => state.Book.Ledger.FindSeats(place.Session)?.Group), Array(places, place => place.Joined)));
        }

        if (state.Book.Ledger.TouchedSeats.Count > 0)
        {
            var seats = state.Book.Ledger.TouchedSeats.ToArray();
            batch.BatchCommands.Add(Statement.Of("""
                INSERT INTO seat_plan AS s (event_id, session_id, capacity, exclusive_group, joins, cancelled, taken, waiting, next_ticket)
                SELECT $1, session_id, capacity, exclusive_group, joins, cancelled, taken, waiting, next_ticket FROM unnest($2, $3, $4, $5, $6, $7, $8, $9) AS p(session_id, capacity, exclusive_group, joins, cancelled, taken, waiting, next_ticket)
                ON CONFLICT (session_id) DO UPDATE SET capacity = excluded.capacity, exclusive_group = excluded.exclusive_group, joins = excluded.joins, cancelled = excluded.cancelled, taken = excluded.taken, waiting = excluded.waiting,
                    next_ticket = excluded.next_ticket
                """, eventId, Array(seats, seat => seat.Session), new NpgsqlParameter { Value = seats.Select(seat => seat.Capacity).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Integer },
                Texts(seats, seat => seat.Group), Texts(seats, seat => seat.Joins), Array(seats, seat => seat.Cancelled), Array(seats, seat => seat.Taken), Array(seats, seat => seat.Waiting), Array(seats, seat => seat.NextTicket)));
        }

        if (commands.Count > 0)
        {
            batch.BatchCommands.Add(Statement.Of("""
                WITH kept AS (UPDATE desk SET next_number = next_number + cardinality($3), plan_version = $4 WHERE event_id = $1)
                INSERT INTO registration_log (event_id, number, at, command) SELECT $1, $5 + position - 1, $2, command FROM unnest($3) WITH ORDINALITY AS l(command, position)
                """, eventId, at, new NpgsqlParameter { Value = commands.Select(command => JsonSerializer.Serialize(command, ProgrammeJson.Options)).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Jsonb },
                state.PlanVersion, state.NextNumber));
        }

        if (answers.Count > 0)
        {
            batch.BatchCommands.Add(Statement.Of("""
                INSERT INTO idempotency_key (tenant, caller, key, request_sha256, created_at, status, headers, body)
                SELECT $1, caller, key, fingerprint, $2, 200, '{}', body FROM unnest($3, $4, $5, $6) AS a(caller, key, fingerprint, body)
                """, KeyTenant(eventId), at, Array(answers, answer => answer.Key.Caller), Array(answers, answer => answer.Key.Value), Array(answers, answer => answer.Key.Fingerprint), Array(answers, answer => answer.Body)));
        }

        var told = notices.Where(notice => state.ById[notice.Participant].Email is not null).ToArray();
        if (told.Length > 0)
        {
            batch.BatchCommands.Add(Statement.Of("""
                INSERT INTO notification (tenant, event_id, participant, city, kind, session_id, change_key, created_at)
                SELECT $1, $2, participant, city, kind, session_id, change_key, $3 FROM unnest($4, $5, $6, $7, $8) AS n(participant, city, kind, session_id, change_key) ON CONFLICT DO NOTHING
                """, owner, eventId, at, Array(told, notice => notice.Participant), Array(told, notice => state.ById[notice.Participant].City), Array(told, notice => notice.Kind), Texts(told, notice => notice.Session), Array(told, notice => notice.Key)));
            batch.BatchCommands.Add(new NpgsqlBatchCommand("NOTIFY notices"));
        }

        await batch.ExecuteNonQueryAsync(cancellationToken);
        Publish(state);
    }

    /// <summary>One message for each city whose people got seats.</summary>
    private void Publish(DeskState state)
    {
        foreach (var city in state.Book.Ledger.Touched.Where(place => place.State == PlaceState.Confirmed && !state.RegisteredAt.ContainsKey(place.Id) || state.Book.Ledger.Promoted.Contains(place)).GroupBy(place => state.ById[place.Participant].City))
        {
            if (city.Key.Length > 0)
            {
                work.Publish(new RegistrationConfirmed(city.Key, eventId, now, [.. city.Select(place => new ConfirmedSeat(place.Session, place.Id))]), eventId, city.Key);
            }
        }
    }

    private static string StateOf(PlaceState state) => state switch { PlaceState.Confirmed => "confirmed", PlaceState.Waiting => "waiting", _ => "cancelled" };

    private static TValue[] Array<TRow, TValue>(IEnumerable<TRow> rows, Func<TRow, TValue> value) => [.. rows.Select(value)];

    private static NpgsqlParameter Texts<TRow>(IEnumerable<TRow> rows, Func<TRow, string?> value) => new() { Value = rows.Select(value).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text };
}
