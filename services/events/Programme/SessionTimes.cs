using NodaTime;
using NodaTime.TimeZones;

namespace LivingCity.Events.Programme;

/// <summary>When a session takes place, with the offset of its venue on that day.</summary>
internal sealed record Interval(DateTimeOffset Start, DateTimeOffset? End);

/// <summary>From date and clock at the venue to instants, by the IANA database.</summary>
internal static class SessionTimes
{
    public static DateTimeZone? Zone(string id) => DateTimeZoneProviders.Tzdb.GetZoneOrNull(id);

    /// <returns>Null while date or clock time are not known.</returns>
    public static Interval? Of(Event item, Session session)
    {
        if (DateOf(item, session) is not { } date || session.From is not { } from || Zone(item.TimeZone) is not { } zone)
        {
            return null;
        }

        var start = At(zone, date, from, session.Offset);
        return new Interval(start, session.To is { } to ? At(zone, to <= from ? date.AddDays(1) : date, to, null, notBefore: start) : null);
    }

    public static DateOnly? DateOf(Event item, Session session) => session.Date ?? item.Days.FirstOrDefault(day => day.Id == session.Day)?.Date;

    /// <summary>Whether the venue's clock shows this time on that day at all: it skips an hour in spring.</summary>
    public static bool Exists(DateTimeZone zone, DateOnly date, TimeOnly time) => zone.MapLocal(Local(date, time)).Count > 0;

    /// <summary>
    /// What the clock shows twice is the earlier of the two, unless an offset says otherwise or that would be before <paramref name="notBefore"/>; what it skips is moved on by the gap
    /// (RFC 5545, 3.3.5).
    /// </summary>
    private static DateTimeOffset At(DateTimeZone zone, DateOnly date, TimeOnly time, int? offset, DateTimeOffset? notBefore = null)
    {
        var mapping = zone.MapLocal(Local(date, time));
        var chosen = mapping.Count switch
        {
            2 when offset is { } minutes && mapping.Last().Offset == Offset.FromSeconds(minutes * 60) => mapping.Last(),
            2 when notBefore is { } earliest && mapping.First().ToDateTimeOffset() <= earliest => mapping.Last(),
            0 => Resolvers.ReturnForwardShifted(Local(date, time), zone, mapping.EarlyInterval, mapping.LateInterval),
            _ => mapping.First(),
        };
        return chosen.ToDateTimeOffset();
    }

    private static LocalDateTime Local(DateOnly date, TimeOnly time) => LocalDate.FromDateOnly(date).At(LocalTime.FromTimeOnly(time));
}
