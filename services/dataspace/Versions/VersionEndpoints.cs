using System.Text.Json.Nodes;
using LivingCity.Dataspace.Peers;
using LivingCity.Dataspace.Protocol;
using LivingCity.ServiceDefaults.Security;

namespace LivingCity.Dataspace.Versions;

/// <summary>Which versions of the protocol are spoken here, and how a caller is known.</summary>
internal static class VersionEndpoints
{
    public static void MapVersions(this IEndpointRouteBuilder routes) => routes.MapGet("/.well-known/dspace-version", (Participant participant) => TypedResults.Json(Document(participant)))
        .RequireAuthorization(Access.Public).WithTags("Dataspace Protocol").WithSummary("The versions of the Dataspace Protocol that are served here.");

    private static JsonObject Document(Participant participant) => new()
    {
        ["protocolVersions"] = new JsonArray(new JsonObject
        {
            ["version"] = Dsp.Version,
            ["path"] = Dsp.Path,
            ["binding"] = "HTTPS",
            ["serviceId"] = participant.Id,
            ["identifierType"] = participant.Id.StartsWith("did:web:", StringComparison.Ordinal) ? "did:web" : "urn",
            ["auth"] = new JsonObject { ["protocol"] = "OAuth", ["version"] = "2", ["profile"] = new JsonArray("client_credentials") },
        }),
    };
}
