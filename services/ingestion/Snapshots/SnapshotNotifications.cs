using System.Text;
using System.Text.Json.Nodes;
using LivingCity.Ingestion.Entities;
using LivingCity.Ingestion.Subscriptions;
using LivingCity.Ingestion.Subscriptions.Delivery;
using LivingCity.Ingestion.Web;
using LivingCity.ServiceDefaults.Data;

namespace LivingCity.Ingestion.Snapshots;

/// <summary>Tells the endpoint of a snapshot about its status (ETSI GS CIM 009, clauses 5.3.4 and 5.16.6): by the same lanes as all notifications, so it survives restarts and slow endpoints.</summary>
internal sealed class SnapshotNotifications(TimeProvider time)
{
    public async Task WriteAsync(Work work, Snapshot snapshot, CancellationToken cancellationToken)
    {
        if ((string?)snapshot.Document["endpoint"] is not { } endpoint)
        {
            return;
        }

        var id = Guid.CreateVersion7();
        var now = Instants.Now(time);
        var body = new JsonObject
        {
            ["id"] = $"urn:ngsi-ld:SnapshotNotification:{id}",
            ["type"] = "SnapshotNotification",
            ["notifiedAt"] = Instants.Write(now),
            ["snapshotId"] = snapshot.Id,
            ["snapshotStatus"] = snapshot.Status,
            ["snapshotPriority"] = snapshot.Priority,
            ["expiresAt"] = Instants.Write(snapshot.ExpiresAt),
        };
        foreach (var (member, value) in snapshot.Details)
        {
            // The notification has a name of its own for the second list (table 5.3.4-1).
            body[member == "snapshotTemporalQueriesDetails" ? "temporalSnapshotQueriesDetails" : member] = value!.DeepClone();
        }

        var target = NotificationTarget.From(
            new JsonObject { ["uri"] = endpoint, ["accept"] = MediaTypes.Json, ["receiverInfo"] = snapshot.Document["receiverInfo"]?.DeepClone() }, snapshot.Context, null);
        var lane = await SubscriptionStore.LaneAsync(work, endpoint, cancellationToken);
        await NotificationOutbox.WriteAsync(work, [new OutgoingNotification(lane, snapshot.Id, snapshot.Id, id, target.Write(), Encoding.UTF8.GetBytes(body.ToJsonString()))], now, cancellationToken);
    }
}
