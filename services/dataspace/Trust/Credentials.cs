using System.Globalization;
using System.Text.Json.Nodes;
using LivingCity.Dataspace.Protocol;
using Microsoft.Extensions.Options;

namespace LivingCity.Dataspace.Trust;

/// <summary>A credential that was checked.</summary>
internal sealed record Credential(string Type, string Issuer, JsonObject Json, DateTimeOffset? ValidUntil, string Jwt);

/// <summary>Checks credentials of the profile <c>vc20-bssl/jwt</c>: Verifiable Credentials 2.0, secured as JSON Web Tokens, with a Bitstring status list.</summary>
internal sealed class Credentials(SignedStatements statements, StatusLists lists, IOptions<TrustSettings> settings, TimeProvider time)
{
    public const string Context = "https://www.w3.org/ns/credentials/v2";

    /// <summary>Reads a credential about this subject.</summary>
    /// <exception cref="TrustException">It is about another, its issuer is not trusted for it, it is not valid now, or it was taken back.</exception>
    public async Task<Credential> ReadAsync(string jwt, string subject, CancellationToken cancellationToken)
    {
        var unproven = SignedStatements.Peek(jwt);
        var issuer = IssuerOf(unproven) ?? throw new TrustException("A credential names no issuer.");
        var types = Texts(unproven["type"]).Where(type => type != "VerifiableCredential").ToArray();
        var trusted = settings.Value.Issuers.Where(candidate => candidate.Id == issuer).SelectMany(candidate => candidate.Types).ToHashSet();
        var type = types.FirstOrDefault(trusted.Contains) ?? throw new TrustException($"{issuer} is not trusted for {string.Join(", ", types)}.");
        var credential = await statements.ReadAsync(jwt, issuer, KeyUse.AssertionMethod, cancellationToken);
        if (!Texts(credential["@context"]).Contains(Context) || !Texts(credential["type"]).Contains("VerifiableCredential") || (MessageCheck.Text(credential, "iss") ?? issuer) != issuer)
        {
            throw new TrustException("This is not a Verifiable Credential 2.0.");
        }

        if (credential["credentialSubject"] is not JsonObject about || MessageCheck.Text(about, "id") != subject)
        {
            throw new TrustException($"A credential is not about {subject}.");
        }

        var (now, from, until) = (time.GetUtcNow(), Moment(credential, "validFrom"), Moment(credential, "validUntil"));
        if (from > now + SignedStatements.Leeway || until <= now - SignedStatements.Leeway)
        {
            throw new TrustException($"A credential of type {type} is not valid now.");
        }

        await lists.RequireInForceAsync(credential["credentialStatus"], issuer, cancellationToken);
        return new Credential(type, issuer, credential, until, jwt);
    }

    /// <summary>An issuer is its identifier, or an object that has it.</summary>
    public static string? IssuerOf(JsonObject credential) => credential["issuer"] is JsonObject issuer ? MessageCheck.Text(issuer, "id") : MessageCheck.Text(credential, "issuer");

    /// <summary>The texts of a member that is one, or an array.</summary>
    public static IEnumerable<string> Texts(JsonNode? node) => node switch
    {
        JsonArray array => array.OfType<JsonValue>().Select(value => value.TryGetValue<string>(out var text) ? text : null).OfType<string>(),
        JsonValue value when value.TryGetValue<string>(out var text) => [text],
        _ => [],
    };

    public static DateTimeOffset? Moment(JsonObject credential, string name) => !credential.ContainsKey(name) ? null
        : DateTimeOffset.TryParse(MessageCheck.Text(credential, name), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment) ? moment
        : throw new TrustException($"{name} is no time.");
}
