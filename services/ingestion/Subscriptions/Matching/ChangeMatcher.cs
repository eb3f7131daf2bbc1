using LivingCity.Ingestion.Changes;
using LivingCity.Ingestion.Entities;
using LivingCity.Ingestion.Subscriptions.Delivery;
using LivingCity.ServiceDefaults.Data;

namespace LivingCity.Ingestion.Subscriptions.Matching;

/// <summary>Writes the notifications that a change causes, in its transaction (ETSI GS CIM 009, clause 5.8.6).</summary>
internal sealed class ChangeMatcher(SubscriptionIndex index, TimeProvider time) : IChangeListener
{
    public async Task OnChangedAsync(Work work, EntityBatch batch, CancellationToken cancellationToken)
    {
        var subscriptions = await index.CurrentAsync(work, batch.SubscriptionRevision, cancellationToken);
        var now = batch.Now;
        var notifications = new List<OutgoingNotification>();
        Dictionary<ActiveSubscription, List<EntityChange>>? throttled = null;
        foreach (var change in batch.Changes)
        {
            foreach (var subscription in subscriptions.Candidates(change).Where(subscription => subscription.IsDue(now) && subscription.Matches(change)))
            {
                if (subscription.Throttling is null)
                {
                    notifications.Add(await MakeAsync(work, subscription, change.Entity.Id, [change], now, cancellationToken));
                    continue;
                }

                throttled ??= new(ReferenceEqualityComparer.Instance);
                if (!throttled.TryGetValue(subscription, out var together))
                {
                    throttled[subscription] = together = [];
                }

                together.Add(change);
            }
        }

        if (throttled is not null)
        {
            var free = await Throttle.PassAsync(work, [.. throttled.Keys], now, cancellationToken);
            foreach (var (subscription, together) in throttled.Where(entry => free.Contains(entry.Key.Id)))
            {
                notifications.Add(await MakeAsync(work, subscription, subscription.Id, together, now, cancellationToken));
            }
        }

        await NotificationOutbox.WriteAsync(work, notifications, now, cancellationToken);
    }

    private async Task<OutgoingNotification> MakeAsync(
        Work work, ActiveSubscription subscription, string key, IReadOnlyList<EntityChange> changes, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (subscription.Join.IsWanted)
        {
            await work.FlushAsync(cancellationToken); // related entities may be among those that change
        }

        var id = Guid.CreateVersion7(now);
        var body = subscription is { ShowChanges: true, IsGeoJson: false } ? NotificationBody.OfChanges(id, subscription, changes, now)
            : NotificationBody.Of(id, subscription, await subscription.Join.ResolveAsync(work, NotificationBody.Shown(changes, subscription), time, cancellationToken), now);
        return new OutgoingNotification(subscription.Lane, subscription.Id, key, id, subscription.Target, body);
    }
}
