using System.Text.Json.Nodes;
using LivingCity.Dataspace.Negotiation;
using LivingCity.Dataspace.Protocol;
using LivingCity.ServiceDefaults.Data;
using Npgsql;

namespace LivingCity.Dataspace.Processes;

internal static class ProcessRows
{
    /// <summary>The tenant of a process that this peer takes part in. Row-level security shows it no other.</summary>
    /// <param name="database">The database.</param>
    /// <param name="table">The kind of process.</param>
    /// <param name="id">This side's process id.</param>
    /// <param name="peer">The participant that asks.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public static Task<string?> TenantOfAsync(Database database, string table, string id, string peer, CancellationToken cancellationToken) => database.ReadAsync(
        "",
        [
            new("SELECT set_config('app.peer', $1, true)") { Parameters = { new() { Value = peer } } },
            new($"SELECT tenant FROM {table} WHERE id = $1 AND peer = $2") { Parameters = { new() { Value = id }, new() { Value = peer } } },
        ],
        async rows =>
        {
            await rows.NextResultAsync(cancellationToken);
            return await rows.ReadAsync(cancellationToken) ? rows.GetString(0) : null;
        },
        cancellationToken);

    /// <summary>The row with the other side's process id, which its first message tells when the answer to ours has not come yet.</summary>
    /// <exception cref="ProtocolException">The message breaks its schema, or is not about this process (400).</exception>
    public static TRow IdentifiedBy<TRow>(this TRow row, JsonObject message, string type)
        where TRow : ProcessRow
    {
        // Some connectors repeat in every message where they take answers. That was settled with the first.
        message.Remove("callbackAddress");
        if (MessageCheck.Mistakes(message, type) is { Count: > 0 } mistakes)
        {
            throw row.Refuse(StatusCodes.Status400BadRequest, [.. mistakes]);
        }

        var (ours, theirs) = row.Role == Role.Provider ? ("providerPid", "consumerPid") : ("consumerPid", "providerPid");
        return MessageCheck.Text(message, ours) == row.Id && MessageCheck.Text(message, theirs) is { } pid && (row.PeerPid ?? pid) == pid
            ? row with { PeerPid = pid }
            : throw row.Refuse(StatusCodes.Status400BadRequest, "The process ids of the message are not those of this process.");
    }
}
