using System.Text.Json;
using LivingCity.Assessment.Questionnaires;

namespace LivingCity.Assessment.Tests.Questionnaires;

/// <summary>Submissions drawn by chance, hidden questions sometimes answered too: they must not count.</summary>
internal static class RandomAnswers
{
    public static readonly DateOnly Day = new(2026, 11, 1);

    public sealed record Given(JsonElement? Value, bool NotApplicable);

    public static Dictionary<string, Given> Draw(Questionnaire questionnaire, Random random, double answered = 1)
    {
        var given = new Dictionary<string, Given>();
        foreach (var question in questionnaire.Questions.Where(_ => random.NextDouble() <= answered))
        {
            given[question.Id] = question.MayNotApply && random.NextDouble() < 0.15 ? new Given(null, true) : new Given(JsonSerializer.SerializeToElement(Value(questionnaire, question, random)), false);
        }

        return given;
    }

    public static Dictionary<string, AnswerValue> Read(Questionnaire questionnaire, Dictionary<string, Given> given) =>
        given.ToDictionary(answer => answer.Key, answer => AnswerValue.Stored(questionnaire, questionnaire.Find(answer.Key)!, answer.Value.Value, answer.Value.NotApplicable));

    public static object Value(Questionnaire questionnaire, Question question, Random random)
    {
        var options = questionnaire.OptionsOf(question);
        switch (question.Kind)
        {
            case QuestionKind.Single:
                return options[random.Next(options.Count)].Id;
            case QuestionKind.Multiple:
                var free = options.Where(option => !option.Exclusive).Where(_ => random.NextDouble() < 0.5).Select(option => option.Id).ToArray();
                return free.Length > 0 ? free : options.FirstOrDefault(option => option.Exclusive) is { } exclusive ? new[] { exclusive.Id } : [options[0].Id];
            case QuestionKind.Matrix:
                return question.Rows!.ToDictionary(row => row, _ => options[random.Next(options.Count)].Id);
            case QuestionKind.Number:
                var top = Math.Min(question.Maximum ?? 100, 200);
                return Math.Round((question.Minimum ?? 0) + (random.NextDouble() * (top - (question.Minimum ?? 0))), random.Next(3));
            case QuestionKind.Date:
                return Day.AddDays(-random.Next(4000)).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
            case QuestionKind.Evidence:
                return Enumerable.Range(0, 1 + random.Next(3)).Select(number => $"https://city.example/{number}").ToArray();
            default:
                return "Something in words.";
        }
    }
}
