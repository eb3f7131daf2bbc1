using LivingCity.Ingestion.Contexts;
using LivingCity.Ingestion.Tenants;
using LivingCity.ServiceDefaults.Data;
using Npgsql;

namespace LivingCity.Ingestion.Temporal;

/// <summary>
/// How long history is kept. Section <c>Temporal</c>: <c>RawDays:{type}</c> says after how many days the instances of entities of a type become hourly sums (aggregates go on to
/// answer from these), <c>KeepMonths</c> after how many months all instances go. Without a word everything is kept.
/// </summary>
internal sealed class RetentionSettings
{
    public RetentionSettings(IConfiguration configuration)
    {
        var section = configuration.GetSection("Temporal");
        RawDays = section.GetSection("RawDays").GetChildren().ToDictionary(type => LdContext.Core.Expand(type.Key), type => type.Get<int>());
        KeepMonths = section.GetValue<int?>("KeepMonths");
        if (RawDays.Values.Any(days => days < 1) || KeepMonths < 1)
        {
            throw new InvalidOperationException("Temporal:RawDays and Temporal:KeepMonths must be at least 1.");
        }
    }

    /// <summary>Days by IRI of the type.</summary>
    public IReadOnlyDictionary<string, int> RawDays { get; }

    /// <summary>Whole months besides the current one, or null for ever.</summary>
    public int? KeepMonths { get; }

    public bool HasRollups => RawDays.Count > 0;
}

/// <summary>Sums up and drops history as <see cref="RetentionSettings"/> say. Any number of replicas may do it at once.</summary>
internal sealed partial class HistoryKeeper(Database database, TenantRegistry tenants, HistoryMonths months, RetentionSettings settings, TimeProvider time, ILogger<HistoryKeeper> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    /// <summary>Does it once.</summary>
    public async Task KeepAsync(CancellationToken cancellationToken)
    {
        foreach (var tenant in await tenants.AllAsync(cancellationToken))
        {
            foreach (var (type, days) in settings.RawDays)
            {
                await RollUpAsync(tenant, type, HourOf(time.GetUtcNow().AddDays(-days)), cancellationToken);
            }
        }

        if (settings.KeepMonths is { } keep)
        {
            var now = time.GetUtcNow();
            await using var work = await database.BeginAsync(null, cancellationToken);
            await using var command = work.Command("SELECT drop_history($1)", new DateTimeOffset(now.Year, now.Month, 1, 0, 0, 0, TimeSpan.Zero).AddMonths(-keep));
            await command.ExecuteNonQueryAsync(cancellationToken);
            await work.CommitAsync(cancellationToken);
            months.Forget();
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!settings.HasRollups && settings.KeepMonths is null)
        {
            return;
        }

        await database.Ready.WaitAsync(stoppingToken);
        using var timer = new PeriodicTimer(Interval, time);
        do
        {
            try
            {
                await KeepAsync(stoppingToken);
            }
            catch (NpgsqlException exception)
            {
                Postponed(logger, exception.Message);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    /// <summary>What is deleted is what was summed up: one statement, so that an instance which comes in between is in neither or in both.</summary>
    private async Task RollUpAsync(string tenant, string type, DateTimeOffset before, CancellationToken cancellationToken)
    {
        await using var work = await database.BeginAsync(tenant, cancellationToken);
        await using var command = work.Command("""
            WITH old AS (
                DELETE FROM history h WHERE h.tenant = $1 AND h.at < $3 AND h.observed AND h.number IS NOT NULL
                  AND h.series = ANY(ARRAY(SELECT s.id FROM series s JOIN temporal_entity t ON t.tenant = s.tenant AND t.id = s.entity_id WHERE s.tenant = $1 AND $2 = ANY(t.types)))
                RETURNING h.series, date_trunc('hour', h.at) AS hour, h.number)
            INSERT INTO history_rollup AS r (tenant, series, hour, count, sum, sumsq, min, max)
            SELECT $1, series, hour, count(*), sum(number), sum(number * number), min(number), max(number) FROM old GROUP BY series, hour
            ON CONFLICT (tenant, series, hour) DO UPDATE SET
                count = r.count + excluded.count, sum = r.sum + excluded.sum, sumsq = r.sumsq + excluded.sumsq, min = least(r.min, excluded.min), max = greatest(r.max, excluded.max)
            """, tenant, type, before);
        command.CommandTimeout = 0;
        await command.ExecuteNonQueryAsync(cancellationToken);
        await work.CommitAsync(cancellationToken);
    }

    private static DateTimeOffset HourOf(DateTimeOffset instant) => new(instant.Year, instant.Month, instant.Day, instant.Hour, 0, 0, TimeSpan.Zero);

    [LoggerMessage(2020, LogLevel.Warning, "Keeping history is postponed: {Reason}")]
    private static partial void Postponed(ILogger logger, string reason);
}
