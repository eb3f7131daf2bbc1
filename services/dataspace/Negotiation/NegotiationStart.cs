using System.Text.Json.Nodes;
using LivingCity.Dataspace.Catalogue;
using LivingCity.Dataspace.Conformance;
using LivingCity.Dataspace.Peers;
using LivingCity.Dataspace.Policies;
using LivingCity.Dataspace.Protocol;
using LivingCity.ServiceDefaults.Data;
using LivingCity.ServiceDefaults.Errors;
using LivingCity.ServiceDefaults.Http;

namespace LivingCity.Dataspace.Negotiation;

/// <summary>What a consumer asks for.</summary>
/// <param name="DatasetId">The dataset.</param>
/// <param name="OfferId">The offer under which the provider lists it.</param>
/// <param name="ProviderId">The provider's participant id.</param>
/// <param name="ConnectorAddress">Where the provider's connector takes the protocol's messages.</param>
/// <param name="Policy">The terms to ask for; without a word those of the provider's offer.</param>
/// <param name="Approval"><c>automatic</c> (accept the terms that were asked for when they are offered; the default) or <c>manual</c>.</param>
internal sealed record NegotiationRequest(string DatasetId, string OfferId, string ProviderId, string ConnectorAddress, JsonObject? Policy = null, string? Approval = null);

/// <summary>Begins negotiations as a consumer.</summary>
internal sealed class NegotiationStart(Database database, AddressGuard guard, PeerClient peers, ConformanceProfile conformance, NegotiationSteps steps, PromptTelling telling, TimeProvider time)
{
    /// <exception cref="ProblemException">The request is not valid, or the provider lists no such offer.</exception>
    public async Task<NegotiationRow> BeginAsync(string city, NegotiationRequest request, CancellationToken cancellationToken)
    {
        var validation = new Validation()
            .Rule(request.DatasetId.Length > 0, "datasetId", "must not be empty")
            .Rule(request.OfferId.Length > 0, "offerId", "must not be empty")
            .Rule(request.ProviderId.Length > 0, "providerId", "must not be empty")
            .Rule(request.Approval is null or Approval.Automatic or Approval.Manual, "approval", "must be automatic or manual");
        var objection = guard.Check(request.ConnectorAddress);
        validation.Rule(objection is null, "connectorAddress", objection ?? "").ThrowIfInvalid();
        var rules = request.Policy ?? await ListedAsync(request, cancellationToken);
        try
        {
            rules = PolicyJson.Write(PolicyJson.Read(rules));
        }
        catch (FormatException exception)
        {
            throw new Validation().Rule(false, "policy", exception.Message).ToException();
        }

        var now = time.GetUtcNow();
        var terms = OfferRow.Terms(request.OfferId, request.DatasetId, rules);
        var row = steps.Request(new NegotiationRow
        {
            Tenant = city,
            Id = Dsp.NewId(),
            Role = Role.Consumer,
            Peer = conformance.Counterparty ?? request.ProviderId,
            PeerAddress = request.ConnectorAddress,
            DatasetId = request.DatasetId,
            OfferId = request.OfferId,
            State = NegotiationState.Requested,
            Terms = terms.ToJsonString(),
            TermsBy = Role.Consumer,
            Asked = terms.ToJsonString(),
            Approval = request.Approval ?? Approval.Automatic,
            CreatedAt = now.UtcDateTime,
            ChangedAt = now.UtcDateTime,
        }, terms);
        var (begun, _) = await NegotiationStore.AddAsync(database, row, cancellationToken);
        await using var work = begun;
        using var turn = telling.Prepare(work, row);
        await work.CommitAsync(cancellationToken);
        turn.Begin();
        return row;
    }

    /// <summary>The rules of the offer, as the provider's catalogue shows it now.</summary>
    private async Task<JsonObject> ListedAsync(NegotiationRequest request, CancellationToken cancellationToken)
    {
        if (conformance.Counterparty is not null)
        {
            return new JsonObject { ["permission"] = new JsonArray(new JsonObject { ["action"] = "use" }) };
        }

        var answer = await peers.GetAsync(request.ProviderId, request.ConnectorAddress, $"/catalog/datasets/{PathSegment.Of(request.DatasetId)}", cancellationToken);
        var offer = (answer.Body?["hasPolicy"] as JsonArray)?.OfType<JsonObject>().FirstOrDefault(offer => MessageCheck.Text(offer, "@id") == request.OfferId);
        return answer.IsDone && offer is not null ? offer : throw new Validation().Rule(false, "offerId", $"the provider lists no such offer ({answer.Reason})").ToException();
    }
}
