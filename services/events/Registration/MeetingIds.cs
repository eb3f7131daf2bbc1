using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace LivingCity.Events.Registration;

/// <summary>Ids of places that come with another seat.</summary>
internal static class MeetingIds
{
    /// <summary>The same wherever the log is replayed, and never twice: no ticket of a session is given again.</summary>
    public static Guid Of(Guid cause, Seats meeting)
    {
        var name = Encoding.UTF8.GetBytes(meeting.Session);
        var content = new byte[24 + name.Length];
        cause.TryWriteBytes(content, bigEndian: true, out _);
        BinaryPrimitives.WriteInt64BigEndian(content.AsSpan(16), meeting.NextTicket);
        name.CopyTo(content, 24);
        return new Guid(SHA256.HashData(content).AsSpan(0, 16), bigEndian: true);
    }
}
