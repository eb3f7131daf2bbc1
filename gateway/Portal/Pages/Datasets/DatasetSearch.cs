using System.Globalization;

namespace LivingCity.Gateway.Portal.Pages.Datasets;

/// <summary>Finds words in titles, descriptions and keywords of all languages, whatever their case and accents.</summary>
internal static class DatasetSearch
{
    private const CompareOptions Loose = CompareOptions.IgnoreCase | CompareOptions.IgnoreNonSpace;

    public static bool Matches(Dataset dataset, string? wanted) => (wanted ?? "")
        .Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        .All(word => Texts(dataset).Any(text => CultureInfo.InvariantCulture.CompareInfo.IndexOf(text, word, Loose) >= 0));

    private static IEnumerable<string> Texts(Dataset dataset) =>
        [.. dataset.Titles.Concat(dataset.Descriptions).Select(text => text.Text), .. dataset.Keywords, dataset.Publisher];
}
