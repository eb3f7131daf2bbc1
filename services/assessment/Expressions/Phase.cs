namespace LivingCity.Assessment.Expressions;

/// <summary>A phase in which cities may ask for the service.</summary>
/// <param name="Id">Stable name.</param>
/// <param name="Opens">The first day, from its first instant on, in the zone.</param>
/// <param name="Deadline">The last day, to its last instant, in the zone.</param>
/// <param name="Ends">The last day of the services.</param>
/// <param name="Zone">IANA time zone.</param>
/// <param name="EncouragedAbove">Cities with more inhabitants than this are encouraged. Advice: nobody is turned away for it.</param>
/// <param name="Demonstration">Whether it is invented, for demonstration.</param>
internal sealed record Phase(string Id, DateOnly Opens, DateOnly Deadline, DateOnly Ends, string Zone, int EncouragedAbove, bool Demonstration = false)
{
    /// <summary>The service lasts six weeks from the invitation.</summary>
    public const int ServiceDays = 42;

    /// <summary>The steps of the service, with the days after the invitation by which each is due.</summary>
    public static readonly IReadOnlyList<(string Name, int Days)> Milestones =
        [("kick-off", 7), ("maturity-assessment", 14), ("technology-readiness", 21), ("roadmap", 32), ("procurement-needs", 39), ("outcome-report", ServiceDays)];

    /// <summary>The instant from which on it is open.</summary>
    public DateTimeOffset OpensAt => StartOf(Opens);

    /// <summary>The first instant that is too late: the beginning of the day after the deadline.</summary>
    public DateTimeOffset ClosesAt => StartOf(Deadline.AddDays(1));

    public bool IsOpen(DateTimeOffset now) => now >= OpensAt && now < ClosesAt;

    /// <summary>Strictly more inhabitants than the phase encourages.</summary>
    public bool Encourages(int population) => population > EncouragedAbove;

    /// <summary>Whether cities could ask in both phases at the same time. The services of two phases may overlap, the times to ask may not.</summary>
    public bool Overlaps(Phase other) => OpensAt < other.ClosesAt && other.OpensAt < ClosesAt;

    /// <summary>The calendar day at an instant, in the zone.</summary>
    public DateOnly DayOf(DateTimeOffset instant) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(instant, TimeZoneInfo.FindSystemTimeZoneById(Zone)).DateTime);

    private DateTimeOffset StartOf(DateOnly day)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(Zone);
        var midnight = day.ToDateTime(TimeOnly.MinValue);
        // Where clocks jump over midnight the day begins with its first instant that exists.
        while (zone.IsInvalidTime(midnight))
        {
            midnight = midnight.AddMinutes(15);
        }

        var offset = zone.IsAmbiguousTime(midnight) ? zone.GetAmbiguousTimeOffsets(midnight).Max() : zone.GetUtcOffset(midnight);
        return new DateTimeOffset(midnight, offset);
    }
}
