using System.Text.Json;
using Dapper;
using LivingCity.Assessment.Answers;
using LivingCity.Assessment.Questionnaires;
using LivingCity.ServiceDefaults.Data;

namespace LivingCity.Assessment.Measured;

/// <summary>Answers what the platform has measured, when an assessment is started. The answer says where it comes from until somebody changes it.</summary>
internal static class Prefill
{
    /// <summary>How far back uptime looks.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromDays(7);

    private const string Platform = "platform";

    public static async Task AnswerAsync(Work work, Guid assessment, Questionnaire questionnaire, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var questions = questionnaire.Questions.Where(question => question.Prefill is not null).ToArray();
        if (questions.Length == 0)
        {
            return;
        }

        var facts = await FactsAsync(work, now, cancellationToken);
        foreach (var question in questions)
        {
            if (facts.TryGetValue(question.Prefill!, out var fact))
            {
                await AnswerEndpoints.WriteAsync(work, assessment, question.Id, JsonSerializer.SerializeToElement(fact.Value), notApplicable: false, fact.Source, 0, Platform, Platform, now, cancellationToken);
            }
        }
    }

    /// <summary>What is known of the work's city. A fact of which nothing has been heard is absent, not zero.</summary>
    private static async Task<Dictionary<string, (double Value, string Source)>> FactsAsync(Work work, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var facts = new Dictionary<string, (double, string)>();
        var datasets = await work.Connection.ExecuteScalarAsync<long>(new CommandDefinition("SELECT count(*) FROM described_dataset WHERE tenant = @Tenant", new { work.Tenant }, work.Transaction, cancellationToken: cancellationToken));
        if (datasets > 0)
        {
            facts["datasets-published"] = (datasets, "datasets described on this platform");
        }

        var models = await work.Connection.ExecuteScalarAsync<int?>(new CommandDefinition("SELECT cardinality(models) FROM registered_models WHERE tenant = @Tenant", new { work.Tenant }, work.Transaction, cancellationToken: cancellationToken));
        if (models is { } count)
        {
            facts["models-registered"] = (count, "models of the city's digital twin in this platform's register");
        }

        var uptime = await work.Connection.QuerySingleAsync<(long Sensors, long Heard, DateTime? First)>(new CommandDefinition(
            "SELECT count(DISTINCT entity_id), count(*), min(hour) FROM sensor_hour WHERE tenant = @Tenant AND hour > @since", new { work.Tenant, since = now - Window }, work.Transaction, cancellationToken: cancellationToken));
        if (uptime.First is { } first)
        {
            // From the first hour in which anything was heard, so that a platform of yesterday is not blamed for the days before.
            var hours = Math.Floor((now.UtcDateTime - first).TotalHours) + 1;
            facts["sensor-uptime"] = (Math.Round(Math.Min(100, 100 * uptime.Heard / (uptime.Sensors * hours)), 1), $"hours with data of {uptime.Sensors} sensors of this platform");
        }

        return facts;
    }
}
