using LivingCity.ServiceDefaults.Errors;
using LivingCity.ServiceDefaults.Http;
using LivingCity.ServiceDefaults.Security;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LivingCity.Dataspace.Peers;

/// <summary>What is said of a participant.</summary>
/// <param name="Name">Its name for people.</param>
/// <param name="Address">Where its connector's protocol endpoints are.</param>
/// <param name="Client">The OAuth client by which the realm knows its connector.</param>
/// <param name="Active">False shuts it out.</param>
internal sealed record PeerDescription(string Name, string? Address = null, string? Client = null, bool Active = true);

/// <summary>The participants that this connector knows. Who is not among them is nobody.</summary>
internal static class PeerEndpoints
{
    public static void MapPeers(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/peers").WithTags("Peers");
        group.MapGet("/", async (PeerStore peers, CancellationToken cancellationToken) => TypedResults.Ok(await peers.ListAsync(cancellationToken)))
            .RequireAuthorization(Access.DataOfficer).WithSummary("The known participants.");
        group.MapPut("/{**id}", PutAsync).RequireAuthorization(Access.CityAdmin).WithSummary("Makes a participant known, changes it, or shuts it out.");
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> PutAsync(string id, PeerDescription peer, PeerStore peers, AddressGuard guard, CancellationToken cancellationToken)
    {
        var objection = peer.Address is null ? null : guard.Check(peer.Address);
        var validation = new Validation()
            .Rule(id.Contains(':', StringComparison.Ordinal), "id", "must be an IRI")
            .Rule(peer.Name.Length is > 0 and <= 200, "name", "must have 1 to 200 characters")
            .Rule(objection is null, "address", objection ?? "");
        if (!validation.IsValid)
        {
            return validation.ToResult();
        }

        await peers.PutAsync(new Peer { Id = id, Name = peer.Name, Address = peer.Address, Client = peer.Client, Active = peer.Active }, cancellationToken);
        return TypedResults.NoContent();
    }
}
