using LivingCity.ServiceDefaults.Data;
using Npgsql;

namespace LivingCity.Ingestion.Entities;

/// <summary>Makes what entities of the first schema are searched by, once after the upgrade. Any number of replicas may do it at once.</summary>
internal sealed partial class UnindexedEntities(Database database, ILogger<UnindexedEntities> logger) : BackgroundService
{
    private const int AtOnce = 500;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await database.Ready.WaitAsync(stoppingToken);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                while (await IndexAsync(stoppingToken))
                {
                }

                return;
            }
            catch (NpgsqlException exception)
            {
                Postponed(logger, exception.Message);
                await Task.Delay(Pause, stoppingToken);
            }
        }
    }

    /// <returns>Whether there was one.</returns>
    private async Task<bool> IndexAsync(CancellationToken cancellationToken)
    {
        await using var work = await database.BeginAsync(null, cancellationToken);
        var (tenant, ids) = await TakeAsync(work, cancellationToken);
        if (tenant is null)
        {
            return false;
        }

        await using var batch = new NpgsqlBatch(work.Connection, work.Transaction);
        batch.BatchCommands.Add("SELECT set_config('app.tenant', $1, true)", tenant);
        batch.BatchCommands.Add($"SELECT {EntityStore.Columns} FROM entity e WHERE e.tenant = $1 AND e.id = ANY($2) ORDER BY e.id FOR UPDATE", tenant, ids);
        var entities = new List<Entity>();
        await using (var rows = await batch.ExecuteReaderAsync(cancellationToken))
        {
            await rows.NextResultAsync(cancellationToken);
            while (await rows.ReadAsync(cancellationToken))
            {
                entities.Add(EntityStore.Read(rows));
            }
        }

        await using var write = new NpgsqlBatch(work.Connection, work.Transaction);
        SearchIndex.WriteFacts(write.BatchCommands, tenant, entities.Select(entity => (entity.Id, (Entity?)null, (Entity?)entity)));
        if (write.BatchCommands.Count > 0)
        {
            await write.ExecuteNonQueryAsync(cancellationToken);
        }

        await work.CommitAsync(cancellationToken);
        return true;
    }

    private static async Task<(string? Tenant, string[] Ids)> TakeAsync(Work work, CancellationToken cancellationToken)
    {
        await using var command = work.Command("""
            WITH one AS (SELECT tenant FROM entity_unindexed LIMIT 1),
            taken AS (SELECT u.ctid FROM entity_unindexed u WHERE u.tenant = (SELECT tenant FROM one) LIMIT $1 FOR UPDATE SKIP LOCKED)
            DELETE FROM entity_unindexed u USING taken WHERE u.ctid = taken.ctid RETURNING u.tenant, u.id
            """, AtOnce);
        string? tenant = null;
        var ids = new List<string>();
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken))
        {
            tenant = rows.GetString(0);
            ids.Add(rows.GetString(1));
        }

        return (tenant, [.. ids]);
    }

    [LoggerMessage(2011, LogLevel.Warning, "Indexing entities of the first schema is postponed: {Reason}")]
    private static partial void Postponed(ILogger logger, string reason);
}
