using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Nodes;
using Dapper;
using LivingCity.Dataspace.Peers;
using LivingCity.Dataspace.Protocol;
using LivingCity.ServiceDefaults.Data;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;

namespace LivingCity.Dataspace.Trust.Issuance;

/// <summary>A request for credentials, on the side of who issues them.</summary>
internal sealed record Issuance
{
    public required string IssuerPid { get; init; }

    public required string Holder { get; init; }

    public required string HolderPid { get; init; }

    public required string[] Types { get; init; }

    /// <summary>The holder's token that lets us write to its credential service.</summary>
    public required string Access { get; init; }

    public required string Status { get; init; }

    public string? Reason { get; init; }

    /// <summary>What is still to be delivered.</summary>
    public string? Message { get; init; }

    public int Attempts { get; init; }

    public DateTime RequestedAt { get; init; }

    /// <summary>When what was issued was taken back, if it was.</summary>
    public DateTime? RevokedAt { get; init; }
}

/// <summary>Issues credentials of the types that the settings name, once a person has decided. Signed with this participant's key, each with a place on its status list.</summary>
internal sealed class Issuer(Database database, ParticipantKey key, Participant participant, IOptions<TrustSettings> settings, TimeProvider time)
{
    public const string Columns = """
        issuer_pid, holder, holder_pid, types, access, status, reason, message, attempts, requested_at,
        (SELECT max(credential.revoked_at) FROM issued_credential credential WHERE credential.issuer_pid = issuance.issuer_pid) AS revoked_at
        """;

    /// <summary>The shortest list that hides who is looked up (Bitstring Status List 1.0, 2.1).</summary>
    private const int ListBytes = 16 * 1024;

    private static readonly TimeSpan Validity = TimeSpan.FromDays(365);

    public IReadOnlyList<string> Types => settings.Value.Issues;

    public string Address => participant.Address.ToString().TrimEnd('/') + Dcp.IssuerService;

    /// <summary>Notes a request, once.</summary>
    public async Task<Issuance> ReceiveAsync(string holder, string holderPid, string[] types, string access, CancellationToken cancellationToken)
    {
        await using var work = await database.BeginAsync(null, cancellationToken);
        await work.Connection.ExecuteAsync(new CommandDefinition("""
            INSERT INTO issuance (issuer_pid, holder, holder_pid, types, access, status, requested_at) VALUES (@id, @holder, @holderPid, @types, @access, 'RECEIVED', @now) ON CONFLICT (holder, holder_pid) DO NOTHING
            """, new { id = Dsp.NewId(), holder, holderPid, types, access, now = time.GetUtcNow().UtcDateTime }, work.Transaction, cancellationToken: cancellationToken));
        var row = await work.Connection.QuerySingleAsync<Issuance>(new CommandDefinition($"SELECT {Columns} FROM issuance WHERE holder = @holder AND holder_pid = @holderPid", new { holder, holderPid }, work.Transaction, cancellationToken: cancellationToken));
        await work.CommitAsync(cancellationToken);
        return row;
    }

    public async Task<Issuance?> FindAsync(string issuerPid, CancellationToken cancellationToken)
    {
        await using var work = await database.BeginAsync(null, cancellationToken);
        return await work.Connection.QuerySingleOrDefaultAsync<Issuance>(new CommandDefinition($"SELECT {Columns} FROM issuance WHERE issuer_pid = @issuerPid", new { issuerPid }, work.Transaction, cancellationToken: cancellationToken));
    }

    public async Task<IReadOnlyList<Issuance>> AllAsync(CancellationToken cancellationToken)
    {
        await using var work = await database.BeginAsync(null, cancellationToken);
        return (await work.Connection.QueryAsync<Issuance>(new CommandDefinition($"SELECT {Columns} FROM issuance ORDER BY requested_at DESC LIMIT 100", transaction: work.Transaction, cancellationToken: cancellationToken))).AsList();
    }

    /// <summary>Issues what was asked for, with these claims about the holder; or refuses, with a reason. One transaction: the credentials, their places on the status list, and the message to deliver.</summary>
    /// <returns>False when it was decided before, or is not there.</returns>
    public async Task<bool> DecideAsync(string issuerPid, IReadOnlyDictionary<string, JsonObject>? claims, string? reason, CancellationToken cancellationToken)
    {
        await using var work = await database.BeginAsync(null, cancellationToken);
        if (await work.Connection.QuerySingleOrDefaultAsync<Issuance>(new CommandDefinition($"SELECT {Columns} FROM issuance WHERE issuer_pid = @issuerPid FOR UPDATE", new { issuerPid }, work.Transaction, cancellationToken: cancellationToken)) is not { Status: Dcp.Received } row)
        {
            return false;
        }

        var now = time.GetUtcNow();
        var message = Dcp.Message("CredentialMessage", ("issuerPid", row.IssuerPid), ("holderPid", row.HolderPid), ("status", reason is null ? Dcp.Issued : Dcp.Rejected));
        if (reason is null)
        {
            var containers = new JsonArray();
            foreach (var type in row.Types)
            {
                var id = Dsp.NewId();
                var number = await work.Connection.ExecuteScalarAsync<long>(new CommandDefinition(
                    "INSERT INTO issued_credential (id, issuer_pid, holder, type, issued_at) VALUES (@id, @IssuerPid, @Holder, @type, @now) RETURNING number", new { id, row.IssuerPid, row.Holder, type, now = now.UtcDateTime }, work.Transaction, cancellationToken: cancellationToken));
                containers.Add(new JsonObject { ["credentialType"] = type, ["format"] = Dcp.Profile, ["payload"] = Sign(id, type, row.Holder, claims?.GetValueOrDefault(type), number, now) });
            }

            message["credentials"] = containers;
        }
        else
        {
            message["rejectionReason"] = reason;
        }

        await work.Connection.ExecuteAsync(new CommandDefinition(
            "UPDATE issuance SET status = @status, reason = @reason, message = @message, due_at = @now WHERE issuer_pid = @issuerPid",
            new { issuerPid, status = (string)message["status"]!, reason, message = message.ToJsonString(), now = now.UtcDateTime }, work.Transaction, cancellationToken: cancellationToken));
        await work.CommitAsync(cancellationToken);
        return true;
    }

    /// <summary>Takes back what was issued on a request.</summary>
    public async Task<bool> RevokeAsync(string issuerPid, CancellationToken cancellationToken)
    {
        await using var work = await database.BeginAsync(null, cancellationToken);
        var revoked = await work.Connection.ExecuteAsync(new CommandDefinition(
            "UPDATE issued_credential SET revoked_at = @now WHERE issuer_pid = @issuerPid AND revoked_at IS NULL", new { issuerPid, now = time.GetUtcNow().UtcDateTime }, work.Transaction, cancellationToken: cancellationToken));
        await work.CommitAsync(cancellationToken);
        return revoked > 0;
    }

    /// <summary>The status list as it is now, signed.</summary>
    public async Task<string> StatusListAsync(CancellationToken cancellationToken)
    {
        await using var work = await database.BeginAsync(null, cancellationToken);
        var last = await work.Connection.ExecuteScalarAsync<long?>(new CommandDefinition("SELECT max(number) FROM issued_credential", transaction: work.Transaction, cancellationToken: cancellationToken)) ?? 0;
        var revoked = await work.Connection.QueryAsync<long>(new CommandDefinition("SELECT number FROM issued_credential WHERE revoked_at IS NOT NULL", transaction: work.Transaction, cancellationToken: cancellationToken));
        var bits = new byte[Math.Max(ListBytes, (last / 8) + 1)];
        foreach (var number in revoked)
        {
            bits[number / 8] |= (byte)(0x80 >> (int)(number % 8));
        }

        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(bits);
        }

        var now = time.GetUtcNow();
        return key.Sign(Credential(StatusAddress, "BitstringStatusListCredential", now, now.AddDays(1), new JsonObject
        {
            ["id"] = $"{StatusAddress}#list", ["type"] = "BitstringStatusList", ["statusPurpose"] = "revocation", ["encodedList"] = "u" + Base64UrlEncoder.Encode(packed.ToArray()),
        }).ToJsonString(), "vc+jwt");
    }

    private string StatusAddress => $"{Address}/status/revocation";

    private string Sign(string id, string type, string holder, JsonObject? claims, long number, DateTimeOffset now)
    {
        var about = claims?.DeepClone().AsObject() ?? [];
        about["id"] = holder;
        var credential = Credential(id, type, now, now + Validity, about);
        credential["credentialStatus"] = new JsonObject
        {
            ["id"] = $"{StatusAddress}#{number}", ["type"] = "BitstringStatusListEntry", ["statusPurpose"] = "revocation", ["statusListIndex"] = $"{number}", ["statusListCredential"] = StatusAddress,
        };
        return key.Sign(credential.ToJsonString(), "vc+jwt");
    }

    private JsonObject Credential(string id, string type, DateTimeOffset from, DateTimeOffset until, JsonObject about) => new()
    {
        ["@context"] = new JsonArray(Credentials.Context),
        ["id"] = id,
        ["type"] = new JsonArray("VerifiableCredential", type),
        ["issuer"] = participant.Id,
        ["validFrom"] = Moment(from),
        ["validUntil"] = Moment(until),
        ["credentialSubject"] = about,
    };

    private static string Moment(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture);
}
