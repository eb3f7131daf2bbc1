using System.Text.Json.Nodes;
using LivingCity.Dataspace.Policies;
using LivingCity.Dataspace.Processes;
using LivingCity.Dataspace.Protocol;
using LivingCity.ServiceDefaults.Data;

namespace LivingCity.Dataspace.Negotiation;

/// <summary>Takes what the other side of a known negotiation says: one transaction, which also puts this side's next step on the bus.</summary>
internal sealed class NegotiationInbox(Database database, TimeProvider time)
{
    /// <param name="http">The request.</param>
    /// <param name="pid">This side's process id, from the path.</param>
    /// <param name="type">The message's type.</param>
    /// <param name="kind">What it says; null for an event, which says it in its body.</param>
    public async Task<IResult> TakeAsync(HttpContext http, string pid, string type, NegotiationMessage? kind)
    {
        var stop = http.RequestAborted;
        var peer = await http.RequirePeerAsync();
        var tenant = await ProcessRows.TenantOfAsync(database, "negotiation", pid, peer.Id, stop) ?? throw ProtocolException.NotFound("negotiation");
        var message = await http.ReadMessageAsync();
        await using var work = await database.BeginAsync(tenant, stop);
        var row = await work.LockNegotiationAsync(pid, stop) ?? throw ProtocolException.NotFound("negotiation");
        row = Identify(row, message, type);
        kind ??= MessageCheck.Text(message, "eventType") == "ACCEPTED" ? NegotiationMessage.Accept : NegotiationMessage.Finalize;
        var state = NegotiationMachine.Next(Role.Other(row.Role), row.State, kind.Value) ?? throw row.Refuse(StatusCodes.Status400BadRequest, $"{type} is not allowed in state {row.State}.");
        var now = time.GetUtcNow();

        // The other side speaks of our last message, so it has it: nothing is left to deliver.
        row = Apply(row with { State = state, Pending = null, ClaimedUntil = null, Attempts = 0, Held = false, Reason = null, ChangedAt = now.UtcDateTime }, message, kind.Value);
        await work.SaveNegotiationAsync(row, stop);
        if (state == NegotiationState.Finalized)
        {
            await work.ConcludeAsync(row, now, stop);
        }
        else if (state != NegotiationState.Terminated)
        {
            work.Advanced(row, now);
        }

        await work.CommitAsync(stop);
        return ProtocolGroup.Message(row.Describe("ContractNegotiation"));
    }

    /// <summary>The row with the other side's process id, which its first message tells when the answer to ours has not come yet.</summary>
    private static NegotiationRow Identify(NegotiationRow row, JsonObject message, string type)
    {
        if (MessageCheck.Mistakes(message, type) is { Count: > 0 } mistakes)
        {
            throw row.Refuse(StatusCodes.Status400BadRequest, [.. mistakes]);
        }

        var (ours, theirs) = row.Role == Role.Provider ? ("providerPid", "consumerPid") : ("consumerPid", "providerPid");
        if (MessageCheck.Text(message, ours) != row.Id || MessageCheck.Text(message, theirs) is not { } pid || (row.PeerPid ?? pid) != pid)
        {
            throw row.Refuse(StatusCodes.Status400BadRequest, "The process ids of the message are not those of this negotiation.");
        }

        return row with { PeerPid = pid };
    }

    private static NegotiationRow Apply(NegotiationRow row, JsonObject message, NegotiationMessage kind)
    {
        switch (kind)
        {
            case NegotiationMessage.Request or NegotiationMessage.Offer:
                var terms = message["offer"]!.AsObject();
                terms["target"] ??= row.DatasetId; // a counter-offer need not repeat what it is about
                if ((string)terms["target"]! != row.DatasetId)
                {
                    throw row.Refuse(StatusCodes.Status400BadRequest, "offer.target: must be the dataset of this negotiation.");
                }

                RequireReadable(row, terms);
                return row with { Terms = terms.ToJsonString(), TermsBy = Role.Other(row.Role) };
            case NegotiationMessage.Agree:
                RequireReadable(row, message["agreement"]!.AsObject());
                return row with { Agreement = message["agreement"]!.ToJsonString() };
            case NegotiationMessage.Terminate:
                return row with { Reason = message["reason"] is JsonArray { Count: > 0 } reasons ? string.Join(" ", reasons.Select(reason => reason?.ToString())) : "The other side ended the negotiation." };
            default:
                return row;
        }
    }

    private static void RequireReadable(NegotiationRow row, JsonObject policy)
    {
        try
        {
            PolicyJson.Read(policy);
        }
        catch (FormatException exception)
        {
            throw row.Refuse(StatusCodes.Status400BadRequest, exception.Message);
        }
    }
}
