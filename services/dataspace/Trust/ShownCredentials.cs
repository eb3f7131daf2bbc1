using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Dapper;
using LivingCity.Dataspace.Peers;
using LivingCity.Dataspace.Policies;
using LivingCity.ServiceDefaults.Data;
using Microsoft.Extensions.Options;

namespace LivingCity.Dataspace.Trust;

/// <summary>
/// The credentials that participants have shown, kept so that each use of data can be held against them. They are checked anew whenever <c>Trust:Memory</c> has gone by: what has ended, was taken back, or cannot be
/// checked, says nothing any more.
/// </summary>
internal sealed class ShownCredentials(Database database, Credentials credentials, PeerDirectory directory, IOptions<TrustSettings> settings, TimeProvider time)
{
    private const int Capacity = 1000;

    private readonly ConcurrentDictionary<string, (Claims Claims, DateTimeOffset Until)> known = new();

    /// <summary>Keeps what a participant shows now, in the place of what it showed before.</summary>
    public async Task KeepAsync(string peer, IEnumerable<Credential> shown, CancellationToken cancellationToken)
    {
        await using var work = await database.BeginAsync(null, cancellationToken);
        await work.Connection.ExecuteAsync(new CommandDefinition("""
            INSERT INTO shown_credentials (peer, jwts, shown_at) VALUES (@peer, @jwts, @now) ON CONFLICT (peer) DO UPDATE SET jwts = excluded.jwts, shown_at = excluded.shown_at
            """, new { peer, jwts = shown.Select(credential => credential.Jwt).ToArray(), now = time.GetUtcNow().UtcDateTime }, work.Transaction, cancellationToken: cancellationToken));
        await work.CommitAsync(cancellationToken);
        known.TryRemove(peer, out _);
    }

    /// <summary>What a participant's credentials say now. Nothing of who was shut out.</summary>
    public async Task<Claims> ClaimsOfAsync(string peer, CancellationToken cancellationToken)
    {
        if (await directory.IsShutOutAsync(peer, cancellationToken))
        {
            return Claims.None;
        }

        if (known.TryGetValue(peer, out var entry) && entry.Until > time.GetUtcNow())
        {
            return entry.Claims;
        }

        var until = time.GetUtcNow() + settings.Value.Memory;
        var said = new List<(string, string)>();
        foreach (var jwt in await KeptAsync(peer, cancellationToken))
        {
            try
            {
                var credential = await credentials.ReadAsync(jwt, peer, cancellationToken);
                said.AddRange(Said(credential));
                until = credential.ValidUntil < until ? credential.ValidUntil.Value : until;
            }
            catch (Exception exception) when (exception is TrustException or JsonException)
            {
                // It says nothing any more, and nobody can say that it still would.
            }
        }

        if (known.Count > Capacity)
        {
            known.Clear();
        }

        var claims = new Claims(said);
        known[peer] = (claims, until);
        return claims;
    }

    private async Task<string[]> KeptAsync(string peer, CancellationToken cancellationToken)
    {
        await using var work = await database.BeginAsync(null, cancellationToken);
        return await work.Connection.QuerySingleOrDefaultAsync<string[]>(new CommandDefinition("SELECT jwts FROM shown_credentials WHERE peer = @peer", new { peer }, work.Transaction, cancellationToken: cancellationToken)) ?? [];
    }

    private static IEnumerable<(string, string)> Said(Credential credential)
    {
        yield return (credential.Type, Claims.Held);
        foreach (var (name, value) in credential.Json["credentialSubject"]!.AsObject().Where(claim => claim.Key != "id"))
        {
            foreach (var one in (value is JsonArray many ? many.AsEnumerable() : [value]).OfType<JsonValue>())
            {
                yield return ($"{credential.Type}:{name}", one.ToString());
            }
        }
    }
}
