using FsCheck;
using FsCheck.Fluent;
using LivingCity.Dataspace.Privacy;
using LivingCity.Dataspace.Tests.Hosting;
using LivingCity.ServiceDefaults.Data;
using LivingCity.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace LivingCity.Dataspace.Tests.Privacy;

/// <summary>Attacks on tables: what is kept back cannot be had by subtraction, and no more privacy is spent than there is.</summary>
public sealed class AggregateTests(ConnectorPair pair) : IClassFixture<ConnectorPair>
{
    private static readonly Gen<(IReadOnlyList<Measured> Table, int K)> Tables =
        from groups in Gen.Choose(1, 8)
        from k in Gen.Choose(2, 12)
        from sizes in Gen.Choose(0, 20).ListOf(groups)
        from repeats in Gen.Choose(1, 3)
        select ((IReadOnlyList<Measured>)[.. sizes.SelectMany((size, which) => Enumerable.Range(0, size).SelectMany(individual => Enumerable.Range(0, repeats).Select(repeat => new Measured($"g{which}", $"i{which}-{individual}", individual + repeat))))], k);

    [Fact]
    public void Release_OfAnyTable_HasNoCellBelowK() =>
        Prop.ForAll(Tables.ToArbitrary(), sample => Aggregates.Publish(sample.Table, sample.K).Cells.All(cell => cell.Individuals >= sample.K && sample.Table.Where(row => row.Group == cell.Group).Select(row => row.Individual).Distinct().Count() >= sample.K))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(3000).WithReplay(1, 3));

    /// <summary>Total minus all cells is what was kept back together: never one group alone, never fewer than k individuals.</summary>
    [Fact]
    public void Release_TotalMinusCells_TellsNoGroupApart() => Prop.ForAll(Tables.ToArbitrary(), sample =>
    {
        var release = Aggregates.Publish(sample.Table, sample.K);
        if (release.Total is not { } total || release.Suppressed == 0)
        {
            return true;
        }

        return release.Suppressed >= 2 && total - release.Cells.Sum(cell => cell.Individuals) >= sample.K || release.Cells.Count == 0;
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(3000).WithReplay(1, 3));

    [Fact]
    public void Release_WithoutOneIndividual_NeverOpensACellBelowK() => Prop.ForAll(Tables.ToArbitrary(), sample => sample.Table.Select(row => row.Individual).Distinct().Take(5).All(individual =>
        Aggregates.Publish(sample.Table.Where(row => row.Individual != individual), sample.K).Cells.All(cell => cell.Individuals >= sample.K))).Check(Config.QuickThrowOnFailure.WithMaxTest(500).WithReplay(1, 3));

    [Fact]
    public void Noise_IsCalibrated_SoThatItsScaleFollowsFromEpsilon()
    {
        var table = Enumerable.Range(0, 40).Select(number => new Measured("g", $"i{number}", 50)).ToArray();
        var random = new Random(7);

        var counts = Enumerable.Range(0, 20_000).Select(_ => Aggregates.PublishNoisy(table, 10, 1, null, () => (random.NextDouble() * 0.999998) + 0.000001).Cells[0].Individuals - 40).ToArray();

        // Laplace with scale 2/ε has a standard deviation of 2√2/ε.
        var deviation = Math.Sqrt(counts.Average(value => value * value));
        Assert.InRange(deviation, 2.6, 3.1);
        Assert.InRange(counts.Average(), -0.1, 0.1);
    }

    [Fact]
    public void Noise_ValuesOutsideTheRange_CountAsItsBorder()
    {
        var release = Aggregates.PublishNoisy(Enumerable.Range(0, 50).Select(number => new Measured("g", $"i{number}", number == 0 ? 1e12 : 100)), 10, 50, new Bounds(0, 500), () => 0.5);

        Assert.InRange(release.Cells[0].Mean!.Value, 100, 110);
        Assert.Null(release.Total);
    }

    [Fact]
    public async Task Budget_SpentByManyAtOnce_IsNeverExceeded()
    {
        var budget = new PrivacyBudget(pair.Sofia.Services.GetRequiredService<Database>(), TimeProvider.System);

        var spent = await Task.WhenAll(Enumerable.Range(0, 60).Select(_ => budget.SpendAsync("sofia", "urn:d:privacy", "urn:c", 0.1, 1.0, TestContext.Current.CancellationToken)));

        Assert.Equal(10, spent.Count(granted => granted));
        Assert.InRange(await pair.Sofia.ScalarAsync<double>("SELECT spent FROM privacy_budget WHERE dataset_id = 'urn:d:privacy'", "sofia"), 0.99, 1.01);
    }
}
