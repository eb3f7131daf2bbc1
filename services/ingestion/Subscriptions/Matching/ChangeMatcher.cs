using LivingCity.Ingestion.Changes;
using LivingCity.Ingestion.Subscriptions.Delivery;
using LivingCity.ServiceDefaults.Data;

namespace LivingCity.Ingestion.Subscriptions.Matching;

/// <summary>Writes the notifications that a change causes, in its transaction (ETSI GS CIM 009, clause 5.8.6).</summary>
internal sealed class ChangeMatcher(SubscriptionIndex index) : IChangeListener
{
    public async Task OnChangedAsync(Work work, IReadOnlyList<EntityChange> changes, CancellationToken cancellationToken)
    {
        var subscriptions = await index.CurrentAsync(work, cancellationToken);
        var now = changes[0].At;
        var notifications = new List<OutgoingNotification>();
        Dictionary<ActiveSubscription, List<EntityChange>>? throttled = null;
        foreach (var change in changes)
        {
            foreach (var subscription in subscriptions.Candidates(change).Where(subscription => subscription.IsDue(now) && subscription.Matches(change)))
            {
                if (subscription.Throttling is null)
                {
                    notifications.Add(Make(subscription, change.Entity.Id, [change], now));
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
            notifications.AddRange(throttled.Where(entry => free.Contains(entry.Key.Id)).Select(entry => Make(entry.Key, entry.Key.Id, entry.Value, now)));
        }

        await NotificationOutbox.WriteAsync(work, notifications, now, cancellationToken);
    }

    private static OutgoingNotification Make(ActiveSubscription subscription, string key, IReadOnlyList<EntityChange> changes, DateTimeOffset now)
    {
        var id = Guid.CreateVersion7(now);
        return new OutgoingNotification(subscription.Lane, subscription.Id, key, id, subscription.Target, NotificationBody.Of(id, subscription, changes, now));
    }
}
