using LivingCity.Assessment.Questionnaires;
using LivingCity.Assessment.Scoring;
using LivingCity.ServiceDefaults.Data;

namespace LivingCity.Assessment.Benchmark;

/// <summary>Keeps of a submission what the benchmark needs of it.</summary>
internal static class BenchmarkEntries
{
    public static async Task AddAsync(Work work, Guid assessment, Questionnaire questionnaire, Score score, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var insert = work.Command("""
            INSERT INTO benchmark_entry (tenant, assessment_id, questionnaire, submitted_at, year, overall, level, dimensions) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
            """, work.Tenant, assessment, questionnaire.Id, now, now.UtcDateTime.Year, score.Overall, score.Level,
            questionnaire.Dimensions.Select(dimension => score.Dimensions.TryGetValue(dimension.Id, out var value) ? value : double.NaN).ToArray());
        await insert.ExecuteNonQueryAsync(cancellationToken);
    }
}
