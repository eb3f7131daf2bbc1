using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Dapper;
using LivingCity.ServiceDefaults.Data;
using LivingCity.ServiceDefaults.Errors;

namespace LivingCity.Events.Registration;

/// <summary>Secrets that open one thing: a seat for a colleague, an invitation, a calendar feed. Only their digest is stored.</summary>
internal static class Codes
{
    private static readonly Problem Unknown = new("unknown-code", StatusCodes.Status404NotFound, "This code opens nothing, or nothing any more.");

    /// <summary>128 random bits, as letters and digits.</summary>
    public static async Task<string> MakeAsync(Work work, Code code, CancellationToken cancellationToken)
    {
        var secret = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16));
        await using var insert = work.Command("""
            INSERT INTO seat_code (tenant, code_sha256, purpose, event_id, registration_id, participant, city, name, email, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
            """, code.Tenant, Digest(secret), code.Purpose, code.EventId, code.RegistrationId, code.Participant, code.City, code.Name, code.Email, code.ExpiresAt?.ToUniversalTime());
        await insert.ExecuteNonQueryAsync(cancellationToken);
        return secret;
    }

    /// <exception cref="ProblemException">The code is not known, was used, or has ended (404).</exception>
    public static async Task<Code> FindAsync(Work work, string secret, string purpose, DateTimeOffset now, CancellationToken cancellationToken) =>
        await work.Connection.QuerySingleOrDefaultAsync<Code>(new CommandDefinition("""
            SELECT tenant, purpose, event_id, registration_id, participant, city, name, email FROM seat_code
            WHERE code_sha256 = @digest AND purpose = @purpose AND used_at IS NULL AND (expires_at IS NULL OR expires_at > @now)
            """, new { digest = Digest(secret), purpose, now = now.ToUniversalTime() }, work.Transaction, cancellationToken: cancellationToken)) ?? throw Unknown.Throw("Ask for a new one.");

    /// <returns>False where somebody else was faster.</returns>
    public static async Task<bool> UseAsync(Work work, string secret, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var update = work.Command("UPDATE seat_code SET used_at = $2 WHERE code_sha256 = $1 AND used_at IS NULL", Digest(secret), now.ToUniversalTime());
        return await update.ExecuteNonQueryAsync(cancellationToken) == 1;
    }

    public static Problem NotKnown => Unknown;

    private static byte[] Digest(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));
}

/// <summary>What a code opens.</summary>
internal sealed record Code
{
    public string Tenant { get; init; } = "";

    public string Purpose { get; init; } = "";

    public string EventId { get; init; } = "";

    public Guid? RegistrationId { get; init; }

    public Guid? Participant { get; init; }

    public string? City { get; init; }

    public string? Name { get; init; }

    public string? Email { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }
}
