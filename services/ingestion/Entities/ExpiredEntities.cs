using LivingCity.Ingestion.Batch;
using LivingCity.Ingestion.EntityMaps;
using LivingCity.Ingestion.Tenants;
using LivingCity.ServiceDefaults.Data;
using Npgsql;

namespace LivingCity.Ingestion.Entities;

/// <summary>Deletes transient entities and attributes (ETSI GS CIM 009, clause 4.22) and entity maps whose time is over. Until then no operation sees expired entities either. Any number of replicas may do it at once.</summary>
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
                    while (await DeleteAsync(tenant, stoppingToken) == AtOnce || await DeleteAttributesAsync(tenant, stoppingToken) == AtOnce)
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

    private async Task<List<string>> FindAsync(string table, string tenant, CancellationToken cancellationToken)
    {
        var ids = new List<string>();
        await using var work = await database.BeginAsync(tenant, cancellationToken);
        await using var command = work.Command($"SELECT id FROM {table} WHERE tenant = $1 AND expires_at <= $2 ORDER BY expires_at LIMIT $3", tenant, time.GetUtcNow(), AtOnce);
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken))
        {
            ids.Add(rows.GetString(0));
        }

        return ids;
    }

    private async Task<int> DeleteAttributesAsync(string tenant, CancellationToken cancellationToken)
    {
        var ids = await FindAsync("attribute_expiry", tenant, cancellationToken);
        await runner.RunAsync(tenant, ids, id => id, (batch, id) =>
        {
            if (batch.Find(id) is { } entity)
            {
                batch.Set(id, entity with { Attributes = Living(entity.Attributes, batch.Now) });
            }
        }, [], cancellationToken);
        return ids.Count;
    }

    private static Attributes Living(Attributes attributes, DateTimeOffset now)
    {
        var living = new Attributes();
        foreach (var (iri, instances) in attributes)
        {
            AttributeInstance[] rest = [.. instances.Where(instance => !(Instants.TryRead(instance.ExpiresAt, out var end) && end <= now))];
            if (rest.Length > 0)
            {
                living[iri] = rest.Length == instances.Count ? instances : rest;
            }
        }

        return living;
    }

    private async Task<int> DeleteAsync(string tenant, CancellationToken cancellationToken)
    {
        var ids = await FindAsync("entity", tenant, cancellationToken);
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
