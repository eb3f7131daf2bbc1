using System.Globalization;

namespace LivingCity.Gateway.Portal.Events;

/// <summary>A text with the language that it is in, which is not always the page's.</summary>
public sealed record Words(string Text, string Lang);

internal sealed record EventCard(string Id, Words Title, Words? Theme, string City, string Country, DateOnly? Starts, DateOnly? Ends, int Sessions);

/// <summary>A link with its text.</summary>
public sealed record LinkView(string Url, Words Title);

internal sealed record EventView(
    string Id, Words Title, string TimeZone, string City, string Country, Words? Theme = null, string? Code = null, Words? Within = null, Words? Format = null, Words? Topic = null, Words? PartnershipType = null, Words? Attendance = null,
    DateOnly? Starts = null, DateOnly? Ends = null, Words? Abstract = null)
{
    public IReadOnlyList<DayView> Days { get; init; } = [];

    public IReadOnlyList<SessionView> Sessions { get; init; } = [];

    public IReadOnlyList<VenueView> Venues { get; init; } = [];

    public IReadOnlyList<Part> People { get; init; } = [];

    public IReadOnlyList<PartnerView> Partners { get; init; } = [];

    public IReadOnlyList<Words> Notes { get; init; } = [];

    public IReadOnlyList<string> Tags { get; init; } = [];

    public IReadOnlyList<string> Languages { get; init; } = [];

    public IReadOnlyList<LinkView> Links { get; init; } = [];

    public IReadOnlyList<LinkView> Documents { get; init; } = [];

    public DateOnly? Begins => Starts ?? Days.Min(day => day.Date);

    public DateOnly? Closes => Ends ?? Days.Max(day => day.Date);

    /// <summary>Its days, in the reader's language. Null when they are not known yet.</summary>
    public string? When => Begins is not { } first ? null : Closes is { } last && last > first ? $"{first:D} – {last:D}" : first.ToString("D", CultureInfo.CurrentCulture);

    /// <summary>Its first venue, or else its city.</summary>
    public string Where => Venues is [var venue, ..] ? string.Join(", ", ((string?[])[venue.Name.Text, venue.Address]).Where(part => part is not null)) : $"{City}, {Country}";

    /// <summary>The session's date, or the day's name while there is none.</summary>
    public string DayOf(SessionView session) => Days.FirstOrDefault(day => day.Id == session.Day) is { } day ? day.Date?.ToString("d", CultureInfo.CurrentCulture) ?? day.Title.Text : "";

    /// <summary>The days in order, and last what has no day yet.</summary>
    public IEnumerable<(DayView? Day, IReadOnlyList<SessionView> Sessions)> Programme =>
        Days.Select(day => ((DayView?)day, (IReadOnlyList<SessionView>)[.. Sessions.Where(session => session.Day == day.Id)])).Append((null, [.. Sessions.Where(session => session.Day is null)])).Where(day => day.Item2.Count > 0);
}

internal sealed record DayView(string Id, Words Title, DateOnly? Date = null, Words? Theme = null);

internal sealed record VenueView(string Id, Words Name, string? Address = null, double? Latitude = null, double? Longitude = null, Words? Accessibility = null)
{
    public IReadOnlyList<RoomView> Rooms { get; init; } = [];
}

internal sealed record RoomView(string Name, int? Capacity = null, Words? Accessibility = null);

internal sealed record PartnerView(string Name, string? City = null, string? Country = null);

internal sealed record Part(string Person, string Name, string Role, Words? As = null);

internal sealed record StepView(Words Title, TimeOnly From, TimeOnly To);

internal sealed record AgendaPointView(Words Title, int? Minutes = null);

internal sealed record SessionView(
    string Id, Words Title, string? Day = null, DateTimeOffset? Start = null, DateTimeOffset? End = null, TimeOnly? From = null, TimeOnly? To = null, Words? Subtitle = null, Words? Format = null, Words? Abstract = null, Words? Note = null,
    string? Venue = null, string? Room = null, int? Capacity = null, Words? Host = null, Words? DressCode = null, Words? CoveredBy = null, bool OpenToNonMembers = false, bool InOfficialProgramme = true, string? ExclusiveGroup = null, string? Joins = null,
    Words? Theme = null, string? Track = null)
{
    public IReadOnlyList<string> Tags { get; init; } = [];

    public IReadOnlyList<string> Languages { get; init; } = [];

    public IReadOnlyList<string> Interpretation { get; init; } = [];

    public IReadOnlyList<StepView> Steps { get; init; } = [];

    public IReadOnlyList<AgendaPointView> Agenda { get; init; } = [];

    public IReadOnlyList<Part> People { get; init; } = [];

    public IReadOnlyList<LinkView> Links { get; init; } = [];

    public IReadOnlyList<LinkView> Documents { get; init; } = [];

    /// <summary>Clock times at the venue, like 11:30–13:00, or null while they are not set.</summary>
    public string? Times => From is { } from ? To is { } to ? $"{Clock(from)}–{Clock(to)}" : Clock(from) : null;

    public static string Clock(TimeOnly time) => time.ToString("t", CultureInfo.CurrentCulture);
}

internal sealed record Seat(Guid Id, string Event, string Session, string State, int? Position, DateTimeOffset RegisteredAt, Guid? InsteadOf = null, bool Joined = false, string? Name = null);

internal sealed record SeatNumbers(string Session, int? Capacity, int Taken, int Waiting);

internal sealed record FoundSession(string Session, string Title, string Event);

internal sealed record AgendaView(string Event, IReadOnlyList<AgendaEntry> Items, IReadOnlyList<ClashView> Clashes);

internal sealed record AgendaEntry(string Session, string State);

internal sealed record ClashView(string Kind, string What, string First, string Second, int MissingMinutes);

internal sealed record Suggestion(string Session, string Title, string Event, IReadOnlyList<SuggestionReason> Reasons);

internal sealed record SuggestionReason(string Topic, double Score);

internal sealed record Ticket(string Event, string Name, string Svg);

internal sealed record RankedWishes(IReadOnlyList<string> Sessions);

internal sealed record DeskEntry(Guid Id, string Session, Guid Participant, string Name, string City, string Kind, string State, int Priority, string? Organisation, string? Diet, string? AccessNeeds);

internal sealed record ChangeView(string? Session, string Kind, string? Field);

internal sealed record AllocationView(long Seed, int Seated, int Waiting);

internal sealed record NextStepView(string Event, string Promise, string Responsible, DateOnly? DueOn, string Status, string? Progress, bool Overdue);

internal sealed record YearView(int? Year, int Promised, int Done, int UnderWay, int Open, int Dropped, int Overdue, IReadOnlyList<NextStepView> Steps);

internal sealed record CriterionView(string Id, string Name, int Weight, int Most);

internal sealed record HostCallView(Guid Id, string Title, int Year, string Description, IReadOnlyList<CriterionView> Criteria, DateTimeOffset Deadline, string TimeZone, string State, string? Winner, string? Reasons);

public sealed record SignatoryView(Guid Id, string Name, string Kind, string Country, double? Latitude, double? Longitude, string? Event, DateOnly? SignedOn, int? Year, string? Note);

internal sealed record SigningItem(Guid Id, string Name, string Kind, string SignerName, string SignerTitle, string State, string? RefusedBecause);

internal sealed record ProfileView(string Name, string? Email = null, string? Language = null, string? Organisation = null, string? Diet = null, string? AccessNeeds = null, bool Consent = false);

internal sealed record NoticeChoice(string Delivery, IReadOnlyList<string>? Without = null)
{
    /// <summary>Kinds of notices that one can do without.</summary>
    public static readonly IReadOnlyList<string> Kinds = ["confirmed", "waiting", "promoted", "changed", "removed", "cancelled", "reminder"];
}

internal sealed record GuestView(string Code, Seat Registration);

internal sealed record CodeView(string Code, DateTimeOffset ExpiresAt);

internal sealed record FeedView(string Address);

internal sealed record QuoteView(Dictionary<string, string> Words, string By, bool Consent);

internal sealed record WrittenLink(string Url, Dictionary<string, string> Title);

internal sealed record WrittenReport(Dictionary<string, string>? Summary = null, Dictionary<string, string>? Conclusion = null)
{
    public IReadOnlyList<Dictionary<string, string>> Insights { get; init; } = [];

    public IReadOnlyList<Dictionary<string, string>> Priorities { get; init; } = [];

    public IReadOnlyList<Dictionary<string, string>> Implications { get; init; } = [];

    public IReadOnlyList<QuoteView> Quotes { get; init; } = [];

    public IReadOnlyList<WrittenLink> Recordings { get; init; } = [];

    public IReadOnlyList<WrittenLink> Links { get; init; } = [];

    public bool IsEmpty => Summary is null && Conclusion is null && Insights.Count + Priorities.Count + Implications.Count + Quotes.Count + Recordings.Count + Links.Count == 0;
}

internal sealed record SurveyView(int Answers, double? Overall, double? Content, double? Organisation);

internal sealed record OwnAnswer(int Overall, int Content, int Organisation, string? Remark = null);

internal sealed record ReportView(string Event, WrittenReport Report, IReadOnlyList<StepOfReport> NextSteps, SurveyView Survey);

internal sealed record StepOfReport(Guid Id, string Promise, string Responsible, DateOnly? DueOn, string Status, string? Progress, bool Overdue);

internal sealed record ApplicationEntry(Guid Id, string Community, string Contact, IReadOnlyDictionary<string, string> Answers, DateTimeOffset SubmittedAt, double? Score, int Judges);

internal sealed record MandateView(Guid Id, string Person, string Name, string Office, string? SignatoryName, DateOnly StartsOn, DateOnly EndsOn);

internal sealed record ElectionEntry(Guid Id, string Office, DateTimeOffset OpensAt, DateTimeOffset ClosesAt, string TimeZone, string State, int Voted, IReadOnlyList<CandidateView> Candidates);

internal sealed record CandidateView(Guid Signatory, string Name, string Person, string Statement, int? Votes);

internal sealed record PersonEntry(string Id, string Name, IReadOnlyList<AffiliationView> Affiliations);

internal sealed record AffiliationView(string As, string? Event = null, DateOnly? From = null, DateOnly? Until = null);

internal sealed record PersonDetails(PersonEntry Person, IReadOnlyList<AppearanceView> Appearances);

internal sealed record AppearanceView(string Event, string? Session, string Role, string? As);

internal sealed record DraftCard(string Id, Dictionary<string, string> Title, int Version);

internal sealed record ImportResultView(string Event, int Days, int Sessions, IReadOnlyList<string> Warnings);

internal sealed record TemplateEntry(Guid Id, string Name);

internal sealed record InterruptedEntry(Guid Id, string Name, string Kind, string? Session, DateTimeOffset At);

internal sealed record VersionEntry(int Version, DateTimeOffset PublishedAt, string? Note, IReadOnlyList<ChangeView> Changes);

internal static class WordsExtensions
{
    /// <summary>Of a text in several languages the reader's, else the English one, else any.</summary>
    public static Words Shown(this IReadOnlyDictionary<string, string> text)
    {
        var own = Languages.Language.Current;
        return text.TryGetValue(own, out var found) ? new Words(found, own) : text.TryGetValue("en", out var english) ? new Words(english, "en") : text.Select(entry => new Words(entry.Value, entry.Key)).FirstOrDefault() ?? new Words("", "en");
    }
}
