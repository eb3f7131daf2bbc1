using System.Text.Json;
using LivingCity.Assessment.Questionnaires;

namespace LivingCity.Assessment.Roadmaps;

/// <summary>Something that a city can do.</summary>
/// <param name="Id">Stable name.</param>
/// <param name="Titles">Title by language.</param>
/// <param name="Effort">Person-months.</param>
/// <param name="Months">Duration, at least one.</param>
/// <param name="Cost">Least and greatest cost in euro.</param>
/// <param name="Prerequisites">Actions that must be finished before.</param>
/// <param name="Effects">Points that an indicator gains, at most up to 100.</param>
/// <param name="Mims">The MIMs that it brings nearer.</param>
/// <param name="Examples">Cities that did it.</param>
internal sealed record CityAction(
    string Id, IReadOnlyDictionary<string, string> Titles, double Effort, int Months, IReadOnlyList<double> Cost, IReadOnlyList<string> Prerequisites, IReadOnlyDictionary<string, double> Effects,
    IReadOnlyList<string> Mims, IReadOnlyList<CityExample> Examples);

/// <summary>A city that did it.</summary>
internal sealed record CityExample(string City, string What);

/// <summary>The actions for one questionnaire, as versioned data.</summary>
internal sealed record ActionLibrary(string Id, string Questionnaire, string Note, IReadOnlyList<CityAction> Actions)
{
    private static readonly Lazy<IReadOnlyList<ActionLibrary>> Known = new(() =>
    [
        .. typeof(ActionLibrary).Assembly.GetManifestResourceNames().Where(name => name.StartsWith("roadmaps/", StringComparison.Ordinal)).Select(name =>
        {
            using var stream = typeof(ActionLibrary).Assembly.GetManifestResourceStream(name)!;
            return JsonSerializer.Deserialize<ActionLibrary>(stream, QuestionnaireCatalogue.Json)!;
        }),
    ]);

    /// <returns>Null where there are no actions for this questionnaire.</returns>
    public static ActionLibrary? For(string questionnaire) => Known.Value.FirstOrDefault(library => library.Questionnaire == questionnaire);

    /// <returns>Null where this service no longer has that version of the actions.</returns>
    public static ActionLibrary? OfVersion(string id) => Known.Value.FirstOrDefault(library => library.Id == id);

    public CityAction? Find(string id) => Actions.FirstOrDefault(action => action.Id == id);
}
