using LivingCity.Assessment.Questionnaires;
using LivingCity.Assessment.Scoring;

namespace LivingCity.Assessment.Roadmaps;

/// <summary>What actions add to a score. Each indicator gains what its actions promise together, up to 100; an indicator adds its share in the overall score.</summary>
internal sealed class Gains
{
    private readonly double[] room;
    private readonly double[] share;
    private readonly double[][] effects;

    private Gains(double overall, double[] room, double[] share, double[][] effects) => (Overall, this.room, this.share, this.effects) = (overall, room, share, effects);

    /// <summary>The score as it is.</summary>
    public double Overall { get; }

    /// <summary>Reads from a score what each indicator can still gain. An indicator in which nothing applies gains nothing.</summary>
    public static Gains Of(Questionnaire questionnaire, Score score, IReadOnlyList<CityAction> actions)
    {
        var indicators = score.Details!.SelectMany(dimension => dimension.Indicators).ToArray();
        var order = indicators.Select((indicator, index) => (indicator.Id, index)).ToDictionary(one => one.Id, one => one.index);
        return new Gains(
            score.Overall,
            [.. indicators.Select(indicator => indicator.Value is { } value ? 100 - value : 0)],
            [.. indicators.Select(indicator => indicator.Share)],
            [.. actions.Select(action => questionnaire.Indicators.Select(indicator => action.Effects.GetValueOrDefault(indicator.Id)).ToArray())]);
    }

    /// <summary>For tests on small cases: room and share of each indicator, effects of each action on each.</summary>
    public static Gains Of(double overall, double[] room, double[] share, double[][] effects) => new(overall, room, share, effects);

    /// <summary>Points that a set of actions adds to the overall score.</summary>
    public double Together(IEnumerable<int> actions)
    {
        var gained = new double[room.Length];
        foreach (var action in actions)
        {
            for (var indicator = 0; indicator < room.Length; indicator++)
            {
                gained[indicator] += effects[action][indicator];
            }
        }

        var sum = 0d;
        for (var indicator = 0; indicator < room.Length; indicator++)
        {
            sum += share[indicator] * Math.Min(room[indicator], gained[indicator]);
        }

        return sum;
    }

    /// <summary>Points that one action adds by itself: together with others it never adds more.</summary>
    public double Alone(int action) => Together([action]);

    /// <summary>The indicators that an action helps, each with the points that it adds by itself.</summary>
    public IEnumerable<(int Indicator, double Points)> Traces(int action) =>
        Enumerable.Range(0, room.Length).Select(indicator => (indicator, share[indicator] * Math.Min(room[indicator], effects[action][indicator]))).Where(trace => trace.Item2 > 0);
}
