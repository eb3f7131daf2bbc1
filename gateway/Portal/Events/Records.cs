using System.Globalization;

namespace LivingCity.Gateway.Portal.Events;

/// <summary>A text with the language that it is in, which is not always the page's.</summary>
public sealed record Words(string Text, string Lang);

internal sealed record EventCard(string Id, Words Title, Words? Theme, string City, string Country, DateOnly? Starts, DateOnly? Ends, int Sessions);

internal sealed record EventView(
    string Id, Words Title, string TimeZone, string City, string Country, Words? Theme = null, string? Code = null, Words? Within = null, Words? Format = null, Words? Topic = null, Words? PartnershipType = null, Words? Attendance = null,
    DateOnly? Starts = null, DateOnly? Ends = null)
{
    public IReadOnlyList<DayView> Days { get; init; } = [];

    public IReadOnlyList<SessionView> Sessions { get; init; } = [];

    public IReadOnlyList<VenueView> Venues { get; init; } = [];

    public IReadOnlyList<Part> People { get; init; } = [];

    public IReadOnlyList<PartnerView> Partners { get; init; } = [];

    public IReadOnlyList<Words> Notes { get; init; } = [];

    public IReadOnlyList<string> Tags { get; init; } = [];

    public IReadOnlyList<string> Languages { get; init; } = [];

    public DateOnly? Begins => Starts ?? Days.Min(day => day.Date);

    /// <summary>The days in order, and last what has no day yet.</summary>
    public IEnumerable<(DayView? Day, IReadOnlyList<SessionView> Sessions)> Programme =>
        Days.Select(day => ((DayView?)day, (IReadOnlyList<SessionView>)[.. Sessions.Where(session => session.Day == day.Id)])).Append((null, [.. Sessions.Where(session => session.Day is null)])).Where(day => day.Item2.Count > 0);
}

internal sealed record DayView(string Id, Words Title, DateOnly? Date = null, Words? Theme = null);

internal sealed record VenueView(string Id, Words Name, string? Address = null);

internal sealed record PartnerView(string Name, string? City = null, string? Country = null);

internal sealed record Part(string Person, string Name, string Role, Words? As = null);

internal sealed record StepView(Words Title, TimeOnly From, TimeOnly To);

internal sealed record AgendaPointView(Words Title);

internal sealed record SessionView(
    string Id, Words Title, string? Day = null, DateTimeOffset? Start = null, DateTimeOffset? End = null, TimeOnly? From = null, TimeOnly? To = null, Words? Subtitle = null, Words? Format = null, Words? Abstract = null, Words? Note = null,
    string? Venue = null, string? Room = null, int? Capacity = null, Words? Host = null, Words? DressCode = null, Words? CoveredBy = null, bool OpenToNonMembers = false, bool InOfficialProgramme = true, string? ExclusiveGroup = null, string? Joins = null)
{
    public IReadOnlyList<string> Languages { get; init; } = [];

    public IReadOnlyList<string> Interpretation { get; init; } = [];

    public IReadOnlyList<StepView> Steps { get; init; } = [];

    public IReadOnlyList<AgendaPointView> Agenda { get; init; } = [];

    public IReadOnlyList<Part> People { get; init; } = [];

    /// <summary>Clock times at the venue, like 11:30–13:00, or null while they are not set.</summary>
    public string? Times => From is { } from ? To is { } to ? $"{Clock(from)}–{Clock(to)}" : Clock(from) : null;

    public static string Clock(TimeOnly time) => time.ToString("t", CultureInfo.CurrentCulture);
}

internal sealed record Seat(Guid Id, string Event, string Session, string State, int? Position, DateTimeOffset RegisteredAt, Guid? InsteadOf = null);

internal sealed record SeatNumbers(string Session, int? Capacity, int Taken, int Waiting);

internal sealed record FoundSession(string Session, string Title, string Event);

internal sealed record AgendaView(string Event, IReadOnlyList<AgendaEntry> Items, IReadOnlyList<ClashView> Clashes);

internal sealed record AgendaEntry(string Session, string State);

internal sealed record ClashView(string Kind, string What, string First, string Second, int MissingMinutes);

internal sealed record Suggestion(string Session, string Title, string Event, IReadOnlyList<SuggestionReason> Reasons);

internal sealed record SuggestionReason(string Topic, double Score);

internal sealed record Ticket(string Event, string Name, string Svg);

internal sealed record RankedWishes(IReadOnlyList<string> Sessions);

internal sealed record DeskEntry(Guid Id, string Session, string Name, string City, string State, int Priority);

internal sealed record ChangeView(string? Session, string Kind, string? Field);

internal sealed record AllocationView(long Seed, int Seated, int Waiting);

internal sealed record NextStepView(string Event, string Promise, string Responsible, DateOnly? DueOn, string Status, string? Progress, bool Overdue);

internal sealed record YearView(int? Year, int Promised, int Done, int UnderWay, int Open, int Dropped, int Overdue, IReadOnlyList<NextStepView> Steps);

internal sealed record CriterionView(string Id, string Name, int Weight, int Most);

internal sealed record HostCallView(Guid Id, string Title, int Year, string Description, IReadOnlyList<CriterionView> Criteria, DateTimeOffset Deadline, string TimeZone, string State, string? Winner, string? Reasons);

public sealed record SignatoryView(string Name, string Kind, string Country, double? Latitude, double? Longitude, string? Event, DateOnly? SignedOn, int? Year, string? Note);

internal sealed record SigningItem(Guid Id, string Name, string Kind, string SignerName, string SignerTitle, string State, string? RefusedBecause);

internal sealed record DraftView(IReadOnlyList<DraftSession> Sessions);

internal sealed record DraftSession(string Id, IReadOnlyDictionary<string, string> Title, TimeOnly? From = null, TimeOnly? To = null, string? Room = null, int? Capacity = null, string? ExclusiveGroup = null);
