using LivingCity.ServiceDefaults.Data;
using Npgsql;

namespace LivingCity.Ingestion.Snapshots;

/// <summary>Fills new snapshots and removes those whose time is over. Any number of replicas may do it at once; what one did not live to do, another does.</summary>
internal sealed partial class SnapshotWorker(Database database, SnapshotFiller filler, TimeProvider time, ILogger<SnapshotWorker> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);
    private static readonly string[] Tables = ["history_rollup", "history", "series", "temporal_entity", "entity_geometry", "attribute_expiry", "entity_search", "entity_type", "entity", "entity_map", "subscription_state", "subscription_revision", "subscription", "notification", "notification_lane", "tenant"];

    private readonly SemaphoreSlim signal = new(0);

    /// <summary>Says that there is something to do.</summary>
    public void Wake() => signal.Release();

    public override void Dispose()
    {
        signal.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await database.Ready.WaitAsync(stoppingToken);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                while (await NextAsync(stoppingToken))
                {
                }
            }
            catch (NpgsqlException exception)
            {
                Postponed(logger, exception.Message);
            }

            await signal.WaitAsync(Interval, stoppingToken);
        }
    }

    /// <returns>Whether there was something to do.</returns>
    private async Task<bool> NextAsync(CancellationToken cancellationToken)
    {
        if (await ClaimAsync(cancellationToken) is not { } task)
        {
            return false;
        }

        if (task.Removes)
        {
            await RemoveAsync(task, cancellationToken);
            return true;
        }

        try
        {
            await filler.FillAsync(task.Tenant, task.Snapshot, task.Source, cancellationToken);
        }
        catch (PostgresException exception)
        {
            // What the database refuses it would refuse again.
            Failed(logger, task.Snapshot, exception.MessageText);
            await filler.FailAsync(task.Tenant, task.Snapshot, cancellationToken);
        }

        return true;
    }

    private async Task<SnapshotTask?> ClaimAsync(CancellationToken cancellationToken)
    {
        await using var work = await database.BeginAsync(null, cancellationToken);
        await using var command = work.Command("""
            UPDATE snapshot_task t SET claimed_until = $1 + interval '10 minutes'
            FROM (SELECT data_tenant, removes FROM snapshot_task WHERE due_at <= $1 AND (claimed_until IS NULL OR claimed_until < $1) ORDER BY due_at LIMIT 1 FOR UPDATE SKIP LOCKED) n
            WHERE t.data_tenant = n.data_tenant AND t.removes = n.removes RETURNING t.data_tenant, t.removes, t.tenant, t.snapshot, t.source
            """, time.GetUtcNow());
        SnapshotTask? task = null;
        await using (var row = await command.ExecuteReaderAsync(cancellationToken))
        {
            if (await row.ReadAsync(cancellationToken))
            {
                task = new SnapshotTask(row.GetString(0), row.GetBoolean(1), row.GetString(2), row.GetString(3), row.IsDBNull(4) ? null : row.GetString(4));
            }
        }

        await work.CommitAsync(cancellationToken);
        return task;
    }

    private async Task RemoveAsync(SnapshotTask task, CancellationToken cancellationToken)
    {
        await using (var work = await database.BeginAsync(task.DataTenant, cancellationToken))
        {
            foreach (var table in Tables)
            {
                await using var delete = work.Command($"DELETE FROM {table} WHERE {(table == "tenant" ? "id" : "tenant")} = $1", task.DataTenant);
                delete.CommandTimeout = 0;
                await delete.ExecuteNonQueryAsync(cancellationToken);
            }

            await work.CommitAsync(cancellationToken);
        }

        await using var owner = await database.BeginAsync(task.Tenant, cancellationToken);
        await using var last = new NpgsqlBatch(owner.Connection, owner.Transaction)
        {
            BatchCommands =
            {
                new("DELETE FROM snapshot WHERE tenant = $1 AND data_tenant = $2") { Parameters = { new() { Value = task.Tenant }, new() { Value = task.DataTenant } } },
                new("DELETE FROM snapshot_task WHERE data_tenant = $1") { Parameters = { new() { Value = task.DataTenant } } },
            },
        };
        await last.ExecuteNonQueryAsync(cancellationToken);
        await owner.CommitAsync(cancellationToken);
    }

    private sealed record SnapshotTask(string DataTenant, bool Removes, string Tenant, string Snapshot, string? Source);

    [LoggerMessage(2031, LogLevel.Warning, "Snapshot {Snapshot} could not be filled: {Reason}")]
    private static partial void Failed(ILogger logger, string snapshot, string reason);

    [LoggerMessage(2030, LogLevel.Warning, "Work on snapshots is postponed: {Reason}")]
    private static partial void Postponed(ILogger logger, string reason);
}
