using LivingCity.Dataspace.Peers;
using LivingCity.Dataspace.Policies;

namespace LivingCity.Dataspace.Management;

/// <summary>What people of the city do with the connector.</summary>
internal static class ManagementExtensions
{
    public static void MapManagement(this IEndpointRouteBuilder routes)
    {
        routes.MapPeers();
        routes.MapPolicies();
        routes.MapOfferManagement();
        routes.MapNegotiationManagement();
        routes.MapAgreementManagement();
        routes.MapTransferManagement();
    }
}
