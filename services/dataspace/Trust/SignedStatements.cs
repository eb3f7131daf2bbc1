using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using LivingCity.Dataspace.Protocol;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace LivingCity.Dataspace.Trust;

/// <summary>
/// Reads what others signed as JSON Web Tokens: with ES256 and a key of the signer's own DID document, and nothing else. Only one reader looks at the claims, and it takes no name twice.
/// </summary>
internal sealed class SignedStatements(DidResolver dids, TimeProvider time)
{
    private const int MaxLength = 128 * 1024;

    /// <summary>The leeway for clocks that differ.</summary>
    public static readonly TimeSpan Leeway = TimeSpan.FromSeconds(10);

    private static readonly JsonWebTokenHandler Tokens = new() { MaximumTokenSizeInBytes = MaxLength };

    /// <summary>What a token says, unproven: for deciding who must have signed it.</summary>
    /// <exception cref="TrustException">It is not a JSON Web Token.</exception>
    public static JsonObject Peek(string jwt)
    {
        if (jwt.Length > MaxLength || jwt.Split('.') is not [_, var payload, _])
        {
            throw new TrustException("This is not a signed JSON Web Token.");
        }

        try
        {
            return JsonNode.Parse(Encoding.UTF8.GetString(Base64UrlEncoder.DecodeBytes(payload)), null, TrustClient.Json) as JsonObject ?? throw new TrustException("The token's payload is not a JSON object.");
        }
        catch (Exception exception) when (exception is FormatException or JsonException or ArgumentException)
        {
            throw new TrustException("The token's payload cannot be read.");
        }
    }

    /// <summary>What a token says, once its signature and its times hold.</summary>
    /// <param name="jwt">The token.</param>
    /// <param name="signer">The DID of who must have signed it.</param>
    /// <param name="use">What the key must be good for.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="TrustException">It is not signed so, not yet valid, or not any more.</exception>
    public async Task<JsonObject> ReadAsync(string jwt, string signer, KeyUse use, CancellationToken cancellationToken)
    {
        var payload = Peek(jwt);
        var (name, from, until) = (NamedKey(jwt), Time(payload, "nbf"), Time(payload, "exp"));
        var document = await dids.ResolveAsync(signer, cancellationToken);
        var checkedToken = await Tokens.ValidateTokenAsync(jwt, new TokenValidationParameters
        {
            ValidAlgorithms = [SecurityAlgorithms.EcdsaSha256],
            IssuerSigningKey = document.Key(name, use),
            TryAllIssuerSigningKeys = true,
            RequireSignedTokens = true,
            RequireExpirationTime = false,
            ValidateLifetime = false,
            ValidateIssuer = false,
            ValidateAudience = false,
        });
        if (!checkedToken.IsValid)
        {
            throw new TrustException("The signature does not hold.");
        }

        var now = time.GetUtcNow();
        return now + Leeway < from ? throw new TrustException("It is not valid yet.")
            : now - Leeway >= until ? throw new TrustException("It has expired.")
            : payload;
    }

    /// <summary>A time of a token (RFC 7519, NumericDate).</summary>
    /// <exception cref="TrustException">It is there, and no such time.</exception>
    public static DateTimeOffset? Time(JsonObject payload, string name) => payload[name] switch
    {
        null => null,
        JsonValue value when value.TryGetValue<double>(out var seconds) && seconds is > 0 and < 32_503_680_000 => DateTimeOffset.FromUnixTimeMilliseconds((long)(seconds * 1000)),
        _ => throw new TrustException($"{name} is no time."),
    };

    private static string? NamedKey(string jwt)
    {
        try
        {
            var header = JsonNode.Parse(Encoding.UTF8.GetString(Base64UrlEncoder.DecodeBytes(jwt[..jwt.IndexOf('.', StringComparison.Ordinal)])), null, TrustClient.Json) as JsonObject ?? throw new TrustException("The token's header is not a JSON object.");
            return MessageCheck.Text(header, "alg") != SecurityAlgorithms.EcdsaSha256 ? throw new TrustException("Only ES256 is a signature here.") : MessageCheck.Text(header, "kid");
        }
        catch (Exception exception) when (exception is FormatException or JsonException or ArgumentException)
        {
            throw new TrustException("The token's header cannot be read.");
        }
    }
}
