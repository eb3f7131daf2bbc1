using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using LivingCity.ServiceDefaults.Data;
using LivingCity.ServiceDefaults.Security;

namespace LivingCity.Assessment.Answers;

/// <summary>A public key (RFC 7517).</summary>
internal sealed record PublicKey(string Kty, string Crv, string X, string Y);

/// <summary>
/// The key that packages are signed with (P-256): <c>Signing:Key</c> as PEM, or one that the installation makes at first use and keeps in its database. Its id is its thumbprint (RFC 7638).
/// </summary>
internal sealed class SigningKey(IConfiguration configuration, Database database, TimeProvider time) : IDisposable
{
    private readonly SemaphoreSlim one = new(1);
    private Loaded? loaded;

    public async Task<Loaded> GetAsync(CancellationToken cancellationToken)
    {
        await one.WaitAsync(cancellationToken);
        try
        {
            return loaded ??= await LoadAsync(cancellationToken);
        }
        finally
        {
            one.Release();
        }
    }

    public void Dispose()
    {
        one.Dispose();
        loaded?.Key.Dispose();
    }

    private async Task<Loaded> LoadAsync(CancellationToken cancellationToken)
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        if (configuration["Signing:Key"] is { Length: > 0 } pem)
        {
            key.ImportFromPem(pem);
            return Loaded.Of(key);
        }

        // In a transaction of its own: a package that is not kept must not take its key with it. Another replica may be first: what is stored counts.
        await using var work = await database.BeginAsync(null, cancellationToken);
        await using var insert = work.Command("INSERT INTO signing_key (pkcs8, created_at) VALUES ($1, $2) ON CONFLICT DO NOTHING", key.ExportPkcs8PrivateKey(), time.GetUtcNow());
        await insert.ExecuteNonQueryAsync(cancellationToken);
        await using var read = work.Command("SELECT pkcs8 FROM signing_key");
        var stored = (byte[])(await read.ExecuteScalarAsync(cancellationToken))!;
        await work.CommitAsync(cancellationToken);
        key.ImportPkcs8PrivateKey(stored, out _);
        return Loaded.Of(key);
    }

    /// <summary>A key with its id.</summary>
    internal sealed record Loaded(string Id, ECDsa Key, PublicKey Public)
    {
        public static Loaded Of(ECDsa key)
        {
            var point = key.ExportParameters(includePrivateParameters: false).Q;
            var pub = new PublicKey("EC", "P-256", Base64Url.EncodeToString(point.X), Base64Url.EncodeToString(point.Y));
            var thumbprint = SHA256.HashData(Encoding.UTF8.GetBytes($$"""{"crv":"{{pub.Crv}}","kty":"{{pub.Kty}}","x":"{{pub.X}}","y":"{{pub.Y}}"}"""));
            return new Loaded(Base64Url.EncodeToString(thumbprint), key, pub);
        }
    }
}

internal static class SigningKeyEndpoints
{
    public static void MapSigningKeys(this IEndpointRouteBuilder routes) => routes.MapGet("/signing-keys", async (SigningKey keys, CancellationToken cancellationToken) =>
    {
        var key = await keys.GetAsync(cancellationToken);
        return TypedResults.Ok(new { keys = new[] { new { key.Public.Kty, key.Public.Crv, key.Public.X, key.Public.Y, kid = key.Id, use = "sig", alg = "ES256" } } });
    }).RequireAuthorization(Access.Public).WithTags("Assessments").WithSummary("The public keys of signed packages (JWK set), to be kept by who verifies them.");
}
