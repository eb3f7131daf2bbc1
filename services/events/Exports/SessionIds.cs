using System.Security.Cryptography;
using System.Text;
using LivingCity.Events.Programme;

namespace LivingCity.Events.Exports;

/// <summary>Ids of sessions for other systems: the same at every export.</summary>
internal static class SessionIds
{
    private static readonly Guid Space = new("5d1f2b0a-6a3e-5c0e-9b1d-2f6d1f0c7a11");

    public static Guid Of(Session session) => session.Guid ?? Named(session.Id);

    /// <summary>A name-based UUID, version 5 (RFC 9562, 5.5).</summary>
    public static Guid Named(string name)
    {
        Span<byte> space = stackalloc byte[16];
        Space.TryWriteBytes(space, bigEndian: true, out _);
#pragma warning disable CA5350 // version 5 is defined by SHA-1; nothing is kept secret by it
        var hash = SHA1.HashData([.. space, .. Encoding.UTF8.GetBytes(name)]);
#pragma warning restore CA5350
        hash[6] = (byte)((hash[6] & 0x0F) | 0x50);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash.AsSpan(0, 16), bigEndian: true);
    }
}
