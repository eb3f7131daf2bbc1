using LivingCity.Dataspace.Agreements;
using LivingCity.Dataspace.Management;
using LivingCity.Dataspace.Negotiation;
using LivingCity.Dataspace.Peers;
using LivingCity.Dataspace.Processes;
using LivingCity.Dataspace.Protocol;
using LivingCity.ServiceDefaults.Data;
using LivingCity.ServiceDefaults.Errors;
using LivingCity.ServiceDefaults.Security;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LivingCity.Dataspace.Duties;

/// <summary>A consumer's word that data is gone: given by its officer, told to the provider.</summary>
internal static class DutyEndpoints
{
    public static void MapDuties(this IEndpointRouteBuilder routes) => routes.MapPost("/agreements/{id}/deletion", AttestAsync).RequireAuthorization(Access.DataOfficer).WithTags("Agreements")
        .WithSummary("Attests, as the consumer, that the data had under an agreement is deleted; what this connector keeps of it is deleted now.");

    /// <summary>An addition to the protocol, under its address, as for ledgers.</summary>
    public static void MapPeerDuties(this IEndpointRouteBuilder routes) =>
        routes.MapProtocol("/agreements", ErrorType.Transfer).MapPost("/{id}/deletion", TakeAsync).WithSummary("The consumer of an agreement attests that the data is deleted.");

    private static async Task<Results<NoContent, ProblemHttpResult>> AttestAsync(string id, Caller caller, Database database, PeerClient peers, TimeProvider time, CancellationToken cancellationToken)
    {
        AgreementRow? agreement;
        string? address;
        await using (var work = await database.BeginAsync(caller.RequiredCity, cancellationToken))
        {
            agreement = await work.FindAgreementAsync(id, cancellationToken);
            address = await work.AddressOfPeerAsync(agreement, cancellationToken);
        }

        if (agreement is not { Role: Role.Consumer } || address is null)
        {
            return Problem.NotFound.Because($"There is no agreement {id} in which this side is the consumer.");
        }

        // Told first: should the provider not hear it, nothing is attested here, and the officer tries again.
        var told = await peers.PostAsync(agreement.Peer, address, $"/agreements/{Uri.EscapeDataString(id)}/deletion", Dsp.Message("DeletionAttestation", ("agreementId", id)).ToJsonString(), cancellationToken);
        if (!told.IsDone)
        {
            return DataPlane.DataEndpoints.NoSource.Because($"The provider could not be told: {told.Reason}");
        }

        await using var end = await database.BeginAsync(caller.RequiredCity, cancellationToken);
        if (!await end.AttestAsync(agreement, caller.Name, time.GetUtcNow(), cancellationToken))
        {
            return NegotiationManagement.WrongState.Because("Under this agreement nothing is to be deleted.");
        }

        await end.CommitAsync(cancellationToken);
        return TypedResults.NoContent();
    }

    private static async Task<IResult> TakeAsync(string id, HttpContext http, Database database, TimeProvider time)
    {
        var stop = http.RequestAborted;
        var peer = await http.RequirePeerAsync();
        var tenant = await ProcessRows.TenantOfAsync(database, "agreement", id, peer.Id, stop) ?? throw ProtocolException.NotFound("agreement");
        await using var work = await database.BeginAsync(tenant, stop);
        if (await work.FindAgreementAsync(id, stop) is not { Role: Role.Provider } agreement || agreement.Peer != peer.Id)
        {
            throw ProtocolException.NotFound("agreement");
        }

        if (await work.AttestAsync(agreement, peer.Id, time.GetUtcNow(), stop))
        {
            await work.CommitAsync(stop);
        }

        return TypedResults.NoContent();
    }
}
