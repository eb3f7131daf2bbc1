using System.Text.RegularExpressions;
using LivingCity.Assessment.Questionnaires.Languages;
using LivingCity.Assessment.Scoring;
using LivingCity.ServiceDefaults.Errors;

namespace LivingCity.Assessment.Questionnaires;

/// <summary>What the schema cannot say: references that lead somewhere, conditions that look back, weights and scores in range.</summary>
internal static partial class StructureCheck
{
    private const int MostQuestions = 500;

    public static Validation Check(Questionnaire questionnaire)
    {
        var validation = new Validation()
            .Rule(IdPattern().IsMatch(questionnaire.Id), "id", "must be a name and a version, like our-survey/1")
            .Rule(questionnaire.Engine == Scorer.Engine, "engine", $"must be {Scorer.Engine}")
            .Rule(questionnaire.Languages.Count > 0 && questionnaire.Languages.All(language => EuLanguage.Find(language) is not null), "languages", "must be official languages of the Union, at least one")
            .Rule(questionnaire.Levels is [0, ..] && questionnaire.Levels.Zip(questionnaire.Levels.Skip(1)).All(pair => pair.First < pair.Second), "levels", "must ascend from 0")
            .Rule(questionnaire.Questions.Count() is > 0 and <= MostQuestions, "dimensions", $"must hold 1 to {MostQuestions} questions");
        var ids = questionnaire.Dimensions.Select(dimension => dimension.Id).Concat(questionnaire.Indicators.Select(indicator => indicator.Id)).Concat(questionnaire.Questions.Select(question => question.Id)).ToArray();
        foreach (var twice in ids.GroupBy(id => id).Where(group => group.Count() > 1))
        {
            validation.Rule(false, twice.Key, "is used twice");
        }

        foreach (var id in ids.Where(id => !NamePattern().IsMatch(id)))
        {
            validation.Rule(false, id, "must be lower-case letters, digits, dots and hyphens, and begin with a letter");
        }

        foreach (var (id, weight) in questionnaire.Dimensions.Select(one => (one.Id, one.Weight)).Concat(questionnaire.Indicators.Select(one => (one.Id, one.Weight))).Concat(questionnaire.Questions.Select(one => (one.Id, one.Weight))))
        {
            validation.Rule(weight is > 0 and <= 1000, id, "must have a weight above 0 and at most 1000");
        }

        var before = new Dictionary<string, Question>();
        foreach (var question in questionnaire.Questions)
        {
            CheckQuestion(questionnaire, question, before, validation);
            before.TryAdd(question.Id, question);
        }

        return validation;
    }

    private static void CheckQuestion(Questionnaire questionnaire, Question question, Dictionary<string, Question> before, Validation validation)
    {
        var chooses = question.Kind is QuestionKind.Single or QuestionKind.Multiple or QuestionKind.Matrix;
        var options = questionnaire.OptionsOf(question);
        validation
            .Rule(!chooses || options.Count >= 2, question.Id, "needs at least two options, or a scale")
            .Rule(options.Select(option => option.Id).Distinct().Count() == options.Count, question.Id, "has two options of one name")
            .Rule(options.All(option => option.Score is null or (>= 0 and <= 100)), question.Id, "has an option that scores less than 0 or more than 100")
            .Rule(question.Kind != QuestionKind.Matrix || question.Rows is { Count: > 0 }, question.Id, "needs rows")
            .Rule(question.Points is null || IsLine(question.Points), question.Id, "needs points with rising values and scores from 0 to 100")
            .Rule(question.Points is null || question.Kind is QuestionKind.Number or QuestionKind.Date or QuestionKind.Evidence, question.Id, "has points, which its kind does not use")
            .Rule(!question.Optional || !IsScored(question, options), question.Id, "is scored and may not be optional: leaving it out would raise the score")
            .Rule(!(question.Minimum > question.Maximum), question.Id, "has a minimum above its maximum");
        foreach (var condition in question.VisibleIf?.Parts ?? [])
        {
            var forms = (condition.Question is null ? 0 : 1) + (condition.All is null ? 0 : 1) + (condition.Any is null ? 0 : 1) + (condition.Not is null ? 0 : 1);
            validation.Rule(forms == 1 && (condition.Question is null || condition.In is null != condition.AtLeast is null), question.Id, "has a condition that is not of exactly one form");
            if (condition.Question is not { } name)
            {
                continue;
            }

            var asked = before.GetValueOrDefault(name);
            validation.Rule(asked is not null, question.Id, $"depends on {name}, which is not asked before it");
            if (asked is not null)
            {
                validation
                    .Rule(condition.In is null || (asked.Kind is QuestionKind.Single or QuestionKind.Multiple && condition.In.All(id => questionnaire.OptionsOf(asked).Any(option => option.Id == id))), question.Id, $"depends on options that {name} does not have")
                    .Rule(condition.AtLeast is null || asked.Kind == QuestionKind.Number, question.Id, $"compares {name}, which is no number");
            }
        }
    }

    private static bool IsScored(Question question, IReadOnlyList<Option> options) => question.Points is not null || options.Any(option => option.Score is not null);

    private static bool IsLine(IReadOnlyList<IReadOnlyList<double>> points) =>
        points.Count > 0 && points.All(point => point.Count == 2 && double.IsFinite(point[0]) && point[1] is >= 0 and <= 100) && points.Zip(points.Skip(1)).All(pair => pair.First[0] < pair.Second[0]);

    [GeneratedRegex(@"^[a-z][a-z0-9-]{0,60}/[1-9][0-9]{0,3}$")]
    private static partial Regex IdPattern();

    [GeneratedRegex(@"^[a-z][a-z0-9.-]{0,100}$")]
    private static partial Regex NamePattern();
}
