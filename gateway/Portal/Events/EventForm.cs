using System.Globalization;
using System.Text.Json.Nodes;

namespace LivingCity.Gateway.Portal.Events;

/// <summary>The form of an event's own parts, applied to its draft: title, theme, days, places, links.</summary>
internal static class EventForm
{
    public static void Apply(JsonObject draft, IFormCollection form, string language)
    {
        DraftText.Set(draft, "title", form.Filled("title"), language);
        DraftText.Set(draft, "theme", form.Filled("theme"), language);
        DraftText.Set(draft, "abstract", form.Filled("abstract"), language);
        draft["openToNonMembers"] = form.Text("openToNonMembers") == "true";
        draft["links"] = SessionForm.Links(draft["links"] as JsonArray ?? [], form.Lines("links"), language);
        draft["documents"] = SessionForm.Links(draft["documents"] as JsonArray ?? [], form.Lines("documents"), language);
        foreach (var day in draft["days"] as JsonArray ?? [])
        {
            var id = (string)day!["id"]!;
            day["date"] = DateOnly.TryParseExact(form.Text($"date-{id}"), "yyyy-MM-dd", out var date) ? date.ToString("O", CultureInfo.InvariantCulture) : null;
            DraftText.Set(day.AsObject(), "theme", form.Filled($"theme-{id}"), language);
        }

        foreach (var venue in draft["venues"] as JsonArray ?? [])
        {
            var id = (string)venue!["id"]!;
            venue["address"] = form.Filled($"address-{id}");
            DraftText.Set(venue.AsObject(), "accessibility", form.Filled($"accessibility-{id}"), language);
            var known = (venue["rooms"] as JsonArray ?? []).OfType<JsonObject>().ToDictionary(room => (string)room["name"]!);
            venue["rooms"] = new JsonArray([.. form.Lines($"rooms-{id}").Distinct().Select(name => known.TryGetValue(name, out var room) ? room.DeepClone() : new JsonObject { ["name"] = name })]);
        }
    }
}
