using LivingCity.Ingestion.Entities;
using LivingCity.Ingestion.Errors;
using LivingCity.Ingestion.Tenants;
using LivingCity.ServiceDefaults.Data;
using Npgsql;

namespace LivingCity.Ingestion.Temporal;

/// <summary>Writes to history alone, past the current state (ETSI GS CIM 009, clauses 5.6.11 to 5.6.16).</summary>
internal sealed class TemporalOperations(Database database, TenantRegistry tenants, HistoryMonths months, SeriesNumbers series, TimeProvider time)
{
    private const int MaxTries = 6;

    /// <summary>Creates an entity's history or adds to it.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="given">The entity with instances in any number.</param>
    /// <param name="mustExist">Whether there must be a history already.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>True when it was created.</returns>
    public async Task<bool> AddAsync(string tenant, Entity given, bool mustExist, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await TryAddAsync(tenant, given, mustExist, cancellationToken);
            }
            catch (PostgresException conflict) when (attempt < MaxTries && conflict.SqlState is PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.UniqueViolation)
            {
            }
            catch (MonthMissingException missing) when (attempt < MaxTries)
            {
                await months.EnsureAsync(missing.Instants, cancellationToken);
            }
        }
    }

    /// <summary>Deletes an entity's history.</summary>
    public Task DeleteAsync(string tenant, string id, CancellationToken cancellationToken) => RunAsync(tenant, id, async work =>
    {
        await using var command = work.Command("DELETE FROM temporal_entity WHERE tenant = $1 AND id = $2", tenant, id);
        if (await command.ExecuteNonQueryAsync(cancellationToken) == 0)
        {
            throw NgsiLdException.ResourceNotFound($"There is no history of {id}.");
        }

        await using var rows = work.Command("DELETE FROM history WHERE tenant = $1 AND series = ANY(ARRAY(SELECT id FROM series WHERE tenant = $1 AND entity_id = $2))", tenant, id);
        await rows.ExecuteNonQueryAsync(cancellationToken);
    }, cancellationToken);

    /// <summary>Deletes the history of an attribute: of one dataset id (empty for the default one), or of all (null).</summary>
    public Task DeleteAttributeAsync(string tenant, string id, string attribute, string? datasetId, CancellationToken cancellationToken) => RunAsync(tenant, id, async work =>
    {
        await using var command = work.Command(
            "DELETE FROM history WHERE tenant = $1 AND series = ANY(ARRAY(SELECT id FROM series WHERE tenant = $1 AND entity_id = $2 AND attribute = $3 AND ($4::text IS NULL OR dataset_id = $4)))",
            tenant, id, attribute, new NpgsqlParameter { Value = (object?)datasetId ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text });
        if (await command.ExecuteNonQueryAsync(cancellationToken) == 0)
        {
            throw NgsiLdException.ResourceNotFound($"There is no history of this attribute of {id}.");
        }
    }, cancellationToken);

    public Task DeleteInstanceAsync(string tenant, string id, string attribute, string instanceId, CancellationToken cancellationToken) => RunAsync(tenant, id, async work =>
    {
        var (number, at, _) = await LocateAsync(work, id, attribute, instanceId, cancellationToken);
        await DeleteAsync(work, number, at, cancellationToken);
    }, cancellationToken);

    /// <summary>Replaces one instance. It keeps its URI, also when it moves to another instant, and its dataset id.</summary>
    public async Task PatchInstanceAsync(string tenant, string id, string attribute, string instanceId, AttributeInstance given, CancellationToken cancellationToken)
    {
        if (Instants.TryRead(given.ObservedAt, out var observed))
        {
            await months.EnsureAsync([observed], cancellationToken);
        }

        await RunAsync(tenant, id, async work =>
        {
            var (number, at, before) = await LocateAsync(work, id, attribute, instanceId, cancellationToken);
            var after = given with { DatasetId = before.DatasetId, InstanceId = instanceId, IsBare = false };
            var moved = Instants.TryRead(after.ObservedAt, out var to) ? to : at;
            await DeleteAsync(work, number, at, cancellationToken);
            work.AtCommit(HistoryStore.Write(tenant, [new HistoryRow(new SeriesKey(id, attribute, before.DatasetId ?? ""), moved, after, Instants.Now(time)) { Series = number }]));
        }, cancellationToken);
    }

    private async Task RunAsync(string tenant, string id, Func<Work, Task> operation, CancellationToken cancellationToken)
    {
        await using var work = await database.BeginAsync(tenant, cancellationToken);
        if (await TemporalFinder.FindAsync(work, id, cancellationToken) is null)
        {
            throw NgsiLdException.ResourceNotFound($"There is no history of {id}.");
        }

        await operation(work);
        await work.CommitAsync(cancellationToken);
    }

    private async Task<bool> TryAddAsync(string tenant, Entity given, bool mustExist, CancellationToken cancellationToken)
    {
        var now = Instants.Now(time);
        await using var work = await database.BeginAsync(tenant, cancellationToken);
        await using (var lockIt = work.Command("SELECT pg_advisory_xact_lock(hashtextextended($1 || ' ' || $2, 7))", tenant, given.Id))
        {
            await lockIt.ExecuteNonQueryAsync(cancellationToken);
        }

        var known = await TemporalFinder.FindAsync(work, given.Id, cancellationToken);
        if (known is null && mustExist)
        {
            throw NgsiLdException.ResourceNotFound($"There is no history of {given.Id}.");
        }

        if (known is null && given.Types.Count == 0)
        {
            throw NgsiLdException.BadRequestData("type: a name or an array of names is required.");
        }

        var rows = Rows(given, now);
        months.Require(rows);
        await tenants.RegisterAsync(work, cancellationToken);
        var learned = await series.ResolveAsync(work, rows, cancellationToken);
        work.AtCommit("""
            INSERT INTO temporal_entity (tenant, id, types, scopes, created_at, modified_at) VALUES ($1, $2, $3, $4, $5, $5)
            ON CONFLICT (tenant, id) DO UPDATE SET
                types = ARRAY(SELECT DISTINCT unnest(temporal_entity.types || excluded.types)), scopes = coalesce(excluded.scopes, temporal_entity.scopes), modified_at = excluded.modified_at
            """,
            tenant, given.Id, given.Types.ToArray(), new NpgsqlParameter { Value = (object?)given.Scopes?.ToArray() ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Array | NpgsqlTypes.NpgsqlDbType.Text }, now);
        work.AtCommit(HistoryStore.Write(tenant, rows));
        await work.CommitAsync(cancellationToken);
        learned.Remember();
        tenants.Remember(tenant);
        return known is null;
    }

    /// <summary>Instances without a time of observation follow each other by a microsecond: the time is what tells them apart.</summary>
    private static IReadOnlyList<HistoryRow> Rows(Entity given, DateTimeOffset now) =>
    [
        .. given.Attributes.SelectMany(attribute => attribute.Value.Select((instance, index) => new HistoryRow(
                new SeriesKey(given.Id, attribute.Key, instance.DatasetId ?? ""),
                Instants.TryRead(instance.ObservedAt, out var observed) ? observed : now.AddTicks(index * TimeSpan.TicksPerMicrosecond), instance with { IsBare = false }, now)))
            .GroupBy(row => (row.Key, row.At)).Select(group => group.Last()),
    ];

    private static async Task DeleteAsync(Work work, long number, DateTimeOffset at, CancellationToken cancellationToken)
    {
        await using var command = work.Command("DELETE FROM history WHERE tenant = $1 AND series = $2 AND at = $3", work.Tenant, number, at);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task<(long Series, DateTimeOffset At, AttributeInstance Instance)> LocateAsync(Work work, string id, string attribute, string instanceId, CancellationToken cancellationToken)
    {
        var place = HistoryReader.Locate(instanceId);
        await using var command = work.Command("""
            SELECT h.series, h.at, h.instance::text, s.dataset_id FROM series s JOIN history h ON h.tenant = s.tenant AND h.series = s.id
            WHERE s.tenant = $1 AND s.entity_id = $2 AND s.attribute = $3
              AND ((h.series = $4 AND h.at = $5 AND NOT h.instance ? 'instanceId') OR h.instance ->> 'instanceId' = $6)
            """,
            work.Tenant, id, attribute, place?.Series ?? 0, place?.At ?? DateTimeOffset.UnixEpoch, instanceId);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        return await row.ReadAsync(cancellationToken)
            ? (row.GetInt64(0), row.GetFieldValue<DateTimeOffset>(1), StoredAttributes.ReadInstance(row.GetString(2)) with { DatasetId = row.GetString(3) is { Length: > 0 } dataset ? dataset : null })
            : throw NgsiLdException.ResourceNotFound($"There is no instance {instanceId}.");
    }
}
