using System.Globalization;
using Dapper;
using LivingCity.Assessment.Questionnaires;
using LivingCity.ServiceDefaults.Data;
using LivingCity.ServiceDefaults.Errors;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LivingCity.Assessment.Benchmark;

/// <summary>Where a city stands.</summary>
/// <param name="Questionnaire">Name and version.</param>
/// <param name="AsOf">When the tables were published.</param>
/// <param name="Synthetic">How many of the cities are invented.</param>
/// <param name="Overall">The city's score.</param>
/// <param name="Groups">Its groups.</param>
/// <param name="Trend">The years, the oldest first.</param>
internal sealed record StandingView(string Questionnaire, DateTimeOffset AsOf, int Synthetic, double Overall, IReadOnlyList<PeerGroup> Groups, IReadOnlyList<TrendPoint> Trend);

/// <summary>A city among one group of peers.</summary>
/// <param name="Grouping">By what the group is formed.</param>
/// <param name="Cell">Which one.</param>
/// <param name="N">How many cities; null where it is kept back.</param>
/// <param name="Figures">Figures of the group.</param>
/// <param name="Dimensions">Figures of the group by dimension.</param>
/// <param name="Standing">The share that scores less with its interval.</param>
/// <param name="Verdict"><c>above</c> or <c>below</c> the middle only where the interval leaves it out; else <c>notDistinguishable</c>.</param>
/// <param name="Weights">The share under other weights.</param>
internal sealed record PeerGroup(
    Grouping Grouping, string Cell, int? N, Figures? Figures, IReadOnlyDictionary<string, Figures>? Dimensions, Standing? Standing, Verdict? Verdict, Sensitivity? Weights);

/// <summary>What the interval allows to say.</summary>
internal enum Verdict
{
    Above,
    Below,
    NotDistinguishable,
}

/// <summary>A year.</summary>
/// <param name="Year">The year.</param>
/// <param name="Questionnaire">The version that was answered then.</param>
/// <param name="Overall">The city's last score of that year.</param>
/// <param name="Median">The median of all cities with that version in that year, where it is shown.</param>
/// <param name="N">How many cities.</param>
/// <param name="Break">Whether the version differs from that of the year before: figures before and after are not one series.</param>
internal sealed record TrendPoint(int Year, string Questionnaire, double Overall, double? Median, int? N, bool Break);

internal static class StandingEndpoint
{
    public static async Task<Results<Ok<StandingView>, ProblemHttpResult>> GetAsync(
        Guid id, Work work, ReleaseCache cache, QuestionnaireCatalogue catalogue, CancellationToken cancellationToken)
    {
        var row = await work.Connection.QuerySingleOrDefaultAsync<Row>(new CommandDefinition("""
            SELECT e.number, e.questionnaire, e.year, p.country, p.region, p.population, p.member_since IS NOT NULL AS member, e.level, e.overall, e.dimensions, e.admitted IS NOT NULL AS admitted,
                   NOT EXISTS (SELECT FROM benchmark_entry n WHERE n.tenant = e.tenant AND n.questionnaire = e.questionnaire AND n.number > e.number AND n.admitted IS NOT NULL) AS latest
            FROM benchmark_entry e LEFT JOIN city_profile p ON p.tenant = e.tenant WHERE e.tenant = @Tenant AND e.assessment_id = @id
            """, new { work.Tenant, id }, work.Transaction, cancellationToken: cancellationToken));
        if (row is null)
        {
            return Problem.NotFound.Because($"There is no submitted assessment {id}.");
        }

        if (catalogue.Find(row.Questionnaire) is not { } published || await cache.NewestAsync(work, row.Questionnaire, cancellationToken) is not { } release)
        {
            return Problem.NotFound.Because($"Nothing is published of {row.Questionnaire} yet.");
        }

        var tables = release.Tables;
        var weights = published.Structure.Dimensions.Select(dimension => dimension.Weight).ToArray();
        var entry = new Entry(row.Number, work.Tenant!, row.Year, row.Country, row.Region, row.Population, row.Member, row.Level, row.Overall, row.Dimensions);
        var groups = Enum.GetValues<Grouping>().Where(grouping => grouping != Grouping.Year).Select(grouping => Place(grouping, entry, row is { Admitted: true, Latest: true }, tables, release, weights));
        return TypedResults.Ok(new StandingView(
            row.Questionnaire, tables.AsOf, tables.Synthetic, row.Overall, [.. groups], await TrendAsync(work, row.Questionnaire.Split('/')[0], cache, cancellationToken)));
    }

    private static PeerGroup Place(Grouping grouping, Entry entry, bool counted, BenchmarkTables tables, ReleaseCache.Held release, double[] weights)
    {
        var name = entry.CellOf(grouping);
        if (!release.Cells.TryGetValue((grouping, name), out var cell))
        {
            return new PeerGroup(grouping, name, null, null, null, null, null, null);
        }

        var view = tables.Groups.Single(group => group.Grouping == grouping && group.Cell == name);
        var standing = RankInterval.Of(cell.Scores, entry.Overall, counted);
        var verdict = standing.Low > 0.5 ? Verdict.Above : standing.High < 0.5 ? Verdict.Below : Verdict.NotDistinguishable;
        return new PeerGroup(grouping, name, view.N, view.Overall, view.Dimensions, standing, verdict, WeightSensitivity.Of(entry.Dimensions, cell.Sample, weights));
    }

    private static async Task<IReadOnlyList<TrendPoint>> TrendAsync(Work work, string name, ReleaseCache cache, CancellationToken cancellationToken)
    {
        var own = await work.Connection.QueryAsync<(int Year, string Questionnaire, double Overall)>(new CommandDefinition("""
            SELECT DISTINCT ON (year) year, questionnaire, overall FROM benchmark_entry WHERE tenant = @Tenant AND split_part(questionnaire, '/', 1) = @name ORDER BY year, number DESC
            """, new { work.Tenant, name }, work.Transaction, cancellationToken: cancellationToken));
        var points = new List<TrendPoint>();
        foreach (var (year, questionnaire, overall) in own)
        {
            var release = await cache.NewestAsync(work, questionnaire, cancellationToken);
            var peers = release?.Tables.Groups
                .FirstOrDefault(group => group.Grouping == Grouping.Year && group.Cell == year.ToString(CultureInfo.InvariantCulture));
            points.Add(new TrendPoint(year, questionnaire, overall, peers?.Overall?.Median, peers?.N, points.Count > 0 && points[^1].Questionnaire != questionnaire));
        }

        return points;
    }

    private sealed class Row
    {
        public long Number { get; init; }

        public string Questionnaire { get; init; } = "";

        public int Year { get; init; }

        public string? Country { get; init; }

        public string? Region { get; init; }

        public int? Population { get; init; }

        public bool Member { get; init; }

        public int Level { get; init; }

        public double Overall { get; init; }

        public double[] Dimensions { get; init; } = [];

        public bool Admitted { get; init; }

        public bool Latest { get; init; }
    }
}
