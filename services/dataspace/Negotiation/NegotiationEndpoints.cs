using System.Text.Json.Nodes;
using LivingCity.Dataspace.Catalogue;
using LivingCity.Dataspace.Conformance;
using LivingCity.Dataspace.Peers;
using LivingCity.Dataspace.Policies;
using LivingCity.Dataspace.Processes;
using LivingCity.Dataspace.Protocol;
using LivingCity.ServiceDefaults.Data;

namespace LivingCity.Dataspace.Negotiation;

/// <summary>
/// The contract negotiation protocol over HTTPS, both sides of it under one address: which side a process id belongs to, its negotiation knows.
/// </summary>
internal static class NegotiationEndpoints
{
    public static void MapNegotiations(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapProtocol("/negotiations", ErrorType.Negotiation);
        group.MapGet("/{pid}", async (string pid, HttpContext http, Database database) => ProtocolGroup.Message((await NegotiationStore.Table.ShownAsync(http, database, pid)).Describe("ContractNegotiation"))).WithSummary("The state of a negotiation, for the other side of it.");
        group.MapPost("/request", RequestAsync).WithSummary("A consumer requests a contract.");
        group.MapPost("/offers", OfferAsync).WithSummary("A provider offers a contract.");
        group.MapPost("/{pid}/request", (string pid, HttpContext http, NegotiationInbox inbox) => inbox.TakeAsync(http, pid, "ContractRequestMessage", NegotiationMessage.Request)).WithSummary("A consumer makes a counter-offer.");
        group.MapPost("/{pid}/offers", (string pid, HttpContext http, NegotiationInbox inbox) => inbox.TakeAsync(http, pid, "ContractOfferMessage", NegotiationMessage.Offer)).WithSummary("A provider makes a new offer.");
        group.MapPost("/{pid}/agreement", (string pid, HttpContext http, NegotiationInbox inbox) => inbox.TakeAsync(http, pid, "ContractAgreementMessage", NegotiationMessage.Agree)).WithSummary("A provider agrees.");
        group.MapPost("/{pid}/agreement/verification", (string pid, HttpContext http, NegotiationInbox inbox) => inbox.TakeAsync(http, pid, "ContractAgreementVerificationMessage", NegotiationMessage.Verify)).WithSummary("A consumer verifies the agreement.");
        group.MapPost("/{pid}/events", (string pid, HttpContext http, NegotiationInbox inbox) => inbox.TakeAsync(http, pid, "ContractNegotiationEventMessage", null)).WithSummary("A consumer accepts, or a provider finalizes.");
        group.MapPost("/{pid}/termination", (string pid, HttpContext http, NegotiationInbox inbox) => inbox.TakeAsync(http, pid, "ContractNegotiationTerminationMessage", NegotiationMessage.Terminate)).WithSummary("Either side ends it.");
    }

    private static async Task<IResult> RequestAsync(
        HttpContext http, Database database, Participant participant, NegotiationInbox inbox, PromptTelling telling, ConformanceProfile conformance, TimeProvider time)
    {
        var stop = http.RequestAborted;
        var message = await FirstMessage.ReadAsync(http, "ContractRequestMessage", Role.Consumer);
        var terms = message.Body["offer"]!.AsObject();
        var (dataset, offerId) = ((string)terms["target"]!, (string)terms["@id"]!);
        var (tenant, offer) = await OfferStore.OfferedAsync(database, dataset, offerId, participant.City, stop) ?? throw message.Refuse(StatusCodes.Status404NotFound, $"There is no dataset {dataset} for this caller.");
        var isScripted = conformance.ScriptForDataset(dataset) is not null;
        if (!isScripted)
        {
            RequireReadable(message, terms);
        }

        var now = time.GetUtcNow();
        var begun = new NegotiationRow
        {
            Tenant = tenant,
            Id = Dsp.NewId(),
            Role = Role.Provider,
            Peer = message.Peer.Id,
            PeerPid = message.PeerPid,
            PeerAddress = message.Callback,
            DatasetId = dataset,
            OfferId = offerId,
            State = NegotiationState.Requested,
            Terms = terms.ToJsonString(),
            TermsBy = Role.Consumer,
            Asked = (offer?.ToMessageOffer() ?? terms).ToJsonString(),
            Approval = offer?.Approval ?? Approval.Manual,
            CreatedAt = now.UtcDateTime,
            ChangedAt = now.UtcDateTime,
        };
        return offer is not null || isScripted
            ? await BeginAsync(http, database, inbox, telling, begun, message.Peer.Claims)
            : throw message.Refuse(StatusCodes.Status400BadRequest, $"Dataset {dataset} is not offered under {offerId}.");
    }

    private static async Task<IResult> OfferAsync(HttpContext http, Database database, Participant participant, NegotiationInbox inbox, PromptTelling telling, ConformanceProfile conformance, TimeProvider time)
    {
        var message = await FirstMessage.ReadAsync(http, "ContractOfferMessage", Role.Provider);
        var terms = message.Body["offer"]!.AsObject();
        var dataset = (string)terms["target"]!;
        var isScripted = conformance.ScriptForDataset(dataset) is not null;
        if (!isScripted)
        {
            RequireReadable(message, terms);
        }

        // An offer that nobody asked for reaches the city that this connector serves; one that serves several cannot know whom it is meant for.
        var tenant = participant.City ?? conformance.File?.City ?? throw message.Refuse(StatusCodes.Status400BadRequest, "This connector serves several cities: an offer must answer a request of one of them.");
        var now = time.GetUtcNow();
        return await BeginAsync(http, database, inbox, telling, new NegotiationRow
        {
            Tenant = tenant,
            Id = Dsp.NewId(),
            Role = Role.Consumer,
            Peer = message.Peer.Id,
            PeerPid = message.PeerPid,
            PeerAddress = message.Callback,
            DatasetId = dataset,
            OfferId = (string)terms["@id"]!,
            State = NegotiationState.Offered,
            Terms = terms.ToJsonString(),
            TermsBy = Role.Provider,
            Asked = terms.ToJsonString(),
            Approval = Approval.Manual,
            Held = !isScripted,
            Reason = "An offer that nobody asked for.",
            CreatedAt = now.UtcDateTime,
            ChangedAt = now.UtcDateTime,
        }, message.Peer.Claims);
    }

    private static async Task<IResult> BeginAsync(HttpContext http, Database database, NegotiationInbox inbox, PromptTelling telling, NegotiationRow begun, Claims claims)
    {
        var (opened, row) = await NegotiationStore.AddAsync(database, inbox.Next(begun, claims), http.RequestAborted);
        await using var work = opened;
        var isNew = row.Id == begun.Id;
        if (isNew)
        {
            using var turn = telling.Prepare(work, row);
            await work.CommitAsync(http.RequestAborted);
            turn.BeginAfter(http.Response);
        }

        return FirstMessage.Created(http, isNew ? begun : row, "negotiations", "ContractNegotiation");
    }

    private static void RequireReadable(FirstMessage message, JsonObject terms)
    {
        try
        {
            PolicyJson.Read(terms);
        }
        catch (FormatException exception)
        {
            throw message.Refuse(StatusCodes.Status400BadRequest, $"offer: {exception.Message}");
        }
    }
}
