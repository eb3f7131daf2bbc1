using System.Text.Json.Nodes;
using LivingCity.Events.Programme;

namespace LivingCity.Events.Exports;

/// <summary>The programme as schema.org has it (https://schema.org/Event), for search engines.</summary>
internal static class LinkedData
{
    public static JsonObject Write(Published published, IReadOnlyList<string> languages, string site)
    {
        var item = published.Event;
        var written = Filled(new JsonObject
        {
            ["@context"] = "https://schema.org",
            ["@type"] = "Event",
            ["@id"] = $"{site}/programme/{item.Id}",
            ["url"] = $"{site}/programme/{item.Id}",
            ["name"] = Text(item.Title, languages),
            ["description"] = item.Theme is null ? null : Text(item.Theme, languages),
            ["startDate"] = (item.Starts ?? item.Days.Min(day => day.Date))?.ToString("O"),
            ["endDate"] = (item.Ends ?? item.Days.Max(day => day.Date))?.ToString("O"),
            ["location"] = item.Venues.Count > 0 ? Place(item, item.Venues[0], languages) : new JsonObject { ["@type"] = "Place", ["address"] = Address(item, null) },
            ["inLanguage"] = List(item.Languages),
            ["keywords"] = List(item.Tags),
            ["organizer"] = new JsonArray([.. item.Partners.Select(partner => new JsonObject { ["@type"] = "Organization", ["name"] = partner.Name })]),
            ["performer"] = People(item.People),
        });
        written["subEvent"] = new JsonArray([.. item.Sessions.Select(session => Session(item, session, languages, site))]);
        return written;
    }

    private static JsonObject Session(Event item, Session session, IReadOnlyList<string> languages, string site)
    {
        var time = SessionTimes.Of(item, session);
        return Filled(new JsonObject
        {
            ["@type"] = "Event",
            ["@id"] = $"{site}/programme/{item.Id}/{session.Id}",
            ["identifier"] = SessionIds.Of(session).ToString("D"),
            ["name"] = Text(session.Title, languages),
            ["description"] = session.Abstract is null ? null : Text(session.Abstract, languages),
            ["startDate"] = time?.Start.ToString("yyyy-MM-dd'T'HH:mm:sszzz", System.Globalization.CultureInfo.InvariantCulture) ?? SessionTimes.DateOf(item, session)?.ToString("O"),
            ["endDate"] = time?.End?.ToString("yyyy-MM-dd'T'HH:mm:sszzz", System.Globalization.CultureInfo.InvariantCulture),
            ["maximumAttendeeCapacity"] = session.Capacity,
            ["inLanguage"] = List(session.Languages),
            ["location"] = item.Venues.FirstOrDefault(venue => venue.Id == session.Venue) is { } venue ? Place(item, venue, languages) : null,
            ["performer"] = People(session.People),
        });
    }

    private static JsonObject Place(Event item, Venue venue, IReadOnlyList<string> languages)
    {
        var place = new JsonObject { ["@type"] = "Place", ["name"] = Text(venue.Name, languages), ["address"] = Address(item, venue.Address) };
        if (venue is { Latitude: { } latitude, Longitude: { } longitude })
        {
            place["geo"] = new JsonObject { ["@type"] = "GeoCoordinates", ["latitude"] = latitude, ["longitude"] = longitude };
        }

        return place;
    }

    private static JsonObject Address(Event item, string? street) => Filled(new JsonObject { ["@type"] = "PostalAddress", ["streetAddress"] = street, ["addressLocality"] = item.City, ["addressCountry"] = item.Country });

    private static JsonObject Text(Text text, IReadOnlyList<string> languages) => text.In(languages) is var (value, language) ? new JsonObject { ["@value"] = value, ["@language"] = language } : [];

    private static JsonArray? People(IReadOnlyList<Participation> people) => people.Count == 0 ? null : new([.. people.Select(part => new JsonObject { ["@type"] = "Person", ["name"] = part.Name })]);

    private static JsonArray? List(IReadOnlyList<string> values) => values.Count == 0 ? null : new([.. values.Select(value => (JsonNode)value)]);

    private static JsonObject Filled(JsonObject value)
    {
        foreach (var name in value.Where(member => member.Value is null or JsonArray { Count: 0 }).Select(member => member.Key).ToArray())
        {
            value.Remove(name);
        }

        return value;
    }
}
