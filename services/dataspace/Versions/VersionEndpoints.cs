using System.Text.Json.Nodes;
using LivingCity.Dataspace.Conformance;
using LivingCity.Dataspace.Peers;
using LivingCity.Dataspace.Protocol;
using LivingCity.Dataspace.Trust;
using LivingCity.ServiceDefaults.Security;

namespace LivingCity.Dataspace.Versions;

/// <summary>Which versions of the protocol are spoken here, and how a caller is known.</summary>
internal static class VersionEndpoints
{
    public static void MapVersions(this IEndpointRouteBuilder routes) => routes.MapGet("/.well-known/dspace-version", (Participant participant, ParticipantKey key, ConformanceProfile conformance) =>
            TypedResults.Json(Document(participant, conformance.File is not null, key.IsThere)))
        .RequireAuthorization(Access.Public).WithTags("Dataspace Protocol").WithSummary("The versions of the Dataspace Protocol that are served here.");

    /// <summary>The same version twice where callers may be known in two ways: the protocol has room for one way in an entry. Under a conformance profile nobody is asked who he is.</summary>
    private static JsonObject Document(Participant participant, bool isOpen, bool hasKey) => new()
    {
        ["protocolVersions"] = new JsonArray([
            Entry(participant, isOpen ? null : Auth("OAuth", "2", "client_credentials")),
            .. hasKey && !isOpen ? [Entry(participant, Auth("DCP", "1.0", "vc20-bssl/jwt"))] : Array.Empty<JsonNode>(),
        ]),
    };

    private static JsonObject Entry(Participant participant, JsonObject? auth)
    {
        var entry = new JsonObject { ["version"] = Dsp.Version, ["path"] = Dsp.Path, ["binding"] = "HTTPS", ["serviceId"] = participant.Id };
        if (Did.IsWeb(participant.Id) || participant.Id.StartsWith("urn:", StringComparison.Ordinal))
        {
            entry["identifierType"] = Did.IsWeb(participant.Id) ? "did:web" : "urn";
        }

        if (auth is not null)
        {
            entry["auth"] = auth;
        }

        return entry;
    }

    private static JsonObject Auth(string protocol, string version, string profile) => new() { ["protocol"] = protocol, ["version"] = version, ["profile"] = new JsonArray(profile) };
}
