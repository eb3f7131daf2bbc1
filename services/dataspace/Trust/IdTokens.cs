using System.Text.Json.Nodes;
using LivingCity.Dataspace.Peers;
using LivingCity.Dataspace.Protocol;
using Microsoft.Extensions.Options;

namespace LivingCity.Dataspace.Trust;

/// <summary>
/// Self-issued ID tokens (DCP 1.0): who calls says so itself, signed with a key of its DID document, for one audience, once. Inside may be a token that lets the one who is called
/// ask the caller's credential service.
/// </summary>
internal sealed class IdTokens(ParticipantKey key, Participant participant, SignedStatements statements, ShownTokens shown, IOptions<TrustSettings> settings, TimeProvider time)
{
    public const string ScopeByType = "org.eclipse.dspace.dcp.vc.type:";
    public const string ScopeById = "org.eclipse.dspace.dcp.vc.id:";

    /// <summary>What lets an issuer deliver to our credential service: the specification leaves the word for it to each service.</summary>
    public const string ScopeToWrite = "urn:living-city:dcp:write";

    private static readonly TimeSpan Life = TimeSpan.FromMinutes(2);

    /// <summary>A person of the issuer decides, which takes time.</summary>
    private static readonly TimeSpan LifeToWrite = TimeSpan.FromDays(30);
    private static readonly TimeSpan LongestLife = TimeSpan.FromMinutes(10);

    /// <summary>A token of ours for this audience.</summary>
    /// <param name="audience">The DID of who is called.</param>
    /// <param name="access">The token to show there again, when its credential service is asked; null to grant access to ours.</param>
    public string Make(string audience, string? access = null)
    {
        var claims = Claims(participant.Id, audience);
        claims["token"] = access ?? Grant(audience);
        return key.Sign(claims.ToJsonString(), "JWT");
    }

    /// <summary>Whose token this is. It counts once.</summary>
    /// <returns>The caller's DID, and the token with which its credential service may be asked.</returns>
    /// <exception cref="TrustException">The token does not prove it.</exception>
    public async Task<(string Caller, string? Access)> ReadAsync(string jwt, CancellationToken cancellationToken)
    {
        var caller = MessageCheck.Text(SignedStatements.Peek(jwt), "iss") ?? throw new TrustException("The token names no issuer.");
        var token = await statements.ReadAsync(jwt, caller, KeyUse.CapabilityInvocation, cancellationToken);
        Require(MessageCheck.Text(token, "sub") == caller, "The token's subject is not its issuer.");
        Require(IsFor(token, participant.Id), "The token is meant for another audience.");
        Require(!token.ContainsKey("sub_jwk"), "The token must not bring a key of its own.");
        var (now, issued, expires) = (time.GetUtcNow(), SignedStatements.Time(token, "iat"), SignedStatements.Time(token, "exp"));
        Require(issued is not null && expires is not null, "The token must say when it was issued and when it expires.");
        Require(issued <= now + SignedStatements.Leeway, "The token was issued in the future.");
        Require(expires - issued <= LongestLife, $"The token lives longer than {LongestLife.TotalMinutes} minutes.");
        Require(MessageCheck.Text(token, "jti") is { Length: > 0 and <= 200 }, "The token must have an id.");
        Require(await shown.IsFirstAsync(caller, MessageCheck.Text(token, "jti")!, expires!.Value + SignedStatements.Leeway, cancellationToken), "The token was shown before.");
        return (caller, MessageCheck.Text(token, "token"));
    }

    /// <summary>What a token that we gave to this holder opens in our credential service.</summary>
    /// <exception cref="TrustException">We did not give it, not to this one, or it is over.</exception>
    public async Task<IReadOnlyList<string>> GrantedAsync(string access, string holder, CancellationToken cancellationToken)
    {
        Require(MessageCheck.Text(SignedStatements.Peek(access), "iss") == participant.Id, "The access token is another's.");
        var grant = await statements.ReadAsync(access, participant.Id, KeyUse.CapabilityInvocation, cancellationToken);
        Require(IsFor(grant, participant.Id), "The access token is another's.");
        Require(MessageCheck.Text(grant, "sub") == holder, "The access token was given to another.");
        return MessageCheck.Text(grant, "scope")?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [];
    }

    /// <summary>A token with which an issuer may deliver what it was asked for.</summary>
    public string GrantWriting(string issuer) => Grant(issuer, ScopeToWrite, LifeToWrite);

    private string Grant(string holder) => Grant(holder, string.Join(' ', settings.Value.Presents.Select(type => ScopeByType + type)), Life);

    private string Grant(string holder, string scope, TimeSpan life)
    {
        var claims = Claims(holder, participant.Id, life);
        claims["scope"] = scope;
        return key.Sign(claims.ToJsonString(), "at+jwt");
    }

    private JsonObject Claims(string subject, string audience, TimeSpan? life = null)
    {
        var now = time.GetUtcNow();
        return new JsonObject
        {
            ["iss"] = participant.Id,
            ["sub"] = subject,
            ["aud"] = audience,
            ["jti"] = Guid.CreateVersion7().ToString(),
            ["iat"] = now.ToUnixTimeSeconds(),
            ["exp"] = (now + (life ?? Life)).ToUnixTimeSeconds(),
        };
    }

    private static bool IsFor(JsonObject token, string audience) => token["aud"] switch
    {
        JsonValue => MessageCheck.Text(token, "aud") == audience,
        JsonArray { Count: 1 } array => array[0] is JsonValue only && only.TryGetValue<string>(out var text) && text == audience,
        _ => false,
    };

    private static void Require(bool holds, string reason)
    {
        if (!holds)
        {
            throw new TrustException(reason);
        }
    }
}
