using System.Collections.Concurrent;
using System.Text.Json;
using Dapper;
using LivingCity.Assessment.Answers;
using LivingCity.ServiceDefaults.Data;

namespace LivingCity.Assessment.Benchmark;

/// <summary>The newest release of a questionnaire with what stands behind it. Releases never change, so they are read once. Safe for concurrent use.</summary>
internal sealed class ReleaseCache
{
    private readonly ConcurrentDictionary<string, Held> held = new();

    /// <returns>Null where nothing is published.</returns>
    public async Task<Held?> NewestAsync(Work work, string questionnaire, CancellationToken cancellationToken)
    {
        var id = await work.Connection.QuerySingleOrDefaultAsync<long?>(new CommandDefinition(
            "SELECT id FROM benchmark_release WHERE questionnaire = @questionnaire ORDER BY id DESC LIMIT 1", new { questionnaire }, work.Transaction, cancellationToken: cancellationToken));
        if (id is null || (held.TryGetValue(questionnaire, out var known) && known.Id == id))
        {
            return id is null ? null : held[questionnaire];
        }

        var body = (await work.Connection.ExecuteScalarAsync<string>(new CommandDefinition("SELECT body::text FROM benchmark_release WHERE id = @id", new { id }, work.Transaction, cancellationToken: cancellationToken)))!;
        var cells = await work.Connection.QueryAsync<(string Grouping, string Cell, double[] Scores, double[] Sample)>(new CommandDefinition(
            "SELECT grouping, cell, scores, sample FROM benchmark_cell WHERE release_id = @id", new { id }, work.Transaction, cancellationToken: cancellationToken));
        return held[questionnaire] = new Held(id.Value, body, JsonSerializer.Deserialize<BenchmarkTables>(body, StoredAssessment.Json)!, cells.ToDictionary(cell => (Enum.Parse<Grouping>(cell.Grouping), cell.Cell), cell => (cell.Scores, cell.Sample)));
    }

    /// <summary>A release in memory.</summary>
    /// <param name="Id">Its number.</param>
    /// <param name="Body">The tables as JSON.</param>
    /// <param name="Tables">The same, read.</param>
    /// <param name="Cells">Ascending scores of each shown group, and the dimensions of a sample of it.</param>
    internal sealed record Held(long Id, string Body, BenchmarkTables Tables, IReadOnlyDictionary<(Grouping Grouping, string Cell), (double[] Scores, double[] Sample)> Cells);
}
