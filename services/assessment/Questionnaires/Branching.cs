namespace LivingCity.Assessment.Questionnaires;

/// <summary>Which questions are asked. Conditions look back only, so one pass in order decides them all, and every path ends.</summary>
internal static class Branching
{
    /// <summary>The questions that are asked, in order. What is hidden counts as not answered, also for the questions that depend on it.</summary>
    public static IReadOnlyList<Question> Visible(Questionnaire questionnaire, IReadOnlyDictionary<string, AnswerValue> answers)
    {
        var visible = new List<Question>();
        var asked = new HashSet<string>();
        foreach (var question in questionnaire.Questions)
        {
            if (question.VisibleIf is null || Holds(question.VisibleIf, asked, answers))
            {
                visible.Add(question);
                asked.Add(question.Id);
            }
        }

        return visible;
    }

    /// <summary>The first question that still needs an answer, or null at the end.</summary>
    public static Question? Next(Questionnaire questionnaire, IReadOnlyDictionary<string, AnswerValue> answers) =>
        Visible(questionnaire, answers).FirstOrDefault(question => !question.Optional && !answers.ContainsKey(question.Id));

    private static bool Holds(Condition condition, HashSet<string> asked, IReadOnlyDictionary<string, AnswerValue> answers) => condition switch
    {
        { All: { } all } => all.All(part => Holds(part, asked, answers)),
        { Any: { } any } => any.Any(part => Holds(part, asked, answers)),
        { Not: { } not } => !Holds(not, asked, answers),
        _ => asked.Contains(condition.Question!) && answers.GetValueOrDefault(condition.Question!) is { NotApplicable: false } answer
            && (condition.In is { } options ? answer.Options.Any(options.Contains) : answer.Number >= condition.AtLeast),
    };
}
