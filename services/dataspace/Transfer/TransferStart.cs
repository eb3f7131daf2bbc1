using System.Text.Json.Nodes;
using LivingCity.Dataspace.Agreements;
using LivingCity.Dataspace.Negotiation;
using LivingCity.Dataspace.Peers;
using LivingCity.Dataspace.Policies;
using LivingCity.Dataspace.Protocol;
using LivingCity.ServiceDefaults.Data;
using LivingCity.ServiceDefaults.Errors;
using LivingCity.ServiceDefaults.Http;

namespace LivingCity.Dataspace.Transfer;

/// <summary>Data that a consumer asks for under an agreement.</summary>
/// <param name="AgreementId">The agreement.</param>
/// <param name="Format">How it is transferred, like <c>HttpData-PULL</c>.</param>
/// <param name="ProviderId">The provider's participant id.</param>
/// <param name="ConnectorAddress">Where the provider's connector takes the protocol's messages.</param>
/// <param name="Purpose">What the data will be used for: an IRI, for instance of the Data Privacy Vocabulary.</param>
internal sealed record TransferRequest(string AgreementId, string Format, string ProviderId, string ConnectorAddress, string? Purpose = null);

/// <summary>Begins transfers as a consumer.</summary>
internal sealed class TransferStart(Database database, AddressGuard guard, Participant participant, Conformance.ConformanceProfile conformance, TransferSteps steps, TimeProvider time)
{
    /// <exception cref="ProblemException">The request is not valid, or there is no such agreement.</exception>
    public async Task<TransferRow> BeginAsync(string city, TransferRequest request, CancellationToken cancellationToken)
    {
        var objection = guard.Check(request.ConnectorAddress);
        new Validation()
            .Rule(request.AgreementId.Length > 0, "agreementId", "must not be empty")
            .Rule(request.Format.Length > 0, "format", "must not be empty")
            .Rule(objection is null, "connectorAddress", objection ?? "")
            .Rule(request.Purpose is null || request.Purpose.Contains(':', StringComparison.Ordinal), "purpose", "must be an IRI")
            .ThrowIfInvalid();
        var now = time.GetUtcNow();
        await using var work = await database.BeginAsync(city, cancellationToken);
        var agreement = await work.FindAgreementAsync(request.AgreementId, cancellationToken);
        if (agreement is not { Role: Role.Consumer } || agreement.Peer != (conformance.Counterparty ?? request.ProviderId))
        {
            throw Problem.NotFound.Throw($"There is no agreement {request.AgreementId} with {request.ProviderId} in which this side is the consumer.");
        }

        var row = new TransferRow
        {
            Tenant = city,
            Id = Dsp.NewId(),
            Role = Role.Consumer,
            Peer = agreement.Peer,
            PeerAddress = request.ConnectorAddress,
            AgreementId = request.AgreementId,
            DatasetId = agreement.DatasetId,
            Format = request.Format,
            State = TransferState.Requested,
            Purpose = request.Purpose is null ? null : Iri.Value(request.Purpose),
            CreatedAt = now.UtcDateTime,
            ChangedAt = now.UtcDateTime,
        };
        JsonObject? receiver = null;
        if (request.Format is Dsp.HttpPush or Dsp.Stream)
        {
            var token = TransferSteps.NewToken(row);
            receiver = TransferSteps.Address(new Uri(participant.Address, $"/api/dataspace/v1/received/{Uri.EscapeDataString(row.Id)}").ToString(), token);
            row = row with { TokenSha256 = TransferSteps.Sha256(token) };
        }

        row = steps.Request(row, receiver);
        await work.AddTransferAsync(row, cancellationToken);
        work.Advanced(row, now);
        await work.CommitAsync(cancellationToken);
        return row;
    }
}
