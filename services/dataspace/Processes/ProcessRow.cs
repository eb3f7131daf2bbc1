using System.Text.Json.Nodes;
using LivingCity.Dataspace.Negotiation;
using LivingCity.Dataspace.Protocol;

namespace LivingCity.Dataspace.Processes;

/// <summary>What negotiations and transfers have in common: two sides, each with its own process id, and something that one has still to tell the other.</summary>
internal abstract record ProcessRow
{
    public required string Tenant { get; init; }

    /// <summary>This side's process id.</summary>
    public required string Id { get; init; }

    /// <summary>This side's role.</summary>
    public required string Role { get; init; }

    /// <summary>The other side's participant id.</summary>
    public required string Peer { get; init; }

    /// <summary>The other side's process id, once it is known.</summary>
    public string? PeerPid { get; init; }

    /// <summary>Where the other side takes messages.</summary>
    public required string PeerAddress { get; init; }

    public required string DatasetId { get; init; }

    public required string State { get; init; }

    /// <summary>Why it is held, suspended or ended, in words.</summary>
    public string? Reason { get; init; }

    /// <summary>How many steps of a conformance script were taken.</summary>
    public int Steps { get; init; }

    /// <summary>JSON of the message that the other side has not yet taken.</summary>
    public string? Pending { get; init; }

    /// <summary>The id of that message.</summary>
    public Guid? Told => Pending is null ? null : Outgoing.Parse(Pending).Id;

    public DateTime? ClaimedUntil { get; init; }

    public int Attempts { get; init; }

    public DateTime CreatedAt { get; init; }

    public DateTime ChangedAt { get; init; }

    public string? ProviderPid => Role == Negotiation.Role.Provider ? Id : PeerPid;

    public string? ConsumerPid => Role == Negotiation.Role.Consumer ? Id : PeerPid;

    /// <summary>The process as the protocol's answers show it.</summary>
    public JsonObject Describe(string type) => Dsp.Message(type, ("providerPid", ProviderPid ?? ""), ("consumerPid", ConsumerPid ?? ""), ("state", State));

    /// <summary>A message of this process with both ids.</summary>
    public JsonObject Message(string type, params ReadOnlySpan<(string Name, JsonNode? Value)> members)
    {
        var message = Dsp.Message(type, members);
        if (ProviderPid is { } provider)
        {
            message["providerPid"] = provider;
        }

        if (ConsumerPid is { } consumer)
        {
            message["consumerPid"] = consumer;
        }

        return message;
    }

    /// <summary>What the other side gives as its reason, if it does.</summary>
    public static string? ReasonIn(JsonObject message) => message["reason"] is JsonArray { Count: > 0 } reasons ? string.Join(" ", reasons.Select(reason => reason?.ToString())) : null;

    public ProtocolException Refuse(int status, params string[] reasons) => new(status, reasons) { ProviderPid = ProviderPid, ConsumerPid = ConsumerPid };
}

/// <summary>A message to the other side: where it goes below the peer's address, and what it says.</summary>
internal sealed record Outgoing(Guid Id, string Path, JsonObject Body)
{
    public static Outgoing To(string path, JsonObject body) => new(Guid.CreateVersion7(), path, body);

    public string ToJson() => $$"""{"id":"{{Id}}","path":{{JsonValue.Create(Path).ToJsonString()}},"body":{{Body.ToJsonString()}}}""";

    public static Outgoing Parse(string json)
    {
        var node = JsonNode.Parse(json)!;
        return new Outgoing(Guid.Parse((string)node["id"]!), (string)node["path"]!, node["body"]!.AsObject());
    }
}
