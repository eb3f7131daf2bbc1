using System.Text.Json.Nodes;
using LivingCity.Dataspace.Agreements;
using LivingCity.Dataspace.Conformance;
using LivingCity.Dataspace.Negotiation;
using LivingCity.Dataspace.Policies;
using LivingCity.Dataspace.Processes;
using LivingCity.Dataspace.Protocol;
using LivingCity.ServiceDefaults.Data;
using LivingCity.ServiceDefaults.Http;

namespace LivingCity.Dataspace.Transfer;

/// <summary>The transfer process protocol over HTTPS, both sides of it under one address.</summary>
internal static class TransferEndpoints
{
    public static void MapTransfers(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapProtocol("/transfers", ErrorType.Transfer);
        group.MapGet("/{pid}", async (string pid, HttpContext http, Database database) => ProtocolGroup.Message((await TransferStore.Table.ShownAsync(http, database, pid)).Describe("TransferProcess"))).WithSummary("The state of a transfer, for the other side of it.");
        group.MapPost("/request", RequestAsync).WithSummary("A consumer requests data under an agreement.");
        group.MapPost("/{pid}/start", (string pid, HttpContext http, TransferInbox inbox) => inbox.TakeAsync(http, pid, "TransferStartMessage", TransferMessage.Start)).WithSummary("Data may flow.");
        group.MapPost("/{pid}/completion", (string pid, HttpContext http, TransferInbox inbox) => inbox.TakeAsync(http, pid, "TransferCompletionMessage", TransferMessage.Complete)).WithSummary("All data has flowed.");
        group.MapPost("/{pid}/suspension", (string pid, HttpContext http, TransferInbox inbox) => inbox.TakeAsync(http, pid, "TransferSuspensionMessage", TransferMessage.Suspend)).WithSummary("Data may not flow for the time being.");
        group.MapPost("/{pid}/termination", (string pid, HttpContext http, TransferInbox inbox) => inbox.TakeAsync(http, pid, "TransferTerminationMessage", TransferMessage.Terminate)).WithSummary("Either side ends it.");
    }

    private static async Task<IResult> RequestAsync(HttpContext http, Database database, AddressGuard guard, ConformanceProfile conformance, TransferSteps steps, TimeProvider time)
    {
        var stop = http.RequestAborted;
        var message = await FirstMessage.ReadAsync(http, "TransferRequestMessage", Role.Consumer);
        var agreementId = MessageCheck.Text(message.Body, "agreementId")!;
        var format = MessageCheck.Text(message.Body, "format")!;
        var dataAddress = message.Body["dataAddress"] as JsonObject;
        var isScripted = conformance.ScriptForAgreement(agreementId) is not null;
        if (!isScripted && !Dsp.Formats.Contains(format))
        {
            throw message.Refuse(StatusCodes.Status400BadRequest, $"format: must be one of {string.Join(", ", Dsp.Formats)}.");
        }

        // Under a script nothing is sent, so an address may be missing; one that leads inside is refused all the same.
        var endpoint = dataAddress is null ? null : MessageCheck.Text(dataAddress, "endpoint");
        if (format is (Dsp.HttpPush or Dsp.Stream) && (endpoint is not null || !isScripted))
        {
            message.Require(guard, endpoint, "dataAddress.endpoint");
        }

        ProtocolException NoAgreement() => message.Refuse(StatusCodes.Status404NotFound, $"There is no agreement {agreementId} for this caller.");
        var tenant = await ProcessRows.TenantOfAsync(database, "agreement", agreementId, message.Peer.Id, stop) ?? throw NoAgreement();
        await using var work = await database.BeginAsync(tenant, stop);
        var agreement = await work.FindAgreementAsync(agreementId, stop);
        if (agreement is not { Role: Role.Provider } || agreement.Peer != message.Peer.Id)
        {
            throw NoAgreement();
        }

        var now = time.GetUtcNow();
        var begun = new TransferRow
        {
            Tenant = tenant,
            Id = Dsp.NewId(),
            Role = Role.Provider,
            Peer = message.Peer.Id,
            PeerPid = message.PeerPid,
            PeerAddress = message.Callback,
            AgreementId = agreementId,
            DatasetId = agreement.DatasetId,
            Format = format,
            State = TransferState.Requested,
            DataAddress = dataAddress?.ToJsonString(),
            Purpose = MessageCheck.Text(message.Body, TransferSteps.PurposeMember) is { Length: > 0 } purpose ? Iri.Value(purpose) : null,
            CreatedAt = now.UtcDateTime,
            ChangedAt = now.UtcDateTime,
        };
        var (row, isNew) = await work.AddTransferAsync(isScripted ? begun : steps.Decide(begun, agreement, message.Peer.Claims) ?? begun, stop);
        if (isNew)
        {
            work.Advanced(row, now);
            await work.CommitAsync(stop);
        }

        return FirstMessage.Created(http, isNew ? begun : row, "transfers", "TransferProcess");
    }
}
