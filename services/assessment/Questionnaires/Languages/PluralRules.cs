using System.Globalization;

namespace LivingCity.Assessment.Questionnaires.Languages;

/// <summary>
/// Cardinal plural categories of the Union's 24 official languages, decimals included (Unicode CLDR, Language Plural Rules; operands n, i, v, f, t of UTS 35 part 3, 5.1.1).
/// A number is given as it is written, since 1 and 1.0 differ. Portuguese is that of Portugal (pt-PT).
/// </summary>
internal static class PluralRules
{
    /// <summary>The categories that a language uses.</summary>
    public static IReadOnlyList<string> Categories(string language) => language switch
    {
        "cs" or "sk" or "lt" or "pl" => ["one", "few", "many", "other"],
        "es" or "fr" or "it" or "pt" => ["one", "many", "other"],
        "hr" or "ro" => ["one", "few", "other"],
        "lv" => ["zero", "one", "other"],
        "sl" => ["one", "two", "few", "other"],
        "ga" or "mt" => ["one", "two", "few", "many", "other"],
        _ => ["one", "other"],
    };

    /// <summary>The category of a number.</summary>
    /// <param name="language">The language's tag.</param>
    /// <param name="number">The number as it is written, with a point before its decimals: <c>1</c>, <c>1.0</c>, <c>0.35</c>.</param>
    public static string Of(string language, string number)
    {
        var point = number.IndexOf('.', StringComparison.Ordinal);
        var decimals = point < 0 ? "" : number[(point + 1)..];
        var n = Math.Abs(decimal.Parse(number, CultureInfo.InvariantCulture));
        var (i, v) = (decimal.Truncate(n), decimals.Length);
        var f = v == 0 ? 0 : decimal.Parse(decimals, CultureInfo.InvariantCulture);
        var trimmed = decimals.TrimEnd('0');
        var t = trimmed.Length == 0 ? 0 : decimal.Parse(trimmed, CultureInfo.InvariantCulture);
        return language switch
        {
            "fr" => i is 0 or 1 ? "one" : IsMillions(i, v) ? "many" : "other",
            "es" => n == 1 ? "one" : IsMillions(i, v) ? "many" : "other",
            "it" or "pt" => i == 1 && v == 0 ? "one" : IsMillions(i, v) ? "many" : "other",
            "bg" or "el" or "hu" => n == 1 ? "one" : "other",
            "da" => n == 1 || (t != 0 && i is 0 or 1) ? "one" : "other",
            "cs" or "sk" => v != 0 ? "many" : i == 1 ? "one" : i is >= 2 and <= 4 ? "few" : "other",
            "pl" => v != 0 ? "other" : i == 1 ? "one" : IsFew(i) ? "few" : "many",
            "hr" => (v == 0 && IsOne(i)) || IsOne(f) ? "one" : (v == 0 && IsFew(i)) || IsFew(f) ? "few" : "other",
            "lt" => f != 0 ? "many" : n % 10 == 1 && !IsTeen(n) ? "one" : n % 10 is >= 2 and <= 9 && !IsTeen(n) ? "few" : "other",
            "lv" => n % 10 == 0 || IsTeen(n) || (v == 2 && IsTeen(f)) ? "zero"
                : (n % 10 == 1 && n % 100 != 11) || (v == 2 && f % 10 == 1 && f % 100 != 11) || (v != 2 && f % 10 == 1) ? "one" : "other",
            "ro" => i == 1 && v == 0 ? "one" : v != 0 || n == 0 || (n != 1 && n % 100 is >= 1 and <= 19) ? "few" : "other",
            "sl" => v != 0 ? "few" : (i % 100) switch { 1 => "one", 2 => "two", 3 or 4 => "few", _ => "other" },
            "ga" => n switch { 1 => "one", 2 => "two", 3 or 4 or 5 or 6 => "few", 7 or 8 or 9 or 10 => "many", _ => "other" },
            "mt" => n == 1 ? "one" : n == 2 ? "two" : n == 0 || n % 100 is 3 or 4 or 5 or 6 or 7 or 8 or 9 or 10 ? "few" : IsTeen(n) ? "many" : "other",
            _ => i == 1 && v == 0 ? "one" : "other", // de, en, et, fi, nl, sv
        };
    }

    private static bool IsMillions(decimal i, int v) => i != 0 && i % 1_000_000 == 0 && v == 0;

    private static bool IsOne(decimal n) => n % 10 == 1 && n % 100 != 11;

    private static bool IsFew(decimal n) => n % 10 is 2 or 3 or 4 && n % 100 is not (12 or 13 or 14);

    private static bool IsTeen(decimal n) => n % 100 is 11 or 12 or 13 or 14 or 15 or 16 or 17 or 18 or 19;
}
