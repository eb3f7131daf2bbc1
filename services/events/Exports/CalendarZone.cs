using System.Globalization;
using NodaTime;
using NodaTime.TimeZones;

namespace LivingCity.Events.Exports;

/// <summary>A VTIMEZONE (RFC 5545, 3.6.5) with every change of the clock from a year before to a year after what the calendar holds.</summary>
internal static class CalendarZone
{
    public static void Write(CalendarText calendar, DateTimeZone zone, DateTimeOffset first, DateTimeOffset last)
    {
        calendar.Begin("VTIMEZONE").Line("TZID", zone.Id);
        foreach (var interval in zone.GetZoneIntervals(Instant.FromDateTimeOffset(first.AddYears(-1)), Instant.FromDateTimeOffset(last.AddYears(1))))
        {
            var before = interval.HasStart ? zone.GetZoneInterval(interval.Start - Duration.Epsilon).WallOffset : interval.WallOffset;
            var start = interval.HasStart ? interval.Start.WithOffset(before).LocalDateTime : new LocalDateTime(1970, 1, 1, 0, 0);
            var component = interval.Savings == Offset.Zero ? "STANDARD" : "DAYLIGHT";
            calendar.Begin(component)
                .Line("DTSTART", start.ToString("yyyyMMdd'T'HHmmss", CultureInfo.InvariantCulture))
                .Line("TZOFFSETFROM", Written(before))
                .Line("TZOFFSETTO", Written(interval.WallOffset))
                .Text("TZNAME", interval.Name)
                .End(component);
        }

        calendar.End("VTIMEZONE");
    }

    private static string Written(Offset offset) => offset.ToTimeSpan() is var span && span < TimeSpan.Zero ? $"-{span:hhmm}" : $"+{span:hhmm}";
}
