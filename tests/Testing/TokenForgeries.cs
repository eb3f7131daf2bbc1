using System.Security.Cryptography;
using System.Text;
using Microsoft.IdentityModel.Tokens;

namespace LivingCity.Testing;

/// <summary>Tokens that every service must refuse with 401, by the name of what is wrong with them.</summary>
public static class TokenForgeries
{
    private static readonly RsaSecurityKey ForeignKey = new(RSA.Create(2048)) { KeyId = "test" };

    private static readonly Dictionary<string, Func<TestIssuer, string>> Forgeries = new()
    {
        ["no algorithm"] = issuer => Unsigned(issuer),
        ["signature cut off"] = issuer => Good(issuer)[..(Good(issuer).LastIndexOf('.') + 1)],
        ["another key"] = issuer => With(issuer, token => token.SigningCredentials = new SigningCredentials(ForeignKey, SecurityAlgorithms.RsaSha256)),
        ["public key as shared secret"] = issuer => With(issuer, token => token.SigningCredentials = new SigningCredentials(
            new SymmetricSecurityKey(Encoding.UTF8.GetBytes(issuer.Key.Rsa.ExportSubjectPublicKeyInfoPem())) { KeyId = "test" }, SecurityAlgorithms.HmacSha256)),
        ["another issuer"] = issuer => With(issuer, token => token.Issuer = "https://elsewhere.example/realms/city"),
        ["another realm"] = issuer => With(issuer, token => token.Issuer = issuer.Authority.Replace("/city", "/master", StringComparison.Ordinal)),
        ["another audience"] = issuer => With(issuer, token => token.Audience = "account"),
        ["no audience"] = issuer => With(issuer, token => token.Audience = null),
        ["expired"] = issuer => With(issuer, token => (token.NotBefore, token.IssuedAt, token.Expires) = (DateTime.UtcNow.AddHours(-2), DateTime.UtcNow.AddHours(-2), DateTime.UtcNow.AddMinutes(-1))),
        ["not valid yet"] = issuer => With(issuer, token => token.NotBefore = DateTime.UtcNow.AddMinutes(5)),
        ["no expiry"] = issuer => With(issuer, token => token.Expires = null),
        ["tampered role"] = Tampered,
        ["not a token"] = _ => "not.a.token",
        ["empty parts"] = _ => "..",
    };

    public static IEnumerable<string> Names => Forgeries.Keys;

    public static string Make(string name, TestIssuer issuer) => Forgeries[name](issuer);

    private static string Good(TestIssuer issuer) => issuer.Token("sofia", "data-officer", "platform-admin");

    private static string With(TestIssuer issuer, Action<SecurityTokenDescriptor> spoil)
    {
        var token = issuer.Describe("sofia", "data-officer", "platform-admin");
        spoil(token);
        return TestIssuer.Sign(token);
    }

    private static string Unsigned(TestIssuer issuer)
    {
        var payload = Good(issuer).Split('.')[1];
        return $"{Base64UrlEncoder.Encode("""{"alg":"none","typ":"JWT"}""")}.{payload}.";
    }

    private static string Tampered(TestIssuer issuer)
    {
        var parts = issuer.Token("sofia", "citizen").Split('.');
        var payload = Base64UrlEncoder.Decode(parts[1]).Replace("citizen", "data-officer", StringComparison.Ordinal);
        return $"{parts[0]}.{Base64UrlEncoder.Encode(payload)}.{parts[2]}";
    }
}
