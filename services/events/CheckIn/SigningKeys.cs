using System.Security.Cryptography;
using LivingCity.ServiceDefaults.Data;

namespace LivingCity.Events.CheckIn;

/// <summary>The installation's key for tickets (ECDSA on P-256). It is made at the first use; scanners get the public part. Safe for concurrent use.</summary>
internal sealed class SigningKeys(Database database, TimeProvider time) : IDisposable
{
    private readonly SemaphoreSlim gate = new(1);
    private ECDsa? key;

    public async Task<ECDsa> TicketsAsync(CancellationToken cancellationToken)
    {
        if (key is not null)
        {
            return key;
        }

        await gate.WaitAsync(cancellationToken);
        try
        {
            return key ??= await LoadAsync(cancellationToken);
        }
        finally
        {
            gate.Release();
        }
    }

    public void Dispose()
    {
        key?.Dispose();
        gate.Dispose();
    }

    private async Task<ECDsa> LoadAsync(CancellationToken cancellationToken)
    {
        using var fresh = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await using var work = await database.BeginAsync(null, cancellationToken);
        await using (var insert = work.Command("INSERT INTO signing_key (purpose, secret, created_at) VALUES ('tickets', $1, $2) ON CONFLICT DO NOTHING", fresh.ExportPkcs8PrivateKey(), time.GetUtcNow().ToUniversalTime()))
        {
            await insert.ExecuteNonQueryAsync(cancellationToken);
        }

        await using var read = work.Command("SELECT secret FROM signing_key WHERE purpose = 'tickets'");
        var secret = (byte[])(await read.ExecuteScalarAsync(cancellationToken))!;
        await work.CommitAsync(cancellationToken);
        var loaded = ECDsa.Create();
        loaded.ImportPkcs8PrivateKey(secret, out _);
        return loaded;
    }
}
