using Dapper;
using LivingCity.ServiceDefaults.Data;

namespace LivingCity.Dataspace.Trust;

/// <summary>Remembers which tokens were shown, in the database, so that a token that one replica has taken is refused by the others.</summary>
internal sealed class ShownTokens(Database database, TimeProvider time)
{
    /// <returns>False when it was shown before.</returns>
    public async Task<bool> IsFirstAsync(string issuer, string id, DateTimeOffset expires, CancellationToken cancellationToken)
    {
        await using var work = await database.BeginAsync(null, cancellationToken);
        var added = await work.Connection.ExecuteScalarAsync<long>(new CommandDefinition("""
            WITH ended AS (DELETE FROM shown_token WHERE expires_at < @now AND (issuer, jti) <> (@issuer, @id)),
                added AS (INSERT INTO shown_token (issuer, jti, expires_at) VALUES (@issuer, @id, @expires) ON CONFLICT DO NOTHING RETURNING 1)
            SELECT count(*) FROM added
            """, new { issuer, id, expires = expires.UtcDateTime, now = time.GetUtcNow().UtcDateTime }, work.Transaction, cancellationToken: cancellationToken));
        await work.CommitAsync(cancellationToken);
        return added == 1;
    }
}
