using System.Globalization;
using LivingCity.Assessment.Questionnaires.Languages;

namespace LivingCity.Assessment.Questionnaires;

/// <summary>
/// The texts of a questionnaire by language and key: <c>title</c>, <c>note</c>, <c>level/{n}</c>, the id of a dimension, indicator or question, <c>{question}/{option}</c>, <c>{question}#{row}</c>,
/// <c>scale:{scale}/{option}</c>, and <c>unit:{unit}.{plural category}</c>.
/// </summary>
internal sealed class TextSet(Questionnaire questionnaire, IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> texts)
{
    /// <summary>Texts by language and key.</summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> Texts => texts;

    /// <summary>The language to answer in: the first wanted one that is there, else the first that the questionnaire declares.</summary>
    public string Choose(IEnumerable<string> wanted) => wanted.FirstOrDefault(texts.ContainsKey) ?? questionnaire.Languages[0];

    /// <summary>A text; where a language lacks it, as in a draft, its key.</summary>
    public string Find(string language, string key) => texts.GetValueOrDefault(language)?.GetValueOrDefault(key) ?? key;

    public string Option(string language, Question question, string option) => Find(language, question.Options is null ? $"scale:{question.Scale}/{option}" : $"{question.Id}/{option}");

    /// <summary>A number with its unit in the right plural.</summary>
    public string Amount(string language, string unit, double number)
    {
        var digits = number == Math.Floor(number) ? 0 : 1;
        var form = PluralRules.Of(language, number.ToString($"F{digits}", CultureInfo.InvariantCulture));
        return string.Format(CultureInfo.InvariantCulture, Find(language, $"unit:{unit}.{form}"), EuLanguage.Find(language)!.Write(number, digits));
    }

    /// <summary>The keys that a language must have.</summary>
    public static IEnumerable<string> Keys(Questionnaire questionnaire, string language)
    {
        yield return "title";
        yield return "note";
        for (var level = 1; level <= questionnaire.Levels.Count; level++)
        {
            yield return $"level/{level}";
        }

        foreach (var id in questionnaire.Dimensions.Select(dimension => dimension.Id).Concat(questionnaire.Indicators.Select(indicator => indicator.Id)).Concat(questionnaire.Questions.Select(question => question.Id)))
        {
            yield return id;
        }

        foreach (var question in questionnaire.Questions)
        {
            foreach (var key in (question.Options ?? []).Select(option => $"{question.Id}/{option.Id}").Concat((question.Rows ?? []).Select(row => $"{question.Id}#{row}")))
            {
                yield return key;
            }
        }

        foreach (var (name, options) in questionnaire.Scales ?? new Dictionary<string, IReadOnlyList<Option>>())
        {
            foreach (var option in options)
            {
                yield return $"scale:{name}/{option.Id}";
            }
        }

        foreach (var unit in questionnaire.Questions.Select(question => question.Unit).OfType<string>().Distinct())
        {
            foreach (var category in PluralRules.Categories(language))
            {
                yield return $"unit:{unit}.{category}";
            }
        }
    }

    /// <summary>What each declared language lacks, as <c>{language}: {key}</c>. Empty when the questionnaire may be published.</summary>
    public IReadOnlyList<string> Missing() =>
        [.. questionnaire.Languages.SelectMany(language => Keys(questionnaire, language).Where(key => string.IsNullOrWhiteSpace(texts.GetValueOrDefault(language)?.GetValueOrDefault(key))).Select(key => $"{language}: {key}"))];
}
