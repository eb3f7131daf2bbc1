using System.Text.Json.Nodes;
using LivingCity.Dataspace.Peers;
using LivingCity.Dataspace.Protocol;
using LivingCity.Dataspace.Trust;
using LivingCity.ServiceDefaults.Security;

namespace LivingCity.Dataspace.Versions;

/// <summary>Which versions of the protocol are spoken here, and how a caller is known.</summary>
internal static class VersionEndpoints
{
    public static void MapVersions(this IEndpointRouteBuilder routes) => routes.MapGet("/.well-known/dspace-version", (Participant participant, ParticipantKey key) => TypedResults.Json(Document(participant, key.IsThere)))
        .RequireAuthorization(Access.Public).WithTags("Dataspace Protocol").WithSummary("The versions of the Dataspace Protocol that are served here.");

    /// <summary>The same version twice where callers may be known in two ways: the protocol has room for one way in an entry.</summary>
    private static JsonObject Document(Participant participant, bool hasKey) => new()
    {
        ["protocolVersions"] = new JsonArray([
            Entry(participant, "OAuth", "2", "client_credentials"),
            .. hasKey ? [Entry(participant, "DCP", "1.0", "vc20-bssl/jwt")] : Array.Empty<JsonNode>(),
        ]),
    };

    private static JsonObject Entry(Participant participant, string protocol, string version, string profile) => new()
    {
        ["version"] = Dsp.Version,
        ["path"] = Dsp.Path,
        ["binding"] = "HTTPS",
        ["serviceId"] = participant.Id,
        ["identifierType"] = Did.IsWeb(participant.Id) ? "did:web" : "urn",
        ["auth"] = new JsonObject { ["protocol"] = protocol, ["version"] = version, ["profile"] = new JsonArray(profile) },
    };
}
