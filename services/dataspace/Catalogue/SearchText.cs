using System.Text;

namespace LivingCity.Dataspace.Catalogue;

/// <summary>Texts as a search compares them: lower case, Latin letters without their marks. Services run without culture tables, so the letters of Europe's languages are listed here.</summary>
internal static class SearchText
{
    private static readonly Dictionary<char, string> Plain = new[]
    {
        ("a", "àáâãäåāăą"), ("c", "çćĉċč"), ("d", "ďđð"), ("e", "èéêëēĕėęě"), ("g", "ĝğġģ"), ("h", "ĥħ"), ("i", "ìíîïĩīĭįı"), ("j", "ĵ"), ("k", "ķ"), ("l", "ĺļľŀł"), ("n", "ñńņňŉ"), ("o", "òóôõöøōŏő"),
        ("r", "ŕŗř"), ("s", "śŝşšș"), ("t", "ţťŧț"), ("u", "ùúûüũūŭůűų"), ("w", "ŵẁẃẅ"), ("y", "ýÿŷ"), ("z", "źżž"), ("ss", "ß"), ("ae", "æ"), ("oe", "œ"), ("th", "þ"),
        ("α", "ά"), ("ε", "έ"), ("η", "ή"), ("ι", "ίϊΐ"), ("ο", "ό"), ("υ", "ύϋΰ"), ("ω", "ώ"), ("σ", "ς"), ("и", "ѝ"),
    }.SelectMany(pair => pair.Item2.Select(letter => KeyValuePair.Create(letter, pair.Item1))).ToDictionary();

    public static string Fold(string text)
    {
        var folded = new StringBuilder(text.Length);
        foreach (var letter in text)
        {
            var lower = char.ToLowerInvariant(letter);
            _ = char.GetUnicodeCategory(lower) == System.Globalization.UnicodeCategory.NonSpacingMark ? folded
                : Plain.TryGetValue(lower, out var plain) ? folded.Append(plain) : folded.Append(lower);
        }

        return folded.ToString();
    }

    /// <summary>The words of a query as patterns of which each must match.</summary>
    public static string[] Patterns(string? query) => [.. Fold(query ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries).Take(10)
        .Select(word => $"%{word.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal)}%")];
}
