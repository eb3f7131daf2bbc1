using System.Globalization;
using LivingCity.Gateway.Portal.Languages;
using Microsoft.Extensions.Localization;

namespace LivingCity.Gateway.Portal.Assessment;

/// <summary>Groups of cities in words: "5 001 to 20 000 inhabitants", not "population: to-20000".</summary>
internal static class PeerWords
{
    private const string Unknown = "unknown";

    /// <summary>Whether the city is in no group because it has not said what it would be formed by.</summary>
    public static bool IsUnknown(PeerGroup group) => group.Cell.EndsWith(Unknown, StringComparison.Ordinal);

    public static string Of(PeerGroup group, IStringLocalizer texts) => IsUnknown(group) ? texts[$"Grouping.{group.Grouping}"] : group.Grouping switch
    {
        "all" => texts["Grouping.all"],
        "population" => Band(group.Cell, texts),
        "country" => Country(group.Cell),
        "region" => texts["Cell.Region", group.Cell],
        "maturity" => texts["Cell.Level", group.Cell.Split('-')[^1]],
        _ => texts[$"Cell.{group.Cell}"],
    };

    private static string Band(string cell, IStringLocalizer texts)
    {
        int[] ends = [500, 1_000, 5_000, 20_000, 50_000];
        var end = int.Parse(cell.Split('-')[^1], CultureInfo.InvariantCulture);
        var before = Array.IndexOf(ends, end) is > 0 and var index ? ends[index - 1] : 0;
        return cell.StartsWith("over", StringComparison.Ordinal) ? texts["Cell.Over", Written(end)]
            : before == 0 ? texts["Cell.UpTo", Written(end)] : texts["Cell.Between", Written(before + 1), Written(end)];
    }

    private static string Written(int number) => number.ToString("N0", CultureInfo.CurrentCulture);

    /// <summary>A country by its name, where the machine knows it. Greece is EL in statistics.</summary>
    private static string Country(string code)
    {
        try
        {
            return new RegionInfo($"{Language.Current}-{(code == "EL" ? "GR" : code)}").DisplayName;
        }
        catch (ArgumentException)
        {
            return code;
        }
    }
}
