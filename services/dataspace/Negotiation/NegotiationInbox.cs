using System.Text.Json.Nodes;
using LivingCity.Dataspace.Conformance;
using LivingCity.Dataspace.Policies;
using LivingCity.Dataspace.Processes;
using LivingCity.Dataspace.Protocol;
using LivingCity.ServiceDefaults.Data;

namespace LivingCity.Dataspace.Negotiation;

/// <summary>Takes what the other side of a known negotiation says: one transaction, which also takes this side's next step.</summary>
internal sealed class NegotiationInbox(Database database, NegotiationSteps steps, ConformanceProfile conformance, PromptTelling telling, TimeProvider time)
{
    /// <param name="http">The request.</param>
    /// <param name="pid">This side's process id, from the path.</param>
    /// <param name="type">The message's type.</param>
    /// <param name="kind">What it says; null for an event, which says it in its body.</param>
    public async Task<IResult> TakeAsync(HttpContext http, string pid, string type, NegotiationMessage? kind)
    {
        var stop = http.RequestAborted;
        var peer = await http.RequirePeerAsync();
        var message = await http.ReadMessageAsync();
        var (begun, found) = await NegotiationStore.Table.TakenAsync(http, database, pid, peer.Id, message);
        await using var work = begun;
        var row = found.IdentifiedBy(message, type);
        kind ??= MessageCheck.Text(message, "eventType") == "ACCEPTED" ? NegotiationMessage.Accept : NegotiationMessage.Finalize;
        var state = NegotiationMachine.Next(Role.Other(row.Role), row.State, kind.Value) ?? throw row.Refuse(StatusCodes.Status400BadRequest, $"{type} is not allowed in state {row.State}.");
        var now = time.GetUtcNow();

        // The other side speaks of our last message, so it has it: nothing is left to deliver.
        row = Apply(row with { State = state, Pending = null, ClaimedUntil = null, Attempts = 0, Held = false, Reason = null, ChangedAt = now.UtcDateTime }, message, kind.Value, IsScripted(row));
        var answer = row.Describe("ContractNegotiation");
        row = Next(row, peer.Claims);
        work.Save(row);
        if (row.State == NegotiationState.Finalized)
        {
            await work.ConcludeAsync(row, now, stop);
        }

        using var turn = telling.Prepare(work, row);
        await work.CommitAsync(stop);
        turn.BeginAfter(http.Response);
        return ProtocolGroup.Message(answer);
    }

    /// <summary>The negotiation after what this side does about it by itself, or as it is. What a script does comes later, step by step.</summary>
    public NegotiationRow Next(NegotiationRow row, Claims claims) => IsScripted(row) ? row : steps.Decide(row, claims) ?? row;

    public bool IsScripted(NegotiationRow row) => conformance.ScriptForDataset(row.DatasetId) is not null;

    /// <summary>The row with what the message brings. Terms that a script answers need not be understood here, nor be about what was asked for.</summary>
    private static NegotiationRow Apply(NegotiationRow row, JsonObject message, NegotiationMessage kind, bool isScripted)
    {
        switch (kind)
        {
            case NegotiationMessage.Request or NegotiationMessage.Offer:
                var terms = message["offer"]!.AsObject();
                terms["target"] ??= row.DatasetId; // a counter-offer need not repeat what it is about
                if (!isScripted)
                {
                    RequireReadable(row, terms);
                    if ((string)terms["target"]! != row.DatasetId)
                    {
                        throw row.Refuse(StatusCodes.Status400BadRequest, "offer.target: must be the dataset of this negotiation.");
                    }
                }

                return row with { Terms = terms.ToJsonString(), TermsBy = Role.Other(row.Role) };
            case NegotiationMessage.Agree:
                if (!isScripted)
                {
                    RequireReadable(row, message["agreement"]!.AsObject());
                }

                return row with { Agreement = message["agreement"]!.ToJsonString() };
            case NegotiationMessage.Terminate:
                return row with { Reason = ProcessRow.ReasonIn(message) ?? "The other side ended the negotiation." };
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
