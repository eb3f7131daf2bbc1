using LivingCity.Assessment.Questionnaires;

namespace LivingCity.Assessment.Exchange;

/// <summary>What neither format has a place for. Both carry questions, options with scores, rows, branching, limits, weights and texts.</summary>
internal static class NotCarried
{
    public static IReadOnlyList<string> By(Questionnaire questionnaire) =>
    [
        "levels and the version of the scoring rules",
        .. questionnaire.Questions.SelectMany(question => Parts(question).Select(part => $"{question.Id}: {part}")),
    ];

    private static IEnumerable<string> Parts(Question question)
    {
        if (question.Points is not null)
        {
            yield return "points";
        }

        if (question.MayNotApply)
        {
            yield return "\"does not apply\"";
        }

        if (question.Prefill is not null)
        {
            yield return "prefill";
        }

        if (question.Mims is { Count: > 0 })
        {
            yield return "MIMs";
        }

        if (question.Follows is not null)
        {
            yield return "mapping to an earlier version";
        }

        if (question.Unit is not null)
        {
            yield return "unit";
        }
    }
}
