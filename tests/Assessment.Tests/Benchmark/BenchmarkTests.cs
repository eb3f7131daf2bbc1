using System.Numerics;
using LivingCity.Assessment.Benchmark;
using LivingCity.Assessment.Questionnaires;
using LivingCity.Assessment.Tests.Independent;

namespace LivingCity.Assessment.Tests.Benchmark;

public sealed class BenchmarkTests
{
    private static readonly Questionnaire Digital = new QuestionnaireCatalogue().Find("digital-maturity/2")!.Structure;

    /// <summary>The seven hundred cities of the demonstration, and four of a country of their own that nobody else is in.</summary>
    private static List<Entry> Cities(int planted = 4)
    {
        var entries = SyntheticCities.Make(Digital, 2026).Select((one, index) => new Entry(
            index, one.City.Id, one.Submission.Year, one.City.Country, one.City.Region, one.City.Population, one.City.Member, one.Submission.Level, one.Submission.Overall, one.Submission.Dimensions)).ToList();
        for (var number = 0; number < planted; number++)
        {
            entries.Add(new Entry(entries.Count, $"planted-{number}", 2026, "XK", $"XK0{number}", 70_000, true, 5, 91.25 + number, [.. Enumerable.Repeat(91.25 + number, 7)]));
        }

        return entries;
    }

    [Fact]
    public async Task Figures_OfTheSyntheticCities_EqualTheOracle()
    {
        var entries = Cities();
        var all = Tabulation.Cells(entries).Single(cell => cell.Grouping == Grouping.All);
        var values = all.Entries.Select(index => entries[index].Overall).Order().ToArray();
        double[] shares = [0.1, 0.25, 0.5, 0.75, 0.9];
        (int N, double P)[] binomials = [(5, 0.1), (12, 0.5), (100, 0.03), (700, 0.61), (5000, 0.999), (100_000, 0.42)];
        var ranks = new[] { (values.Take(25).ToArray(), values[12]), (values.Where((_, index) => index % 10 == 0).ToArray(), values[350]), (values, values[100]) };

        var oracle = await Script.RunAsync("python3", [Path.Combine(Script.Tests, "Independent/figures.py")], new
        {
            values, shares, binomials = binomials.Select(one => new[] { one.N, one.P }), ranks = ranks.Select(rank => new { scores = rank.Item1, score = rank.Item2 }),
        });

        Assert.Equal(704, values.Length);
        foreach (var (theirs, share) in oracle.GetProperty("quantiles").EnumerateArray().Zip(shares))
        {
            Assert.Equal(theirs.GetDouble(), Quantiles.At(values, share), 9);
        }

        Assert.Equal(oracle.GetProperty("binomials").EnumerateArray().Select(pair => (pair[0].GetInt32(), pair[1].GetInt32())), binomials.Select(one => RankInterval.Binomial(one.N, one.P)));
        foreach (var (theirs, (scores, score)) in oracle.GetProperty("ranks").EnumerateArray().Zip(ranks))
        {
            // Drawn four thousand times, the ends of the interval agree within two ranks or a percent.
            var ours = RankInterval.Of(scores, score, isMember: true);
            var tolerance = Math.Max(2.0 / scores.Length, 0.01);
            Assert.InRange(ours.Low - theirs[0].GetDouble(), -tolerance, tolerance);
            Assert.InRange(ours.High - theirs[1].GetDouble(), -tolerance, tolerance);
        }

        var shown = Releases.View(Digital, entries, all).Overall!;
        Assert.Equal((Math.Round(Quantiles.At(values, 0.5), 1), Math.Round(Quantiles.At(values, 0.9), 1)), (shown.Median, shown.P90));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void PlantedGroup_OfFewerThanFive_IsNeverShown(int planted)
    {
        var entries = Cities(planted);

        var cells = Tabulation.Cells(entries);

        Assert.All(cells.Where(cell => cell.Name.StartsWith("XK", StringComparison.Ordinal)), cell => Assert.NotNull(cell.Suppressed));
        Assert.All(cells.Where(cell => cell.Suppressed is null), cell => Assert.True(cell.Entries.Count >= 5));
        // Who subtracts all shown countries from the whole meets at least five cities of at least two countries.
        var hidden = cells.Where(cell => cell.Grouping == Grouping.Country && cell.Suppressed is not null).ToArray();
        Assert.True(hidden.Length >= 2 && hidden.Sum(cell => cell.Entries.Count) >= 5);
        Assert.All(cells.Where(cell => cell.Suppressed is not null), cell => Assert.Null(Releases.View(Digital, entries, cell).Overall));
        Assert.All(cells.Where(cell => cell.Suppressed is not null), cell => Assert.Null(Releases.View(Digital, entries, cell).N));
    }

    [Fact]
    public void Differencing_OverAllTablesOfTwoReleases_ReachesNoCityAndNoSmallGroup()
    {
        // Before: all but a few late cities. After: with them, as far as they are let in.
        var all = Cities().Where(entry => entry.Year == 2026).ToArray();
        var late = all.Where((_, index) => index % 23 == 0).Select(entry => entry.City).ToHashSet();
        var first = Admission.Admit([.. all.Where(entry => !late.Contains(entry.City))]);
        var second = Admission.Admit([.. all.Select(entry => first.Any(one => one.City == entry.City) ? entry with { Admitted = true } : entry)]);
        var index = all.Select((entry, position) => (entry.City, position)).ToDictionary(one => one.City, one => one.position);

        // Every shown cell of both releases is a sum that an attacker knows (more than the quantiles say). What linear combinations of them reach is what can be computed.
        var rows = new[] { first, second }.SelectMany(release => Tabulation.Cells(release).Where(cell => cell.Suppressed is null).Select(cell => Vector(cell.Entries.Select(entry => index[release[entry].City]), all.Length))).ToList();
        var basis = Reduce(rows);
        var groups = second.GroupBy(entry => entry.CellOf(Grouping.Region)).Concat(second.GroupBy(entry => entry.CellOf(Grouping.Country))).Where(group => group.Count() < 5).Select(group => group.Select(entry => index[entry.City]).ToArray()).ToArray();

        Assert.True(rows.Count > 60 && groups.Length > 0, $"{rows.Count} tables, {groups.Length} small groups");
        Assert.All(Enumerable.Range(0, all.Length), city => Assert.False(IsReached(basis, Vector([city], all.Length)), all[city].City));
        Assert.All(groups, group => Assert.False(IsReached(basis, Vector(group, all.Length))));
        // And between the two releases no table changed by one to four cities.
        foreach (var (before, after) in Tabulation.Cells(first).Where(cell => cell.Suppressed is null).Join(Tabulation.Cells(second).Where(cell => cell.Suppressed is null), cell => (cell.Grouping, cell.Name), cell => (cell.Grouping, cell.Name), (one, other) => (one, other)))
        {
            var changed = after.Entries.Select(entry => second[entry].City).ToHashSet();
            changed.SymmetricExceptWith(before.Entries.Select(entry => first[entry].City));
            Assert.False(changed.Count is > 0 and < 5, $"{after.Grouping} {after.Name} changed by {changed.Count}");
        }
    }

    [Fact]
    public void Attack_OnTablesWithoutSuppression_Succeeds()
    {
        // The attack is no straw man: without the rules it finds the planted city.
        var entries = Cities(1).Where(entry => entry.Year == 2026).ToArray();
        var cells = Tabulation.Cells(entries);
        var basis = Reduce([.. cells.Where(cell => cell.Grouping == Grouping.Country).Select(cell => Vector(cell.Entries, entries.Length))]);

        Assert.True(IsReached(basis, Vector([entries.Length - 1], entries.Length)));
    }

    [Theory]
    [InlineData(500, "to-500")]
    [InlineData(501, "to-1000")]
    [InlineData(20_000, "to-20000")]
    [InlineData(20_001, "to-50000")]
    [InlineData(50_000, "to-50000")]
    [InlineData(50_001, "over-50000")]
    [InlineData(null, "unknown")]
    public void PopulationBand_IncludesItsUpperEnd(int? population, string band) => Assert.Equal(band, PopulationBand.Of(population));

    [Fact]
    public void Standing_InASmallGroup_IsNotDistinguishable()
    {
        var interval = RankInterval.Of([40, 50, 55, 60, 90], 60, isMember: true);

        Assert.True(interval.Low < 0.5 && interval.High > 0.5);
        Assert.Equal(0.7, interval.Share, 9);
    }

    [Fact]
    public void Synthetic_Cities_AreTheSameEveryTime() => Assert.Equal(
        SyntheticCities.Make(Digital, 2026).Select(one => one.Submission.Overall), SyntheticCities.Make(Digital, 2026).Select(one => one.Submission.Overall));

    private static BigInteger[] Vector(IEnumerable<int> members, int size)
    {
        var vector = new BigInteger[size];
        foreach (var member in members)
        {
            vector[member] = 1;
        }

        return vector;
    }

    /// <summary>Row echelon form over a prime field: what is reached over the rationals with small coefficients is reached here, and rank deficiencies by chance do not happen at this size of prime.</summary>
    private static readonly BigInteger Prime = (BigInteger.One << 61) - 1;

    private static List<(int Pivot, BigInteger[] Row)> Reduce(IReadOnlyList<BigInteger[]> rows)
    {
        var basis = new List<(int, BigInteger[])>();
        foreach (var row in rows)
        {
            var rest = Rest(basis, row);
            var pivot = Array.FindIndex(rest, value => !value.IsZero);
            if (pivot >= 0)
            {
                var inverse = BigInteger.ModPow(rest[pivot], Prime - 2, Prime);
                basis.Add((pivot, [.. rest.Select(value => value * inverse % Prime)]));
            }
        }

        return basis;
    }

    private static BigInteger[] Rest(List<(int Pivot, BigInteger[] Row)> basis, BigInteger[] vector)
    {
        var rest = (BigInteger[])vector.Clone();
        foreach (var (pivot, row) in basis)
        {
            var factor = rest[pivot];
            if (!factor.IsZero)
            {
                for (var column = 0; column < rest.Length; column++)
                {
                    if (!row[column].IsZero)
                    {
                        rest[column] = (((rest[column] - (factor * row[column])) % Prime) + Prime) % Prime;
                    }
                }
            }
        }

        return rest;
    }

    private static bool IsReached(List<(int Pivot, BigInteger[] Row)> basis, BigInteger[] vector) => Rest(basis, vector).All(value => value.IsZero);
}
