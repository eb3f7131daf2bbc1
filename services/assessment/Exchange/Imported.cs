using LivingCity.Assessment.Questionnaires;

namespace LivingCity.Assessment.Exchange;

/// <summary>What an import understood: to be looked at, completed and then kept as a draft.</summary>
/// <param name="Structure">Questions and rules.</param>
/// <param name="Texts">Texts by language and key.</param>
/// <param name="Unsupported">What the file says and a questionnaire cannot.</param>
/// <param name="Errors">What must be mended before it can be kept, by field.</param>
internal sealed record Imported(
    Questionnaire Structure, IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> Texts, IReadOnlyList<string> Unsupported, IReadOnlyDictionary<string, string[]> Errors);

/// <summary>Collects what an import reads.</summary>
internal sealed class Importing(string name)
{
    private readonly List<(string Id, List<(string Id, double Weight, List<Question> Questions)> Indicators, double Weight)> dimensions = [];
    private readonly Dictionary<string, Dictionary<string, string>> texts = [];

    public List<string> Unsupported { get; } = [];

    public void Text(string language, string key, string text)
    {
        if (!texts.TryGetValue(language, out var entries))
        {
            texts[language] = entries = [];
        }

        entries[key] = text;
    }

    public void Dimension(string id, double weight = 1) => dimensions.Add((id, [], weight));

    public void Indicator(string id, double weight = 1)
    {
        if (dimensions.Count == 0)
        {
            Dimension("all");
        }

        dimensions[^1].Indicators.Add((id, weight, []));
    }

    public void Question(Question question)
    {
        if (dimensions.Count == 0 || dimensions[^1].Indicators.Count == 0)
        {
            Indicator($"{(dimensions.Count == 0 ? "all" : dimensions[^1].Id)}-all");
        }

        dimensions[^1].Indicators[^1].Questions.Add(question);
    }

    public Imported Finish()
    {
        var filled = dimensions.Select(dimension => new Dimension(
            dimension.Id, dimension.Weight, [.. dimension.Indicators.Where(indicator => indicator.Questions.Count > 0).Select(indicator => new Indicator(indicator.Id, indicator.Weight, indicator.Questions))]));
        var questionnaire = new Questionnaire(
            $"{name}/1", Scoring.Scorer.Engine, [.. texts.Keys.Where(language => Questionnaires.Languages.EuLanguage.Find(language) is not null)], [0], [.. filled.Where(dimension => dimension.Indicators.Count > 0)]);
        foreach (var language in questionnaire.Languages)
        {
            // What the formats have no place for gets a text to begin with.
            foreach (var key in TextSet.Keys(questionnaire, language).Where(key => key is "title" or "note" || key.StartsWith("level/", StringComparison.Ordinal) || key is "all" || key.EndsWith("-all", StringComparison.Ordinal)))
            {
                texts[language].TryAdd(key, name);
            }
        }

        var ids = questionnaire.Questions.GroupBy(question => question.Id).All(group => group.Count() == 1);
        return new Imported(
            questionnaire, texts.ToDictionary(entry => entry.Key, entry => (IReadOnlyDictionary<string, string>)entry.Value), Unsupported,
            ids ? StructureCheck.Check(questionnaire).Errors : new Dictionary<string, string[]> { ["questions"] = ["two have one name"] });
    }
}
