using System.Security.Cryptography;
using System.Text.Json.Nodes;
using LivingCity.Dataspace.Protocol;
using Microsoft.IdentityModel.Tokens;

namespace LivingCity.Dataspace.Trust;

/// <summary>What a key of a DID document may be used for (Decentralized Identifiers 1.0, 5.3).</summary>
internal enum KeyUse
{
    /// <summary>Tokens with which a participant calls.</summary>
    CapabilityInvocation,

    /// <summary>Presentations of credentials.</summary>
    Authentication,

    /// <summary>Credentials and status lists.</summary>
    AssertionMethod,
}

/// <summary>A DID document: the keys of a participant or an issuer, and its services.</summary>
internal sealed class DidDocument(JsonObject json)
{
    public string? Id => MessageCheck.Text(json, "id");

    public string? Service(string type) => Services.Where(service => MessageCheck.Text(service, "type") == type).Select(service => MessageCheck.Text(service, "serviceEndpoint")).FirstOrDefault(endpoint => endpoint is not null);

    public IEnumerable<string> ServiceAddresses => Services.Select(service => MessageCheck.Text(service, "serviceEndpoint")).OfType<string>();

    /// <summary>The key that a signature names; without a name the only one there is (DCP 1.0, validation of self-issued tokens).</summary>
    /// <exception cref="TrustException">There is no such key, it may not be used for this, or it is of another kind.</exception>
    public ECDsaSecurityKey Key(string? name, KeyUse use)
    {
        var methods = (json["verificationMethod"] as JsonArray)?.OfType<JsonObject>().ToArray() ?? [];
        var method = name is null
            ? methods is [var only] ? only : throw new TrustException("The signature names no key, and the DID document has not just one.")
            : methods.FirstOrDefault(candidate => Absolute(MessageCheck.Text(candidate, "id")) == Absolute(name)) ?? throw new TrustException($"The DID document has no key {name}.");
        var id = Absolute(MessageCheck.Text(method, "id"));
        var member = use switch { KeyUse.CapabilityInvocation => "capabilityInvocation", KeyUse.Authentication => "authentication", _ => "assertionMethod" };
        var uses = (json[member] as JsonArray)?.Select(item => item switch { JsonValue value => value.TryGetValue<string>(out var text) ? Absolute(text) : null, JsonObject inner => Absolute(MessageCheck.Text(inner, "id")), _ => null }) ?? [];
        if (MessageCheck.Text(method, "controller") is { } controller && controller != Id)
        {
            throw new TrustException("The key is another's.");
        }

        return uses.Contains(id) ? Read(method["publicKeyJwk"] as JsonObject) : throw new TrustException($"The key may not be used for {member}.");
    }

    private IEnumerable<JsonObject> Services => (json["service"] as JsonArray)?.OfType<JsonObject>() ?? [];

    /// <summary>A key's name in full: documents and signatures may leave out the identifier before the fragment.</summary>
    private string? Absolute(string? name) => name is null || name.StartsWith("did:", StringComparison.Ordinal) ? name : $"{Id}#{name.TrimStart('#')}";

    private static ECDsaSecurityKey Read(JsonObject? jwk)
    {
        if (jwk is null || MessageCheck.Text(jwk, "kty") != "EC" || MessageCheck.Text(jwk, "crv") != "P-256")
        {
            throw new TrustException("The key must be a JSON Web Key on the curve P-256.");
        }

        try
        {
            var point = new ECPoint { X = Base64UrlEncoder.DecodeBytes(MessageCheck.Text(jwk, "x")), Y = Base64UrlEncoder.DecodeBytes(MessageCheck.Text(jwk, "y")) };
            return new ECDsaSecurityKey(ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = point }));
        }
        catch (Exception exception) when (exception is CryptographicException or FormatException or ArgumentException)
        {
            throw new TrustException("The key cannot be read.");
        }
    }
}
