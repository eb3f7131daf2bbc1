namespace LivingCity.Assessment.Benchmark;

/// <summary>A submission as the benchmark sees it.</summary>
/// <param name="Number">Its number; a later submission has a greater one.</param>
/// <param name="City">Whose it is.</param>
/// <param name="Year">The year of the submission.</param>
/// <param name="Country">ISO 3166 code, or null.</param>
/// <param name="Region">NUTS code, or null.</param>
/// <param name="Population">Inhabitants, or null.</param>
/// <param name="Member">Whether the city belongs to the network.</param>
/// <param name="Level">Maturity level.</param>
/// <param name="Overall">0 to 100.</param>
/// <param name="Dimensions">0 to 100 in the order of the questionnaire; NaN where nothing applied.</param>
/// <param name="Admitted">Whether an earlier release counted it.</param>
internal sealed record Entry(
    long Number, string City, int Year, string? Country, string? Region, int? Population, bool Member, int Level, double Overall, double[] Dimensions, bool Admitted = false)
{
    public const string Unknown = "unknown";

    /// <summary>The cell that it falls into.</summary>
    public string CellOf(Grouping grouping) => grouping switch
    {
        Grouping.All => "all",
        Grouping.Population => PopulationBand.Of(Population),
        Grouping.Country => Country ?? Unknown,
        // Two digits after the country: NUTS level 2. A region that is not of the named country would undo the nesting that suppression relies on.
        Grouping.Region => Region is { Length: >= 4 } region && Country is not null && region.StartsWith(Country, StringComparison.Ordinal) ? region[..4] : $"{Country ?? ""}{(Country is null ? "" : "-")}{Unknown}",
        Grouping.Maturity => $"level-{Level}",
        Grouping.Network => Member ? "member" : "other",
        _ => Year.ToString(System.Globalization.CultureInfo.InvariantCulture),
    };
}

/// <summary>By what cities are compared.</summary>
internal enum Grouping
{
    All,
    Population,
    Country,
    Region,
    Maturity,
    Network,
    Year,
}

/// <summary>The population bands in which peers are formed; each includes its upper end.</summary>
internal static class PopulationBand
{
    private static readonly int[] Ends = [500, 1_000, 5_000, 20_000, 50_000];

    public static string Of(int? population) => population is not { } count ? Entry.Unknown : Array.FindIndex(Ends, end => count <= end) is >= 0 and var index ? $"to-{Ends[index]}" : $"over-{Ends[^1]}";
}
