using System.Globalization;
using System.Text.Json.Nodes;

namespace LivingCity.Gateway.Portal.Events;

/// <summary>The form of a session, applied to its draft.</summary>
internal static class SessionForm
{
    /// <summary>Texts that exist in several languages, short and long ones.</summary>
    public static readonly IReadOnlyList<string> Short = ["subtitle", "format", "theme", "host", "dressCode", "coveredBy"];
    public static readonly IReadOnlyList<string> Long = ["abstract", "note"];

    public static readonly IReadOnlyList<string> Roles = ["speaker", "panellist", "moderator", "chair", "coChair", "host", "interpreter"];

    public static void Apply(JsonObject session, IFormCollection form, string language)
    {
        foreach (var name in Short.Concat(Long).Prepend("title"))
        {
            DraftText.Set(session, name, form.Filled(name), language);
        }

        foreach (var name in (string[])["track", "day", "venue", "room", "exclusiveGroup", "joins"])
        {
            session[name] = form.Filled(name);
        }

        session["from"] = Clock(form.Text("from"));
        session["to"] = Clock(form.Text("to"));
        session["capacity"] = form.Number("capacity");
        session["openToNonMembers"] = form.Text("openToNonMembers") == "true";
        session["inOfficialProgramme"] = form.Text("inOfficialProgramme") == "true";
        foreach (var name in (string[])["languages", "interpretation", "tags", "topics"])
        {
            session[name] = new JsonArray([.. form.Text(name).Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(part => (JsonNode?)part)]);
        }

        session["people"] = People(session["people"] as JsonArray ?? [], form, language);
        session["agenda"] = Agenda(session["agenda"] as JsonArray ?? [], form.Lines("agenda"), language);
        session["links"] = Links(session["links"] as JsonArray ?? [], form.Lines("links"), language);
        session["documents"] = Links(session["documents"] as JsonArray ?? [], form.Lines("documents"), language);
    }

    /// <summary>A link as a line: its address, a bar, its title.</summary>
    public static JsonArray Links(JsonArray known, IReadOnlyList<string> lines, string language) => new(
    [
        .. lines.Select(line => line.Split('|', 2, StringSplitOptions.TrimEntries)).Select(parts =>
        {
            var before = known.OfType<JsonObject>().FirstOrDefault(link => (string?)link["url"] == parts[0]);
            return (JsonNode?)new JsonObject { ["url"] = parts[0], ["title"] = DraftText.With(before?["title"], parts.Length > 1 && parts[1].Length > 0 ? parts[1] : parts[0], language) };
        }),
    ]);

    /// <summary>An agenda point as a line: its title, and after a bar its minutes.</summary>
    private static JsonArray Agenda(JsonArray known, string[] lines, string language) => new(
    [
        .. lines.Select((line, at) =>
        {
            var parts = line.Split('|', 2, StringSplitOptions.TrimEntries);
            var point = new JsonObject { ["title"] = DraftText.With(at < known.Count ? known[at]!["title"] : null, parts[0], language) };
            if (parts.Length > 1 && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var minutes))
            {
                point["minutes"] = minutes;
            }

            return (JsonNode?)point;
        }),
    ]);

    private static JsonArray People(JsonArray known, IFormCollection form, string language)
    {
        var (people, roles, titles) = (form["person"], form["role"], form["as"]);
        var parts = new JsonArray();
        for (var at = 0; at < people.Count; at++)
        {
            // The directory's id and name, as the list of choices sends them.
            if (people[at]?.Split('|', 2) is not [{ Length: > 0 } id, var name])
            {
                continue;
            }

            var before = known.OfType<JsonObject>().FirstOrDefault(part => (string?)part["person"] == id);
            var part = new JsonObject { ["person"] = id, ["name"] = name, ["role"] = roles.ElementAtOrDefault(at) };
            if (DraftText.With(before?["as"], titles.ElementAtOrDefault(at)?.Trim() is { Length: > 0 } title ? title : null, language) is { } text)
            {
                part["as"] = text;
            }

            parts.Add((JsonNode?)part);
        }

        return parts;
    }

    private static string? Clock(string value) => TimeOnly.TryParse(value, CultureInfo.InvariantCulture, out var time) ? time.ToString("HH:mm:ss", CultureInfo.InvariantCulture) : null;
}
