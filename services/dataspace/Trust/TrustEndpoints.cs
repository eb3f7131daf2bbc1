using System.Text.Json.Nodes;
using LivingCity.Dataspace.Peers;
using LivingCity.Dataspace.Protocol;
using LivingCity.Dataspace.Trust.Issuance;
using LivingCity.ServiceDefaults.Errors;
using LivingCity.ServiceDefaults.Security;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;

namespace LivingCity.Dataspace.Trust;

/// <summary>A credential to keep.</summary>
/// <param name="Jwt">The credential, as its issuer signed it.</param>
internal sealed record CredentialDescription(string Jwt);

/// <summary>A credential of this participant, as its people see it.</summary>
internal sealed record CredentialView(string Id, string Type, string Issuer, DateTimeOffset? ValidUntil, DateTimeOffset StoredAt)
{
    public static CredentialView From(HeldCredential held) => new(held.Id, held.Type, held.Issuer, held.ValidUntil, held.StoredAt);
}

/// <summary>How this participant proves who it is, and whose word it takes.</summary>
internal sealed record TrustView(string Id, bool Enabled, IEnumerable<CredentialView> Credentials, IEnumerable<TrustedIssuer> Issuers, IEnumerable<string> Requires);

/// <summary>An issuer and the types of credential for which it is trusted.</summary>
internal sealed record TrustedIssuer(string Id, IEnumerable<string> Types);

/// <summary>The DID document and the credential service of this participant (DCP 1.0), and what its people do with credentials.</summary>
internal static class TrustEndpoints
{
    public static void MapTrust(this WebApplication app)
    {
        // Asked for at start, so that settings that do not fit together stop it.
        if (!app.Services.GetRequiredService<ParticipantKey>().IsThere)
        {
            return;
        }

        var path = Did.DocumentOf(app.Services.GetRequiredService<Participant>().Id, useHttps: true).AbsolutePath;
        foreach (var place in (string[])["/.well-known/did.json", .. path == "/.well-known/did.json" ? [] : new[] { path }])
        {
            app.MapGet(place, (Participant participant, ParticipantKey key, Issuer issuer) => TypedResults.Json(Document(participant, key, issuer), contentType: "application/did+json"))
                .RequireAuthorization(Access.Public).WithTags("Decentralized Claims Protocol").WithSummary("The DID document of this participant.");
        }

        app.MapIssuance();
        if (app.Services.GetRequiredService<Issuer>().Types.Count > 0)
        {
            app.MapIssuer();
        }

        app.MapProtocol(Dcp.CredentialService, ErrorType.Catalog).MapPost("/presentations/query", QueryAsync).WithTags("Decentralized Claims Protocol").WithSummary("Shows credentials to whom this participant has given access to them.");
    }

    public static void MapTrustManagement(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/trust").WithTags("Trust");
        group.MapGet("/", ViewAsync).RequireAuthorization(Access.DataOfficer).WithSummary("How this participant proves who it is, and whose word it takes.");
        group.MapIssuanceManagement();
        group.MapPost("/credentials", KeepAsync).RequireAuthorization(Access.CityAdmin).WithSummary("Keeps a credential that an issuer gave this participant.");
    }

    private static async Task<IResult> QueryAsync(HttpContext http, IdTokens tokens, HeldCredentials held, Presentations presentations)
    {
        var stop = http.RequestAborted;
        var (reader, access) = await tokens.ReadAsync(Bearer.In(http) ?? throw new TrustException("A self-issued token is missing."), stop);
        var granted = await tokens.GrantedAsync(access ?? throw new TrustException("The token holds no access token."), reader, stop);
        var message = await http.ReadMessageAsync();
        if (MessageCheck.Text(message, "type") != "PresentationQueryMessage" || !Credentials.Texts(message["@context"]).Contains(Presentations.DcpContext) || message.ContainsKey("scope") == message.ContainsKey("presentationDefinition"))
        {
            throw ProtocolException.Invalid("This must be a PresentationQueryMessage with a scope.");
        }

        if (message.ContainsKey("presentationDefinition"))
        {
            throw new ProtocolException(StatusCodes.Status501NotImplemented, "Presentation definitions are not understood here: ask by scope.");
        }

        var wanted = Credentials.Texts(message["scope"]).ToHashSet();
        var found = (await held.AllAsync(stop)).Where(credential => granted.Contains(IdTokens.ScopeByType + credential.Type)
            && (wanted.Contains(IdTokens.ScopeByType + credential.Type) || wanted.Contains(IdTokens.ScopeById + credential.Id))).ToArray();
        return TypedResults.Json(new JsonObject
        {
            ["@context"] = new JsonArray(Presentations.DcpContext),
            ["type"] = "PresentationResponseMessage",
            ["presentation"] = new JsonArray([.. found.Length == 0 ? [] : new JsonNode[] { presentations.Make(reader, found) }]),
        });
    }

    private static JsonObject Document(Participant participant, ParticipantKey key, Issuer issuer)
    {
        JsonArray Uses() => new(key.KeyName);
        JsonObject Service(string name, string type, string path) => new() { ["id"] = $"{participant.Id}#{name}", ["type"] = type, ["serviceEndpoint"] = participant.Address.ToString().TrimEnd('/') + path };
        return new JsonObject
        {
            ["@context"] = new JsonArray("https://www.w3.org/ns/did/v1", "https://w3id.org/security/jwk/v1", Presentations.DcpContext),
            ["id"] = participant.Id,
            ["verificationMethod"] = new JsonArray(new JsonObject
            {
                ["id"] = key.KeyName,
                ["type"] = "JsonWebKey",
                ["controller"] = participant.Id,
                ["publicKeyJwk"] = new JsonObject { ["kty"] = "EC", ["crv"] = "P-256", ["x"] = Base64UrlEncoder.Encode(key.Public.X), ["y"] = Base64UrlEncoder.Encode(key.Public.Y), ["kid"] = key.KeyName },
            }),
            ["authentication"] = Uses(),
            ["assertionMethod"] = Uses(),
            ["capabilityInvocation"] = Uses(),
            ["service"] = new JsonArray([
                Service("credentials", "CredentialService", Dcp.CredentialService), Service("dataspace", "DataService", "/.well-known/dspace-version"),
                .. issuer.Types.Count == 0 ? [] : new JsonNode[] { Service("issuer", "IssuerService", Dcp.IssuerService) },
            ]),
        };
    }

    private static async Task<Ok<TrustView>> ViewAsync(Participant participant, ParticipantKey key, HeldCredentials held, IOptions<TrustSettings> settings, CancellationToken cancellationToken) =>
        TypedResults.Ok(new TrustView(participant.Id, key.IsThere, (await held.AllAsync(cancellationToken)).Select(CredentialView.From), settings.Value.Issuers.Select(issuer => new TrustedIssuer(issuer.Id, issuer.Types)), settings.Value.Requires));

    private static async Task<Results<Ok<CredentialView>, ProblemHttpResult>> KeepAsync(CredentialDescription credential, HeldCredentials held, CancellationToken cancellationToken)
    {
        try
        {
            return TypedResults.Ok(CredentialView.From(await held.KeepAsync(await held.ReadAsync(credential.Jwt, cancellationToken), cancellationToken)));
        }
        catch (TrustException refused)
        {
            return new Validation().Rule(false, "jwt", refused.Message).ToResult();
        }
    }
}
