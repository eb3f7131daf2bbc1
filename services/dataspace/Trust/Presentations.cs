using System.Text.Json.Nodes;
using LivingCity.Dataspace.Peers;
using LivingCity.Dataspace.Protocol;
using Microsoft.Extensions.Options;

namespace LivingCity.Dataspace.Trust;

/// <summary>Verifiable Presentations 2.0 as JSON Web Tokens: ours for those who may see them, and theirs.</summary>
internal sealed class Presentations(ParticipantKey key, Participant participant, SignedStatements statements, Credentials credentials, DidResolver dids, IdTokens tokens, TrustClient client, IOptions<TrustSettings> settings, TimeProvider time)
{
    public const string DcpContext = "https://w3id.org/dspace-dcp/v1.0/dcp.jsonld";

    private const string Envelope = "data:application/vc+jwt,";
    private const int MaxPresentations = 10;
    private const int MaxCredentials = 20;

    /// <summary>Our credentials for this reader.</summary>
    public string Make(string audience, IEnumerable<HeldCredential> held)
    {
        var now = time.GetUtcNow();
        return key.Sign(new JsonObject
        {
            ["@context"] = new JsonArray(Credentials.Context),
            ["type"] = new JsonArray("VerifiablePresentation"),
            ["id"] = Dsp.NewId(),
            ["holder"] = participant.Id,
            ["verifiableCredential"] = new JsonArray([.. held.Select(credential => new JsonObject
            {
                ["@context"] = Credentials.Context,
                ["type"] = "EnvelopedVerifiableCredential",
                ["id"] = Envelope + credential.Jwt,
            })]),
            ["iss"] = participant.Id,
            ["aud"] = audience,
            ["jti"] = Guid.CreateVersion7().ToString(),
            ["iat"] = now.ToUnixTimeSeconds(),
            ["exp"] = now.AddMinutes(2).ToUnixTimeSeconds(),
        }.ToJsonString(), "vp+jwt");
    }

    /// <summary>Asks a caller's credential service for the credentials that are required here, and checks each.</summary>
    /// <exception cref="TrustException">One that is required is missing, or any is not as it must be.</exception>
    public async Task<IReadOnlyList<Credential>> AskAsync(string holder, string access, CancellationToken cancellationToken)
    {
        var service = (await dids.ResolveAsync(holder, cancellationToken)).Service("CredentialService") ?? throw new TrustException("The DID document names no credential service.");
        var query = new JsonObject
        {
            ["@context"] = new JsonArray(DcpContext),
            ["type"] = "PresentationQueryMessage",
            ["scope"] = new JsonArray([.. settings.Value.Requires.Union(settings.Value.Asks).Select(type => (JsonNode)(IdTokens.ScopeByType + type))]),
        };
        var answer = await client.PostAsync(service.TrimEnd('/') + "/presentations/query", "presentation", tokens.Make(holder, access), query.ToJsonString(), cancellationToken);
        if (JsonNode.Parse(answer, null, TrustClient.Json) is not JsonObject response || MessageCheck.Text(response, "type") != "PresentationResponseMessage" || response["presentation"] is not JsonArray { Count: > 0 and <= MaxPresentations } shown)
        {
            throw new TrustException("The credential service shows no presentation.");
        }

        var found = new List<Credential>();
        foreach (var presentation in shown)
        {
            found.AddRange(await ReadAsync(presentation is JsonValue value && value.TryGetValue<string>(out var jwt) ? jwt : throw new TrustException("A presentation must be a JSON Web Token."), holder, cancellationToken));
        }

        return settings.Value.Requires.FirstOrDefault(type => found.All(credential => credential.Type != type)) is { } missing ? throw new TrustException($"A credential of type {missing} is missing.") : found;
    }

    private async Task<IReadOnlyList<Credential>> ReadAsync(string jwt, string holder, CancellationToken cancellationToken)
    {
        var presentation = await statements.ReadAsync(jwt, holder, KeyUse.Authentication, cancellationToken);
        if ((MessageCheck.Text(presentation, "iss") ?? holder) != holder || (MessageCheck.Text(presentation, "holder") ?? holder) != holder || !Credentials.Texts(presentation["aud"]).SequenceEqual([participant.Id])
            || !Credentials.Texts(presentation["type"]).Contains("VerifiablePresentation"))
        {
            throw new TrustException("A presentation is another's, or meant for another.");
        }

        if (presentation["verifiableCredential"] is not JsonArray { Count: > 0 and <= MaxCredentials } envelopes)
        {
            throw new TrustException("A presentation holds no credentials.");
        }

        var found = new List<Credential>();
        foreach (var envelope in envelopes)
        {
            var id = envelope is JsonObject enveloped && MessageCheck.Text(enveloped, "type") == "EnvelopedVerifiableCredential" ? MessageCheck.Text(enveloped, "id") : null;
            found.Add(id is not null && id.StartsWith(Envelope, StringComparison.Ordinal) ? await credentials.ReadAsync(id[Envelope.Length..], holder, cancellationToken) : throw new TrustException("A credential must be enveloped as a JSON Web Token."));
        }

        return found;
    }
}
