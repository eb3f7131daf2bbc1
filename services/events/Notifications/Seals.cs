using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using LivingCity.ServiceDefaults.Data;

namespace LivingCity.Events.Notifications;

/// <summary>
/// Links that open one thing without a login: tenant and id, sealed with a key of the installation, one for each purpose. They can be written into every message again, and no secret is kept for them.
/// Safe for concurrent use.
/// </summary>
internal sealed class Seals(Database database, TimeProvider time)
{
    /// <summary>Switches a participant's notices off.</summary>
    public const string Unsubscribe = "unsubscribe";

    /// <summary>Shows a guest's seat and gives it back.</summary>
    public const string Guest = "guest";

    /// <summary>Lets an invited participant into sessions for members.</summary>
    public const string Invitation = "invitation";

    private readonly ConcurrentDictionary<string, byte[]> keys = new();

    public async Task<string> MakeAsync(string purpose, string tenant, Guid id, CancellationToken cancellationToken)
    {
        var content = Encoding.UTF8.GetBytes($"{id:N} {tenant}");
        return $"{Base64Url.EncodeToString(content)}.{Base64Url.EncodeToString(HMACSHA256.HashData(await KeyAsync(purpose, cancellationToken), content))}";
    }

    /// <returns>Null for a link that is none of ours, or of another purpose.</returns>
    public async Task<(string Tenant, Guid Id)?> ReadAsync(string purpose, string? link, CancellationToken cancellationToken)
    {
        if (link is null or { Length: > 400 } || link.Split('.') is not [var content, var seal] || !Base64Url.IsValid(content) || !Base64Url.IsValid(seal))
        {
            return null;
        }

        var written = Base64Url.DecodeFromChars(content);
        return CryptographicOperations.FixedTimeEquals(HMACSHA256.HashData(await KeyAsync(purpose, cancellationToken), written), Base64Url.DecodeFromChars(seal))
            && Encoding.UTF8.GetString(written).Split(' ', 2) is [var id, var tenant] && Guid.TryParse(id, out var found)
            ? (tenant, found) : null;
    }

    private async Task<byte[]> KeyAsync(string purpose, CancellationToken cancellationToken)
    {
        if (keys.TryGetValue(purpose, out var known))
        {
            return known;
        }

        await using var work = await database.BeginAsync(null, cancellationToken);
        await using (var insert = work.Command("INSERT INTO signing_key (purpose, secret, created_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING", purpose, RandomNumberGenerator.GetBytes(32), time.GetUtcNow().ToUniversalTime()))
        {
            await insert.ExecuteNonQueryAsync(cancellationToken);
        }

        await using var read = work.Command("SELECT secret FROM signing_key WHERE purpose = $1", purpose);
        var found = (byte[])(await read.ExecuteScalarAsync(cancellationToken))!;
        await work.CommitAsync(cancellationToken);
        return keys[purpose] = found;
    }
}
