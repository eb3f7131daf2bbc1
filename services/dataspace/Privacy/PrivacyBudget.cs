using Dapper;
using LivingCity.ServiceDefaults.Data;

namespace LivingCity.Dataspace.Privacy;

/// <summary>Keeps account of the privacy loss (ε) that each consumer has cost each dataset today.</summary>
internal sealed class PrivacyBudget(Database database, TimeProvider time)
{
    /// <summary>How many noisy answers a day's budget pays for.</summary>
    public const int AnswersPerDay = 10;

    /// <summary>Spends before the answer is made: an answer that is then not given has cost its share all the same.</summary>
    /// <returns>False when too little is left.</returns>
    public async Task<bool> SpendAsync(string city, string dataset, string consumer, double epsilon, double budget, CancellationToken cancellationToken)
    {
        await using var work = await database.BeginAsync(city, cancellationToken);
        var spent = await work.Connection.ExecuteAsync(new CommandDefinition("""
            INSERT INTO privacy_budget AS b (tenant, dataset_id, consumer, period, spent) SELECT @city, @dataset, @consumer, @today, @epsilon WHERE @epsilon <= @budget
            ON CONFLICT (tenant, dataset_id, consumer, period) DO UPDATE SET spent = b.spent + excluded.spent WHERE b.spent + excluded.spent <= @budget * (1 + 1e-9)
            """, new { city, dataset, consumer, today = time.GetUtcNow().UtcDateTime.Date, epsilon, budget }, work.Transaction, cancellationToken: cancellationToken));
        await work.CommitAsync(cancellationToken);
        return spent == 1;
    }
}
