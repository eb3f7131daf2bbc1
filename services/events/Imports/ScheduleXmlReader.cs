using System.Xml;
using System.Xml.Linq;

namespace LivingCity.Events.Imports;

/// <summary>Reads schedule.xml as it is met with: attributes missing, elements unknown, guids that are none.</summary>
internal static class ScheduleXmlReader
{
    private static readonly HashSet<string> Understood = ["date", "start", "duration", "room", "title", "subtitle", "track", "type", "language", "abstract", "description", "persons", "links", "attachments"];

    /// <exception cref="XmlException">It is not XML.</exception>
    public static RawSchedule Read(Stream stream)
    {
        using var reader = XmlReader.Create(stream, new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, MaxCharactersInDocument = 50_000_000 });
        var root = XDocument.Load(reader).Root!;
        var schedule = new RawSchedule();
        var conference = root.Element("conference");
        (schedule.Title, schedule.Venue, schedule.City, schedule.Zone) = (Value(conference, "title"), Value(conference, "venue"), Value(conference, "city"), Value(conference, "time_zone_name"));
        if (root.Element("version") is null)
        {
            schedule.Warnings.Add("schedule: has no version.");
        }

        var index = 0;
        foreach (var day in root.Elements("day"))
        {
            index++;
            var id = $"day-{day.Attribute("index")?.Value ?? index.ToString(System.Globalization.CultureInfo.InvariantCulture)}";
            schedule.Days.Add((id, day.Attribute("date")?.Value));
            if (day.Attribute("start") is null || day.Attribute("end") is null)
            {
                schedule.Warnings.Add($"{id}: does not say when it starts and ends.");
            }

            foreach (var room in day.Elements("room"))
            {
                foreach (var item in room.Elements("event"))
                {
                    schedule.Sessions.Add(Read(schedule, item, id, room.Attribute("name")?.Value));
                }
            }
        }

        return schedule;
    }

    private static RawSession Read(RawSchedule schedule, XElement item, string day, string? room)
    {
        var session = new RawSession
        {
            Id = item.Attribute("id")?.Value, Guid = item.Attribute("guid")?.Value, Day = day, Date = Value(item, "date"), Start = Value(item, "start"), Duration = Value(item, "duration"), Room = Value(item, "room") ?? room,
            Title = Value(item, "title"), Subtitle = Value(item, "subtitle"), Track = Value(item, "track"), Type = Value(item, "type"), Language = Value(item, "language"), Abstract = Value(item, "abstract"), Description = Value(item, "description"),
        };
        if (session.Guid is null)
        {
            schedule.Warnings.Add($"event {session.Id}: has no guid; one is derived from its id.");
        }

        session.People.AddRange((item.Element("persons")?.Elements("person") ?? []).Select(person => (person.Attribute("id")?.Value ?? person.Attribute("guid")?.Value, person.Value.Trim())).Where(person => person.Item2.Length > 0));
        session.Links.AddRange(Links(item, "links", "link"));
        session.Documents.AddRange(Links(item, "attachments", "attachment"));
        foreach (var other in item.Elements().Where(element => !Understood.Contains(element.Name.LocalName)).SelectMany(element => element.DescendantsAndSelf()).Where(element => !element.HasElements && element.Value.Trim().Length > 0))
        {
            session.Extra[other.Parent == item ? other.Name.LocalName : $"{other.Parent!.Name.LocalName}.{other.Name.LocalName}"] = other.Value.Trim();
        }

        return session;
    }

    private static IEnumerable<(string Url, string Title)> Links(XElement item, string list, string name) =>
        (item.Element(list)?.Elements(name) ?? []).Select(link => (link.Attribute("href")?.Value.Trim() ?? "", link.Value.Trim())).Where(link => link.Item1.Length > 0);

    private static string? Value(XElement? parent, string name) => parent?.Element(name)?.Value.Trim() is { Length: > 0 } value ? value : null;
}
