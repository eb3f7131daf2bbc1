using System.Text.Json.Nodes;
using LivingCity.Dataspace.Peers;
using LivingCity.Dataspace.Protocol;
using LivingCity.ServiceDefaults.Http;
using LivingCity.ServiceDefaults.Security;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LivingCity.Dataspace.Trust.Issuance;

/// <summary>The Credential Issuance Protocol (DCP 1.0, section 6): where issuers deliver and offer credentials to this participant, and, where it issues credentials itself, where others ask for them.</summary>
internal static class IssuanceEndpoints
{
    public static void MapIssuance(this IEndpointRouteBuilder routes)
    {
        var holder = routes.MapProtocol(Dcp.CredentialService, ErrorType.Catalog).WithTags("Decentralized Claims Protocol");
        holder.MapPost("/credentials", StoreAsync).WithSummary("An issuer delivers credentials that this participant has asked for, or refuses.");
        holder.MapPost("/offers", OfferAsync).WithSummary("An issuer offers credentials. Those of an issuer that is trusted for them are asked for at once.");
    }

    public static void MapIssuer(this IEndpointRouteBuilder routes)
    {
        var issuer = routes.MapProtocol(Dcp.IssuerService, ErrorType.Catalog).WithTags("Decentralized Claims Protocol");
        issuer.MapGet("/metadata", Metadata).WithSummary("The credentials that are issued here.");
        issuer.MapGet("/schemas/{type}", Schema).WithSummary("What a credential of this type says of its holder.");
        issuer.MapGet("/status/revocation", async (Issuer issuing, CancellationToken stop) => TypedResults.Text(await issuing.StatusListAsync(stop), "application/vc+jwt")).WithSummary("The status list of the credentials that were issued here.");
        issuer.MapPost("/credentials", RequestAsync).WithSummary("A participant asks for credentials. A person decides.");
        issuer.MapGet("/requests/{id}", StatusAsync).WithSummary("What became of a request, for who made it.");
    }

    private static async Task<IResult> StoreAsync(HttpContext http, IdTokens tokens, CredentialRequests requests)
    {
        var (issuer, access) = await CallerAsync(http, tokens);
        if (!(await tokens.GrantedAsync(access ?? throw new TrustException("The token holds no access token."), issuer, http.RequestAborted)).Contains(IdTokens.ScopeToWrite))
        {
            throw new TrustException("The access token does not allow to write.");
        }

        await requests.TakeAsync(issuer, await Dcp.ReadAsync(http, "CredentialMessage"), http.RequestAborted);
        return TypedResults.Ok();
    }

    private static async Task<IResult> OfferAsync(HttpContext http, IdTokens tokens, CredentialRequests requests)
    {
        var (issuer, _) = await CallerAsync(http, tokens);
        var message = await Dcp.ReadAsync(http, "CredentialOfferMessage");
        var ids = Dcp.Ids(message);
        if (Dcp.Text(message, "issuer") != issuer)
        {
            throw new TrustException("The offer is another's.");
        }

        await requests.AskOfferedAsync(issuer, ids, http.RequestAborted);
        return TypedResults.Ok();
    }

    private static async Task<IResult> RequestAsync(HttpContext http, IdTokens tokens, Issuer issuer, PeerDirectory directory)
    {
        var (holder, access) = await CallerAsync(http, tokens);
        if (await directory.IsShutOutAsync(holder, http.RequestAborted))
        {
            throw new TrustException("The caller was shut out.");
        }

        var message = await Dcp.ReadAsync(http, "CredentialRequestMessage");
        var types = Dcp.Ids(message);
        if (types.FirstOrDefault(type => !issuer.Types.Contains(type)) is { } unknown)
        {
            throw ProtocolException.Invalid($"No credential {unknown} is issued here.");
        }

        var row = await issuer.ReceiveAsync(holder, Dcp.Text(message, "holderPid"), types, access ?? throw new TrustException("The token holds no access token with which credentials could be delivered."), http.RequestAborted);
        return TypedResults.Created($"{issuer.Address}/requests/{PathSegment.Of(row.IssuerPid)}");
    }

    private static async Task<IResult> StatusAsync(string id, HttpContext http, IdTokens tokens, Issuer issuer)
    {
        var (holder, _) = await CallerAsync(http, tokens);
        return await issuer.FindAsync(id, http.RequestAborted) is { } row && row.Holder == holder
            ? TypedResults.Json(Dcp.Message("CredentialStatus", ("issuerPid", row.IssuerPid), ("holderPid", row.HolderPid), ("status", row.Status)))
            : throw ProtocolException.NotFound("request");
    }

    private static JsonHttpResult<JsonObject> Metadata(Issuer issuer, Participant participant) => TypedResults.Json(Dcp.Message("IssuerMetadata", ("issuer", participant.Id), ("credentialsSupported", new JsonArray([.. issuer.Types.Select(type => new JsonObject
    {
        ["id"] = type,
        ["type"] = "CredentialObject",
        ["credentialType"] = type,
        ["credentialSchema"] = $"{issuer.Address}/schemas/{Uri.EscapeDataString(type)}",
        ["offerReason"] = "reissue",
        ["bindingMethods"] = new JsonArray("did:web"),
        ["profile"] = Dcp.Profile,
        ["issuancePolicy"] = new JsonObject { ["id"] = "none", ["input_descriptors"] = new JsonArray() },
    })]))));

    private static JsonHttpResult<JsonObject> Schema(string type, Issuer issuer) => issuer.Types.Contains(type)
        ? TypedResults.Json(new JsonObject
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["title"] = type,
            ["type"] = "object",
            ["required"] = new JsonArray("id"),
            ["properties"] = new JsonObject { ["id"] = new JsonObject { ["type"] = "string", ["format"] = "uri" } },
        }, contentType: "application/schema+json")
        : throw ProtocolException.NotFound("type of credential");

    private static Task<(string Caller, string? Access)> CallerAsync(HttpContext http, IdTokens tokens) => tokens.ReadAsync(Bearer.In(http) ?? throw new TrustException("A self-issued token is missing."), http.RequestAborted);
}
