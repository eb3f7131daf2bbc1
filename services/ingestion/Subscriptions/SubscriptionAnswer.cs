using System.Text.Json.Nodes;
using LivingCity.Ingestion.Contexts;
using LivingCity.Ingestion.Entities;

namespace LivingCity.Ingestion.Subscriptions;

/// <summary>A subscription as it is answered (ETSI GS CIM 009, clause 5.2.12), with what delivery has counted (clause 5.2.14.2).</summary>
internal static class SubscriptionAnswer
{
    public static JsonObject Write(SubscriptionRow row, SubscriptionState state, LdContext names, bool sysAttrs, DateTimeOffset now)
    {
        var document = SubscriptionDocument.Compact(row.Document, names);
        var answer = new JsonObject { ["id"] = row.Id, ["type"] = "Subscription" };
        foreach (var (member, value) in document)
        {
            answer[member] = value?.DeepClone();
        }

        answer["status"] = Status(row.Document, now);
        AddState(answer["notification"]!.AsObject(), state);
        if (sysAttrs)
        {
            answer["createdAt"] = Instants.Write(state.CreatedAt);
            answer["modifiedAt"] = Instants.Write(state.ModifiedAt);
        }

        return answer;
    }

    private static string Status(JsonObject document, DateTimeOffset now) =>
        Instants.TryRead((string?)document["expiresAt"], out var expiry) && expiry <= now ? "expired"
        : (bool?)document["isActive"] == false ? "paused"
        : "active";

    private static void AddState(JsonObject notification, SubscriptionState state)
    {
        if (state.TimesSent == 0)
        {
            return;
        }

        notification["status"] = state.LastFailure is { } failure && !(state.LastSuccess >= failure) ? "failed" : "ok";
        notification["timesSent"] = state.TimesSent;
        notification["timesFailed"] = state.TimesFailed;
        AddTime(notification, "lastNotification", state.LastNotification);
        AddTime(notification, "lastSuccess", state.LastSuccess);
        AddTime(notification, "lastFailure", state.LastFailure);
    }

    private static void AddTime(JsonObject notification, string member, DateTime? time)
    {
        if (time is { } known)
        {
            notification[member] = Instants.Write(known);
        }
    }
}
