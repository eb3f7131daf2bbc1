using System.Globalization;
using System.Text.Json.Nodes;

namespace LivingCity.Gateway.Portal.Events;

/// <summary>A day, as it was entered.</summary>
internal sealed record DayRow(string Id, string? Title, string? Theme, string? Date, bool Removed);

/// <summary>A venue, as it was entered.</summary>
internal sealed record VenueRow(string Id, string? Name, string? Address, string? Latitude, string? Longitude, string? Accessibility, string? Rooms, bool Removed);

/// <summary>The way between two venues, as it was entered.</summary>
internal sealed record TravelRow(string? From, string? To, string? Minutes);

/// <summary>The form of what an event's sessions stand on: days, venues and the ways between them. Keeps what was entered, so that a mistake costs nobody the rest.</summary>
/// <param name="Days">The days; the last one may be empty.</param>
/// <param name="Venues">The venues; the last one may be empty.</param>
/// <param name="Travel">The ways; the last one may be empty.</param>
internal sealed record PlanForm(IReadOnlyList<DayRow> Days, IReadOnlyList<VenueRow> Venues, IReadOnlyList<TravelRow> Travel)
{
    /// <summary>As the draft has it, and one of each to add.</summary>
    public static PlanForm Of(JsonObject draft, string language) => new(
        [.. List(draft, "days").Select(day => new DayRow((string)day["id"]!, day["title"].In(language), day["theme"].In(language), (string?)day["date"], false)), new DayRow("", null, null, null, false)],
        [
            .. List(draft, "venues").Select(venue => new VenueRow(
                (string)venue["id"]!, venue["name"].In(language), (string?)venue["address"], Degrees(venue["latitude"]), Degrees(venue["longitude"]), venue["accessibility"].In(language),
                string.Join('\n', List(venue, "rooms").Select(room => $"{room["name"]}{(room["capacity"] is { } seats ? $" | {seats}" : "")}")), false)),
            new VenueRow("", null, null, null, null, null, null, false),
        ],
        [.. List(draft, "travel").Select(way => new TravelRow((string?)way["from"], (string?)way["to"], way["minutes"]?.ToString())), new TravelRow(null, null, null)]);

    public static PlanForm Of(IFormCollection form) => new(
        [.. Rows(form, "day").Select(row => new DayRow(form.Text($"{row}-id"), form.Filled($"{row}-title"), form.Filled($"{row}-theme"), form.Filled($"{row}-date"), form.Text($"{row}-removed") == "true"))],
        [
            .. Rows(form, "venue").Select(row => new VenueRow(
                form.Text($"{row}-id"), form.Filled($"{row}-name"), form.Filled($"{row}-address"), form.Filled($"{row}-latitude"), form.Filled($"{row}-longitude"), form.Filled($"{row}-accessibility"), form.Filled($"{row}-rooms"),
                form.Text($"{row}-removed") == "true")),
        ],
        [.. Rows(form, "way").Select(row => new TravelRow(form.Filled($"{row}-from"), form.Filled($"{row}-to"), form.Filled($"{row}-minutes")))]);

    /// <summary>Writes it into a draft.</summary>
    /// <returns>The mistakes: fields with the names of their texts. With any of them the draft is not to be used.</returns>
    public Dictionary<string, string> Apply(JsonObject draft, string language)
    {
        var mistakes = new Dictionary<string, string>();
        var sessions = List(draft, "sessions").ToArray();
        draft["days"] = Replaced(draft, "days", Days.Select(day => (day.Id, Kept: !day.Removed && (day.Id.Length > 0 || day.Title is not null))), (at, day) =>
        {
            DraftText.Set(day, "title", Days[at].Title, language);
            DraftText.Set(day, "theme", Days[at].Theme, language);
            day["date"] = Days[at].Date;
            Check(day["title"] is not null, $"day-{at}-title", "Mistake.Needed");
            Check(Days[at].Date is null || DateOnly.TryParseExact(Days[at].Date, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _), $"day-{at}-date", "Mistake.Date");
        });
        draft["venues"] = Replaced(draft, "venues", Venues.Select(venue => (venue.Id, Kept: !venue.Removed && (venue.Id.Length > 0 || venue.Name is not null))), (at, venue) => Apply(Venues[at], at, venue, sessions, language, Check));
        for (var at = 0; at < Days.Count; at++)
        {
            Check(!Days[at].Removed || !Array.Exists(sessions, session => (string?)session["day"] == Days[at].Id), $"day-{at}-removed", "Mistake.InUse");
        }

        for (var at = 0; at < Venues.Count; at++)
        {
            Check(!Venues[at].Removed || !Array.Exists(sessions, session => (string?)session["venue"] == Venues[at].Id), $"venue-{at}-removed", "Mistake.InUse");
        }

        draft["travel"] = Ways(Check);
        return mistakes;

        void Check(bool holds, string field, string text)
        {
            if (!holds)
            {
                mistakes.TryAdd(field, text);
            }
        }
    }

    private static void Apply(VenueRow entered, int at, JsonObject venue, JsonObject[] sessions, string language, Action<bool, string, string> check)
    {
        var (latitude, longitude) = (Number(entered.Latitude, 90), Number(entered.Longitude, 180));
        DraftText.Set(venue, "name", entered.Name, language);
        DraftText.Set(venue, "accessibility", entered.Accessibility, language);
        (venue["address"], venue["latitude"], venue["longitude"]) = (entered.Address, latitude, longitude);
        check(venue["name"] is not null, $"venue-{at}-name", "Mistake.Needed");
        check(entered.Latitude is null || latitude is not null, $"venue-{at}-latitude", "Mistake.Latitude");
        check(entered.Longitude is null || longitude is not null, $"venue-{at}-longitude", "Mistake.Longitude");
        check(entered.Latitude is not null || entered.Longitude is null, $"venue-{at}-latitude", "Mistake.Both");
        check(entered.Longitude is not null || entered.Latitude is null, $"venue-{at}-longitude", "Mistake.Both");
        var known = List(venue, "rooms").DistinctBy(room => (string)room["name"]!).ToDictionary(room => (string)room["name"]!); // a draft from elsewhere may name a room twice
        var rooms = (entered.Rooms ?? "").Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('|', 2, StringSplitOptions.TrimEntries)).DistinctBy(parts => parts[0]).ToArray();
        check(rooms.All(parts => parts.Length == 1 || Seats(parts[1]) is not null), $"venue-{at}-rooms", "Mistake.Seats");
        check(rooms.Length == 0 || !Array.Exists(sessions, session => (string?)session["venue"] == entered.Id && (string?)session["room"] is { } room && !Array.Exists(rooms, parts => parts[0] == room)), $"venue-{at}-rooms", "Mistake.RoomInUse");
        venue["rooms"] = new JsonArray([.. rooms.Select(parts =>
        {
            var room = known.TryGetValue(parts[0], out var before) ? before.DeepClone().AsObject() : new JsonObject { ["name"] = parts[0] };
            room["capacity"] = parts.Length > 1 ? Seats(parts[1]) : null;
            return (JsonNode)room;
        })]);
    }

    private JsonArray Ways(Action<bool, string, string> check)
    {
        var ways = new JsonArray();
        for (var at = 0; at < Travel.Count; at++)
        {
            var way = Travel[at];
            if (way is { From: null, To: null, Minutes: null } || way.Minutes is null && at < Travel.Count - 1)
            {
                continue;
            }

            check(way.From is not null && way.To is not null && way.From != way.To, $"way-{at}-to", "Mistake.TwoVenues");
            check(Seats(way.Minutes) is > 0 and <= 1440, $"way-{at}-minutes", "Mistake.Minutes");
            // A venue that is taken out takes its ways along.
            if (!Venues.Any(venue => venue.Removed && (venue.Id == way.From || venue.Id == way.To)))
            {
                ways.Add((JsonNode)new JsonObject { ["from"] = way.From, ["to"] = way.To, ["minutes"] = Seats(way.Minutes) });
            }
        }

        return ways;
    }

    /// <summary>The entries that stay and those that are new, in their order; a new one gets the first free name.</summary>
    private static JsonArray Replaced(JsonObject draft, string list, IEnumerable<(string Id, bool Kept)> rows, Action<int, JsonObject> apply)
    {
        var known = List(draft, list).ToDictionary(entry => (string)entry["id"]!, entry => entry.DeepClone().AsObject());
        var entries = new JsonArray();
        foreach (var (at, (id, _)) in rows.Index().Where(row => row.Item.Kept))
        {
            var free = Enumerable.Range(1, known.Count + 1).Select(number => $"{list[..^1]}-{number}").First(name => !known.ContainsKey(name));
            var entry = known.GetValueOrDefault(id) ?? new JsonObject { ["id"] = free };
            apply(at, entry);
            entries.Add((JsonNode)entry);
        }

        return entries;
    }

    private static IEnumerable<string> Rows(IFormCollection form, string name) => Enumerable.Range(0, 1000).Select(at => $"{name}-{at}").TakeWhile(row => form.ContainsKey($"{row}-id"));

    private static IEnumerable<JsonObject> List(JsonObject owner, string name) => (owner[name] as JsonArray ?? []).OfType<JsonObject>();

    private static string? Degrees(JsonNode? value) => value is null ? null : ((double)value).ToString(CultureInfo.InvariantCulture);

    private static double? Number(string? text, double most) =>
        double.TryParse(text?.Replace(',', '.'), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && Math.Abs(number) <= most ? number : null;

    private static int? Seats(string? text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
