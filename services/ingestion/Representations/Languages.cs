using System.Globalization;
using System.Text.Json;

namespace LivingCity.Ingestion.Representations;

/// <summary>Chooses from a language map as content negotiation does (ETSI GS CIM 009, clause 4.15; RFC 4647 lookup).</summary>
internal static class Languages
{
    /// <summary>The text that fits best, with its tag; without one that fits, the text for no language, then the first.</summary>
    /// <param name="map">Texts by language tag.</param>
    /// <param name="wanted">Language ranges as in Accept-Language: <c>fr-CH, fr;q=0.9, *;q=0.5</c>.</param>
    public static (JsonElement Text, string? Tag) Choose(JsonElement map, string wanted)
    {
        (string Name, JsonElement Value)[] texts = map.ValueKind == JsonValueKind.Object ? [.. map.EnumerateObject().Select(text => (text.Name, text.Value))] : [];
        foreach (var range in Ranges(wanted))
        {
            for (var tag = range; tag.Length > 0; tag = tag.LastIndexOf('-') is var dash and > 0 ? tag[..dash] : "")
            {
                if (texts.FirstOrDefault(text => text.Name.Equals(tag, StringComparison.OrdinalIgnoreCase)) is { Name: { } name, Value: var value })
                {
                    return (value, name);
                }
            }
        }

        return texts.FirstOrDefault(text => text.Name == "@none") is { Name: not null, Value: var plain } ? (plain, null)
            : texts.Length > 0 ? (texts[0].Value, texts[0].Name)
            : (map, null);
    }

    private static IEnumerable<string> Ranges(string wanted) => wanted.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
        .Select(range => range.Split(';', 2, StringSplitOptions.TrimEntries))
        .Select(parts => (Tag: parts[0], Quality: parts.Length == 2 && parts[1].StartsWith("q=", StringComparison.Ordinal)
            && double.TryParse(parts[1].AsSpan(2), NumberStyles.Float, CultureInfo.InvariantCulture, out var quality) ? quality : 1))
        .OrderByDescending(range => range.Quality).Select(range => range.Tag).Where(tag => tag != "*");
}
