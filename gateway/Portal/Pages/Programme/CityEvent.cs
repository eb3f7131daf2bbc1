using System.Globalization;
using Microsoft.Extensions.Localization;

namespace LivingCity.Gateway.Portal.Pages.Programme;

/// <summary>An event as service <c>events</c> tells of it.</summary>
internal sealed record CityEvent(
    string Id, string Title, string City, string Country, IReadOnlyList<string> CoChairs, IReadOnlyList<string> Speakers, IReadOnlyList<string> Notes, IReadOnlyList<EventSession> Sessions,
    string? Theme = null, DateOnly? Date = null, string? Venue = null)
{
    /// <summary>The sessions by day in their order; a day without a date has a name or none.</summary>
    public IEnumerable<IGrouping<string?, EventSession>> Days => Sessions.GroupBy(session => session.Day);
}

/// <summary>A session as service <c>events</c> tells of it.</summary>
internal sealed record EventSession(
    string Id, string Title, string? Day = null, DateTimeOffset? Start = null, DateTimeOffset? End = null, string? Format = null, string? Room = null, IReadOnlyList<string>? Languages = null,
    string? Host = null, string? DressCode = null, string? Note = null, int? Capacity = null, string? ExclusiveGroup = null, bool OpenToNonMembers = false, bool InOfficialProgramme = true)
{
    /// <summary>Clock times at the venue, like 11:30–13:00, or null while they are not set.</summary>
    public string? Times => Start is { } start ? End is { } end ? $"{Clock(start)}–{Clock(end)}" : Clock(start) : null;

    /// <summary>The day in the reader's language: a date, or its number (<c>Day 2</c>) while no date is set.</summary>
    public static string? DayText(string? day, IStringLocalizer texts) => day switch
    {
        _ when DateOnly.TryParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) => date.ToString("D", CultureInfo.CurrentCulture),
        ['D', 'a', 'y', ' ', .. var number] => texts["Programme.DayNumber", number],
        _ => day,
    };

    private static string Clock(DateTimeOffset time) => time.ToString("t", CultureInfo.CurrentCulture);
}

/// <summary>A seat that the visitor has.</summary>
internal sealed record Seat(Guid Id, string Session, DateTimeOffset RegisteredAt);
