using System.Text.RegularExpressions;
using LivingCity.ServiceDefaults.Errors;

namespace LivingCity.Events.Programme;

/// <summary>What a programme must be to be stored: names that resolve, times that exist.</summary>
internal static partial class EventCheck
{
    private const int MostSessions = 5000;

    public static Validation Of(Event item)
    {
        var mistakes = new Validation()
            .Rule(Name().IsMatch(item.Id), "id", "must be 3 to 60 lower-case letters, digits and hyphens")
            .Rule(SessionTimes.Zone(item.TimeZone) is not null, "timeZone", "is not a zone of the IANA database")
            .Rule(item.Sessions.Count <= MostSessions, "sessions", $"must not be more than {MostSessions}")
            .Rule(item.Starts is null || item.Ends is null || item.Starts <= item.Ends, "ends", "must not be before starts")
            .Rule(item.Days.Select(day => day.Id).Distinct().Count() == item.Days.Count, "days", "must have different ids")
            .Rule(item.Venues.Select(venue => venue.Id).Distinct().Count() == item.Venues.Count, "venues", "must have different ids")
            .Rule(item.Sessions.Select(session => session.Id).Distinct().Count() == item.Sessions.Count, "sessions", "must have different ids");
        for (var i = 0; i < item.Venues.Count; i++)
        {
            var venue = item.Venues[i];
            mistakes.Rule(venue.Latitude is null or (>= -90 and <= 90) && venue.Longitude is null or (>= -180 and <= 180), $"venues[{i}]", "must lie on the earth: degrees of latitude and longitude");
            mistakes.Rule(venue.Latitude.HasValue == venue.Longitude.HasValue, $"venues[{i}]", "needs both latitude and longitude, or neither");
        }

        for (var i = 0; i < item.Sessions.Count; i++)
        {
            Check(item, item.Sessions[i], $"sessions[{i}]", mistakes);
        }

        return mistakes;
    }

    private static void Check(Event item, Session session, string at, Validation mistakes)
    {
        var venue = item.Venues.FirstOrDefault(candidate => candidate.Id == session.Venue);
        mistakes
            .Rule(session.Id.StartsWith(item.Id + "-", StringComparison.Ordinal) && session.Id.Length <= 120, $"{at}.id", $"must begin with {item.Id}- and be no longer than 120 characters")
            .Rule(session.Title.Languages.Values.All(title => title.Trim().Length is > 0 and <= 500), $"{at}.title", "must have 1 to 500 characters")
            .Rule(session.Day is null || item.Days.Any(day => day.Id == session.Day), $"{at}.day", "is not a day of this event")
            .Rule(session.Venue is null || venue is not null, $"{at}.venue", "is not a venue of this event")
            .Rule(session.Room is null || venue is null || venue.Rooms.Count == 0 || venue.Rooms.Any(room => room.Name == session.Room), $"{at}.room", "is not a room of the venue")
            .Rule(session.To is null || session.From is not null, $"{at}.to", "needs a time from which it counts")
            .Rule(session.Capacity is null or >= 0, $"{at}.capacity", "must not be negative")
            .Rule(session.Joins is null || (session.Joins != session.Id && item.Sessions.Any(other => other.Id == session.Joins)), $"{at}.joins", "is not another session of this event");
        if (SessionTimes.Zone(item.TimeZone) is { } zone && SessionTimes.DateOf(item, session) is { } date && session.From is { } from)
        {
            mistakes.Rule(SessionTimes.Exists(zone, date, from), $"{at}.from", $"the clocks in {item.TimeZone} skip this time on {date:yyyy-MM-dd}");
        }
    }

    [GeneratedRegex("^[a-z0-9][a-z0-9-]{1,58}[a-z0-9]$")]
    private static partial Regex Name();
}
