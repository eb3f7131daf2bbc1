using System.Text.Json;
using Dapper;
using LivingCity.Assessment.Answers;
using LivingCity.Assessment.Questionnaires;
using LivingCity.ServiceDefaults.Data;

namespace LivingCity.Assessment.Benchmark;

/// <summary>What is published of the cities that answered one version of a questionnaire.</summary>
/// <param name="Questionnaire">Name and version.</param>
/// <param name="AsOf">When it was computed.</param>
/// <param name="Cities">How many cities count.</param>
/// <param name="Synthetic">How many of them are invented, for demonstration.</param>
/// <param name="Groups">The groups.</param>
internal sealed record BenchmarkTables(string Questionnaire, DateTimeOffset AsOf, int Cities, int Synthetic, IReadOnlyList<GroupView> Groups);

/// <summary>A group of cities.</summary>
/// <param name="Grouping">By what it is formed.</param>
/// <param name="Cell">Which one.</param>
/// <param name="N">How many cities; null where it is kept back.</param>
/// <param name="Suppressed">Why nothing is shown.</param>
/// <param name="Overall">Figures of the overall score.</param>
/// <param name="Dimensions">Figures of each dimension with at least five scores.</param>
internal sealed record GroupView(Grouping Grouping, string Cell, int? N, Suppression? Suppressed, Figures? Overall, IReadOnlyDictionary<string, Figures>? Dimensions);

/// <summary>Makes releases. Between two of them nothing that is published changes.</summary>
internal sealed class Releases(Database database, QuestionnaireCatalogue catalogue, IConfiguration configuration, TimeProvider time)
{
    private const int SampleSize = 400;
    private const long Lock = 5_210_077;

    /// <summary>Computes and publishes the figures of a questionnaire as of now.</summary>
    /// <returns>Null where nothing new may be shown yet.</returns>
    public async Task<BenchmarkTables?> MakeAsync(string questionnaire, CancellationToken cancellationToken)
    {
        var structure = catalogue.Find(questionnaire)!.Structure;
        // The city in whose name the open data stand in the catalogue; without one they are published and not offered there.
        var publisher = configuration["Benchmark:Publisher"];
        await using var work = await database.BeginAsync(publisher, cancellationToken);
        await work.Connection.ExecuteAsync(new CommandDefinition("SELECT set_config('app.statistics', 'on', true); SELECT pg_advisory_xact_lock(@Lock)", new { Lock }, work.Transaction, cancellationToken: cancellationToken));
        var (entries, synthetic) = await EntriesAsync(work, questionnaire, cancellationToken);
        var counted = Admission.Admit(entries);
        if (counted.Count == 0 || counted.All(entry => entry.Admitted))
        {
            return null;
        }

        var cells = Tabulation.Cells(counted);
        var now = time.GetUtcNow();
        var cities = counted.Select(entry => entry.City).Distinct().ToArray();
        var tables = new BenchmarkTables(questionnaire, now, cities.Length, cities.Count(synthetic.Contains), [.. cells.Select(cell => View(structure, counted, cell))]);
        await StoreAsync(work, structure, counted, cells, tables, cancellationToken);
        if (publisher is not null)
        {
            work.Publish(OpenData.Describe(publisher, catalogue.Find(questionnaire)!, tables), publisher);
        }

        await work.CommitAsync(cancellationToken);
        return tables;
    }

    /// <summary>What is shown of a group.</summary>
    public static GroupView View(Questionnaire structure, IReadOnlyList<Entry> entries, Cell cell)
    {
        if (cell.Suppressed is { } why)
        {
            return new GroupView(cell.Grouping, cell.Name, null, why, null, null);
        }

        var dimensions = structure.Dimensions.Select((dimension, index) => (dimension.Id, scores: Ascending(cell.Entries.Select(entry => entries[entry].Dimensions[index]).Where(score => !double.IsNaN(score)))))
            .Where(dimension => dimension.scores.Length >= Tabulation.Least && (dimension.scores.Length == cell.Entries.Count || cell.Entries.Count - dimension.scores.Length >= Tabulation.Least))
            .ToDictionary(dimension => dimension.Id, dimension => Figures.Of(dimension.scores)!);
        return new GroupView(cell.Grouping, cell.Name, cell.Entries.Count, null, Figures.Of(Ascending(cell.Entries.Select(entry => entries[entry].Overall))), dimensions);
    }

    private static async Task<(IReadOnlyList<Entry> Entries, HashSet<string> Synthetic)> EntriesAsync(Work work, string questionnaire, CancellationToken cancellationToken)
    {
        var entries = new List<Entry>();
        var synthetic = new HashSet<string>();
        await using var read = work.Command("""
            SELECT e.number, e.tenant, e.year, p.country, p.region, p.population, p.member_since IS NOT NULL, e.level, e.overall, e.dimensions, e.admitted IS NOT NULL, e.synthetic
            FROM benchmark_entry e LEFT JOIN city_profile p ON p.tenant = e.tenant WHERE e.questionnaire = $1 ORDER BY e.number
            """, questionnaire);
        await using var rows = await read.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken))
        {
            var city = rows.GetString(1);
            entries.Add(new Entry(
                rows.GetInt64(0), city, rows.GetInt32(2), rows.IsDBNull(3) ? null : rows.GetString(3), rows.IsDBNull(4) ? null : rows.GetString(4), rows.IsDBNull(5) ? null : rows.GetInt32(5),
                rows.GetBoolean(6), rows.GetInt32(7), rows.GetDouble(8), rows.GetFieldValue<double[]>(9), rows.GetBoolean(10)));
            if (rows.GetBoolean(11))
            {
                synthetic.Add(city);
            }
        }

        return (entries, synthetic);
    }

    private static async Task StoreAsync(Work work, Questionnaire structure, IReadOnlyList<Entry> counted, IReadOnlyList<Cell> cells, BenchmarkTables tables, CancellationToken cancellationToken)
    {
        await using var insert = work.Command(
            "INSERT INTO benchmark_release (questionnaire, as_of, cities, body) VALUES ($1, $2, $3, $4::text::jsonb) RETURNING id",
            tables.Questionnaire, tables.AsOf, tables.Cities, JsonSerializer.Serialize(tables, StoredAssessment.Json));
        var id = (long)(await insert.ExecuteScalarAsync(cancellationToken))!;
        await work.Connection.ExecuteAsync(new CommandDefinition(
            "UPDATE benchmark_entry SET admitted = @id WHERE number = ANY(@numbers); DELETE FROM benchmark_cell WHERE release_id IN (SELECT id FROM benchmark_release WHERE questionnaire = @Questionnaire)",
            new { id, numbers = counted.Where(entry => !entry.Admitted).Select(entry => entry.Number).ToArray(), tables.Questionnaire }, work.Transaction, cancellationToken: cancellationToken));
        foreach (var cell in cells.Where(cell => cell.Suppressed is null))
        {
            // Every so-many-th by score: a sample that keeps the shape and needs no chance.
            var byScore = cell.Entries.OrderBy(entry => counted[entry].Overall).ToArray();
            var step = Math.Max(1.0, (double)byScore.Length / SampleSize);
            var sample = Enumerable.Range(0, Math.Min(SampleSize, byScore.Length)).SelectMany(number => counted[byScore[(int)(number * step)]].Dimensions).ToArray();
            await using var store = work.Command("INSERT INTO benchmark_cell (release_id, grouping, cell, scores, sample) VALUES ($1, $2, $3, $4, $5)",
                id, cell.Grouping.ToString(), cell.Name, byScore.Select(entry => counted[entry].Overall).ToArray(), sample);
            await store.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    private static double[] Ascending(IEnumerable<double> scores) => [.. scores.Order()];
}
