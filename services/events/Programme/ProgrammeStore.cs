using System.Text.Json;
using Dapper;
using LivingCity.Events.Notifications;
using LivingCity.ServiceDefaults.Data;
using LivingCity.ServiceDefaults.Errors;
using LivingCity.ServiceDefaults.Security;
using NpgsqlTypes;

namespace LivingCity.Events.Programme;

/// <summary>An event as its organisers have it.</summary>
/// <param name="Id">The event.</param>
/// <param name="Owner">The city whose organisers may edit it.</param>
/// <param name="Revision">Of the draft.</param>
/// <param name="Version">The latest that was published; 0 before the first.</param>
/// <param name="Draft">What the next publication would say.</param>
internal sealed record Stored(string Id, string Owner, long Revision, int Version, Event Draft);

/// <summary>What was published of an event, with what only the database knows of its sessions.</summary>
internal sealed record Published(Event Event, string Owner, int Version, DateTimeOffset PublishedAt, IReadOnlyDictionary<string, SessionRow> Rows);

/// <param name="Id">The session.</param>
/// <param name="Number">A number that stays, for formats that want one.</param>
/// <param name="Sequence">How often its time, place or title was changed (RFC 5545, 3.8.7.4).</param>
/// <param name="Cancelled">Whether it was taken out of the programme.</param>
/// <param name="ChangedAt">When it was last published otherwise than before.</param>
/// <param name="Body">The session as it was last published.</param>
internal sealed record SessionRow(string Id, int Number, int Sequence, bool Cancelled, DateTimeOffset ChangedAt, Session Body);

/// <summary>Drafts and versions of programmes.</summary>
internal static class ProgrammeStore
{
    public static async Task<Stored?> FindAsync(Work work, string id, CancellationToken cancellationToken)
    {
        var row = await work.Connection.QuerySingleOrDefaultAsync<(string Owner, long Revision, int Version, string Draft)?>(new CommandDefinition(
            "SELECT owner, revision, version, draft FROM event WHERE id = @id FOR NO KEY UPDATE", new { id }, work.Transaction, cancellationToken: cancellationToken));
        return row is { } found ? new Stored(id, found.Owner, found.Revision, found.Version, ProgrammeJson.Parse<Event>(found.Draft)) : null;
    }

    /// <summary>The event, locked, for one of its organisers.</summary>
    /// <exception cref="ProblemException">There is none for this caller (404).</exception>
    public static async Task<Stored> OfOrganiserAsync(Work work, string id, Caller caller, CancellationToken cancellationToken) =>
        await FindAsync(work, id, cancellationToken) is { } found && (found.Owner == caller.City || caller.IsPlatformAdmin) ? found : throw Problem.NotFound.Throw($"There is no event {id}.");

    /// <summary>The events of a city, the latest first.</summary>
    public static async Task<IEnumerable<DraftEntry>> OwnAsync(Work work, string owner, CancellationToken cancellationToken) =>
        (await work.Connection.QueryAsync<(string Id, string Title, int Version)>(new CommandDefinition(
            "SELECT id, (draft -> 'title')::text, version FROM event WHERE owner = @owner ORDER BY position DESC", new { owner }, work.Transaction, cancellationToken: cancellationToken)))
        .Select(row => new DraftEntry(row.Id, ProgrammeJson.Parse<Text>(row.Title), row.Version));

    public static async Task<bool> CreateAsync(Work work, Event draft, string owner, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var insert = work.Command("INSERT INTO event (id, owner, draft, updated_at) VALUES ($1, $2, $3::text::jsonb, $4) ON CONFLICT DO NOTHING", draft.Id, owner, ProgrammeJson.Write(draft), now.ToUniversalTime());
        return await insert.ExecuteNonQueryAsync(cancellationToken) == 1;
    }

    public static async Task<Stored> SaveAsync(Work work, Stored stored, Event draft, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var update = work.Command("UPDATE event SET draft = $2::text::jsonb, revision = revision + 1, updated_at = $3 WHERE id = $1", stored.Id, ProgrammeJson.Write(draft), now.ToUniversalTime());
        await update.ExecuteNonQueryAsync(cancellationToken);
        return stored with { Draft = draft, Revision = stored.Revision + 1 };
    }

    public static async Task<Published?> PublishedAsync(Work work, string id, CancellationToken cancellationToken)
    {
        var row = await work.Connection.QuerySingleOrDefaultAsync<(string Owner, int Version, string Body, DateTime At)?>(new CommandDefinition("""
            SELECT e.owner, v.version, v.body, v.published_at FROM event e JOIN programme_version v ON v.event_id = e.id AND v.version = e.version WHERE e.id = @id
            """, new { id }, work.Transaction, cancellationToken: cancellationToken));
        if (row is not { } found)
        {
            return null;
        }

        var sessions = await work.Connection.QueryAsync<(string Id, int Number, int Sequence, bool Cancelled, DateTime At, string Body)>(new CommandDefinition(
            "SELECT id, number, sequence, cancelled, changed_at, body FROM session WHERE event_id = @id", new { id }, work.Transaction, cancellationToken: cancellationToken));
        return new Published(ProgrammeJson.Parse<Event>(found.Body), found.Owner, found.Version, found.At,
            sessions.ToDictionary(session => session.Id, session => new SessionRow(session.Id, session.Number, session.Sequence, session.Cancelled, session.At, ProgrammeJson.Parse<Session>(session.Body))));
    }

    /// <summary>Makes the draft the programme that everybody sees, notes what changed, and tells whom it concerns.</summary>
    /// <returns>The changes; none means that there was nothing to publish and nothing was.</returns>
    public static async Task<IReadOnlyList<Change>> PublishAsync(Work work, Stored stored, string by, string? note, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var before = stored.Version == 0 ? null : (await PublishedAsync(work, stored.Id, cancellationToken))!.Event;
        var changes = Changes.Between(before, stored.Draft);
        if (changes.Count == 0)
        {
            return [];
        }

        await using (var insert = work.Command("""
            INSERT INTO programme_version (event_id, version, body, changes, note, published_by, published_at) VALUES ($1, $2, $3::text::jsonb, $4::text::jsonb, $5, $6, $7)
            """, stored.Id, stored.Version + 1, ProgrammeJson.Write(stored.Draft), ProgrammeJson.Write(changes), note, by, now.ToUniversalTime()))
        {
            await insert.ExecuteNonQueryAsync(cancellationToken);
        }

        await using (var update = work.Command("UPDATE event SET version = version + 1 WHERE id = $1", stored.Id))
        {
            await update.ExecuteNonQueryAsync(cancellationToken);
        }

        await ProjectAsync(work, stored.Draft, changes, now, cancellationToken);
        await ChangeNotices.WriteAsync(work, stored with { Version = stored.Version + 1 }, before, changes, now, cancellationToken);
        return changes;
    }

    private static async Task ProjectAsync(Work work, Event item, IReadOnlyList<Change> changes, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var changed = changes.Where(change => change.Session is not null).Select(change => change.Session!).Distinct().ToArray();
        var moved = changes.Where(change => change is { Session: not null, IsTelling: true }).Select(change => change.Session!).Distinct().ToArray();
        var rows = item.Sessions.Select((session, position) =>
        {
            var time = SessionTimes.Of(item, session);
            return new
            {
                session.Id, position, Title = session.Title.Plain, Start = time?.Start.ToUniversalTime(), End = time?.End?.ToUniversalTime(), session.Capacity, Group = session.ExclusiveGroup, session.Joins,
                Open = session.OpenToNonMembers || item.OpenToNonMembers, session.Topics, Body = session, Search = SearchText.Of(item, session),
            };
        });
        await using var upsert = work.Command("""
            INSERT INTO session AS s (id, event_id, position, title, starts_at, ends_at, capacity, exclusive_group, joins, open_to_non_members, topics, body, changed_at, search)
            SELECT r->>'id', $1, (r->>'position')::int, r->>'title', (r->>'start')::timestamptz, (r->>'end')::timestamptz, (r->>'capacity')::int, r->>'group', r->>'joins', (r->>'open')::bool,
                   ARRAY(SELECT jsonb_array_elements_text(r->'topics')), r->'body', $5, folded(r->>'search')
            FROM jsonb_array_elements($2) r
            ON CONFLICT (id) DO UPDATE SET position = excluded.position, title = excluded.title, starts_at = excluded.starts_at, ends_at = excluded.ends_at, capacity = excluded.capacity,
                exclusive_group = excluded.exclusive_group, joins = excluded.joins, open_to_non_members = excluded.open_to_non_members, topics = excluded.topics, body = excluded.body, search = excluded.search,
                cancelled = false, sequence = s.sequence + (s.cancelled OR s.id = ANY($4))::int, changed_at = CASE WHEN s.cancelled OR s.id = ANY($3) THEN $5 ELSE s.changed_at END
            WHERE s.event_id = excluded.event_id
            """,
            item.Id, new Npgsql.NpgsqlParameter { Value = JsonSerializer.Serialize(rows, ProgrammeJson.Options), NpgsqlDbType = NpgsqlDbType.Jsonb }, changed, moved, now.ToUniversalTime());
        if (await upsert.ExecuteNonQueryAsync(cancellationToken) != item.Sessions.Count)
        {
            throw new Validation().Rule(false, "sessions", "has an id that another event uses").ToException();
        }

        await using var cancel = work.Command(
            "UPDATE session SET cancelled = true, sequence = sequence + 1, changed_at = $3 WHERE event_id = $1 AND NOT cancelled AND NOT id = ANY($2)", item.Id, item.Sessions.Select(session => session.Id).ToArray(), now.ToUniversalTime());
        await cancel.ExecuteNonQueryAsync(cancellationToken);
    }
}

/// <summary>What a search looks at.</summary>
internal static class SearchText
{
    public static string Of(Event item, Session session) => string.Join(' ', ((IEnumerable<object?>)
    [
        item.Title, item.Theme, item.City, item.Country, item.Code, item.Within, session.Title, session.Subtitle, session.Theme, session.Abstract, session.Note, session.Host, session.Room, session.Track, session.Format,
        item.Venues.FirstOrDefault(venue => venue.Id == session.Venue) is { } place ? $"{place.Name} {place.Address}" : null,
        .. item.People.Concat(session.People).Select(part => $"{part.Name} {part.As}"), .. item.Partners.Select(partner => partner.Name), .. item.Tags, .. session.Tags, .. session.Agenda.Select(point => point.Title),
    ]).Where(part => part is not null).Select(part => part is Text text ? string.Join(' ', text.Languages.Values) : part!.ToString()));
}
