using System.Collections.Concurrent;
using System.Globalization;
using System.IO.Compression;
using System.Text.Json.Nodes;
using LivingCity.Dataspace.Protocol;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;

namespace LivingCity.Dataspace.Trust;

/// <summary>
/// Tells whether a credential was taken back (W3C Bitstring Status List 1.0). A list is itself a credential of the same issuer. A status that cannot be read is as good as taken back.
/// </summary>
internal sealed class StatusLists(TrustClient client, SignedStatements statements, IOptions<TrustSettings> settings, TimeProvider time)
{
    private const int Capacity = 200;

    /// <summary>The shortest list that hides who is looked up (2.1: 131,072 entries), and the longest that is read.</summary>
    private const int MinBytes = 16 * 1024;
    private const int MaxBytes = 2 * 1024 * 1024;

    private readonly ConcurrentDictionary<(string Address, string Issuer, string Purpose), (byte[] Bits, DateTimeOffset Until)> known = new();

    /// <exception cref="TrustException">It was taken back, or nobody can say.</exception>
    public async Task RequireInForceAsync(JsonNode? status, string issuer, CancellationToken cancellationToken)
    {
        foreach (var node in status is JsonArray several ? [.. several] : status is null ? [] : (JsonNode?[])[status])
        {
            if (node is not JsonObject entry || MessageCheck.Text(entry, "type") != "BitstringStatusListEntry"
                || MessageCheck.Text(entry, "statusPurpose") is not ("revocation" or "suspension") || MessageCheck.Text(entry, "statusListCredential") is not { } address || Index(entry) is not { } index)
            {
                throw new TrustException("The status of a credential is of a kind that cannot be checked.");
            }

            var purpose = MessageCheck.Text(entry, "statusPurpose")!;
            var bits = await ListAsync(address, issuer, purpose, cancellationToken);
            if (index >= bits.Length * 8L)
            {
                throw new TrustException("A credential is not on its status list.");
            }

            // The first entry is the leftmost bit (3.2).
            if ((bits[index / 8] & (0x80 >> (int)(index % 8))) != 0)
            {
                throw new TrustException(purpose == "revocation" ? "A credential was revoked." : "A credential is suspended.");
            }
        }
    }

    private async Task<byte[]> ListAsync(string address, string issuer, string purpose, CancellationToken cancellationToken)
    {
        if (known.TryGetValue((address, issuer, purpose), out var entry) && entry.Until > time.GetUtcNow())
        {
            return entry.Bits;
        }

        var list = await statements.ReadAsync((await client.GetAsync(address, "status list", cancellationToken)).Trim(), issuer, KeyUse.AssertionMethod, cancellationToken);
        if (Credentials.IssuerOf(list) != issuer || !Credentials.Texts(list["type"]).Contains("BitstringStatusListCredential") || Credentials.Moment(list, "validUntil") < time.GetUtcNow()
            || list["credentialSubject"] is not JsonObject subject || MessageCheck.Text(subject, "type") != "BitstringStatusList" || !Credentials.Texts(subject["statusPurpose"]).Contains(purpose))
        {
            throw new TrustException("This is not the issuer's status list.");
        }

        var bits = Expand(MessageCheck.Text(subject, "encodedList"));
        if (known.Count > Capacity)
        {
            known.Clear();
        }

        known[(address, issuer, purpose)] = (bits, time.GetUtcNow() + settings.Value.Memory);
        return bits;
    }

    /// <summary>A list is compressed, then base64url with the multibase prefix <c>u</c> (2.2).</summary>
    private static byte[] Expand(string? encoded)
    {
        try
        {
            using var packed = new MemoryStream(Base64UrlEncoder.DecodeBytes(encoded is ['u', .. var text] ? text : throw new TrustException("The status list is not in multibase.")));
            using var unpacked = new GZipStream(packed, CompressionMode.Decompress);
            var bits = new byte[MaxBytes + 1];
            var length = unpacked.ReadAtLeast(bits, bits.Length, throwOnEndOfStream: false);
            return length is >= MinBytes and <= MaxBytes ? bits[..length] : throw new TrustException("The status list is too short or too long.");
        }
        catch (Exception exception) when (exception is FormatException or InvalidDataException or ArgumentException)
        {
            throw new TrustException("The status list cannot be read.");
        }
    }

    private static long? Index(JsonObject entry) => long.TryParse(entry["statusListIndex"]?.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? index : null;
}
