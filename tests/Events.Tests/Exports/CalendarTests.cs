using System.Text;
using LivingCity.Events.Demonstration;
using LivingCity.Events.Exports;
using LivingCity.Events.Programme;
using LivingCity.Events.Tests.Hosting;

namespace LivingCity.Events.Tests.Exports;

/// <summary>iCalendar, as two parsers read it that know nothing of ours.</summary>
public sealed class CalendarTests
{
    private static readonly DateTimeOffset At = new(2025, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Calendar_OfAllEvents_IsReadByBothParsersWithEveryInstant()
    {
        foreach (var item in DemonstrationProgramme.Read<Event>("events.json"))
        {
            await AssertReadAsync(item);
        }
    }

    [Theory]
    [InlineData("Europe/Sofia", "2025-03-30")]
    [InlineData("Europe/Sofia", "2025-10-26")]
    [InlineData("Europe/Brussels", "2025-03-30")]
    [InlineData("Europe/Brussels", "2025-10-26")]
    [InlineData("Europe/Lisbon", "2026-03-29")]
    [InlineData("America/New_York", "2025-11-02")]
    [InlineData("Australia/Sydney", "2025-10-05")]
    [InlineData("Asia/Kolkata", "2025-10-26")]
    public async Task Calendar_AroundAChangeOfTheClock_IsReadByBothParsersWithEveryInstant(string zone, string date)
    {
        var known = SessionTimes.Zone(zone)!;
        var day = DateOnly.Parse(date, System.Globalization.CultureInfo.InvariantCulture);
        var sessions = Enumerable.Range(0, 48).Select(half => new TimeOnly(half / 2, half % 2 * 30)).Where(time => SessionTimes.Exists(known, day, time)).SelectMany(time =>
            (known.MapLocal(NodaTime.LocalDate.FromDateOnly(day).At(NodaTime.LocalTime.FromTimeOnly(time))) is { Count: 2 } twice ? [twice.First().Offset.Seconds / 60, twice.Last().Offset.Seconds / 60] : new int?[] { null })
            .Select(offset => new Session { Id = $"clock-{time:HHmm}-{offset}", Title = $"At {time:HH:mm}", Day = "d", From = time, To = time.AddMinutes(45), Offset = offset }));

        await AssertReadAsync(new Event { Id = "clock", Title = "Clock", TimeZone = zone, City = "x", Country = "y", Days = [new Day("d", "D", day)], Sessions = [.. sessions] });
    }

    [Fact]
    public void Calendar_OfLongTexts_FoldsByOctetsAndNeverInsideALetter()
    {
        var item = Event(new Session { Id = "e-a", Title = "Ώρα за обсъждане 🏙️ " + new string('я', 300), Day = "d", From = new TimeOnly(9, 0), Abstract = "a;b,c\\d\ne" });

        var lines = Feed(item).Split("\r\n");

        Assert.All(lines, line => Assert.InRange(Encoding.UTF8.GetByteCount(line), 0, 75));
        Assert.DoesNotContain(lines, line => line.Contains('\uFFFD', StringComparison.Ordinal));
        Assert.Contains("DESCRIPTION:a\\;b\\,c\\\\d\\ne", string.Concat(lines.Select(line => line.StartsWith(' ') ? line[1..] : "\n" + line)), StringComparison.Ordinal);
        Assert.Contains(new string('я', 300), string.Concat(lines.Select(line => line.StartsWith(' ') ? line[1..] : "\n" + line)), StringComparison.Ordinal);
    }

    [Fact]
    public void Guids_OverAHundredExports_AreTheSame()
    {
        foreach (var item in DemonstrationProgramme.Read<Event>("events.json").Where(item => item.Days.Any(day => day.Date is not null)))
        {
            Assert.Single(Enumerable.Range(0, 100).Select(_ => Convert.ToHexString(ScheduleXml.Write(Publish(item), ["en"], "https://city.example"))).Distinct());
            Assert.Single(Enumerable.Range(0, 100).Select(_ => Feed(item)).Distinct());
        }
    }

    [Fact]
    public void Session_TakenOut_IsCancelledInTheFeedUnderItsUid()
    {
        var session = new Session { Id = "e-a", Title = "A", Day = "d", From = new TimeOnly(9, 0) };
        var published = Publish(Event()) with { Rows = new Dictionary<string, SessionRow> { ["e-a"] = new("e-a", 1, 3, true, At, session) } };

        var feed = EventCalendar.Feed("x", EventCalendar.Entries(published), [], null);

        Assert.Contains($"UID:{SessionIds.Of(session):D}\r\n", feed, StringComparison.Ordinal);
        Assert.Contains("STATUS:CANCELLED\r\n", feed, StringComparison.Ordinal);
        Assert.Contains("SEQUENCE:3\r\n", feed, StringComparison.Ordinal);
    }

    private static async Task AssertReadAsync(Event item)
    {
        var calendar = Feed(item);
        var expected = item.Sessions.Where(session => SessionTimes.DateOf(item, session) is not null).Select(session => SessionTimes.Of(item, session) is { } time
            ? $"{SessionIds.Of(session)} {time.Start.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ} {time.End?.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ} {session.Title.Plain}"
            : $"{SessionIds.Of(session)} {SessionTimes.DateOf(item, session):yyyy-MM-dd}  {session.Title.Plain}").Order();

        foreach (var (program, script) in new[] { ("/usr/bin/python3", "read_calendar.py"), ("node", "calendar.mjs") })
        {
            var read = await Outside.ReadAsync(program, script, calendar);
            Assert.Equal(expected, read.Select(row => $"{row![0]} {row[1]} {row[2]} {row[5]}").Order());
        }
    }

    private static string Feed(Event item) => EventCalendar.Feed("Programme", EventCalendar.Entries(Publish(item)), ["en"], "https://city.example");

    private static Event Event(params Session[] sessions) => new() { Id = "e", Title = "E", TimeZone = "Europe/Sofia", City = "Sofia", Country = "Bulgaria", Days = [new Day("d", "D", new DateOnly(2026, 7, 1))], Sessions = sessions };

    internal static Published Publish(Event item) => new(item, "sofia", 1, At, item.Sessions.Select((session, number) => new SessionRow(session.Id, number + 1, 0, false, At, session)).ToDictionary(row => row.Id));
}
