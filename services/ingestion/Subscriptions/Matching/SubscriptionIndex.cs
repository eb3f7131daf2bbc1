using System.Collections.Concurrent;
using LivingCity.ServiceDefaults.Data;

namespace LivingCity.Ingestion.Subscriptions.Matching;

/// <summary>
/// The subscriptions of all tenants that this replica has had to do with. Whoever asks gives its transaction, whose view of the tenant's revision decides whether what is in memory
/// still holds: a subscription that was answered with 201, here or on another replica, hears of every change that begins afterwards.
/// </summary>
internal sealed class SubscriptionIndex(SubscriptionReader reader, TimeProvider time)
{
    /// <summary>Revisions of subscriptions that are gone are kept for a day: what has not looked for half of it starts anew.</summary>
    private static readonly TimeSpan Freshness = TimeSpan.FromHours(12);

    private readonly ConcurrentDictionary<string, Entry> tenants = new();

    /// <param name="work">The transaction.</param>
    /// <param name="revision">The tenant's revision as it sees it.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task<TenantSubscriptions> CurrentAsync(Work work, long revision, CancellationToken cancellationToken)
    {
        var entry = tenants.GetOrAdd(work.Tenant!, _ => new Entry());
        if (entry.Subscriptions.Revision >= revision && time.GetUtcNow() - entry.LookedAt < Freshness)
        {
            return entry.Subscriptions;
        }

        await entry.Gate.WaitAsync(cancellationToken);
        try
        {
            var now = time.GetUtcNow();
            if (now - entry.LookedAt >= Freshness)
            {
                entry.Subscriptions = new TenantSubscriptions();
            }

            if (entry.Subscriptions.Revision < revision)
            {
                var (latest, changed) = await reader.ChangedAsync(work, entry.Subscriptions.Revision, cancellationToken);
                entry.Subscriptions.Apply(latest, changed);
            }

            entry.LookedAt = now;
            return entry.Subscriptions;
        }
        finally
        {
            entry.Gate.Release();
        }
    }

    private sealed class Entry
    {
        public SemaphoreSlim Gate { get; } = new(1);

        public TenantSubscriptions Subscriptions { get; set; } = new();

        public DateTimeOffset LookedAt { get; set; } = DateTimeOffset.MaxValue;
    }
}
