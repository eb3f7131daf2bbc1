using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Dapper;
using LivingCity.ServiceDefaults.Data;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.DataProtection;

namespace LivingCity.Gateway.Portal.Sessions;

/// <summary>A session as its owner sees it.</summary>
internal sealed record SessionView(Guid Id, string Browser, DateTime StartedAt, DateTime SeenAt);

/// <summary>
/// Sessions in PostgreSQL. A database that leaks gives nobody a session: keys are hashed and tickets encrypted. A row that is gone never comes back:
/// renewing updates, it does not insert. Safe for concurrent use by any number of replicas.
/// </summary>
internal sealed class SessionStore(Database database, IDataProtectionProvider protection, IHttpContextAccessor http, TimeProvider time) : ITicketStore
{
    private const string IdItem = "portal.session";
    private static readonly TimeSpan Longest = TimeSpan.FromHours(10);
    private static readonly TimeSpan SeenPrecision = TimeSpan.FromMinutes(1);
    private readonly IDataProtector protector = protection.CreateProtector("LivingCity.Portal.Session");

    /// <summary>The session's id, which may be shown to its owner; the key may not.</summary>
    public static Guid IdOf(AuthenticationProperties properties) => properties.Items.TryGetValue(IdItem, out var id) && Guid.TryParse(id, out var value) ? value : Guid.Empty;

    public async Task<string> StoreAsync(AuthenticationTicket ticket)
    {
        var key = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        var id = Guid.CreateVersion7();
        ticket.Properties.Items[IdItem] = id.ToString();
        var now = time.GetUtcNow();
        await using var work = await database.BeginAsync(null, default);
        await using var clean = work.Command("DELETE FROM portal_session WHERE expires_at <= $1", now);
        await clean.ExecuteNonQueryAsync();
        await using var insert = work.Command(
            "INSERT INTO portal_session (key_hash, id, subject, browser, started_at, seen_at, expires_at, ticket) VALUES ($1, $2, $3, $4, $5, $5, $6, $7)",
            Hash(key), id, SubjectOf(ticket), Browsers.Describe(http.HttpContext?.Request.Headers.UserAgent), now, ticket.Properties.ExpiresUtc ?? now + Longest, Protect(ticket));
        await insert.ExecuteNonQueryAsync();
        await work.CommitAsync(default);
        return key;
    }

    public async Task<AuthenticationTicket?> RetrieveAsync(string key)
    {
        var now = time.GetUtcNow();
        await using var work = await database.BeginAsync(null, default);
        var row = await work.Connection.QuerySingleOrDefaultAsync<(byte[] Ticket, DateTime SeenAt)?>(
            "SELECT ticket, seen_at FROM portal_session WHERE key_hash = @hash AND expires_at > @now", new { hash = Hash(key), now }, work.Transaction);
        if (row is not { } found)
        {
            return null;
        }

        if (now - found.SeenAt > SeenPrecision)
        {
            await work.Connection.ExecuteAsync("UPDATE portal_session SET seen_at = @now WHERE key_hash = @hash", new { hash = Hash(key), now }, work.Transaction);
            await work.CommitAsync(default);
        }

        return Unprotect(found.Ticket);
    }

    /// <summary>Whether a session goes on, wherever it may have been ended.</summary>
    public async Task<bool> IsOpenAsync(Guid id, CancellationToken cancellation)
    {
        await using var work = await database.BeginAsync(null, cancellation);
        return await work.Connection.ExecuteScalarAsync<bool>(new CommandDefinition(
            "SELECT EXISTS (SELECT FROM portal_session WHERE id = @id AND expires_at > @now)", new { id, now = time.GetUtcNow() }, work.Transaction, cancellationToken: cancellation));
    }

    public async Task RenewAsync(string key, AuthenticationTicket ticket)
    {
        await using var work = await database.BeginAsync(null, default);
        await using var update = work.Command("UPDATE portal_session SET ticket = $2 WHERE key_hash = $1", Hash(key), Protect(ticket));
        await update.ExecuteNonQueryAsync();
        await work.CommitAsync(default);
    }

    public async Task RemoveAsync(string key)
    {
        await using var work = await database.BeginAsync(null, default);
        await using var delete = work.Command("DELETE FROM portal_session WHERE key_hash = $1", Hash(key));
        await delete.ExecuteNonQueryAsync();
        await work.CommitAsync(default);
    }

    /// <summary>
    /// Changes a session while no other request or replica does: refresh tokens may be used once only, and the second who comes finds what the first brought.
    /// </summary>
    /// <param name="id">The session.</param>
    /// <param name="change">Gives the changed ticket, or null to end the session.</param>
    /// <param name="cancellation">Stops waiting.</param>
    public async Task<AuthenticationTicket?> ChangeAsync(Guid id, Func<AuthenticationTicket, Task<AuthenticationTicket?>> change, CancellationToken cancellation)
    {
        await using var work = await database.BeginAsync(null, cancellation);
        var stored = await work.Connection.ExecuteScalarAsync<byte[]?>(new CommandDefinition(
            "SELECT ticket FROM portal_session WHERE id = @id FOR UPDATE", new { id }, work.Transaction, cancellationToken: cancellation));
        if (stored is null || Unprotect(stored) is not { } ticket)
        {
            return null;
        }

        var changed = await change(ticket);
        await using var command = changed is null
            ? work.Command("DELETE FROM portal_session WHERE id = $1", id)
            : work.Command("UPDATE portal_session SET ticket = $2 WHERE id = $1", id, Protect(changed));
        // From here on not to be cancelled: the realm has taken the old refresh token back.
        await command.ExecuteNonQueryAsync(CancellationToken.None);
        await work.CommitAsync(CancellationToken.None);
        return changed;
    }

    public async Task<IReadOnlyList<SessionView>> ListAsync(string subject, CancellationToken cancellation)
    {
        await using var work = await database.BeginAsync(null, cancellation);
        return (await work.Connection.QueryAsync<SessionView>(new CommandDefinition(
            "SELECT id, browser, started_at, seen_at FROM portal_session WHERE subject = @subject AND expires_at > @now ORDER BY seen_at DESC",
            new { subject, now = time.GetUtcNow() }, work.Transaction, cancellationToken: cancellation))).AsList();
    }

    /// <summary>Ends one session of a person; somebody else's is left alone.</summary>
    public async Task EndAsync(string subject, Guid id, CancellationToken cancellation)
    {
        await using var work = await database.BeginAsync(null, cancellation);
        await using var delete = work.Command("DELETE FROM portal_session WHERE subject = $1 AND id = $2", subject, id);
        await delete.ExecuteNonQueryAsync(cancellation);
        await work.CommitAsync(cancellation);
    }

    private static string SubjectOf(AuthenticationTicket ticket) => ticket.Principal.FindFirst("sub")?.Value ?? throw new InvalidOperationException("A session needs a subject.");

    private static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));

    private byte[] Protect(AuthenticationTicket ticket) => protector.Protect(TicketSerializer.Default.Serialize(ticket));

    private AuthenticationTicket? Unprotect(byte[] stored)
    {
        try
        {
            return TicketSerializer.Default.Deserialize(protector.Unprotect(stored));
        }
        catch (CryptographicException)
        {
            // The keys were lost or withdrawn: nobody can be shown to be who he was.
            return null;
        }
    }
}
