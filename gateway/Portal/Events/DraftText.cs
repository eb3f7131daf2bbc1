using System.Text.Json.Nodes;

namespace LivingCity.Gateway.Portal.Events;

/// <summary>Texts of a draft, which has all languages: one of them is edited at a time, and the others stay.</summary>
internal static class DraftText
{
    /// <summary>The languages in which texts are edited, by their own names.</summary>
    public static readonly IReadOnlyDictionary<string, string> Names = new Dictionary<string, string> { ["en"] = "English", ["es"] = "español", ["fr"] = "français", ["bg"] = "български" };

    /// <summary>The language that is asked for, if it is one of them; else English.</summary>
    public static string Named(string? wanted) => wanted is not null && Names.ContainsKey(wanted) ? wanted : "en";

    /// <summary>Links as lines, as forms have them.</summary>
    public static string LinkLines(JsonNode? links) => string.Join('\n', (links as JsonArray ?? []).Select(link => $"{link!["url"]} | {link["title"].Shown().Text}"));

    /// <summary>The text in a language; null where there is none in it.</summary>
    public static string? In(this JsonNode? text, string language) => text is JsonObject texts ? (string?)texts[language] : language == "en" ? (string?)text : null;

    /// <summary>The text in a language, else in English, else in any.</summary>
    public static Words Shown(this JsonNode? text) => text switch
    {
        JsonObject texts when texts.Count > 0 => texts[Languages.Language.Current] is { } own ? new Words((string)own!, Languages.Language.Current)
            : texts["en"] is { } english ? new Words((string)english!, "en") : new Words((string)texts.First().Value!, texts.First().Key),
        _ => new Words((string?)text ?? "", "en"),
    };

    public static void Set(JsonObject owner, string name, string? value, string language)
    {
        var text = With(owner[name], value, language);
        owner[name] = text;
    }

    /// <summary>A text with another wording in one language; null where none is left.</summary>
    public static JsonObject? With(JsonNode? text, string? value, string language)
    {
        var texts = text?.DeepClone() switch
        {
            JsonObject known => known,
            JsonValue english => new JsonObject { ["en"] = english },
            _ => new JsonObject(),
        };
        texts.Remove(language);
        if (value is not null)
        {
            texts[language] = value;
        }

        return texts.Count > 0 ? texts : null;
    }

    /// <summary>A list of texts, edited line by line in one language.</summary>
    public static JsonArray Lines(JsonNode? list, IReadOnlyList<string> lines, string language)
    {
        var known = list as JsonArray ?? [];
        return new JsonArray([.. lines.Select((line, at) => (JsonNode?)With(at < known.Count ? known[at] : null, line, language))]);
    }
}
