using LivingCity.ServiceDefaults.Data;

namespace LivingCity.Ingestion.Query;

/// <summary>
/// Which facts many entities have. Known from PostgreSQL's own statistics, read again now and then; without any, no fact is common.
/// </summary>
internal sealed partial class CommonFacts(Database database, TimeProvider time, ILogger<CommonFacts> logger) : BackgroundService
{
    /// <summary>
    /// Of this share of entities on, one row in fifty of those gone through is a result: going through a type in order finds a page sooner than the index, which would bring up every one of them first.
    /// </summary>
    private const double Common = 0.02;

    /// <summary>Of this share on, a fact narrows so little that looking it up costs more than looking at what a rare fact has brought up.</summary>
    private const double VeryCommon = 0.1;

    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    private volatile Dictionary<long, float> shares = [];

    public bool IsCommon(long fact) => shares.ContainsKey(fact);

    public bool IsVeryCommon(long fact) => shares.TryGetValue(fact, out var share) && share >= VeryCommon;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await database.Ready.WaitAsync(stoppingToken);
        using var timer = new PeriodicTimer(Pause, time);
        do
        {
            try
            {
                await RefreshAsync(stoppingToken);
            }
            catch (Npgsql.NpgsqlException exception)
            {
                NotRead(logger, exception.Message); // what was known stays good enough
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    internal async Task RefreshAsync(CancellationToken cancellationToken)
    {
        await using var work = await database.BeginAsync(null, cancellationToken);
        await using var command = work.Command("""
            SELECT fact, share FROM pg_stats s CROSS JOIN LATERAL unnest(s.most_common_elems::text::bigint[], s.most_common_elem_freqs) AS f(fact, share)
            WHERE s.schemaname = current_schema AND s.tablename = 'entity_search' AND s.attname = 'facts' AND fact IS NOT NULL AND share >= $1
            """, Common);
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        Dictionary<long, float> found = [];
        while (await rows.ReadAsync(cancellationToken))
        {
            found[rows.GetInt64(0)] = rows.GetFloat(1);
        }

        shares = found;
    }

    [LoggerMessage(2240, LogLevel.Warning, "The shares of facts were not read: {Reason}")]
    private static partial void NotRead(ILogger logger, string reason);
}
