using System.Globalization;
using LivingCity.Events.Programme;
using NodaTime;

namespace LivingCity.Events.Exports;

/// <summary>A session in a calendar.</summary>
/// <param name="Published">The event as published.</param>
/// <param name="Session">The session.</param>
/// <param name="Sequence">How often it was rescheduled.</param>
/// <param name="ChangedAt">When it was last changed.</param>
/// <param name="Cancelled">Whether it does not take place, or not for this reader.</param>
internal sealed record CalendarEntry(Published Published, Session Session, int Sequence, DateTimeOffset ChangedAt, bool Cancelled = false);

/// <summary>To whom an invitation (iTIP, RFC 5546) goes, and who sends it.</summary>
internal sealed record Invitee(string Email, string Name, string Organiser);

/// <summary>Sessions as iCalendar. What has a date and no time yet is a whole day; what has no date is not in it.</summary>
internal static class EventCalendar
{
    private const string Product = "-//Living City//Events//EN";

    /// <summary>A feed to subscribe to.</summary>
    /// <param name="name">What the calendar is called.</param>
    /// <param name="entries">The sessions, cancelled ones too, so that calendars take them out.</param>
    /// <param name="languages">The reader's languages.</param>
    /// <param name="site">Where the programme's pages are, without a slash at the end; null leaves links out.</param>
    public static string Feed(string name, IEnumerable<CalendarEntry> entries, IReadOnlyList<string> languages, string? site) => Write(null, name, [.. entries], languages, site, null);

    /// <summary>A message that puts one session into a calendar (REQUEST), or takes it out (CANCEL).</summary>
    public static string Message(CalendarEntry entry, IReadOnlyList<string> languages, string? site, Invitee invitee) =>
        Write(entry.Cancelled ? "CANCEL" : "REQUEST", null, [entry], languages, site, invitee);

    /// <summary>The entries of a programme.</summary>
    public static IEnumerable<CalendarEntry> Entries(Published published) =>
    [
        .. published.Event.Sessions.Select(session => new CalendarEntry(published, session, published.Rows[session.Id].Sequence, published.Rows[session.Id].ChangedAt)),
        .. published.Rows.Values.Where(row => row.Cancelled).Select(row => new CalendarEntry(published, row.Body, row.Sequence, row.ChangedAt, true)),
    ];

    private static string Write(string? method, string? name, IReadOnlyList<CalendarEntry> entries, IReadOnlyList<string> languages, string? site, Invitee? invitee)
    {
        var calendar = new CalendarText().Begin("VCALENDAR").Line("VERSION", "2.0").Line("PRODID", Product).Line("CALSCALE", "GREGORIAN");
        if (method is not null)
        {
            calendar.Line("METHOD", method);
        }

        calendar.Text("X-WR-CALNAME", name);
        var timed = entries.Select(entry => (entry.Published.Event.TimeZone, Time: SessionTimes.Of(entry.Published.Event, entry.Session))).Where(entry => entry.Time is not null).ToArray();
        foreach (var zone in timed.GroupBy(entry => entry.TimeZone))
        {
            CalendarZone.Write(calendar, SessionTimes.Zone(zone.Key)!, zone.Min(entry => entry.Time!.Start), zone.Max(entry => entry.Time!.End ?? entry.Time.Start));
        }

        foreach (var entry in entries)
        {
            Add(calendar, entry, languages, site, invitee);
        }

        return calendar.End("VCALENDAR").ToString();
    }

    private static void Add(CalendarText calendar, CalendarEntry entry, IReadOnlyList<string> languages, string? site, Invitee? invitee)
    {
        var (item, session) = (entry.Published.Event, entry.Session);
        var time = SessionTimes.Of(item, session);
        if (time is null && SessionTimes.DateOf(item, session) is null)
        {
            return;
        }

        var (title, language) = session.Title.In(languages);
        var venue = item.Venues.FirstOrDefault(candidate => candidate.Id == session.Venue);
        calendar.Begin("VEVENT").Line("UID", $"{SessionIds.Of(session):D}").Line("DTSTAMP", CalendarText.Utc(entry.ChangedAt)).Line("LAST-MODIFIED", CalendarText.Utc(entry.ChangedAt))
            .Line("SEQUENCE", entry.Sequence.ToString(CultureInfo.InvariantCulture));
        if (time is not null)
        {
            Instant(calendar, "DTSTART", time.Start, item.TimeZone);
            if (time.End is { } end)
            {
                Instant(calendar, "DTEND", end, item.TimeZone);
            }
        }
        else
        {
            calendar.Line("DTSTART;VALUE=DATE", SessionTimes.DateOf(item, session)!.Value.ToString("yyyyMMdd", CultureInfo.InvariantCulture));
        }

        calendar.Text($"SUMMARY;LANGUAGE={language}", title)
            .Text("DESCRIPTION", Description(item, session, languages))
            .Text("LOCATION", string.Join(", ", ((string?[])[session.Room, venue?.Name.In(languages).Value, venue?.Address]).Where(part => part is not null)))
            .Line("STATUS", entry.Cancelled ? "CANCELLED" : "CONFIRMED");
        if (venue is { Latitude: { } latitude, Longitude: { } longitude })
        {
            calendar.Line("GEO", string.Create(CultureInfo.InvariantCulture, $"{latitude:0.######};{longitude:0.######}"));
        }

        if (session.Tags.Count > 0)
        {
            calendar.Line("CATEGORIES", string.Join(',', session.Tags.Select(CalendarText.Escape)));
        }

        if (site is not null)
        {
            calendar.Line("URL", $"{site}/programme/{item.Id}/{session.Id}");
        }

        if (invitee is not null)
        {
            calendar.Line("ORGANIZER", $"mailto:{invitee.Organiser}").Line($"ATTENDEE;CN={CalendarText.Parameter(invitee.Name)};ROLE=REQ-PARTICIPANT;PARTSTAT=ACCEPTED;RSVP=FALSE", $"mailto:{invitee.Email}");
        }

        calendar.End("VEVENT");
    }

    /// <summary>Local time with its zone; in UTC where the clock shows the time twice: the standard means the first (RFC 5545, 3.3.5), and not all readers do.</summary>
    private static void Instant(CalendarText calendar, string name, DateTimeOffset at, string zoneId)
    {
        var zone = SessionTimes.Zone(zoneId)!;
        var local = NodaTime.Instant.FromDateTimeOffset(at).InZone(zone);
        if (zone.MapLocal(local.LocalDateTime).Count == 2)
        {
            calendar.Line(name, CalendarText.Utc(at));
        }
        else
        {
            calendar.Line($"{name};TZID={zoneId}", local.LocalDateTime.ToString("yyyyMMdd'T'HHmmss", CultureInfo.InvariantCulture));
        }
    }

    private static string Description(Event item, Session session, IReadOnlyList<string> languages) => string.Join('\n', ((IEnumerable<string?>)
    [
        session.Abstract?.In(languages).Value, session.Note?.In(languages).Value,
        .. session.Steps.Select(step => $"{step.From:HH\\:mm}–{step.To:HH\\:mm} {step.Title.In(languages).Value}"),
        session.Host is { } host ? $"Host: {host.In(languages).Value}" : null, session.DressCode is { } dress ? $"Dress code: {dress.In(languages).Value}" : null,
        session.People.Count > 0 ? string.Join(", ", session.People.Select(part => part.Name)) : null,
        session.Joins is { } joins && item.Sessions.FirstOrDefault(other => other.Id == joins) is { } next ? $"→ {next.Title.In(languages).Value}" : null,
    ]).Where(part => !string.IsNullOrWhiteSpace(part)));
}
