using System.Globalization;
using System.Text;
using System.Xml;
using LivingCity.Events.Programme;

namespace LivingCity.Events.Exports;

/// <summary>
/// schedule.xml as pentabarf, frab and pretalx write it (c3voc.de/wiki/schedule). The format knows sessions with a start only; what is still to be announced stays out of it.
/// </summary>
internal static class ScheduleXml
{
    public static byte[] Write(Published published, IReadOnlyList<string> languages, string site)
    {
        using var memory = new MemoryStream();
        using (var xml = XmlWriter.Create(memory, new XmlWriterSettings { Indent = true, Encoding = new UTF8Encoding(false) }))
        {
            Write(xml, published, languages, site);
        }

        return memory.ToArray();
    }

    private static void Write(XmlWriter xml, Published published, IReadOnlyList<string> languages, string site)
    {
        var item = published.Event;
        var days = ScheduleDay.Of(item);
        xml.WriteStartElement("schedule");
        xml.WriteStartElement("generator");
        xml.WriteAttributeString("name", "Living City");
        xml.WriteEndElement();
        xml.WriteElementString("version", $"v{published.Version}");
        xml.WriteStartElement("conference");
        xml.WriteElementString("title", Clean(item.Title.In(languages).Value));
        xml.WriteElementString("acronym", item.Id);
        if (days.Count > 0)
        {
            xml.WriteElementString("start", Iso(days[0].Date));
            xml.WriteElementString("end", Iso(days[^1].Date));
        }

        xml.WriteElementString("days", Number(days.Count));
        xml.WriteElementString("timeslot_duration", "00:05");
        xml.WriteElementString("url", $"{site}/programme/{item.Id}");
        xml.WriteElementString("time_zone_name", item.TimeZone);
        xml.WriteEndElement();
        foreach (var day in days)
        {
            xml.WriteStartElement("day");
            xml.WriteAttributeString("index", Number(day.Index));
            xml.WriteAttributeString("date", Iso(day.Date));
            xml.WriteAttributeString("start", Iso(day.Start));
            xml.WriteAttributeString("end", Iso(day.End));
            foreach (var (room, sessions) in day.Rooms)
            {
                xml.WriteStartElement("room");
                xml.WriteAttributeString("name", Clean(room));
                xml.WriteAttributeString("guid", SessionIds.Named($"{item.Id} room {room}").ToString("D"));
                foreach (var session in sessions)
                {
                    Write(xml, published, session, room, languages, site);
                }

                xml.WriteEndElement();
            }

            xml.WriteEndElement();
        }

        xml.WriteEndElement();
    }

    private static void Write(XmlWriter xml, Published published, TimedSession timed, string room, IReadOnlyList<string> languages, string site)
    {
        var session = timed.Session;
        xml.WriteStartElement("event");
        xml.WriteAttributeString("guid", SessionIds.Of(session).ToString("D"));
        xml.WriteAttributeString("id", Number(published.Rows[session.Id].Number));
        foreach (var (name, value) in new (string, string)[]
        {
            ("room", room), ("title", session.Title.In(languages).Value), ("subtitle", session.Subtitle?.In(languages).Value ?? ""), ("type", session.Format?.In(languages).Value ?? ""),
            ("date", Iso(timed.Time.Start)), ("start", timed.Time.Start.ToString("HH:mm", CultureInfo.InvariantCulture)), ("duration", timed.Duration), ("abstract", session.Abstract?.In(languages).Value ?? ""),
            ("slug", timed.Slug), ("track", session.Track ?? ""), ("language", session.Languages is [var spoken, ..] ? spoken : ""), ("description", session.Note?.In(languages).Value ?? ""),
            ("url", $"{site}/programme/{published.Event.Id}/{session.Id}"),
        })
        {
            xml.WriteElementString(name, Clean(value));
        }

        xml.WriteStartElement("persons");
        foreach (var part in session.People)
        {
            xml.WriteStartElement("person");
            xml.WriteAttributeString("guid", SessionIds.Named($"person {part.Person}").ToString("D"));
            xml.WriteString(Clean(part.Name));
            xml.WriteEndElement();
        }

        xml.WriteEndElement();
        Links(xml, "links", "link", session.Links, languages);
        Links(xml, "attachments", "attachment", session.Documents, languages);
        xml.WriteEndElement();
    }

    private static void Links(XmlWriter xml, string list, string name, IReadOnlyList<Link> links, IReadOnlyList<string> languages)
    {
        xml.WriteStartElement(list);
        foreach (var link in links)
        {
            xml.WriteStartElement(name);
            xml.WriteAttributeString("href", Clean(link.Url));
            xml.WriteString(Clean(link.Title.In(languages).Value));
            xml.WriteEndElement();
        }

        xml.WriteEndElement();
    }

    /// <summary>Without what XML 1.0 cannot hold (2.2): control characters and halves of surrogate pairs.</summary>
    private static string Clean(string value) => value.All(XmlConvert.IsXmlChar) ? value : string.Concat(value.EnumerateRunes().Where(rune => rune.Value > 0xFFFF || XmlConvert.IsXmlChar((char)rune.Value)));

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Iso(DateOnly date) => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Iso(DateTimeOffset time) => time.ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture);
}

/// <summary>A session with its times, as schedules want it.</summary>
internal sealed record TimedSession(Session Session, Interval Time)
{
    /// <summary>Hours and minutes; 00:00 while the end is not known.</summary>
    public string Duration => Time.End is { } end ? string.Create(CultureInfo.InvariantCulture, $"{(int)(end - Time.Start).TotalHours:00}:{(end - Time.Start).Minutes:00}") : "00:00";

    public string Slug
    {
        get
        {
            var name = string.Concat(Session.Id.Select(letter => char.IsAsciiLetterOrDigit(letter) || letter == '-' ? char.ToLowerInvariant(letter) : '_'));
            return $"living_city-{name.TrimEnd('-', '_')}";
        }
    }
}

/// <summary>A day that has a date, with its timed sessions by room.</summary>
internal sealed record ScheduleDay(int Index, DateOnly Date, DateTimeOffset Start, DateTimeOffset End, IReadOnlyList<(string Room, IReadOnlyList<TimedSession> Sessions)> Rooms)
{
    public const string NoRoom = "To be announced";

    public static IReadOnlyList<ScheduleDay> Of(Event item)
    {
        var zone = SessionTimes.Zone(item.TimeZone)!;
        return [.. item.Days.Where(day => day.Date is not null).OrderBy(day => day.Date).Select((day, index) =>
        {
            var timed = item.Sessions.Where(session => session.Day == day.Id).Select(session => (session, time: SessionTimes.Of(item, session))).Where(pair => pair.time is not null)
                .Select(pair => new TimedSession(pair.session, pair.time!)).OrderBy(session => session.Time.Start).ToArray();
            var midnight = zone.AtStartOfDay(NodaTime.LocalDate.FromDateOnly(day.Date!.Value));
            return new ScheduleDay(
                index + 1, day.Date.Value,
                timed.Select(session => session.Time.Start).Append(midnight.ToDateTimeOffset()).Min(),
                timed.Select(session => session.Time.End ?? session.Time.Start).Append(zone.AtStartOfDay(midnight.Date.PlusDays(1)).ToDateTimeOffset()).Max(),
                [.. timed.GroupBy(session => session.Session.Room ?? NoRoom).Select(room => (room.Key, (IReadOnlyList<TimedSession>)[.. room]))]);
        })];
    }
}
