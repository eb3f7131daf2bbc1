using System.Text.Json.Nodes;

namespace LivingCity.Events.Programme;

/// <summary>What a publication changed.</summary>
/// <param name="Session">The session, or null for the event itself.</param>
/// <param name="Kind"><c>added</c>, <c>removed</c> or <c>changed</c>.</param>
/// <param name="Field">What of it, for a change.</param>
/// <param name="Before">As it was.</param>
/// <param name="After">As it is.</param>
internal sealed record Change(string? Session, string Kind, string? Field = null, JsonNode? Before = null, JsonNode? After = null)
{
    /// <summary>Fields on which somebody's plans rest, so that everybody with a seat is told.</summary>
    private static readonly HashSet<string> Telling = ["day", "date", "from", "to", "offset", "venue", "room", "title", "steps", "joins"];

    public bool IsTelling => Kind == "removed" || (Kind == "changed" && Session is not null && Field is not null && Telling.Contains(Field));
}

/// <summary>Compares two states of a programme, field by field.</summary>
internal static class Changes
{
    public static IReadOnlyList<Change> Between(Event? before, Event after)
    {
        if (before is null)
        {
            return [new Change(null, "added"), .. after.Sessions.Select(session => new Change(session.Id, "added"))];
        }

        var old = before.Sessions.ToDictionary(session => session.Id);
        var kept = after.Sessions.Select(session => session.Id).ToHashSet();
        return
        [
            .. Fields(null, before with { Sessions = [], Days = [] }, after with { Sessions = [], Days = [] }),
            .. before.Sessions.Where(session => !kept.Contains(session.Id)).Select(session => new Change(session.Id, "removed")),
            .. after.Sessions.SelectMany(session => old.TryGetValue(session.Id, out var known)
                ? Fields(session.Id, known, session).Concat(MovedWithItsDay(before, after, known, session))
                : [new Change(session.Id, "added")]),
            .. before.Days.SequenceEqual(after.Days) ? Array.Empty<Change>() : [new Change(null, "changed", "days", Node(before.Days), Node(after.Days))],
        ];
    }

    /// <summary>A day that gets another date moves its sessions without touching them.</summary>
    private static IEnumerable<Change> MovedWithItsDay(Event before, Event after, Session known, Session session) =>
        known.Day == session.Day && known.Date == session.Date && SessionTimes.DateOf(before, known) is var was && SessionTimes.DateOf(after, session) is var date && was != date
            ? [new Change(session.Id, "changed", "date", was?.ToString("O"), date?.ToString("O"))]
            : [];

    private static Change[] Fields<T>(string? session, T before, T after)
    {
        var (old, now) = (Node(before)!.AsObject(), Node(after)!.AsObject());
        return old.Select(member => member.Key).Union(now.Select(member => member.Key)).Order(StringComparer.Ordinal).Where(name => !JsonNode.DeepEquals(old[name], now[name]))
            .Select(name => new Change(session, "changed", name, old[name]?.DeepClone(), now[name]?.DeepClone())).ToArray();
    }

    private static JsonNode? Node<T>(T value) => System.Text.Json.JsonSerializer.SerializeToNode(value, ProgrammeJson.Options);
}
