using System.Text.Json.Nodes;
using Npgsql;

namespace LivingCity.Ingestion.Subscriptions;

/// <summary>A subscription as it is stored.</summary>
/// <param name="Id">URI.</param>
/// <param name="Kind">What is subscribed to.</param>
/// <param name="Document">With expanded names.</param>
/// <param name="Context">Address of the @context that notifications use.</param>
/// <param name="QueryContext">Address of the @context of <c>q</c>.</param>
/// <param name="Lane">The endpoint's lane.</param>
/// <param name="NamedTenant">The tenant, where the subscriber named it.</param>
/// <param name="NamedSnapshot">The snapshot that it is on, as the subscriber named it, or null.</param>
internal sealed record SubscriptionRow(string Id, SubscriptionKind Kind, JsonObject Document, string Context, string QueryContext, long Lane, string? NamedTenant, string? NamedSnapshot)
{
    /// <summary>What <see cref="Read"/> wants to find, of a subscription called s.</summary>
    public const string Columns = "s.id, s.kind, s.document::text, s.context, s.query_context, s.lane, s.named_tenant, s.named_snapshot";

    /// <summary>How many <see cref="Columns"/> there are.</summary>
    public const int Width = 8;

    public static SubscriptionRow Read(NpgsqlDataReader row, int at = 0) => new(
        row.GetString(at), (SubscriptionKind)row.GetInt16(at + 1), JsonNode.Parse(row.GetString(at + 2))!.AsObject(), row.GetString(at + 3), row.GetString(at + 4), row.GetInt64(at + 5),
        row.IsDBNull(at + 6) ? null : row.GetString(at + 6), row.IsDBNull(at + 7) ? null : row.GetString(at + 7));
}

/// <summary>What delivery has counted, and when the subscription was made and changed.</summary>
internal sealed record SubscriptionState(long TimesSent, long TimesFailed, DateTime? LastNotification, DateTime? LastSuccess, DateTime? LastFailure, DateTime CreatedAt, DateTime ModifiedAt)
{
    public const string Columns = "t.times_sent, t.times_failed, t.last_notification, t.last_success, t.last_failure, s.created_at, s.modified_at";

    public static SubscriptionState Read(NpgsqlDataReader row, int at) =>
        new(row.GetInt64(at), row.GetInt64(at + 1), Time(row, at + 2), Time(row, at + 3), Time(row, at + 4), row.GetDateTime(at + 5), row.GetDateTime(at + 6));

    private static DateTime? Time(NpgsqlDataReader row, int at) => row.IsDBNull(at) ? null : row.GetDateTime(at);
}
