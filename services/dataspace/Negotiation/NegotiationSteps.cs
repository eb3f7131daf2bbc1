using System.Text.Json.Nodes;
using LivingCity.Dataspace.Catalogue;
using LivingCity.Dataspace.Peers;
using LivingCity.Dataspace.Policies;
using LivingCity.Dataspace.Processes;
using LivingCity.Dataspace.Protocol;
using LivingCity.ServiceDefaults.Http;

namespace LivingCity.Dataspace.Negotiation;

/// <summary>What this side says in a negotiation: the row after it, with the message to the other side.</summary>
internal sealed class NegotiationSteps(Participant participant, TimeProvider time)
{
    public NegotiationRow Request(NegotiationRow row, JsonObject terms)
    {
        var message = row.Message("ContractRequestMessage", ("offer", terms));
        if (row.PeerPid is null)
        {
            message["callbackAddress"] = participant.ProtocolAddress;
        }

        return Say(row with { Terms = terms.ToJsonString(), TermsBy = row.Role, Asked = terms.ToJsonString() }, NegotiationMessage.Request, row.PeerPid is null ? "/negotiations/request" : $"/negotiations/{Escaped(row)}/request", message);
    }

    public NegotiationRow Offer(NegotiationRow row, JsonObject terms)
    {
        var message = row.Message("ContractOfferMessage", ("offer", terms));
        if (row.PeerPid is null)
        {
            message["callbackAddress"] = participant.ProtocolAddress;
        }

        return Say(row with { Terms = terms.ToJsonString(), TermsBy = row.Role, Asked = terms.ToJsonString() }, NegotiationMessage.Offer, row.PeerPid is null ? "/negotiations/offers" : $"/negotiations/{Escaped(row)}/offers", message);
    }

    public static NegotiationRow Accept(NegotiationRow row) => Event(row, NegotiationMessage.Accept, "ACCEPTED");

    public static NegotiationRow Finalize(NegotiationRow row) => Event(row, NegotiationMessage.Finalize, "FINALIZED");

    public static NegotiationRow Verify(NegotiationRow row) =>
        Say(row, NegotiationMessage.Verify, $"/negotiations/{Escaped(row)}/agreement/verification", row.Message("ContractAgreementVerificationMessage"));

    public NegotiationRow Agree(NegotiationRow row)
    {
        var agreement = new JsonObject
        {
            ["@id"] = Dsp.NewId(),
            ["@type"] = "Agreement",
            ["target"] = row.DatasetId,
            ["assigner"] = participant.Id,
            ["assignee"] = row.Peer,
            ["timestamp"] = time.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture),
        };
        foreach (var (name, value) in row.TermsJson.Where(member => member.Key is "permission" or "prohibition" or "obligation" or "profile"))
        {
            agreement[name] = value?.DeepClone();
        }

        return Say(row with { Agreement = agreement.ToJsonString() }, NegotiationMessage.Agree, $"/negotiations/{Escaped(row)}/agreement", row.Message("ContractAgreementMessage", ("agreement", agreement)));
    }

    public static NegotiationRow Terminate(NegotiationRow row, string reason)
    {
        var ended = row with { State = NegotiationState.Terminated, Held = false, Reason = reason, Pending = null, ClaimedUntil = null };
        if (row.PeerPid is null)
        {
            return ended; // the other side never answered, so there is nobody to tell
        }

        var message = row.Message("ContractNegotiationTerminationMessage", ("code", "terminated"), ("reason", Dsp.Reasons(reason)));
        return ended with { Pending = Outgoing.To($"/negotiations/{Escaped(row)}/termination", message).ToJson() };
    }

    /// <summary>What this side does by itself, or null when it has nothing to do or may not decide alone.</summary>
    /// <param name="row">The negotiation.</param>
    /// <param name="claims">What the other side's credentials say.</param>
    public NegotiationRow? Decide(NegotiationRow row, Claims claims) => row.Held ? null : (row.Role, row.State) switch
    {
        (Role.Provider, NegotiationState.Requested) => Answer(row, claims),
        (Role.Provider, NegotiationState.Accepted) => Refusal(row, claims) is { } refusal ? Terminate(row, refusal) : Agree(row),
        (Role.Provider, NegotiationState.Verified) => Finalize(row),
        (Role.Consumer, NegotiationState.Offered) when row.Approval == Approval.Automatic && Same(row.Terms, row.Asked) => Accept(row),
        (Role.Consumer, NegotiationState.Offered) => row with { Held = true, Reason = "The provider offers other terms than were asked for." },
        (Role.Consumer, NegotiationState.Agreed) => Mistake(row) is { } mistake ? Terminate(row, mistake) : Verify(row),
        _ => null,
    };

    private NegotiationRow Answer(NegotiationRow row, Claims claims) =>
        Refusal(row, claims) is { } refusal ? Terminate(row, refusal)
            : row.Approval == Approval.Manual ? row with { Held = true, Reason = "A person decides about this offer." }
            : Same(row.Terms, row.Asked) ? Agree(row)
            : Offer(row, JsonNode.Parse(row.Asked)!.AsObject());

    /// <summary>Why nobody may use the data on the terms on the table, or not this consumer; null where it may.</summary>
    private string? Refusal(NegotiationRow row, Claims claims) =>
        PolicyEvaluator.Evaluate(PolicyJson.Read(row.Terms), new Facts { Stage = Stage.Negotiation, Now = time.GetUtcNow(), Claims = claims }) is { Permitted: false } decision ? decision.Explanation : null;

    /// <summary>What is wrong with an agreement that the provider sent, or null: it must bind the right two, about the right dataset, on the terms that were on the table.</summary>
    private string? Mistake(NegotiationRow row)
    {
        var agreement = JsonNode.Parse(row.Agreement!)!.AsObject();
        return (string?)agreement["assignee"] != participant.Id ? "The agreement names another consumer."
            : (string?)agreement["assigner"] != row.Peer ? "The agreement names another provider."
            : (string?)agreement["target"] != row.DatasetId ? "The agreement is about another dataset."
            : !Same(row.Agreement!, row.Terms) ? "The agreement holds other terms than were negotiated."
            : null;
    }

    private static bool Same(string one, string other) => PolicyJson.Same(JsonNode.Parse(one)!.AsObject(), JsonNode.Parse(other)!.AsObject());

    private static NegotiationRow Event(NegotiationRow row, NegotiationMessage message, string type) =>
        Say(row, message, $"/negotiations/{Escaped(row)}/events", row.Message("ContractNegotiationEventMessage", ("eventType", type)));

    private static NegotiationRow Say(NegotiationRow row, NegotiationMessage message, string path, JsonObject body) => row with
    {
        // A negotiation that this side has just begun is in the state of its first message.
        State = NegotiationMachine.Next(row.Role, row.PeerPid is null ? null : row.State, message) ?? throw new InvalidOperationException($"{message} may not be said by a {row.Role} in {row.State}."),
        Held = false,
        Reason = null,
        Pending = Outgoing.To(path, body).ToJson(),
    };

    private static string Escaped(NegotiationRow row) => PathSegment.Of(row.PeerPid!);
}
