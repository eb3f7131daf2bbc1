using System.Text.Json;
using System.Text.Json.Nodes;
using LivingCity.Ingestion.Subscriptions;
using LivingCity.Ingestion.Subscriptions.Delivery;
using LivingCity.Ingestion.Subscriptions.Matching;
using LivingCity.ServiceDefaults.Data;

namespace LivingCity.Ingestion.Registrations;

/// <summary>Tells subscribers of context sources what became of them (ETSI GS CIM 009, clauses 5.3.2 and 5.11.7), in the transaction of the change.</summary>
internal sealed class SourceNotifications(SubscriptionIndex index)
{
    /// <summary>A new subscription is told at once of the sources that match already.</summary>
    public static async Task IntroduceAsync(Work work, ActiveSubscription subscription, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var filter = SourceFilter.From(subscription);
        var rows = await RegistrationStore.ListAsync(work, cancellationToken);
        var matching = rows.Where(row => filter.Matches(SourceRegistration.Read(row.Id, row.Document), now)).ToArray();
        if (subscription.IsDue(now) && matching.Length > 0)
        {
            await NotificationOutbox.WriteAsync(work, [Make(subscription, [.. matching.Select(filter.Narrow)], "newlyMatching", now)], now, cancellationToken);
        }
    }

    /// <param name="work">The transaction of the change.</param>
    /// <param name="before">The registration before, or null when it is new.</param>
    /// <param name="after">The registration after, or null when it is gone.</param>
    /// <param name="now">The time of the change.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task OnChangedAsync(Work work, RegistrationRow? before, RegistrationRow? after, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var subscriptions = (await index.CurrentAsync(work, await SubscriptionReader.RevisionAsync(work, cancellationToken), cancellationToken)).All(SubscriptionKind.Sources);
        var (was, becomes) = (Read(before), Read(after));
        var notifications = new List<OutgoingNotification>();
        foreach (var subscription in subscriptions.Where(subscription => subscription.IsDue(now)))
        {
            var filter = SourceFilter.From(subscription);
            var reason = (was is not null && filter.Matches(was, now), becomes is not null && filter.Matches(becomes, now)) switch
            {
                (false, true) => "newlyMatching",
                (true, true) => "updated",
                (true, false) => "noLongerMatching",
                _ => null,
            };
            if (reason is not null)
            {
                notifications.Add(Make(subscription, [reason == "noLongerMatching" ? (after ?? before)! : filter.Narrow(after!)], reason, now));
            }
        }

        await NotificationOutbox.WriteAsync(work, notifications, now, cancellationToken);
    }

    private static SourceRegistration? Read(RegistrationRow? row) => row is null ? null : SourceRegistration.Read(row.Id, row.Document);

    private static OutgoingNotification Make(ActiveSubscription subscription, IReadOnlyList<RegistrationRow> registrations, string reason, DateTimeOffset now)
    {
        var id = Guid.CreateVersion7(now);
        var data = new JsonArray([.. registrations.Select(row => RegistrationAnswer.Write(row, subscription.Representation.Names, subscription.Representation.SysAttrs))]);
        return new OutgoingNotification(
            subscription.Lane, subscription.Id, subscription.Id, id, subscription.Target, NotificationBody.Write(id, subscription, now, writer => data.WriteTo(writer), reason));
    }
}
