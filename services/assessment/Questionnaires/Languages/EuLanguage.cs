using System.Globalization;

namespace LivingCity.Assessment.Questionnaires.Languages;

/// <summary>
/// How a language of the Union writes numbers. A table of our own, because the service runs without culture tables, and because what a signed document shows must not change with the machine.
/// All 24 are written from left to right.
/// </summary>
/// <param name="Tag">ISO 639-1.</param>
/// <param name="Decimal">Before decimals.</param>
/// <param name="Group">Between groups of three digits.</param>
/// <param name="LeastGrouped">The least number of digits that is grouped (CLDR's minimum grouping digits).</param>
internal sealed record EuLanguage(string Tag, char Decimal, char Group, int LeastGrouped = 4)
{
    private const char Space = '\u00a0';
    private const char Narrow = '\u202f';

    /// <summary>The official languages of the European Union.</summary>
    public static readonly IReadOnlyList<EuLanguage> All =
    [
        new("bg", ',', Space, 5), new("cs", ',', Space), new("da", ',', '.'), new("de", ',', '.'), new("el", ',', '.'), new("en", '.', ','), new("es", ',', '.', 5), new("et", ',', Space, 5),
        new("fi", ',', Space), new("fr", ',', Narrow), new("ga", '.', ','), new("hr", ',', '.'), new("hu", ',', Space, 5), new("it", ',', '.', 5), new("lt", ',', Space), new("lv", ',', Space, 5),
        new("mt", '.', ','), new("nl", ',', '.'), new("pl", ',', Space, 5), new("pt", ',', Space, 5), new("ro", ',', '.'), new("sk", ',', Space), new("sl", ',', '.', 5), new("sv", ',', Space),
    ];

    /// <summary>The direction of its script (HTML's <c>dir</c>).</summary>
    public string Direction { get; } = "ltr";

    public static EuLanguage? Find(string tag) => All.FirstOrDefault(language => language.Tag == tag);

    /// <summary>A number as this language writes it.</summary>
    /// <param name="number">The number.</param>
    /// <param name="decimals">How many decimals.</param>
    public string Write(double number, int decimals = 0)
    {
        var plain = Math.Abs(number).ToString($"F{decimals}", CultureInfo.InvariantCulture);
        var point = plain.IndexOf('.', StringComparison.Ordinal);
        var (whole, rest) = point < 0 ? (plain, "") : (plain[..point], Decimal + plain[(point + 1)..]);
        if (whole.Length >= LeastGrouped)
        {
            for (var at = whole.Length - 3; at > 0; at -= 3)
            {
                whole = whole.Insert(at, Group.ToString());
            }
        }

        return (number < 0 ? "-" : "") + whole + rest;
    }
}
