using System.Text.Json;

namespace LivingCity.Assessment.Questionnaires;

/// <summary>A questionnaire in one version. Versions never change once published; a new one gets a new id.</summary>
/// <param name="Id">Name and version, for instance <c>digital-maturity/1</c>.</param>
/// <param name="Title">Title in English.</param>
/// <param name="Note">What it is and is not.</param>
/// <param name="Levels">The lowest score of each maturity level, ascending, the first 0.</param>
/// <param name="Dimensions">What is assessed.</param>
internal sealed record Questionnaire(string Id, string Title, string Note, IReadOnlyList<double> Levels, IReadOnlyList<Dimension> Dimensions)
{
    /// <summary>All questions, in order.</summary>
    public IEnumerable<Question> Questions => Dimensions.SelectMany(dimension => dimension.Questions);
}

/// <summary>One aspect of maturity.</summary>
/// <param name="Id">Stable name.</param>
/// <param name="Title">Title in English.</param>
/// <param name="Weight">Its share in the overall score, relative to the others.</param>
/// <param name="Questions">Its questions.</param>
internal sealed record Dimension(string Id, string Title, double Weight, IReadOnlyList<Question> Questions);

/// <summary>A question with one answer.</summary>
/// <param name="Id">Stable name.</param>
/// <param name="Text">The question in English.</param>
/// <param name="Weight">Its share in the dimension's score, relative to the others.</param>
/// <param name="Options">The answers to choose from.</param>
internal sealed record Question(string Id, string Text, double Weight, IReadOnlyList<Option> Options);

/// <summary>An answer to choose.</summary>
/// <param name="Id">Stable name within the question.</param>
/// <param name="Text">The answer in English.</param>
/// <param name="Score">0 to 100; null for "not applicable", which is left out of the score.</param>
internal sealed record Option(string Id, string Text, double? Score);

/// <summary>The questionnaires that this version of the service knows.</summary>
internal sealed class QuestionnaireCatalogue
{
    private readonly Dictionary<string, Questionnaire> questionnaires = Load().ToDictionary(questionnaire => questionnaire.Id);

    public IEnumerable<Questionnaire> All => questionnaires.Values;

    public Questionnaire? Find(string id) => questionnaires.GetValueOrDefault(id);

    private static IEnumerable<Questionnaire> Load()
    {
        var assembly = typeof(QuestionnaireCatalogue).Assembly;
        foreach (var resource in assembly.GetManifestResourceNames().Where(name => name.EndsWith(".questionnaire.json", StringComparison.Ordinal)))
        {
            using var stream = assembly.GetManifestResourceStream(resource)!;
            yield return JsonSerializer.Deserialize<Questionnaire>(stream, JsonSerializerOptions.Web)!;
        }
    }
}
