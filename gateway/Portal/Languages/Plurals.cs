using System.Globalization;
using Microsoft.Extensions.Localization;

namespace LivingCity.Gateway.Portal.Languages;

/// <summary>Cardinal plural forms of the Union's languages for whole numbers (Unicode CLDR 46, Language Plural Rules). A text <c>Seats</c> has entries <c>Seats.one</c>, <c>Seats.other</c>, ...</summary>
internal static class Plurals
{
    private static readonly string[] Names = ["zero", "one", "two", "few", "many", "other"];

    /// <summary>The text for a count, with the count in place of <c>{0}</c>.</summary>
    public static string Count(this IStringLocalizer texts, string stem, long count) => texts[$"{stem}.{Form(Language.Current, count)}", count.ToString("N0", CultureInfo.CurrentCulture)];

    public static bool IsForm(string key) => Names.Any(name => key.EndsWith($".{name}", StringComparison.Ordinal));

    public static string Stem(string key) => key[..key.LastIndexOf('.')];

    /// <summary>The forms that whole numbers take in a language.</summary>
    public static IReadOnlyList<string> Forms(string language) => language switch
    {
        "cs" or "sk" or "hr" or "lt" or "ro" => ["one", "few", "other"],
        "pl" => ["one", "few", "many"],
        "lv" => ["zero", "one", "other"],
        "sl" => ["one", "two", "few", "other"],
        "ga" or "mt" => ["one", "two", "few", "many", "other"],
        _ => ["one", "other"],
    };

    /// <summary>The form of a whole number, zero or greater.</summary>
    public static string Form(string language, long n) => language switch
    {
        "fr" or "pt" => n is 0 or 1 ? "one" : "other",
        "cs" or "sk" => n == 1 ? "one" : n is >= 2 and <= 4 ? "few" : "other",
        "pl" => n == 1 ? "one" : IsFew(n) ? "few" : "many",
        "hr" => n % 10 == 1 && n % 100 != 11 ? "one" : IsFew(n) ? "few" : "other",
        "lt" => n % 100 is >= 11 and <= 19 || n % 10 == 0 ? "other" : n % 10 == 1 ? "one" : "few",
        "lv" => n % 10 == 0 || n % 100 is >= 11 and <= 19 ? "zero" : n % 10 == 1 ? "one" : "other",
        "ro" => n == 1 ? "one" : n == 0 || n % 100 is >= 1 and <= 19 ? "few" : "other",
        "sl" => (n % 100) switch { 1 => "one", 2 => "two", 3 or 4 => "few", _ => "other" },
        "ga" => n switch { 1 => "one", 2 => "two", >= 3 and <= 6 => "few", >= 7 and <= 10 => "many", _ => "other" },
        "mt" => n switch { 1 => "one", 2 => "two", _ when n == 0 || n % 100 is >= 3 and <= 10 => "few", _ when n % 100 is >= 11 and <= 19 => "many", _ => "other" },
        _ => n == 1 ? "one" : "other",
    };

    private static bool IsFew(long n) => n % 10 is >= 2 and <= 4 && n % 100 is not (>= 12 and <= 14);
}
