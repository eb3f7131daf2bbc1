namespace LivingCity.Assessment.Benchmark;

/// <summary>Quantiles by linear interpolation between order statistics (Hyndman and Fan 1996, definition 7).</summary>
internal static class Quantiles
{
    /// <param name="ascending">The values, ascending, at least one.</param>
    /// <param name="share">0 to 1.</param>
    public static double At(ReadOnlySpan<double> ascending, double share)
    {
        var position = (ascending.Length - 1) * share;
        var below = (int)Math.Floor(position);
        var above = Math.Min(below + 1, ascending.Length - 1);
        return ascending[below] + ((ascending[above] - ascending[below]) * (position - below));
    }
}

/// <summary>What is published of a group: where the tenth, the quarter, the half and so on of its cities stand.</summary>
/// <param name="P10">A tenth scores less; null in small groups, where it would be one city's score.</param>
/// <param name="P25">A quarter scores less.</param>
/// <param name="Median">Half score less.</param>
/// <param name="P75">Three quarters score less.</param>
/// <param name="P90">Nine tenths score less; null in small groups.</param>
/// <param name="Spread">The middle half's width: P75 − P25.</param>
internal sealed record Figures(double? P10, double P25, double Median, double P75, double? P90, double Spread)
{
    /// <summary>From this many cities on the tails are shown, and one decimal.</summary>
    public const int WholePicture = 20;

    /// <returns>Null for no values.</returns>
    public static Figures? Of(double[] ascending)
    {
        if (ascending.Length == 0)
        {
            return null;
        }

        var large = ascending.Length >= WholePicture;
        // In small groups a quartile is a city's own score: rounded to whole points it is one that many could have.
        double Rounded(double value) => Math.Round(value, large ? 1 : 0);
        double At(double share) => Rounded(Quantiles.At(ascending, share));
        return new Figures(large ? At(0.1) : null, At(0.25), At(0.5), At(0.75), large ? At(0.9) : null, Rounded(Quantiles.At(ascending, 0.75) - Quantiles.At(ascending, 0.25)));
    }
}
