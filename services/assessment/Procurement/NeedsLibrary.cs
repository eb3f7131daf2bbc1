using System.Globalization;
using System.Text.Json;
using LivingCity.Assessment.Questionnaires;

namespace LivingCity.Assessment.Procurement;

/// <summary>The blocks of text, as versioned data.</summary>
internal sealed record NeedsLibrary(
    string Id, IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> Labels, IReadOnlyDictionary<string, MimBlock> Mims, IReadOnlyList<ClauseBlock> Clauses)
{
    private static readonly Lazy<NeedsLibrary> Newest = new(() =>
    {
        using var stream = typeof(NeedsLibrary).Assembly.GetManifestResourceStream("procurement/needs-1")!;
        return JsonSerializer.Deserialize<NeedsLibrary>(stream, QuestionnaireCatalogue.Json)!;
    });

    public static NeedsLibrary Current => Newest.Value;

    public string Label(string key, string language, params ReadOnlySpan<object?> values) => string.Format(CultureInfo.InvariantCulture, Labels[key][language], values);

    /// <summary>What stands before a colon's text; French sets a space before the colon.</summary>
    public string Before(string key, string language) => $"{Label(key, language)}{(language == "fr" ? "\u00a0" : "")}: ";
}

/// <summary>What belongs to a mechanism.</summary>
internal sealed record MimBlock(IReadOnlyList<string> Standards, IReadOnlyDictionary<string, string> Criterion);

/// <summary>A clause of every purchase.</summary>
internal sealed record ClauseBlock(string Id, IReadOnlyDictionary<string, string> Texts);
