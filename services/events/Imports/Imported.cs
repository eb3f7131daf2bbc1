using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using LivingCity.Events.Exports;
using LivingCity.Events.Programme;
using NodaTime;

namespace LivingCity.Events.Imports;

/// <summary>A session as a file has it, before it is understood.</summary>
internal sealed class RawSession
{
    public string? Id { get; set; }

    public string? Guid { get; set; }

    public string? Day { get; set; }

    /// <summary>RFC 3339, where the file has it.</summary>
    public string? Date { get; set; }

    public string? Start { get; set; }

    public string? Duration { get; set; }

    public string? Room { get; set; }

    public string? Title { get; set; }

    public string? Subtitle { get; set; }

    public string? Track { get; set; }

    public string? Type { get; set; }

    public string? Language { get; set; }

    public string? Abstract { get; set; }

    public string? Description { get; set; }

    public List<(string? Id, string Name)> People { get; } = [];

    public List<(string Url, string Title)> Links { get; } = [];

    public List<(string Url, string Title)> Documents { get; } = [];

    public SortedDictionary<string, string> Extra { get; } = new(StringComparer.Ordinal);
}

/// <summary>A schedule as a file has it.</summary>
internal sealed class RawSchedule
{
    public string? Title { get; set; }

    public string? Zone { get; set; }

    public string? Venue { get; set; }

    public string? City { get; set; }

    public List<(string Id, string? Date)> Days { get; } = [];

    public List<RawSession> Sessions { get; } = [];

    public List<string> Warnings { get; } = [];
}

/// <summary>An event made from a file, and everything in the file that was not as the format has it.</summary>
internal sealed record ImportResult(Event Event, IReadOnlyList<string> Warnings);

/// <summary>Makes an event of what a file says: leniently, but with a warning for everything that had to be guessed, changed or set aside.</summary>
internal static partial class Importer
{
    public static ImportResult Make(RawSchedule raw, string eventId, string timeZone, string? city = null, string? country = null)
    {
        var zone = SessionTimes.Zone(timeZone)!;
        var days = raw.Days.Select(day => new Programme.Day(day.Id, Titled(day.Date ?? day.Id), DateOnly.TryParse(day.Date, CultureInfo.InvariantCulture, out var date) ? date : null)).ToArray();
        var ids = new HashSet<string>();
        var guids = new HashSet<Guid>();
        var sessions = raw.Sessions.Select(session => Make(raw, session, eventId, zone, days, ids, guids)).ToArray();
        var rooms = sessions.Select(session => session.Room).OfType<string>().Distinct().Select(room => new Room(room)).ToArray();
        return new ImportResult(new Event
        {
            Id = eventId, Title = Titled(raw.Title ?? eventId), TimeZone = timeZone, City = city ?? raw.City ?? "", Country = country ?? "", Days = days,
            Venues = [new Venue("venue", Titled(string.IsNullOrEmpty(raw.Venue) ? raw.Title ?? eventId : raw.Venue)) { Rooms = rooms }],
            Sessions = sessions,
        }, raw.Warnings);
    }

    private static Session Make(RawSchedule all, RawSession raw, string eventId, DateTimeZone zone, Programme.Day[] days, HashSet<string> ids, HashSet<Guid> guids)
    {
        var id = $"{eventId}-{Slug(raw.Id ?? raw.Title ?? "session")}";
        for (var copy = 2; !ids.Add(id); copy++)
        {
            if (copy == 2)
            {
                all.Warnings.Add($"{id}: there is more than one of this id; the others get a number.");
            }

            id = $"{eventId}-{Slug(raw.Id ?? raw.Title ?? "session")}-{copy}";
        }

        var (start, end) = Times(all, raw, id, zone, days);
        var day = days.FirstOrDefault(known => known.Id == raw.Day);
        var language = raw.Language is { Length: 2 } tag && tag.All(char.IsAsciiLetter) ? tag.ToLowerInvariant() : Text.Fallback;
        if (!string.IsNullOrEmpty(raw.Language) && raw.Language.Length != 2)
        {
            all.Warnings.Add($"{id}: \"{raw.Language}\" is not a language tag of two letters.");
        }

        var title = string.IsNullOrWhiteSpace(raw.Title) ? "(untitled)" : raw.Title.Trim();
        if (string.IsNullOrWhiteSpace(raw.Title))
        {
            all.Warnings.Add($"{id}: has no title.");
        }

        var date = start?.Date is { } local ? DateOnly.FromDateTime(local.ToDateTimeUnspecified()) : (DateOnly?)null;
        return new Session
        {
            Id = id,
            Guid = GuidOf(all, raw, id, guids),
            Title = In(title, language),
            Subtitle = Optional(raw.Subtitle, language),
            Day = day?.Id,
            Date = date is not null && date != day?.Date ? date : null,
            From = start is { } from ? TimeOnly.FromTimeSpan(new TimeSpan(from.LocalDateTime.TimeOfDay.TickOfDay)) : null,
            To = end is { } to ? TimeOnly.FromTimeSpan(new TimeSpan(to.LocalDateTime.TimeOfDay.TickOfDay)) : null,
            Offset = start is { } first && zone.MapLocal(first.LocalDateTime).Count == 2 ? first.Offset.Seconds / 60 : null,
            Venue = "venue",
            Room = string.IsNullOrWhiteSpace(raw.Room) ? null : raw.Room.Trim(),
            Track = string.IsNullOrWhiteSpace(raw.Track) ? null : raw.Track.Trim(),
            Format = Optional(raw.Type, Text.Fallback),
            Languages = string.IsNullOrEmpty(raw.Language) ? [] : [raw.Language],
            Abstract = Optional(HtmlText.Plain(raw.Abstract), language),
            Note = Optional(HtmlText.Plain(raw.Description), language),
            People = [.. raw.People.Select(person => new Participation($"{eventId}-{Slug(person.Id ?? person.Name)}", person.Name, Role.Speaker))],
            Links = [.. raw.Links.Select(link => new Link(link.Url, Titled(link.Title.Length > 0 ? link.Title : link.Url)))],
            Documents = [.. raw.Documents.Select(link => new Link(link.Url, Titled(link.Title.Length > 0 ? link.Title : link.Url)))],
            Extra = raw.Extra.Count > 0 ? raw.Extra : null,
        };
    }

    private static (ZonedDateTime? Start, ZonedDateTime? End) Times(RawSchedule all, RawSession raw, string id, DateTimeZone zone, Programme.Day[] days)
    {
        ZonedDateTime? start = null;
        if (DateTimeOffset.TryParse(raw.Date, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant) && raw.Date!.Length > 10)
        {
            start = Instant.FromDateTimeOffset(instant).InZone(zone);
        }
        else if (TimeOnly.TryParse(raw.Start, CultureInfo.InvariantCulture, out var clock) && days.FirstOrDefault(day => day.Id == raw.Day)?.Date is { } date)
        {
            start = (LocalDate.FromDateOnly(date) + LocalTime.FromTimeOnly(clock)).InZoneLeniently(zone);
        }
        else
        {
            all.Warnings.Add($"{id}: has no start that can be read (\"{raw.Date ?? raw.Start}\"); it is to be announced.");
        }

        var parts = (raw.Duration ?? "").Split(':');
        if (start is not { } known || parts.Length is < 2 or > 3 || !parts.All(part => int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out _)))
        {
            if (start is not null)
            {
                all.Warnings.Add($"{id}: has no duration that can be read (\"{raw.Duration}\"); its end is to be announced.");
            }

            return (start, null);
        }

        var length = Duration.FromHours(int.Parse(parts[0], CultureInfo.InvariantCulture)) + Duration.FromMinutes(int.Parse(parts[1], CultureInfo.InvariantCulture));
        if (length <= Duration.Zero || length >= Duration.FromHours(24))
        {
            all.Warnings.Add($"{id}: lasts {raw.Duration}; its end is to be announced.");
            raw.Extra["duration"] = raw.Duration!;
            return (start, null);
        }

        return (start, (known.ToInstant() + length).InZone(zone));
    }

    private static Guid? GuidOf(RawSchedule all, RawSession raw, string id, HashSet<Guid> guids)
    {
        if (string.IsNullOrWhiteSpace(raw.Guid))
        {
            return null;
        }

        if (!Guid.TryParse(raw.Guid, out var guid))
        {
            all.Warnings.Add($"{id}: \"{raw.Guid}\" is not a UUID; one is derived from it.");
            raw.Extra["guid"] = raw.Guid;
            guid = SessionIds.Named(raw.Guid);
        }

        if (!guids.Add(guid))
        {
            all.Warnings.Add($"{id}: shares its guid {raw.Guid} with another session; it gets one of its own.");
            raw.Extra["guid"] = raw.Guid;
            return null;
        }

        return guid;
    }

    private static Text Titled(string text) => In(text, Text.Fallback);

    private static Text In(string text, string language) => new(new SortedDictionary<string, string>(StringComparer.Ordinal) { [language] = text.Length > 500 ? text[..500] : text });

    private static Text? Optional(string? text, string language) => string.IsNullOrWhiteSpace(text) ? null : new Text(new SortedDictionary<string, string>(StringComparer.Ordinal) { [language] = text.Trim() });

    private static string Slug(string text)
    {
        var slug = NotWord().Replace(text.ToLowerInvariant(), "-").Trim('-');
        return slug.Length == 0 ? Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..12] : slug.Length > 50 ? slug[..50].TrimEnd('-') : slug;
    }

    [GeneratedRegex("[^a-z0-9]+")]
    private static partial Regex NotWord();
}

/// <summary>Texts that come as HTML, as text: paragraphs keep their breaks, links their addresses.</summary>
internal static partial class HtmlText
{
    public static string? Plain(string? html)
    {
        if (html is null || !Tag().IsMatch(html))
        {
            return html;
        }

        var linked = Anchor().Replace(html, match => match.Groups[2].Value == match.Groups[1].Value ? match.Groups[1].Value : $"{match.Groups[2].Value} ({match.Groups[1].Value})");
        var broken = Break().Replace(linked, "\n");
        return System.Net.WebUtility.HtmlDecode(Tag().Replace(broken, "")).Trim();
    }

    [GeneratedRegex("""<a\s[^>]*href="([^"]*)"[^>]*>(.*?)</a>""", RegexOptions.IgnoreCase | RegexOptions.Singleline)]
    private static partial Regex Anchor();

    [GeneratedRegex("</p>|<br ?/?>|</li>|</h[1-6]>|</tr>|</pre>", RegexOptions.IgnoreCase)]
    private static partial Regex Break();

    [GeneratedRegex("</?[a-zA-Z][^>]*>")]
    private static partial Regex Tag();
}
