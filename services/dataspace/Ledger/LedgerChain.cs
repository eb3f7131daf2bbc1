using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace LivingCity.Dataspace.Ledger;

/// <summary>One entry of a ledger.</summary>
/// <param name="Number">1, 2, 3, ...</param>
/// <param name="At">When; microseconds count, as the database keeps them.</param>
/// <param name="Kind"><c>granted</c>, <c>refused</c>, <c>used</c>, <c>denied</c>, <c>received</c>, <c>deleted</c>, <c>overdue</c>.</param>
/// <param name="Body">JSON, kept to the letter.</param>
/// <param name="Previous">The hash of the entry before; zeros for the first.</param>
/// <param name="Hash">SHA-256 over all of it.</param>
internal sealed record LedgerEntry(long Number, DateTime At, string Kind, string Body, byte[] Previous, byte[] Hash);

/// <summary>Hash chains. Pure.</summary>
internal static class LedgerChain
{
    public static readonly byte[] Start = new byte[32];

    public static LedgerEntry Append(string agreement, long number, DateTimeOffset at, string kind, string body, byte[] previous)
    {
        var micro = new DateTime(at.UtcTicks - (at.UtcTicks % 10), DateTimeKind.Utc);
        return new LedgerEntry(number, micro, kind, body, previous, Hash(agreement, number, micro, kind, body, previous));
    }

    /// <summary>Where a chain breaks, in words, or null when it is whole.</summary>
    public static string? Break(string agreement, IEnumerable<LedgerEntry> entries, long expected, byte[] head)
    {
        var (number, previous) = (0L, Start);
        foreach (var entry in entries)
        {
            number++;
            if (entry.Number != number)
            {
                return $"Entry {number} is missing.";
            }

            if (!entry.Previous.AsSpan().SequenceEqual(previous))
            {
                return $"Entry {number} does not follow the one before it.";
            }

            if (!entry.Hash.AsSpan().SequenceEqual(Hash(agreement, entry.Number, entry.At, entry.Kind, entry.Body, entry.Previous)))
            {
                return $"Entry {number} was changed.";
            }

            previous = entry.Hash;
        }

        return number != expected ? $"The ledger ends at entry {number}, and {expected} were written." : !previous.AsSpan().SequenceEqual(head) ? "The last entry is not the one that was written last." : null;
    }

    /// <summary>Each part preceded by its length, so that no two entries read the same.</summary>
    private static byte[] Hash(string agreement, long number, DateTime at, string kind, string body, byte[] previous)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> integer = stackalloc byte[8];
        foreach (var value in (ReadOnlySpan<long>)[number, at.Ticks])
        {
            BinaryPrimitives.WriteInt64BigEndian(integer, value);
            hash.AppendData(integer);
        }

        foreach (var part in (byte[][])[Encoding.UTF8.GetBytes(agreement), Encoding.UTF8.GetBytes(kind), Encoding.UTF8.GetBytes(body), previous])
        {
            BinaryPrimitives.WriteInt64BigEndian(integer, part.Length);
            hash.AppendData(integer);
            hash.AppendData(part);
        }

        return hash.GetHashAndReset();
    }
}
