using LivingCity.Events.Programme;
using LivingCity.ServiceDefaults.Data;

namespace LivingCity.Events.Notifications;

/// <summary>Tells everybody with a seat or a place in a queue what a publication changed for them: once for each session and version.</summary>
internal static class ChangeNotices
{
    public static async Task WriteAsync(Work work, Stored stored, Event? before, IReadOnlyList<Change> changes, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var concerned = changes.Where(change => change is { Session: not null, IsTelling: true }).GroupBy(change => change.Session!).ToArray();
        var moved = before is null ? [] : WithVenuesThatChanged(before, stored.Draft).Except(concerned.Select(group => group.Key)).ToArray();
        var (removed, changed) = (concerned.Where(group => group.Any(change => change.Kind == "removed")).Select(group => group.Key).ToArray(), concerned.Where(group => group.All(change => change.Kind != "removed")).Select(group => group.Key));
        await InsertAsync(work, stored, "removed", removed, now, cancellationToken);
        await InsertAsync(work, stored, "changed", [.. changed, .. moved], now, cancellationToken);
    }

    /// <summary>Another name or address of a venue moves its sessions without touching them.</summary>
    private static IEnumerable<string> WithVenuesThatChanged(Event before, Event after)
    {
        var venues = after.Venues.Where(venue => before.Venues.FirstOrDefault(old => old.Id == venue.Id) is { } old && (old.Address != venue.Address || old.Name != venue.Name)).Select(venue => venue.Id).ToHashSet();
        return after.Sessions.Where(session => session.Venue is not null && venues.Contains(session.Venue)).Select(session => session.Id);
    }

    private static async Task InsertAsync(Work work, Stored stored, string kind, string[] sessions, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (sessions.Length == 0)
        {
            return;
        }

        await using var insert = work.Command("""
            INSERT INTO notification (tenant, event_id, participant, city, kind, session_id, change_key, created_at)
            SELECT r.tenant, r.event_id, r.participant, r.city, $1, r.session_id, r.session_id || ' ' || $2, $4
            FROM registration r JOIN participant p ON p.tenant = r.tenant AND p.id = r.participant
            WHERE r.event_id = $3 AND r.session_id = ANY($5) AND r.state <> 'cancelled' AND p.email IS NOT NULL
            ON CONFLICT DO NOTHING
            """, kind, $"version {stored.Version}", stored.Id, now.ToUniversalTime(), sessions);
        await using var setting = work.Command("SELECT set_config('app.tenant', $1, true)", stored.Owner);
        await setting.ExecuteNonQueryAsync(cancellationToken);
        await insert.ExecuteNonQueryAsync(cancellationToken);
    }
}
