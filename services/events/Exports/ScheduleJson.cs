using System.Globalization;
using System.Text.Json.Nodes;
using LivingCity.Events.Programme;

namespace LivingCity.Events.Exports;

/// <summary>schedule.json (c3voc.de/schedule/schema.json): what <see cref="ScheduleXml"/> says, as JSON.</summary>
internal static class ScheduleJson
{
    public static JsonObject Write(Published published, IReadOnlyList<string> languages, string site)
    {
        var item = published.Event;
        var days = ScheduleDay.Of(item);
        return new JsonObject
        {
            ["$schema"] = "https://c3voc.de/schedule/schema.json",
            ["generator"] = new JsonObject { ["name"] = "Living City", ["version"] = "1" },
            ["schedule"] = new JsonObject
            {
                ["version"] = $"v{published.Version}",
                ["base_url"] = $"{site}/programme/{item.Id}/",
                ["conference"] = new JsonObject
                {
                    ["acronym"] = item.Id.Replace('-', '_'),
                    ["title"] = item.Title.In(languages).Value,
                    ["start"] = days.Count == 0 ? "" : Iso(days[0].Date),
                    ["end"] = days.Count == 0 ? "" : Iso(days[^1].Date),
                    ["daysCount"] = days.Count,
                    ["timeslot_duration"] = "00:05",
                    ["time_zone_name"] = item.TimeZone,
                    ["url"] = $"{site}/programme/{item.Id}",
                    ["rooms"] = new JsonArray([.. days.SelectMany(day => day.Rooms).Select(room => room.Room).Distinct().Select(room => new JsonObject
                    {
                        ["name"] = room, ["guid"] = SessionIds.Named($"{item.Id} room {room}").ToString("D"), ["capacity"] = item.Venues.SelectMany(venue => venue.Rooms).FirstOrDefault(known => known.Name == room)?.Capacity,
                    })]),
                    ["days"] = new JsonArray([.. days.Select(day => new JsonObject
                    {
                        ["index"] = day.Index, ["date"] = Iso(day.Date), ["day_start"] = Iso(day.Start), ["day_end"] = Iso(day.End),
                        ["rooms"] = new JsonObject(day.Rooms.Select(room => KeyValuePair.Create(room.Room, (JsonNode?)new JsonArray([.. room.Sessions.Select(session => Write(published, session, room.Room, languages, site))])))),
                    })]),
                },
            },
        };
    }

    private static JsonObject Write(Published published, TimedSession timed, string room, IReadOnlyList<string> languages, string site)
    {
        var session = timed.Session;
        var written = new JsonObject
        {
            ["id"] = published.Rows[session.Id].Number,
            ["guid"] = SessionIds.Of(session).ToString("D"),
            ["date"] = Iso(timed.Time.Start),
            ["start"] = timed.Time.Start.ToString("HH:mm", CultureInfo.InvariantCulture),
            ["duration"] = timed.Duration,
            ["room"] = room,
            ["slug"] = timed.Slug,
            ["url"] = $"{site}/programme/{published.Event.Id}/{session.Id}",
            ["title"] = session.Title.In(languages).Value,
            ["subtitle"] = session.Subtitle?.In(languages).Value,
            ["track"] = session.Track,
            ["type"] = session.Format?.In(languages).Value ?? "other",
            ["language"] = session.Languages is [var spoken, ..] ? spoken : null,
            ["abstract"] = session.Abstract?.In(languages).Value,
            ["description"] = session.Note?.In(languages).Value,
            ["persons"] = new JsonArray([.. session.People.Select(part => new JsonObject { ["guid"] = SessionIds.Named($"person {part.Person}").ToString("D"), ["name"] = part.Name })]),
            ["links"] = Links(session.Links, languages),
            ["attachments"] = Links(session.Documents, languages),
        };
        if (timed.Time.End is { } end)
        {
            written["end"] = Iso(end);
        }

        return written;
    }

    /// <summary>Addresses as the schema wants them: absolute, and escaped where people did not; what is none is left out, and is in the XML.</summary>
    private static JsonArray Links(IReadOnlyList<Link> links, IReadOnlyList<string> languages) => new([.. links
        .Select(link => (link, address: Uri.TryCreate(link.Url.Trim(), UriKind.Absolute, out var found) || Uri.TryCreate($"https://{link.Url.Trim()}", UriKind.Absolute, out found) ? found.AbsoluteUri : null))
        .Where(pair => pair.address is not null && Uri.IsWellFormedUriString(pair.address, UriKind.Absolute))
        .Select(pair => new JsonObject { ["url"] = pair.address, ["title"] = pair.link.Title.In(languages).Value, ["type"] = "web" })]);

    private static string Iso(DateOnly date) => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Iso(DateTimeOffset time) => time.ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture);
}
