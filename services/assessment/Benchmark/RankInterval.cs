namespace LivingCity.Assessment.Benchmark;

/// <summary>Where a city stands among its peers, and how far that can be relied on.</summary>
/// <param name="Share">The share of peers that score less, 0 to 1; equals count half.</param>
/// <param name="Low">Lower end of the 95 % interval.</param>
/// <param name="High">Upper end.</param>
internal sealed record Standing(double Share, double Low, double High);

/// <summary>
/// The bootstrap interval of a rank (Efron 1979, percentile method), computed exactly instead of by drawing: in a resample of n peers the number that scores less than the city is binomial, with the
/// share seen as its probability. The city itself is one of the group and stands in its middle, so the share is never quite 0 or 1 and a small group always has a wide interval.
/// </summary>
internal static class RankInterval
{
    private const double Tail = 0.025;

    /// <param name="ascending">The scores of the group, ascending.</param>
    /// <param name="score">The city's score.</param>
    /// <param name="isMember">Whether the city's own score is among them.</param>
    public static Standing Of(double[] ascending, double score, bool isMember)
    {
        var below = CountBelow(ascending, score);
        var equal = CountBelow(ascending, Math.BitIncrement(score)) - below;
        var n = ascending.Length + (isMember ? 0 : 1);
        var share = (below + (0.5 * (isMember ? Math.Max(1, equal) : equal + 1))) / n;
        var (low, high) = Binomial(n, share);
        return new Standing(share, (double)low / n, (double)high / n);
    }

    /// <summary>The 2.5 % and the 97.5 % quantile of a binomial distribution: the least k that at least that share does not exceed.</summary>
    public static (int Low, int High) Binomial(int n, double p)
    {
        var mean = n * p;
        var deviation = Math.Sqrt(mean * (1 - p));
        // Beyond twelve standard deviations nothing is left that a double could add.
        var from = (int)Math.Max(0, Math.Floor(mean - (12 * deviation) - 12));
        var density = Math.Exp(LogGamma(n + 1) - LogGamma(from + 1) - LogGamma(n - from + 1) + (from * Math.Log(p)) + ((n - from) * Math.Log(1 - p)));
        var (sum, low) = (0d, -1);
        for (var k = from; ; k++)
        {
            sum += density;
            if (low < 0 && sum >= Tail)
            {
                low = k;
            }

            if (sum >= 1 - Tail || k == n)
            {
                return (low, k);
            }

            density *= (double)(n - k) / (k + 1) * (p / (1 - p));
        }
    }

    private static int CountBelow(double[] ascending, double score)
    {
        var (from, to) = (0, ascending.Length);
        while (from < to)
        {
            var middle = (from + to) / 2;
            if (ascending[middle] < score)
            {
                from = middle + 1;
            }
            else
            {
                to = middle;
            }
        }

        return from;
    }

    /// <summary>The logarithm of the gamma function for arguments of 1 and above (Lanczos 1964, with Godfrey's coefficients for g = 7).</summary>
    private static double LogGamma(double x)
    {
        double[] coefficients =
        [
            0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059, 12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
        ];
        x -= 1;
        var sum = coefficients[0];
        for (var i = 1; i < coefficients.Length; i++)
        {
            sum += coefficients[i] / (x + i);
        }

        var t = x + 7.5;
        return (0.5 * Math.Log(Math.Tau)) + ((x + 0.5) * Math.Log(t)) - t + Math.Log(sum);
    }
}
