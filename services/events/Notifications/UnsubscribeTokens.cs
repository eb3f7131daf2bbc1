using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using LivingCity.ServiceDefaults.Data;

namespace LivingCity.Events.Notifications;

/// <summary>Links that switch notices off without a login: tenant and participant, sealed with a key of the installation. Safe for concurrent use.</summary>
internal sealed class UnsubscribeTokens(Database database, TimeProvider time)
{
    private byte[]? key;

    public async Task<string> MakeAsync(string tenant, Guid participant, CancellationToken cancellationToken)
    {
        var content = Encoding.UTF8.GetBytes($"{participant:N} {tenant}");
        return $"{Base64Url.EncodeToString(content)}.{Base64Url.EncodeToString(HMACSHA256.HashData(await KeyAsync(cancellationToken), content))}";
    }

    /// <returns>Null for a link that is none of ours.</returns>
    public async Task<(string Tenant, Guid Participant)?> ReadAsync(string token, CancellationToken cancellationToken)
    {
        if (token.Length > 400 || token.Split('.') is not [var content, var seal] || !Base64Url.IsValid(content) || !Base64Url.IsValid(seal))
        {
            return null;
        }

        var written = Base64Url.DecodeFromChars(content);
        return CryptographicOperations.FixedTimeEquals(HMACSHA256.HashData(await KeyAsync(cancellationToken), written), Base64Url.DecodeFromChars(seal))
            && Encoding.UTF8.GetString(written).Split(' ', 2) is [var id, var tenant] && Guid.TryParse(id, out var participant)
            ? (tenant, participant) : null;
    }

    private async Task<byte[]> KeyAsync(CancellationToken cancellationToken)
    {
        if (key is not null)
        {
            return key;
        }

        await using var work = await database.BeginAsync(null, cancellationToken);
        await using (var insert = work.Command("INSERT INTO signing_key (purpose, secret, created_at) VALUES ('unsubscribe', $1, $2) ON CONFLICT DO NOTHING", RandomNumberGenerator.GetBytes(32), time.GetUtcNow().ToUniversalTime()))
        {
            await insert.ExecuteNonQueryAsync(cancellationToken);
        }

        await using var read = work.Command("SELECT secret FROM signing_key WHERE purpose = 'unsubscribe'");
        var found = (byte[])(await read.ExecuteScalarAsync(cancellationToken))!;
        await work.CommitAsync(cancellationToken);
        return key = found;
    }
}
