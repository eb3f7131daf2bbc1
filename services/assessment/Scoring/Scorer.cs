using LivingCity.Assessment.Questionnaires;

namespace LivingCity.Assessment.Scoring;

/// <summary>
/// Scores answers by version 1 of the rules. Pure: the same answers to the same version on the same day score the same for ever, to the last bit; sums run in the order of the questionnaire.
/// Rules that differ get a number of their own beside this one. <c>tests/Assessment.Tests/Independent/score.py</c> follows the same description and was written apart.
/// </summary>
/// <remarks>
/// An option scores what it says; several options score their sum, at most 100; a matrix scores the mean of its rows; a number, the age of a date in days and the number of pieces of evidence
/// score along the question's points. An indicator scores the weighted mean of its questions, a dimension that of its indicators, the whole that of its dimensions.
/// What does not apply, is hidden, has no score or no answer counts nowhere: the others share its weight.
/// </remarks>
internal static class Scorer
{
    /// <summary>The version of these rules.</summary>
    public const int Engine = 1;

    private const double Most = 100;
    private const double NeedsAttentionBelow = 50;

    /// <summary>Scores answers.</summary>
    /// <param name="questionnaire">The version that was answered.</param>
    /// <param name="answers">Answer by question.</param>
    /// <param name="day">The day of the submission, from which the age of dates is counted.</param>
    public static Score Evaluate(Questionnaire questionnaire, IReadOnlyDictionary<string, AnswerValue> answers, DateOnly day)
    {
        var visible = Branching.Visible(questionnaire, answers).Select(question => question.Id).ToHashSet();
        var dimensions = questionnaire.Dimensions.Select(dimension =>
        {
            var indicators = dimension.Indicators.Select(indicator =>
            {
                var questions = indicator.Questions.Select(question => (question, part: Part(questionnaire, question, visible, answers, day))).ToArray();
                return (indicator, questions, score: Mean(questions.Select(one => (one.question.Weight, one.part.Value))));
            }).ToArray();
            return (dimension, indicators, score: Mean(indicators.Select(one => (one.indicator.Weight, one.score))));
        }).ToArray();
        var overall = Mean(dimensions.Select(one => (one.dimension.Weight, one.score))) ?? 0;

        var ofDimensions = Shares(1, [.. dimensions.Select(one => (one.dimension.Weight, one.score))]);
        var details = dimensions.Select((one, d) =>
        {
            var ofIndicators = Shares(ofDimensions[d], [.. one.indicators.Select(inner => (inner.indicator.Weight, inner.score))]);
            return new DimensionScore(one.dimension.Id, one.score, ofDimensions[d], [.. one.indicators.Select((inner, i) =>
            {
                var shares = Shares(ofIndicators[i], [.. inner.questions.Select(asked => (asked.question.Weight, asked.part.Value))]);
                return new IndicatorScore(inner.indicator.Id, inner.score, ofIndicators[i], [.. inner.questions.Select((asked, q) => new QuestionScore(
                    asked.question.Id, asked.part.Value, shares[q], shares[q] * (asked.part.Value ?? 0), shares[q] * (Most - (asked.part.Value ?? Most)), asked.part.Why))]);
            })]);
        }).ToArray();
        return new Score(
            overall,
            questionnaire.LevelOf(overall),
            dimensions.Where(one => one.score is not null).ToDictionary(one => one.dimension.Id, one => one.score!.Value),
            [.. dimensions.Where(one => one.score < NeedsAttentionBelow).OrderBy(one => one.score).Select(one => one.dimension.Id)],
            details);
    }

    private static (double? Value, Why Why) Part(Questionnaire questionnaire, Question question, HashSet<string> visible, IReadOnlyDictionary<string, AnswerValue> answers, DateOnly day)
    {
        if (!visible.Contains(question.Id))
        {
            return (null, Why.Hidden);
        }

        if (answers.GetValueOrDefault(question.Id) is not { } answer)
        {
            return (null, Why.NotAnswered);
        }

        if (answer.NotApplicable)
        {
            return (null, Why.NotApplicable);
        }

        var value = question.Kind switch
        {
            QuestionKind.Single => ScoreOf(questionnaire.OptionsOf(question), answer.Options[0]),
            QuestionKind.Multiple => Chosen(questionnaire.OptionsOf(question), answer.Options),
            QuestionKind.Matrix => Rows(question, questionnaire.OptionsOf(question), answer.Rows),
            QuestionKind.Number => Along(question.Points, answer.Number!.Value),
            QuestionKind.Date => Along(question.Points, day.DayNumber - answer.Date!.Value.DayNumber),
            QuestionKind.Evidence => Along(question.Points, answer.Items.Count),
            _ => null,
        };
        return (value, value is null ? Why.NotScored : Why.Counted);
    }

    private static double? ScoreOf(IReadOnlyList<Option> options, string chosen) => options.First(option => option.Id == chosen).Score;

    private static double? Chosen(IReadOnlyList<Option> options, IReadOnlyList<string> chosen)
    {
        var scores = options.Where(option => chosen.Contains(option.Id) && option.Score is not null).Select(option => option.Score!.Value).ToArray();
        return scores.Length == 0 ? null : Math.Min(Most, scores.Sum());
    }

    private static double? Rows(Question question, IReadOnlyList<Option> options, IReadOnlyDictionary<string, string> chosen)
    {
        var scores = question.Rows!.Select(row => ScoreOf(options, chosen[row])).Where(score => score is not null).Select(score => score!.Value).ToArray();
        return scores.Length == 0 ? null : scores.Sum() / scores.Length;
    }

    private static double? Along(IReadOnlyList<IReadOnlyList<double>>? points, double value)
    {
        if (points is null)
        {
            return null;
        }

        if (value <= points[0][0])
        {
            return points[0][1];
        }

        for (var i = 1; i < points.Count; i++)
        {
            var (left, right) = (points[i - 1], points[i]);
            if (value <= right[0])
            {
                return left[1] + ((right[1] - left[1]) * (value - left[0]) / (right[0] - left[0]));
            }
        }

        return points[^1][1];
    }

    private static double? Mean(IEnumerable<(double Weight, double? Score)> parts)
    {
        var counted = parts.Where(part => part is { Score: not null, Weight: > 0 }).ToArray();
        return counted.Length == 0 ? null : counted.Sum(part => part.Weight * part.Score!.Value) / counted.Sum(part => part.Weight);
    }

    private static double[] Shares(double whole, IReadOnlyList<(double Weight, double? Score)> parts)
    {
        var sum = parts.Where(part => part.Score is not null).Sum(part => part.Weight);
        return [.. parts.Select(part => part.Score is null || sum == 0 ? 0 : whole * part.Weight / sum)];
    }
}
