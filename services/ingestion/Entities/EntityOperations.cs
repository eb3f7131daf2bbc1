using LivingCity.Ingestion.Changes;
using LivingCity.Ingestion.Errors;
using LivingCity.Ingestion.Query;
using LivingCity.Ingestion.Subscriptions;
using LivingCity.Ingestion.Temporal;
using LivingCity.Ingestion.Tenants;
using LivingCity.ServiceDefaults.Data;
using Npgsql;

namespace LivingCity.Ingestion.Entities;

/// <summary>
/// The one way in which current state is written. An operation gets the entities that it names, locked, says what becomes of them, and all of it (state, indexes, history, what
/// listeners do) commits together. An operation that meets a conflict runs again from the start, so it must have no effects but those it tells the batch.
/// </summary>
internal sealed class EntityOperations(Database database, TenantRegistry tenants, HistoryMonths months, SeriesNumbers series, IEnumerable<IChangeListener> listeners, TimeProvider time)
{
    private const int MaxTries = 6;

    private readonly IChangeListener[] listeners = [.. listeners];

    /// <param name="tenant">The tenant.</param>
    /// <param name="ids">The entities that the operation may read and write.</param>
    /// <param name="operation">Says what becomes of them, and returns the answer.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task<T> RunAsync<T>(string tenant, IEnumerable<string> ids, Func<EntityBatch, T> operation, CancellationToken cancellationToken)
    {
        var sorted = ids.Distinct().Order(StringComparer.Ordinal).ToArray();
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await TryAsync(tenant, sorted, operation, cancellationToken);
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

    private async Task<T> TryAsync<T>(string tenant, string[] ids, Func<EntityBatch, T> operation, CancellationToken cancellationToken)
    {
        var (work, (stored, revision)) = await database.BeginAsync(tenant, [EntityStore.Lock(tenant, ids), Statement.Of(SubscriptionReader.Revision, tenant)], async rows =>
        {
            var entities = await EntityStore.ReadAllAsync(rows, cancellationToken);
            await rows.NextResultAsync(cancellationToken);
            await rows.ReadAsync(cancellationToken);
            return (entities, rows.GetInt64(0));
        }, cancellationToken);
        await using var disposing = work;
        var batch = new EntityBatch(stored, Instants.Now(time), revision);
        var answer = operation(batch);
        if (batch.Changes.Count == 0)
        {
            return answer;
        }

        var history = HistoryRow.From(batch.Changes);
        months.Require(history);
        await tenants.RegisterAsync(work, cancellationToken);
        var learned = await series.ResolveAsync(work, history, cancellationToken);
        work.AtCommit(EntityStore.Save(tenant, batch, history));
        foreach (var listener in listeners)
        {
            await listener.OnChangedAsync(work, batch, cancellationToken);
        }

        await work.CommitAsync(cancellationToken);
        learned.Remember();
        tenants.Remember(tenant);
        return answer;
    }
}

/// <summary>The entities that one operation works on, and what it has done to them so far. Not thread-safe.</summary>
internal sealed class EntityBatch(IReadOnlyDictionary<string, Entity> stored, DateTimeOffset now, long subscriptionRevision)
{
    private readonly Dictionary<string, Entity> current = new(stored);
    private readonly List<EntityChange> changes = [];

    /// <summary>The time of the operation.</summary>
    public DateTimeOffset Now { get; } = now;

    /// <summary>The tenant's revision of subscriptions as of the time when the entities were locked.</summary>
    public long SubscriptionRevision { get; } = subscriptionRevision;

    /// <summary>What was done, in order.</summary>
    public IReadOnlyList<EntityChange> Changes => changes;

    /// <summary>The entity as it is now, or null.</summary>
    public Entity? Find(string id) => current.GetValueOrDefault(id) is { } entity && (entity.ExpiresAt is not { } end || end > Now) ? entity : null;

    /// <summary>The entity as it is now.</summary>
    /// <exception cref="NgsiLdException">There is none (ResourceNotFound).</exception>
    public Entity Get(string id) => Find(id) ?? throw NgsiLdException.ResourceNotFound($"There is no entity {id}.");

    /// <summary>The entity as it is now.</summary>
    /// <param name="id">Its URI.</param>
    /// <param name="types">The types that it must have, or null.</param>
    /// <exception cref="NgsiLdException">There is none of these types (ResourceNotFound).</exception>
    public Entity Get(string id, TypeExpression? types) => Get(id) is var entity && types?.Matches((IReadOnlyCollection<string>)entity.Types) != false ? entity
        : throw NgsiLdException.ResourceNotFound($"There is no entity {id} of the types that were asked for.");

    /// <summary>The entity as it was before the operation, or null.</summary>
    public Entity? Stored(string id) => stored.GetValueOrDefault(id);

    /// <summary>Puts the entity into its next state; null deletes it.</summary>
    public void Set(string id, Entity? after)
    {
        var before = current.GetValueOrDefault(id);
        if (before is not null && Find(id) is null && after is not null)
        {
            changes.Add(Stamping.Compare(before, null, Now)!); // its time was over: what comes now is another entity
            before = null;
        }

        if (Stamping.Compare(before, after, Now) is not { } change)
        {
            return;
        }

        changes.Add(change);
        if (change.After is { } entity)
        {
            current[id] = entity;
        }
        else
        {
            current.Remove(id);
        }
    }
}
