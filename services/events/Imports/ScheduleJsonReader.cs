using System.Text.Json.Nodes;

namespace LivingCity.Events.Imports;

/// <summary>Reads schedule.json, of the published schema or near it.</summary>
internal static class ScheduleJsonReader
{
    private static readonly HashSet<string> Understood = ["id", "guid", "date", "start", "end", "duration", "room", "title", "subtitle", "track", "type", "language", "abstract", "description", "persons", "links", "attachments"];

    /// <exception cref="FormatException">It is JSON, but no schedule.</exception>
    public static RawSchedule Read(JsonNode? json)
    {
        if (json?["schedule"]?["conference"] is not JsonObject conference)
        {
            throw new FormatException("There is no schedule.conference.");
        }

        var schedule = new RawSchedule { Title = Value(conference, "title"), Zone = Value(conference, "time_zone_name") };
        var index = 0;
        foreach (var day in (conference["days"] as JsonArray ?? []).OfType<JsonObject>())
        {
            index++;
            var id = $"day-{Value(day, "index") ?? index.ToString(System.Globalization.CultureInfo.InvariantCulture)}";
            schedule.Days.Add((id, Value(day, "date")));
            foreach (var (room, sessions) in day["rooms"] as JsonObject ?? [])
            {
                schedule.Sessions.AddRange((sessions as JsonArray ?? []).OfType<JsonObject>().Select(item => Read(schedule, item, id, room)));
            }
        }

        return schedule;
    }

    private static RawSession Read(RawSchedule schedule, JsonObject item, string day, string room)
    {
        var session = new RawSession
        {
            Id = Value(item, "id") ?? Value(item, "code"), Guid = Value(item, "guid"), Day = day, Date = Value(item, "date"), Start = Value(item, "start"), Duration = Value(item, "duration"), Room = Value(item, "room") ?? room,
            Title = Value(item, "title"), Subtitle = Value(item, "subtitle"), Track = Value(item, "track"), Type = Value(item, "type"), Language = Value(item, "language"), Abstract = Value(item, "abstract"), Description = Value(item, "description"),
        };
        if (session.Guid is null)
        {
            schedule.Warnings.Add($"event {session.Id}: has no guid; one is derived from its id.");
        }

        session.People.AddRange((item["persons"] as JsonArray ?? []).OfType<JsonObject>().Select(person => (Value(person, "guid") ?? Value(person, "code") ?? Value(person, "id"), Value(person, "public_name") ?? Value(person, "name") ?? "")).Where(person => person.Item2.Length > 0));
        session.Links.AddRange(Links(item, "links"));
        session.Documents.AddRange(Links(item, "attachments"));
        foreach (var (name, value) in item.Where(member => !Understood.Contains(member.Key) && member.Value is JsonValue))
        {
            if (value!.ToString() is { Length: > 0 } text)
            {
                session.Extra[name] = text;
            }
        }

        foreach (var (person, biography) in (item["persons"] as JsonArray ?? []).OfType<JsonObject>().Select(person => (Value(person, "public_name") ?? Value(person, "name"), Value(person, "biography"))).Where(person => person.Item2 is not null))
        {
            session.Extra[$"biography.{person}"] = biography!;
        }

        return session;
    }

    private static IEnumerable<(string Url, string Title)> Links(JsonObject item, string name) =>
        (item[name] as JsonArray ?? []).OfType<JsonObject>().Select(link => (Value(link, "url") ?? Value(link, "href") ?? "", Value(link, "title") ?? "")).Where(link => link.Item1.Length > 0);

    private static string? Value(JsonObject item, string name) => item[name] is JsonValue value && value.ToString().Trim() is { Length: > 0 } text ? text : null;
}
