using Dapper;
using LivingCity.Dataspace.Peers;
using LivingCity.Dataspace.Protocol;
using LivingCity.ServiceDefaults.Data;

namespace LivingCity.Dataspace.Trust;

/// <summary>A credential that an issuer gave this participant.</summary>
internal sealed record HeldCredential
{
    public required string Id { get; init; }

    public required string Type { get; init; }

    public required string Issuer { get; init; }

    public required string Jwt { get; init; }

    public DateTime? ValidUntil { get; init; }

    public DateTime StoredAt { get; init; }
}

/// <summary>The credentials of this participant.</summary>
internal sealed class HeldCredentials(Database database, Credentials credentials, Participant participant, TimeProvider time)
{
    /// <summary>Reads a credential to keep. It must be ours, of a trusted issuer, and valid now: others would not take it either.</summary>
    /// <exception cref="TrustException">It is not.</exception>
    public Task<Credential> ReadAsync(string jwt, CancellationToken cancellationToken) => credentials.ReadAsync(jwt, participant.Id, cancellationToken);

    /// <summary>Keeps a credential, in the place of the one with its id.</summary>
    public async Task<HeldCredential> KeepAsync(Credential credential, CancellationToken cancellationToken)
    {
        var held = new HeldCredential
        {
            Id = MessageCheck.Text(credential.Json, "id") ?? $"{credential.Issuer}#{credential.Type}",
            Type = credential.Type,
            Issuer = credential.Issuer,
            Jwt = credential.Jwt,
            ValidUntil = credential.ValidUntil?.UtcDateTime,
            StoredAt = time.GetUtcNow().UtcDateTime,
        };
        await using var work = await database.BeginAsync(null, cancellationToken);
        await work.Connection.ExecuteAsync(new CommandDefinition("""
            INSERT INTO held_credential (id, type, issuer, jwt, valid_until, stored_at) VALUES (@Id, @Type, @Issuer, @Jwt, @ValidUntil, @StoredAt)
            ON CONFLICT (id) DO UPDATE SET type = excluded.type, issuer = excluded.issuer, jwt = excluded.jwt, valid_until = excluded.valid_until, stored_at = excluded.stored_at
            """, held, work.Transaction, cancellationToken: cancellationToken));
        await work.CommitAsync(cancellationToken);
        return held;
    }

    public async Task<IReadOnlyList<HeldCredential>> AllAsync(CancellationToken cancellationToken)
    {
        await using var work = await database.BeginAsync(null, cancellationToken);
        return (await work.Connection.QueryAsync<HeldCredential>(new CommandDefinition(
            "SELECT id, type, issuer, jwt, valid_until, stored_at FROM held_credential ORDER BY type, id", transaction: work.Transaction, cancellationToken: cancellationToken))).AsList();
    }
}
