using System.Security.Cryptography;
using System.Text.Json.Nodes;
using System.Net.Http.Json;
using LivingCity.Dataspace.Tests.Hosting;
using LivingCity.Testing;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace LivingCity.Dataspace.Tests.Trust;

/// <summary>Callers prove who they are with a token of their own and credentials of a trusted issuer; each test spoils one thing of a proof that is otherwise good.</summary>
public sealed class CallerTests(TrustFixture trust) : IClassFixture<TrustFixture>
{
    private static readonly Dictionary<string, (Action<DidActor, JsonObject> Spoil, string Reason)> SpoiltClaims = new()
    {
        ["wrong audience"] = ((_, claims) => claims["aud"] = "did:web:another.example", "another audience"),
        ["two audiences"] = ((_, claims) => claims["aud"] = new JsonArray((string)claims["aud"]!, "did:web:another.example"), "another audience"),
        ["no audience"] = ((_, claims) => claims.Remove("aud"), "another audience"),
        ["another subject"] = ((_, claims) => claims["sub"] = "did:web:another.example", "subject is not its issuer"),
        ["expired"] = ((_, claims) => (claims["iat"], claims["exp"]) = (DidActor.Now - 200, DidActor.Now - 60), "has expired"),
        ["without an end"] = ((_, claims) => claims.Remove("exp"), "when it expires"),
        ["without a beginning"] = ((_, claims) => claims.Remove("iat"), "when it was issued"),
        ["from the future"] = ((_, claims) => (claims["iat"], claims["exp"]) = (DidActor.Now + 100, DidActor.Now + 200), "in the future"),
        ["not yet"] = ((_, claims) => claims["nbf"] = DidActor.Now + 100, "not valid yet"),
        ["for a year"] = ((_, claims) => claims["exp"] = DidActor.Now + 31_536_000, "lives longer"),
        ["a text as time"] = ((_, claims) => claims["exp"] = "tomorrow", "is no time"),
        ["without an id"] = ((_, claims) => claims.Remove("jti"), "must have an id"),
        ["with a key of its own"] = ((_, claims) => claims["sub_jwk"] = new JsonObject(), "key of its own"),
        ["without access to credentials"] = ((_, claims) => claims.Remove("token"), "opens no credential service"),
    };

    private static readonly Dictionary<string, (Action<TrustFixture, DidActor> Spoil, string Reason)> SpoiltProofs = new()
    {
        ["document of another"] = ((_, member) => member.Document["id"] = "did:web:another.example", "is another's"),
        ["no keys"] = ((_, member) => member.Document["verificationMethod"] = new JsonArray(), "no key"),
        ["key not for calling"] = ((_, member) => member.Document.Remove("capabilityInvocation"), "may not be used for capabilityInvocation"),
        ["key not for presenting"] = ((_, member) => member.Document.Remove("authentication"), "may not be used for authentication"),
        ["key controlled by another"] = ((_, member) => member.Document["verificationMethod"]![0]!["controller"] = "did:web:another.example", "another's"),
        ["key of another kind"] = ((_, member) => member.Document["verificationMethod"]![0]!["publicKeyJwk"] = new JsonObject { ["kty"] = "oct", ["k"] = "AAAA" }, "P-256"),
        ["point off the curve"] = ((_, member) => member.Document["verificationMethod"]![0]!["publicKeyJwk"]!["x"] = Base64UrlEncoder.Encode(new byte[32]), "cannot be read"),
        ["no credential service"] = ((_, member) => member.Document.Remove("service"), "no credential service"),
        ["credential service inside"] = ((_, member) => member.Document["service"]![0]!["serviceEndpoint"] = "http://10.0.0.1/", "not a public address"),
        ["credential service in a file"] = ((_, member) => member.Document["service"]![0]!["serviceEndpoint"] = "file:///etc/passwd", "http or https"),
        ["no presentation"] = ((_, member) => member.Present = () => [], "no presentation"),
        ["empty presentation"] = ((_, member) => member.Held.Clear(), "no credentials"),
        ["presentation for another"] = ((_, member) => member.Audience = "did:web:another.example", "meant for another"),
        ["presentation of another"] = ((_, member) => member.Present = () => new JsonArray(member.Presentation(json => json["holder"] = "did:web:another.example")), "another's"),
        ["presentation that is over"] = ((_, member) => member.Present = () => new JsonArray(member.Presentation(json => json["exp"] = DidActor.Now - 60)), "has expired"),
        ["presentation signed by another"] = ((_, member) => member.Present = () => new JsonArray(member.Presentation(key: ECDsa.Create(ECCurve.NamedCurves.nistP256))), "signature does not hold"),
        ["presentation as an object"] = ((_, member) => member.Present = () => new JsonArray(new JsonObject()), "must be a JSON Web Token"),
        ["credential that is bare"] = ((_, member) => member.Present = () => new JsonArray(member.Presentation(json => json["verifiableCredential"] = new JsonArray(member.Held[0]))), "enveloped"),
        ["credential of its own making"] = ((_, member) => Replace(member, member.Sign(member.Credential("MembershipCredential", member.Did))), "is not trusted for"),
        ["credential signed by another in the issuer's name"] = ((trust, member) => Replace(member, trust.Issuer.Sign(trust.Issuer.Credential("MembershipCredential", member.Did), key: member.Key)), "signature does not hold"),
        ["credential signed with the holder's key by name"] = ((trust, member) => Replace(member, member.Sign(trust.Issuer.Credential("MembershipCredential", member.Did))), "no key"),
        ["issuer that is trusted for something else"] = ((trust, member) => Replace(member, trust.CityIssuer.Sign(trust.CityIssuer.Credential("MembershipCredential", member.Did))), "is not trusted for"),
        ["credential of another kind only"] = ((trust, member) => Replace(member, trust.CityIssuer.Sign(trust.CityIssuer.Credential("CityCredential", member.Did))), "MembershipCredential is missing"),
        ["credential about another"] = ((trust, member) => Replace(member, trust.Issuer.Sign(trust.Issuer.Credential("MembershipCredential", "did:web:another.example"))), "is not about"),
        ["credential that has ended"] = ((trust, member) => Replace(member, trust.Issuer.Sign(With(trust.Issuer.Credential("MembershipCredential", member.Did), "validUntil", "2025-01-01T00:00:00Z"))), "not valid now"),
        ["credential for later"] = ((trust, member) => Replace(member, trust.Issuer.Sign(With(trust.Issuer.Credential("MembershipCredential", member.Did), "validFrom", "2999-01-01T00:00:00Z"))), "not valid now"),
        ["credential of the old data model"] = ((trust, member) => Replace(member, trust.Issuer.Sign(With(trust.Issuer.Credential("MembershipCredential", member.Did), "@context", "https://www.w3.org/2018/credentials/v1"))), "not a Verifiable Credential 2.0"),
        ["revoked credential"] = ((trust, member) => Replace(member, trust.Issuer.Sign(trust.Issuer.Credential("MembershipCredential", member.Did, status: trust.Issuer.Status(7)))), "was revoked"),
        ["revoked credential, last of the list"] = ((trust, member) => Replace(member, trust.Issuer.Sign(trust.Issuer.Credential("MembershipCredential", member.Did, status: trust.Issuer.Status(131_071)))), "was revoked"),
        ["suspended credential"] = ((trust, member) => Replace(member, trust.Issuer.Sign(trust.Issuer.Credential("MembershipCredential", member.Did, status: new JsonArray(trust.Issuer.Status(1), trust.Issuer.Status(9, "suspension"))))), "is suspended"),
        ["credential that is not on the list"] = ((trust, member) => Replace(member, trust.Issuer.Sign(trust.Issuer.Credential("MembershipCredential", member.Did, status: trust.Issuer.Status(131_072)))), "not on its status list"),
        ["list that is not there"] = ((trust, member) => Replace(member, trust.Issuer.Sign(trust.Issuer.Credential("MembershipCredential", member.Did, status: With(trust.Issuer.Status(1), "statusListCredential", $"{trust.World.Address}/nowhere")))), "status list cannot be had"),
        ["list for another purpose"] = ((trust, member) => Replace(member, trust.Issuer.Sign(trust.Issuer.Credential("MembershipCredential", member.Did, status: With(trust.Issuer.Status(1), "statusPurpose", "suspension")))), "not the issuer's status list"),
        ["list of another issuer"] = ((trust, member) =>
        {
            trust.CityIssuer.PublishStatus();
            Replace(member, trust.Issuer.Sign(trust.Issuer.Credential("MembershipCredential", member.Did, status: trust.CityIssuer.Status(1))));
        }, "has no key"),
        ["list inside"] = ((trust, member) => Replace(member, trust.Issuer.Sign(trust.Issuer.Credential("MembershipCredential", member.Did, status: With(trust.Issuer.Status(1), "statusListCredential", "http://[::1]/list")))), "not a public address"),
        ["list too short to hide anybody"] = ((trust, member) => FromList(trust, member, bytes: 1024), "too short or too long"),
        ["list that swells"] = ((trust, member) => FromList(trust, member, bytes: 4 * 1024 * 1024), "too short or too long"),
        ["status of an unknown kind"] = ((trust, member) => Replace(member, trust.Issuer.Sign(trust.Issuer.Credential("MembershipCredential", member.Did, status: With(trust.Issuer.Status(1), "type", "StatusList2021Entry")))), "cannot be checked"),
    };

    public static TheoryData<string> Claims => [.. SpoiltClaims.Keys];

    public static TheoryData<string> Proofs => [.. SpoiltProofs.Keys];

    [Fact]
    public async Task Caller_WithATokenOfItsOwnAndAMembership_IsKnown()
    {
        var member = trust.Member();

        var (status, text) = await trust.CallAsync(member.Sign(member.Claims(trust.Did)));

        Assert.True(status == 404, text);
        var (authorization, query) = Assert.Single(member.Queries);
        Assert.Equal("PresentationQueryMessage", (string)query["type"]!);
        Assert.Equal("org.eclipse.dspace.dcp.vc.type:MembershipCredential", (string)query["scope"]!.AsArray().Single()!);
        var asked = new JsonWebToken(authorization["Bearer ".Length..]);
        Assert.Equal((trust.Did, trust.Did, member.Did, "an access token of mine"), (asked.Issuer, asked.Subject, asked.Audiences.Single(), asked.GetClaim("token").Value));
    }

    [Theory]
    [MemberData(nameof(Claims))]
    public async Task Token_WithASpoiltClaim_IsRefused(string name)
    {
        var member = trust.Member();
        var claims = member.Claims(trust.Did);
        SpoiltClaims[name].Spoil(member, claims);

        var (status, text) = await trust.CallAsync(member.Sign(claims));

        Assert.Equal(401, status);
        Assert.Contains(SpoiltClaims[name].Reason, text, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Proofs))]
    public async Task Proof_WithOneThingSpoilt_IsRefused(string name)
    {
        var member = trust.Member();
        SpoiltProofs[name].Spoil(trust, member);

        var (status, text) = await trust.CallAsync(member.Sign(member.Claims(trust.Did)));

        Assert.Equal(401, status);
        Assert.True(text.Replace("\\u0027", "'", StringComparison.Ordinal).Contains(SpoiltProofs[name].Reason, StringComparison.Ordinal), text);
    }

    [Fact]
    public async Task Token_ShownTwice_IsRefusedTheSecondTimeOnEveryReplica()
    {
        var member = trust.Member();
        var token = member.Sign(member.Claims(trust.Did));
        await using var replica = await trust.ConnectorAsync("sofia", trust.Host);

        var first = await trust.CallAsync(token);
        var second = await trust.CallAsync(token, replica);
        var third = await trust.CallAsync(token);

        Assert.Equal((404, 401, 401), (first.Status, second.Status, third.Status));
        Assert.Contains("shown before", second.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Token_ShownFiftyTimesAtOnce_CountsOnce()
    {
        var member = trust.Member();
        var token = member.Sign(member.Claims(trust.Did));

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => trust.CallAsync(token)));

        Assert.Single(answers, answer => answer.Status == 404);
        Assert.Equal(49, answers.Count(answer => answer.Status == 401));
    }

    [Fact]
    public async Task Token_SignedOtherwiseThanWithTheKeyOfItsIssuer_IsRefused()
    {
        var member = trust.Member();
        var claims = () => member.Claims(trust.Did).ToJsonString();
        using var another = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var point = member.Key.ExportParameters(false).Q;
        static string Part(string json) => Base64UrlEncoder.Encode(json);
        string Confused(byte[] secret)
        {
            var text = $"{Part($$"""{"alg":"HS256","typ":"JWT","kid":"{{member.Did}}#key-1"}""")}.{Part(claims())}";
            return $"{text}.{Base64UrlEncoder.Encode(HMACSHA256.HashData(secret, System.Text.Encoding.ASCII.GetBytes(text)))}";
        }

        foreach (var (token, reason) in new[]
        {
            ($"{Part("""{"alg":"none"}""")}.{Part(claims())}.", "Only ES256"),
            ($"{Part("""{"alg":"ES256"}""")}.{Part(claims())}.", "signature does not hold"),
            (Confused([.. point.X!, .. point.Y!]), "Only ES256"),
            (Confused(member.Key.ExportSubjectPublicKeyInfo()), "Only ES256"),
            (member.Sign(member.Claims(trust.Did), key: another), "signature does not hold"),
            (member.Sign(member.Claims(trust.Did), kid: $"{trust.Issuer.Did}#key-1"), "no key"),
            (member.Sign(member.Claims(trust.Did), kid: $"{member.Did}#key-2"), "no key"),
            (Spoilt(member.Sign(member.Claims(trust.Did))), "signature does not hold"),
        })
        {
            var (status, text) = await trust.CallAsync(token);
            Assert.Equal(401, status);
            Assert.Contains(reason, text, StringComparison.Ordinal);
        }

        // No name of a key: fine with one key, ambiguous with two.
        Assert.Equal(404, (await trust.CallAsync(member.Sign(member.Claims(trust.Did), kid: null))).Status);
        member.Document["verificationMethod"]!.AsArray().Add(member.Method("key-2", another));
        Assert.Contains("names no key", (await trust.CallAsync(member.Sign(member.Claims(trust.Did), kid: null))).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Claims_ThatSayOneThingTwice_AreRefused()
    {
        var member = trust.Member();
        var claims = member.Claims("did:web:another.example").ToJsonString();
        var twice = claims.Insert(1, $"\"aud\":\"{trust.Did}\",");
        var handler = new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false };
        var parts = handler.CreateToken(claims, new SigningCredentials(new ECDsaSecurityKey(member.Key) { KeyId = $"{member.Did}#key-1" }, SecurityAlgorithms.EcdsaSha256)).Split('.');
        var text = $"{parts[0]}.{Base64UrlEncoder.Encode(twice)}";

        var (status, _) = await trust.CallAsync($"{text}.{Base64UrlEncoder.Encode(member.Key.SignData(System.Text.Encoding.ASCII.GetBytes(text), HashAlgorithmName.SHA256))}");

        Assert.Equal(401, status);
    }

    [Fact]
    public async Task Caller_WhoWasShutOut_IsRefusedInSpiteOfItsCredentials()
    {
        var member = trust.Member();
        using var admin = trust.Host.As("sofia", "city-admin");
        using var shut = await admin.PutAsJsonAsync($"/api/dataspace/v1/peers/{member.Did.Replace("%", "%25", StringComparison.Ordinal)}", new { name = "x", active = false }, TestContext.Current.CancellationToken);
        Assert.True(shut.IsSuccessStatusCode, await shut.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));

        var (status, text) = await trust.CallAsync(member.Sign(member.Claims(trust.Did)));

        Assert.Equal(401, status);
        Assert.Contains("shut out", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task DidDocument_AtAnAddressInside_IsNeverFetched()
    {
        await using var closed = await ServiceHost<Program>.StartAsync(trust.Servers, trust.Settings("closed", ("Outgoing:AllowedNetworks:0", "203.0.113.0/24")));
        var port = new Uri(trust.World.Address).Port;
        foreach (var host in (string[])[$"127.0.0.1%3A{port}", $"localhost%3A{port}", "10.0.0.1", "169.254.169.254", $"%5B%3A%3A1%5D%3A{port}", $"%5B%3A%3Affff%3A127.0.0.1%5D%3A{port}", "2130706433", "user%40127.0.0.1", "127.0.0.1%2Fx%3F"])
        {
            var before = trust.World.Asked.Count;
            var member = trust.Member();
            var claims = member.Claims(trust.World.Did("closed"));
            var did = $"did:web:{host}:{member.Did.Split(':')[^1]}";
            (claims["iss"], claims["sub"]) = (did, did);

            var (status, text) = await trust.CallAsync(member.Sign(claims, kid: null), closed);

            Assert.True(status == 401, $"{host}: {status} {text}");
            Assert.Equal(before, trust.World.Asked.Count);
        }
    }

    [Fact]
    public async Task DidDocument_BehindARedirectInside_IsNotFollowed()
    {
        var member = trust.Member();
        var name = member.Did.Split(':')[^1];
        trust.World.Answers[$"{name}/did.json"] = _ => Task.FromResult(Microsoft.AspNetCore.Http.Results.Redirect("http://10.1.2.3/did.json"));

        var (status, text) = await trust.CallAsync(member.Sign(member.Claims(trust.Did)));

        Assert.Equal(401, status);
        Assert.Contains("public address", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Credential_RevokedBetweenTwoCalls_EndsTheAccess()
    {
        var member = trust.Member();
        member.Held.Clear();
        var issuer = trust.Issuer;
        issuer.PublishStatus("revocation", set: [7, 131_071]);
        member.Held.Add(issuer.Sign(issuer.Credential("MembershipCredential", member.Did, status: issuer.Status(500))));
        Assert.Equal(404, (await trust.CallAsync(member.Sign(member.Claims(trust.Did)))).Status);

        issuer.PublishStatus("revocation", set: [7, 500, 131_071]);
        var (status, text) = await trust.CallAsync(member.Sign(member.Claims(trust.Did)));

        Assert.Equal(401, status);
        Assert.Contains("revoked", text, StringComparison.Ordinal);
    }

    private static JsonObject With(JsonObject json, string name, JsonNode value)
    {
        json[name] = value;
        return json;
    }

    private static void Replace(DidActor member, string credential)
    {
        member.Held.Clear();
        member.Held.Add(credential);
    }

    private static void FromList(TrustFixture trust, DidActor member, int bytes)
    {
        trust.CityIssuer.PublishStatus(bytes: bytes);
        member.Held.Add(trust.CityIssuer.Sign(trust.CityIssuer.Credential("CityCredential", member.Did, status: trust.CityIssuer.Status(1))));
    }

    private static string Spoilt(string token) => token[..^4] + (token[^4] == 'A' ? 'B' : 'A') + token[^3..];
}
