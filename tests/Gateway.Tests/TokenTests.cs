using System.Net;
using System.Security.Cryptography;
using System.Text;
using LivingCity.Gateway.Tests.Hosting;
using LivingCity.Testing;
using Microsoft.IdentityModel.Tokens;

namespace LivingCity.Gateway.Tests;

public sealed class TokenTests(Platform platform)
{
    private const string Path = "/api/twin/v1/scenarios";

    public static TheoryData<string> Attacks => [.. AttackTable.Keys];

    private static Dictionary<string, Func<TestIssuer, string>> AttackTable => new()
    {
        ["no signature (alg none)"] = realm => realm.PlannerToken(token => token.SigningCredentials = null),
        ["alg none in any case"] = realm => Reheader(realm.PlannerToken(), """{"alg":"nOnE","typ":"JWT"}""", signature: ""),
        ["HMAC with the public key as secret"] = realm => realm.PlannerToken(token => token.SigningCredentials = new SigningCredentials(
            new SymmetricSecurityKey(Encoding.ASCII.GetBytes(realm.Key.Rsa.ExportSubjectPublicKeyInfoPem())) { KeyId = realm.Key.KeyId }, SecurityAlgorithms.HmacSha256)),
        ["signed with another key"] = realm => realm.PlannerToken(token => token.SigningCredentials = Stranger("another-key")),
        ["signed with another key under the realm's key id"] = realm => realm.PlannerToken(token => token.SigningCredentials = Stranger(realm.Key.KeyId)),
        ["key brought along in the header"] = realm => Reheader(realm.PlannerToken(), """{"alg":"RS256","typ":"JWT","jwk":{"kty":"RSA","n":"AQAB","e":"AQAB"}}"""),
        ["wrong issuer"] = realm => realm.PlannerToken(token => token.Issuer = "https://attacker.example/realms/city"),
        ["other realm of the same provider"] = realm => realm.PlannerToken(token => token.Issuer = realm.Authority.Replace("/city", "/other", StringComparison.Ordinal)),
        ["no issuer"] = realm => realm.PlannerToken(token => token.Issuer = null),
        ["wrong audience"] = realm => realm.PlannerToken(token => token.Audience = "account"),
        ["no audience"] = realm => realm.PlannerToken(token => token.Audience = null),
        ["expired"] = realm => realm.PlannerToken(token => (token.NotBefore, token.Expires) = (DateTime.UtcNow.AddHours(-2), DateTime.UtcNow.AddHours(-1))),
        ["without end"] = realm => realm.PlannerToken(token => token.Expires = null),
        ["not yet valid"] = realm => realm.PlannerToken(token => (token.NotBefore, token.Expires) = (DateTime.UtcNow.AddHours(1), DateTime.UtcNow.AddHours(2))),
        ["tampered role"] = realm => Repayload(realm.PlannerToken(), payload => payload.Replace("\"planner\"", "\"platform-admin\"", StringComparison.Ordinal)),
        ["tampered city"] = realm => Repayload(realm.PlannerToken(), payload => payload.Replace("\"sofia\"", "\"sant-boi\"", StringComparison.Ordinal)),
        ["no token at all"] = _ => "",
        ["something else"] = _ => "abc.def.ghi",
    };

    [Theory]
    [MemberData(nameof(Attacks))]
    public async Task Token_ThatIsNotValid_IsRefusedForReadingAndWriting(string attack)
    {
        var token = AttackTable[attack](platform.Realm);
        using var client = platform.Gateway.Connect();
        client.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", $"Bearer {token}");

        using var read = await client.GetAsync(Path, []);
        using var write = await client.PostAsync(Path);

        await read.ProblemAsync(HttpStatusCode.Unauthorized, "http-401");
        await write.ProblemAsync(HttpStatusCode.Unauthorized, "http-401");
        Assert.Equal("Bearer", Assert.Single(read.Headers.WwwAuthenticate).Scheme);
    }

    [Theory]
    [InlineData("Basic dXNlcjpwYXNzd29yZA==")]
    [InlineData("Digest username=\"a\"")]
    public async Task OtherScheme_IsRefused(string authorization)
    {
        using var client = platform.Gateway.Connect();
        using var answer = await client.GetAsync(Path, ("Authorization", authorization));

        await answer.ProblemAsync(HttpStatusCode.Unauthorized, "http-401");
    }

    [Fact]
    public async Task ValidToken_ReachesTheService_WhichChecksItAgain()
    {
        var token = platform.Realm.PlannerToken();
        using var client = platform.Gateway.Connect(token);
        using var read = await client.GetAsync(Path, []);
        using var write = await client.PostAsync(Path);

        Assert.Equal($"Bearer {token}", (await read.EchoAsync()).Header("authorization"));
        Assert.Equal($"Bearer {token}", (await write.EchoAsync()).Header("authorization"));
    }

    [Fact]
    public async Task WithoutToken_ReadingIsLeftToTheService_WritingIsNot()
    {
        using var client = platform.Gateway.Connect();
        using var read = await client.GetAsync(Path, []);
        using var write = await client.PostAsync(Path);
        using var query = await client.PostAsync("/ngsi-ld/v1/entityOperations/query");

        await read.EchoAsync();
        await write.ProblemAsync(HttpStatusCode.Unauthorized, "http-401");
        await query.EchoAsync();
    }

    [Fact]
    public async Task TokenWithoutCity_MayNotWrite()
    {
        using var client = platform.Gateway.Connect(platform.Realm.PlannerToken(token => token.Claims.Remove("city")));
        using var answer = await client.PostAsync(Path);

        await answer.ProblemAsync(HttpStatusCode.Forbidden, "http-403");
    }

    [Fact]
    public async Task RealmThatDoesNotAnswer_IsNotTheCallersFault()
    {
        await using var gateway = platform.StartGateway(("Authentication:Authority", "http://127.0.0.1:1/realms/city"));
        using var known = gateway.Connect(platform.Realm.PlannerToken());
        using var anonymous = gateway.Connect();
        using var checkedInVain = await known.GetAsync(Path, []);
        using var withoutToken = await anonymous.GetAsync(Path, []);

        await checkedInVain.ProblemAsync(HttpStatusCode.ServiceUnavailable, "unavailable");
        await withoutToken.EchoAsync();
    }

    [Fact]
    public async Task SameToken_AfterItsEnd_IsRefused()
    {
        var token = platform.Realm.PlannerToken(content => content.Expires = DateTime.UtcNow.AddSeconds(-8));
        using var client = platform.Gateway.Connect(token);
        using var within = await client.GetAsync(Path, []);
        await within.EchoAsync();

        // Ten seconds of clock difference are forgiven, two of them are left.
        await Answers.EventuallyAsync(async () =>
        {
            using var answer = await client.GetAsync(Path, []);
            return answer.StatusCode == HttpStatusCode.Unauthorized;
        });
    }

    private static SigningCredentials Stranger(string id) => new(new RsaSecurityKey(RSA.Create(2048)) { KeyId = id }, SecurityAlgorithms.RsaSha256);

    private static string Reheader(string token, string header, string? signature = null)
    {
        var parts = token.Split('.');
        return $"{Base64UrlEncoder.Encode(header)}.{parts[1]}.{signature ?? parts[2]}";
    }

    private static string Repayload(string token, Func<string, string> change)
    {
        var parts = token.Split('.');
        var payload = Base64UrlEncoder.Decode(parts[1]);
        var changed = change(payload);
        Assert.NotEqual(payload, changed);
        return $"{parts[0]}.{Base64UrlEncoder.Encode(changed)}.{parts[2]}";
    }
}
