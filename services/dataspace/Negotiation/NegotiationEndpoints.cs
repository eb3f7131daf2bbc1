using System.Text.Json.Nodes;
using LivingCity.Dataspace.Catalogue;
using LivingCity.Dataspace.Conformance;
using LivingCity.Dataspace.Peers;
using LivingCity.Dataspace.Policies;
using LivingCity.Dataspace.Processes;
using LivingCity.Dataspace.Protocol;
using LivingCity.ServiceDefaults.Data;
using LivingCity.ServiceDefaults.Http;

namespace LivingCity.Dataspace.Negotiation;

/// <summary>
/// The contract negotiation protocol over HTTPS, both sides of it under one address: which side a process id belongs to, its negotiation knows.
/// </summary>
internal static class NegotiationEndpoints
{
    private const string Table = "negotiation";

    public static void MapNegotiations(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapProtocol("/negotiations", ErrorType.Negotiation);
        group.MapGet("/{pid}", ShowAsync).WithSummary("The state of a negotiation, for the other side of it.");
        group.MapPost("/request", RequestAsync).WithSummary("A consumer requests a contract.");
        group.MapPost("/offers", OfferAsync).WithSummary("A provider offers a contract.");
        group.MapPost("/{pid}/request", (string pid, HttpContext http, NegotiationInbox inbox) => inbox.TakeAsync(http, pid, "ContractRequestMessage", NegotiationMessage.Request)).WithSummary("A consumer makes a counter-offer.");
        group.MapPost("/{pid}/offers", (string pid, HttpContext http, NegotiationInbox inbox) => inbox.TakeAsync(http, pid, "ContractOfferMessage", NegotiationMessage.Offer)).WithSummary("A provider makes a new offer.");
        group.MapPost("/{pid}/agreement", (string pid, HttpContext http, NegotiationInbox inbox) => inbox.TakeAsync(http, pid, "ContractAgreementMessage", NegotiationMessage.Agree)).WithSummary("A provider agrees.");
        group.MapPost("/{pid}/agreement/verification", (string pid, HttpContext http, NegotiationInbox inbox) => inbox.TakeAsync(http, pid, "ContractAgreementVerificationMessage", NegotiationMessage.Verify)).WithSummary("A consumer verifies the agreement.");
        group.MapPost("/{pid}/events", (string pid, HttpContext http, NegotiationInbox inbox) => inbox.TakeAsync(http, pid, "ContractNegotiationEventMessage", null)).WithSummary("A consumer accepts, or a provider finalizes.");
        group.MapPost("/{pid}/termination", (string pid, HttpContext http, NegotiationInbox inbox) => inbox.TakeAsync(http, pid, "ContractNegotiationTerminationMessage", NegotiationMessage.Terminate)).WithSummary("Either side ends it.");
    }

    private static async Task<IResult> ShowAsync(string pid, HttpContext http, Database database)
    {
        var stop = http.RequestAborted;
        var peer = await http.RequirePeerAsync();
        var tenant = await ProcessRows.TenantOfAsync(database, Table, pid, peer.Id, stop) ?? throw ProtocolException.NotFound("negotiation");
        await using var work = await database.BeginAsync(tenant, stop);
        return ProtocolGroup.Message((await work.FindNegotiationAsync(pid, stop))!.Describe("ContractNegotiation"));
    }

    private static async Task<IResult> RequestAsync(HttpContext http, Database database, Participant participant, AddressGuard guard, ConformanceProfile conformance, TimeProvider time)
    {
        var stop = http.RequestAborted;
        var peer = await http.RequirePeerAsync();
        var message = await http.ReadMessageAsync();
        MessageCheck.Require(message, "ContractRequestMessage");
        var consumerPid = MessageCheck.Text(message, "consumerPid")!;
        var refuse = (int status, string reason) => new ProtocolException(status, reason) { ConsumerPid = consumerPid };
        var callback = Callback(message, guard, reason => refuse(StatusCodes.Status400BadRequest, reason));
        var terms = message["offer"]!.AsObject();
        var dataset = (string)terms["target"]!;
        var tenant = await OfferStore.OwnerOfAsync(database, dataset, participant.City, stop) ?? throw refuse(StatusCodes.Status404NotFound, $"There is no dataset {dataset} for this caller.");
        await using var work = await database.BeginAsync(tenant, stop);
        var offer = await work.FindOfferAsync((string)terms["@id"]!, stop);
        if ((offer is null || offer.DatasetId != dataset) && conformance.ScriptFor(dataset) is null)
        {
            throw refuse(StatusCodes.Status400BadRequest, $"Dataset {dataset} is not offered under {(string)terms["@id"]!}.");
        }

        RequireReadable(terms, reason => refuse(StatusCodes.Status400BadRequest, reason));
        var now = time.GetUtcNow();
        var (row, isNew) = await work.AddNegotiationAsync(new NegotiationRow
        {
            Tenant = tenant,
            Id = Dsp.NewId(),
            Role = Role.Provider,
            Peer = peer.Id,
            PeerPid = consumerPid,
            PeerAddress = callback,
            DatasetId = dataset,
            OfferId = (string)terms["@id"]!,
            State = NegotiationState.Requested,
            Terms = terms.ToJsonString(),
            TermsBy = Role.Consumer,
            Asked = (offer?.ToMessageOffer() ?? terms).ToJsonString(),
            Approval = offer?.Approval ?? Approval.Manual,
            CreatedAt = now.UtcDateTime,
            ChangedAt = now.UtcDateTime,
        }, stop);
        return await CreatedAsync(http, work, row, isNew, now);
    }

    private static async Task<IResult> OfferAsync(HttpContext http, Database database, Participant participant, AddressGuard guard, ConformanceProfile conformance, TimeProvider time)
    {
        var stop = http.RequestAborted;
        var peer = await http.RequirePeerAsync();
        var message = await http.ReadMessageAsync();
        MessageCheck.Require(message, "ContractOfferMessage");
        var providerPid = MessageCheck.Text(message, "providerPid")!;
        var refuse = (int status, string reason) => new ProtocolException(status, reason) { ProviderPid = providerPid };
        var callback = Callback(message, guard, reason => refuse(StatusCodes.Status400BadRequest, reason));
        var terms = message["offer"]!.AsObject();
        RequireReadable(terms, reason => refuse(StatusCodes.Status400BadRequest, reason));

        // An offer that nobody asked for reaches the city that this connector serves; one that serves several cannot know whom it is meant for.
        var tenant = participant.City ?? conformance.File?.City ?? throw refuse(StatusCodes.Status400BadRequest, "This connector serves several cities: an offer must answer a request of one of them.");
        var now = time.GetUtcNow();
        await using var work = await database.BeginAsync(tenant, stop);
        var (row, isNew) = await work.AddNegotiationAsync(new NegotiationRow
        {
            Tenant = tenant,
            Id = Dsp.NewId(),
            Role = Role.Consumer,
            Peer = peer.Id,
            PeerPid = providerPid,
            PeerAddress = callback,
            DatasetId = (string)terms["target"]!,
            OfferId = (string)terms["@id"]!,
            State = NegotiationState.Offered,
            Terms = terms.ToJsonString(),
            TermsBy = Role.Provider,
            Asked = terms.ToJsonString(),
            Approval = Approval.Manual,
            Held = conformance.ScriptFor((string)terms["target"]!) is null,
            Reason = "An offer that nobody asked for.",
            CreatedAt = now.UtcDateTime,
            ChangedAt = now.UtcDateTime,
        }, stop);
        return await CreatedAsync(http, work, row, isNew, now);
    }

    private static async Task<IResult> CreatedAsync(HttpContext http, Work work, NegotiationRow row, bool isNew, DateTimeOffset now)
    {
        if (isNew)
        {
            work.Advanced(row, now);
            await work.CommitAsync(http.RequestAborted);
        }

        http.Response.Headers.Location = $"{Dsp.Path}/negotiations/{row.Id}";
        return ProtocolGroup.Message(row.Describe("ContractNegotiation"), StatusCodes.Status201Created);
    }

    private static string Callback(JsonObject message, AddressGuard guard, Func<string, ProtocolException> refuse)
    {
        var callback = MessageCheck.Text(message, "callbackAddress") ?? throw refuse("callbackAddress: must be there.");
        return guard.Check(callback) is { } objection ? throw refuse($"callbackAddress: {objection}.") : callback;
    }

    private static void RequireReadable(JsonObject terms, Func<string, ProtocolException> refuse)
    {
        try
        {
            PolicyJson.Read(terms);
        }
        catch (FormatException exception)
        {
            throw refuse($"offer: {exception.Message}");
        }
    }
}
