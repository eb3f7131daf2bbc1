using LivingCity.Ingestion.Batch;
using LivingCity.Ingestion.EntityMaps;
using LivingCity.Ingestion.Tenants;
using LivingCity.ServiceDefaults.Data;
using Npgsql;

namespace LivingCity.Ingestion.Entities;

/// <summary>Deletes transient entities (ETSI GS CIM 009, clause 4.5.21) and entity maps whose time is over. Until then no operation sees them either. Any number of replicas may do it at once.</summary>
internal sealed partial class ExpiredEntities(Database database, TenantRegistry tenants, BatchRunner runner, EntityMapStore maps, TimeProvider time, ILogger<ExpiredEntities> logger) : BackgroundService
{
    private const int AtOnce = 500;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(15);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await database.Ready.WaitAsync(stoppingToken);
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                foreach (var tenant in await tenants.AllAsync(stoppingToken))
                {
                    await maps.DeleteExpiredAsync(tenant, stoppingToken);
                    while (await DeleteAsync(tenant, stoppingToken) == AtOnce)
                    {
                    }
                }
            }
            catch (NpgsqlException exception)
            {
                Postponed(logger, exception.Message);
            }
        }
    }

    private async Task<int> DeleteAsync(string tenant, CancellationToken cancellationToken)
    {
        var ids = new List<string>();
        await using (var work = await database.BeginAsync(tenant, cancellationToken))
        await using (var command = work.Command("SELECT id FROM entity WHERE tenant = $1 AND expires_at <= $2 ORDER BY expires_at LIMIT $3", tenant, time.GetUtcNow(), AtOnce))
        await using (var rows = await command.ExecuteReaderAsync(cancellationToken))
        {
            while (await rows.ReadAsync(cancellationToken))
            {
                ids.Add(rows.GetString(0));
            }
        }

        await runner.RunAsync(tenant, ids, id => id, (batch, id) =>
        {
            if (batch.Find(id) is null)
            {
                batch.Set(id, null);
            }
        }, [], cancellationToken);
        return ids.Count;
    }

    [LoggerMessage(2010, LogLevel.Warning, "Deleting expired entities is postponed: {Reason}")]
    private static partial void Postponed(ILogger logger, string reason);
}
