namespace LivingCity.Assessment.Benchmark;

/// <summary>How a city's place changes when the dimensions weigh otherwise.</summary>
/// <param name="Low">The share of peers that score less, in the lowest twentieth of the trials.</param>
/// <param name="High">The same in the highest twentieth.</param>
internal sealed record Sensitivity(double Low, double High);

/// <summary>Tries other weights: each dimension's is multiplied by a factor between a half and one and a half, drawn evenly. The seed is fixed, so the answer is always the same.</summary>
internal static class WeightSensitivity
{
    private const int Trials = 200;
    private const int Seed = 20_261;

    /// <param name="city">The city's dimensions.</param>
    /// <param name="peers">Those of peers, one after the other.</param>
    /// <param name="weights">The questionnaire's weights.</param>
    public static Sensitivity? Of(double[] city, double[] peers, double[] weights)
    {
        var size = weights.Length;
        var count = peers.Length / size;
        if (count == 0)
        {
            return null;
        }

        var random = new Random(Seed);
        var tried = new double[size];
        var shares = new double[Trials];
        for (var trial = 0; trial < Trials; trial++)
        {
            for (var dimension = 0; dimension < size; dimension++)
            {
                tried[dimension] = weights[dimension] * (0.5 + random.NextDouble());
            }

            var own = Mean(city, tried);
            var below = 0d;
            for (var peer = 0; peer < count; peer++)
            {
                var other = Mean(peers.AsSpan(peer * size, size), tried);
                below += other < own ? 1 : other == own ? 0.5 : 0;
            }

            shares[trial] = below / count;
        }

        Array.Sort(shares);
        return new Sensitivity(Quantiles.At(shares, 0.05), Quantiles.At(shares, 0.95));
    }

    private static double Mean(ReadOnlySpan<double> scores, double[] weights)
    {
        var (sum, weight) = (0d, 0d);
        for (var dimension = 0; dimension < weights.Length; dimension++)
        {
            if (!double.IsNaN(scores[dimension]))
            {
                sum += weights[dimension] * scores[dimension];
                weight += weights[dimension];
            }
        }

        return weight == 0 ? 0 : sum / weight;
    }
}
