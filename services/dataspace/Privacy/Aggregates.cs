using System.Globalization;
using System.Text.Json.Nodes;

namespace LivingCity.Dataspace.Privacy;

/// <summary>One measurement of one individual, and the group it falls into.</summary>
internal sealed record Measured(string Group, string Individual, double Value);

/// <summary>A group that is published.</summary>
/// <param name="Group">Which.</param>
/// <param name="Individuals">How many individuals are in it; with noise, about how many.</param>
/// <param name="Mean">The mean of their values; with noise, about that.</param>
internal sealed record Cell(string Group, double Individuals, double? Mean);

/// <summary>What is published of a table: its cells, its total where that gives nothing away, and how many groups are kept back.</summary>
internal sealed record Release(IReadOnlyList<Cell> Cells, double? Total, int Suppressed)
{
    public JsonObject ToJson() => new()
    {
        ["cells"] = new JsonArray([.. Cells.Select(cell => (JsonNode)new JsonObject { ["group"] = cell.Group, ["individuals"] = cell.Individuals, ["mean"] = cell.Mean })]),
        ["individuals"] = Total,
        ["suppressedGroups"] = Suppressed,
    };
}

/// <summary>Values that an attribute can take: what lies outside is moved to the border, so that one individual's influence is bounded.</summary>
internal readonly record struct Bounds(double Low, double High);

/// <summary>
/// k-anonymous tables. A group of fewer than k individuals is kept back; and since the total is published, so is the smallest other group as long as those kept back could be worked out together to fewer than k
/// individuals or are one group alone (complementary suppression; Willenborg and de Waal 2001, chapter 6). With ε, counts and means carry Laplace noise (Dwork et al. 2006), half of ε for each; which groups are
/// published still follows from the true counts.
/// </summary>
internal static class Aggregates
{
    public static Release Publish(IEnumerable<Measured> table, int k)
    {
        var groups = Groups(table);
        var kept = Kept(groups, k);
        return new Release(
            [.. kept.Select(group => new Cell(group.Name, group.Count, group.Mean))],
            Total(groups, k),
            groups.Count - kept.Count);
    }

    /// <param name="table">The measurements.</param>
    /// <param name="k">The least number of individuals in a published group.</param>
    /// <param name="epsilon">The privacy loss that this release may cost.</param>
    /// <param name="bounds">The attribute's range; without one only counts are published.</param>
    /// <param name="uniform">Uniform numbers in (0, 1).</param>
    public static Release PublishNoisy(IEnumerable<Measured> table, int k, double epsilon, Bounds? bounds, Func<double> uniform)
    {
        var groups = Groups(table);
        var kept = Kept(groups, k);
        var cells = kept.Select(group =>
        {
            var count = Math.Max(1, Math.Round(group.Count + Laplace(2 / epsilon, uniform)));
            var mean = bounds is not { } range ? (double?)null
                : Math.Clamp(range.Low + (((group.Values.Sum(value => Math.Clamp(value, range.Low, range.High) - range.Low)) + Laplace(2 * (range.High - range.Low) / epsilon, uniform)) / count), range.Low, range.High);
            return new Cell(group.Name, count, mean);
        }).ToArray();
        return new Release(cells, null, groups.Count - kept.Count); // a noisy total beside noisy cells would cost privacy and tell nothing
    }

    private static double Laplace(double scale, Func<double> uniform)
    {
        var u = uniform() - 0.5;
        return -scale * Math.Sign(u) * Math.Log(1 - (2 * Math.Abs(u)));
    }

    private static double? Total(List<Group> groups, int k) => groups.Sum(group => group.Count) is var total && total >= k ? total : null;

    private static List<Group> Kept(List<Group> groups, int k)
    {
        var bySize = groups.OrderBy(group => group.Count).ThenBy(group => group.Name, StringComparer.Ordinal).ToList();
        var suppressed = bySize.Count(group => group.Count < k);
        if (suppressed > 0)
        {
            while (suppressed < bySize.Count && (suppressed < 2 || bySize.Take(suppressed).Sum(group => group.Count) < k))
            {
                suppressed++;
            }
        }

        return [.. bySize.Skip(suppressed).OrderBy(group => group.Name, StringComparer.Ordinal)];
    }

    /// <summary>One value for each individual in each group: its mean, so that nobody counts twice.</summary>
    private static List<Group> Groups(IEnumerable<Measured> table) =>
        [.. table.Where(row => double.IsFinite(row.Value)).GroupBy(row => row.Group).Select(group => new Group(group.Key, [.. group.GroupBy(row => row.Individual).Select(one => one.Average(row => row.Value))]))];

    private sealed record Group(string Name, double[] Values)
    {
        public int Count => Values.Length;

        public double Mean => Math.Round(Values.Average(), 6);
    }

    /// <summary>The name of the fixed grid's cell in which a place lies. The grid is the same for every question: overlapping ones could be subtracted from each other.</summary>
    public static string CellOf(double longitude, double latitude) =>
        string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(latitude / GridDegrees) * GridDegrees:0.00},{Math.Floor(longitude / GridDegrees) * GridDegrees:0.00}");

    /// <summary>The grid's width in degrees.</summary>
    public const double GridDegrees = 0.05;
}
