using System.Text.Json.Nodes;
using LivingCity.Dataspace.Negotiation;
using LivingCity.Dataspace.Processes;
using LivingCity.Dataspace.Protocol;
using LivingCity.ServiceDefaults.Data;
using LivingCity.ServiceDefaults.Http;

namespace LivingCity.Dataspace.Transfer;

/// <summary>Takes what the other side of a known transfer says.</summary>
internal sealed class TransferInbox(Database database, AddressGuard guard, TimeProvider time)
{
    public async Task<IResult> TakeAsync(HttpContext http, string pid, string type, TransferMessage kind)
    {
        var stop = http.RequestAborted;
        var peer = await http.RequirePeerAsync();
        var message = await http.ReadMessageAsync();
        var (begun, found) = await TransferStore.Table.TakenAsync(http, database, pid, peer.Id, message);
        await using var work = begun;
        var row = found.IdentifiedBy(message, type);
        var state = TransferMachine.Next(Role.Other(row.Role), row.State, kind) ?? throw row.Refuse(StatusCodes.Status400BadRequest, $"{type} is not allowed in state {row.State}.");
        if (kind == TransferMessage.Start && row.StoppedByOfficer)
        {
            throw row.Refuse(StatusCodes.Status400BadRequest, "This transfer was suspended by a person, who alone can let it go on.");
        }

        var now = time.GetUtcNow();
        var before = row.State;
        row = row with { State = state, Pending = null, ClaimedUntil = null, Attempts = 0, Reason = ProcessRow.ReasonIn(message), ChangedAt = now.UtcDateTime };
        if (kind == TransferMessage.Start && row.Role == Role.Consumer && message["dataAddress"] is JsonObject address)
        {
            if (MessageCheck.Text(address, "endpoint") is { } endpoint && guard.Check(endpoint) is { } objection)
            {
                throw row.Refuse(StatusCodes.Status400BadRequest, $"dataAddress.endpoint: {objection}.");
            }

            row = row with { DataAddress = address.ToJsonString() };
        }

        work.Save(row);
        work.PublishRevocation(row, before, now);
        if (!TransferState.IsFinal(state))
        {
            work.Advanced(row, now);
        }

        await work.CommitAsync(stop);
        return ProtocolGroup.Message(row.Describe("TransferProcess"));
    }
}
