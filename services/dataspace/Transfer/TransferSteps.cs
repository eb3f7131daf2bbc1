using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using LivingCity.Dataspace.Agreements;
using LivingCity.Dataspace.Peers;
using LivingCity.Dataspace.Policies;
using LivingCity.Dataspace.Processes;
using LivingCity.Dataspace.Protocol;
using LivingCity.ServiceDefaults.Http;

namespace LivingCity.Dataspace.Transfer;

/// <summary>What this side says in a transfer: the row after it, with the message to the other side.</summary>
internal sealed class TransferSteps(Participant participant, TimeProvider time)
{
    /// <summary>The member in which a consumer declares what it will use the data for. The protocol leaves room for it and has no word of its own.</summary>
    public const string PurposeMember = Terms.Purpose;

    private const string EndpointType = "https://w3id.org/idsa/v4.1/HTTP";
    private static readonly TimeSpan TokenLife = TimeSpan.FromDays(30);

    public TransferRow Request(TransferRow row, JsonObject? dataAddress)
    {
        var message = row.Message("TransferRequestMessage", ("agreementId", row.AgreementId), ("format", row.Format), ("dataAddress", dataAddress), ("callbackAddress", participant.ProtocolAddress));
        if (row.Purpose is not null)
        {
            message[PurposeMember] = row.Purpose;
        }

        return row with { State = TransferState.Requested, Pending = Outgoing.To("/transfers/request", message).ToJson() };
    }

    /// <summary>Opens the data plane and tells the consumer where it is.</summary>
    public TransferRow Start(TransferRow row)
    {
        if (row.Role == Negotiation.Role.Consumer)
        {
            return Say(row, TransferMessage.Start, "start", row.Message("TransferStartMessage"));
        }

        if (row.Format is Dsp.HttpPush or Dsp.Stream)
        {
            // Nobody comes to fetch, so nobody is told the token; the data plane knows the transfer by it all the same.
            return Say(row with { TokenSha256 = Sha256(NewToken(row)), ExpiresAt = Expiry() }, TransferMessage.Start, "start", row.Message("TransferStartMessage"));
        }

        var token = NewToken(row);
        var address = Address(new Uri(participant.Address, $"/api/dataspace/v1/data/{Uri.EscapeDataString(row.Id)}").ToString(), token);
        return Say(row with { TokenSha256 = Sha256(token), ExpiresAt = Expiry() }, TransferMessage.Start, "start", row.Message("TransferStartMessage", ("dataAddress", address)));
    }

    public static TransferRow Complete(TransferRow row) => Say(row, TransferMessage.Complete, "completion", row.Message("TransferCompletionMessage"));

    public static TransferRow Suspend(TransferRow row, string reason) =>
        Say(row, TransferMessage.Suspend, "suspension", row.Message("TransferSuspensionMessage", ("code", "suspended"), ("reason", Dsp.Reasons(reason)))) with { Reason = reason };

    public static TransferRow Terminate(TransferRow row, string reason)
    {
        var ended = row with { State = TransferState.Terminated, Reason = reason, Pending = null, ClaimedUntil = null };
        return row.PeerPid is null ? ended
            : ended with { Pending = Outgoing.To(Path(row, "termination"), row.Message("TransferTerminationMessage", ("code", "terminated"), ("reason", Dsp.Reasons(reason)))).ToJson() };
    }

    /// <summary>What this side does by itself: a provider starts what the agreement's policy permits, and ends what it does not.</summary>
    public TransferRow? Decide(TransferRow row, AgreementRow? agreement, Claims claims)
    {
        if (row is not { Role: Negotiation.Role.Provider, State: TransferState.Requested })
        {
            return null;
        }

        if (agreement is not { State: AgreementState.Active })
        {
            return Terminate(row, "There is no agreement in force.");
        }

        try
        {
            var decision = PolicyEvaluator.Evaluate(PolicyJson.Read(agreement.Policy), new Facts { Stage = Stage.Transfer, Now = time.GetUtcNow(), Purpose = row.Purpose, Claims = claims });
            return decision.Permitted ? Start(row) : Terminate(row, decision.Explanation);
        }
        catch (FormatException exception)
        {
            return Terminate(row, $"The agreement's policy is not understood: {exception.Message}"); // a script may have agreed to it
        }
    }

    /// <summary>An HTTP data address with a bearer token.</summary>
    public static JsonObject Address(string endpoint, string token) => new()
    {
        ["@type"] = "DataAddress",
        ["endpointType"] = EndpointType,
        ["endpoint"] = endpoint,
        ["endpointProperties"] = new JsonArray(Property("authorization", token), Property("authType", "bearer")),
    };

    /// <summary>The tenant and 256 random bits. Everything that the token is bound to lies with its hash, so that it ends when the transfer does.</summary>
    public static string NewToken(ProcessRow row) => $"{row.Tenant}.{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32))}";

    public static byte[] Sha256(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));

    private static JsonObject Property(string name, string value) => new() { ["@type"] = "EndpointProperty", ["name"] = name, ["value"] = value };

    private DateTime Expiry() => (time.GetUtcNow() + TokenLife).UtcDateTime;

    private static TransferRow Say(TransferRow row, TransferMessage message, string path, JsonObject body) => row with
    {
        State = TransferMachine.Next(row.Role, row.State, message) ?? throw new InvalidOperationException($"{message} may not be said by a {row.Role} in {row.State}."),
        Reason = null,
        Pending = Outgoing.To(Path(row, path), body).ToJson(),
        ClaimedUntil = null,
    };

    private static string Path(TransferRow row, string name) => $"/transfers/{PathSegment.Of(row.PeerPid!)}/{name}";
}
