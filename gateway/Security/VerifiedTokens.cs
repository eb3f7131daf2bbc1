using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Authentication;

namespace LivingCity.Gateway.Security;

/// <summary>
/// Remembers for a while which tokens were found valid: checking a signature costs more than all else that the gateway does for a request.
/// Keyed by SHA-256, so that no token stays in memory and none can be made to collide. Safe for concurrent use.
/// </summary>
internal sealed class VerifiedTokens(TimeProvider time)
{
    /// <summary>How long a key that the realm has withdrawn may still be believed, at most.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    private const int PerGeneration = 10_000;

    // Two generations bound the memory without any bookkeeping on reads: a full one pushes the older one out.
    private volatile ConcurrentDictionary<Key, Entry> younger = new();
    private volatile ConcurrentDictionary<Key, Entry> older = new();

    public bool TryGet(string authorization, [NotNullWhen(true)] out AuthenticationTicket? ticket)
    {
        var key = Key.Of(authorization);
        if ((younger.TryGetValue(key, out var entry) || older.TryGetValue(key, out entry)) && entry.Until > time.GetUtcNow())
        {
            ticket = entry.Ticket;
            return true;
        }

        ticket = null;
        return false;
    }

    public void Add(string authorization, AuthenticationTicket ticket)
    {
        var latest = time.GetUtcNow() + Longest;
        var until = ticket.Properties.ExpiresUtc is { } end && end < latest ? end : latest;
        if (younger.Count >= PerGeneration)
        {
            older = younger;
            younger = new();
        }

        younger[Key.Of(authorization)] = new Entry(ticket, until);
    }

    private sealed record Entry(AuthenticationTicket Ticket, DateTimeOffset Until);

    private readonly record struct Key(UInt128 High, UInt128 Low)
    {
        public static Key Of(string text)
        {
            Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
            var length = Encoding.UTF8.GetMaxByteCount(text.Length);
            Span<byte> bytes = length <= 8192 ? stackalloc byte[length] : new byte[length];
            SHA256.HashData(bytes[..Encoding.UTF8.GetBytes(text, bytes)], hash);
            return new Key(BitConverter.ToUInt128(hash), BitConverter.ToUInt128(hash[16..]));
        }
    }
}
