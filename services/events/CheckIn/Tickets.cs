using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace LivingCity.Events.CheckIn;

/// <summary>A ticket is <c>LC1.event.participant.signature</c>: 16 octets of a random id, and an ECDSA signature (P-256, SHA-256, IEEE P1363) over what stands before it. It names nobody.</summary>
internal static class Tickets
{
    private const string Version = "LC1";

    public static string Make(ECDsa key, string eventId, Guid participant)
    {
        var content = $"{Version}.{eventId}.{Base64Url.EncodeToString(participant.ToByteArray(bigEndian: true))}";
        return $"{content}.{Base64Url.EncodeToString(key.SignData(Encoding.ASCII.GetBytes(content), HashAlgorithmName.SHA256))}";
    }

    /// <returns>The participant, or null for a ticket of another event or none of ours.</returns>
    public static Guid? Read(ECDsa key, string eventId, string ticket)
    {
        if (ticket.Length > 400 || ticket.Split('.') is not [Version, var ofEvent, var id, var signature] || ofEvent != eventId || !Base64Url.IsValid(id) || !Base64Url.IsValid(signature))
        {
            return null;
        }

        var (participant, signed) = (Base64Url.DecodeFromChars(id), Base64Url.DecodeFromChars(signature));
        return participant.Length == 16 && key.VerifyData(Encoding.ASCII.GetBytes($"{Version}.{ofEvent}.{id}"), signed, HashAlgorithmName.SHA256) ? new Guid(participant, bigEndian: true) : null;
    }
}
