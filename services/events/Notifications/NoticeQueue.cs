using Dapper;
using LivingCity.ServiceDefaults.Data;

namespace LivingCity.Events.Notifications;

/// <summary>
/// The notices of an organiser that are due. Whoever sends takes them with a claim that is committed before the mail server hears of them, and marks them after: of two replicas, and of a process that died and
/// the one after it, only one ever sends. What died in between stays claimed (<see cref="InterruptedEndpoints"/>).
/// </summary>
internal sealed class NoticeQueue(Database database, TimeProvider time)
{
    private const int MostAttempts = 8;

    private const string Columns = """
        SELECT n.id, n.tenant, n.participant, n.event_id, n.kind, n.session_id, p.name, p.email, p.language, p.kind AS person_kind,
            (SELECT r.id FROM registration r WHERE r.participant = n.participant AND r.session_id = n.session_id AND r.state <> 'cancelled') AS registration,
            coalesce(s.delivery, 'at-once') AS delivery, coalesce(s.without, '{}') AS without
        FROM notification n JOIN participant p ON p.tenant = n.tenant AND p.id = n.participant LEFT JOIN notification_setting s ON s.tenant = n.tenant AND s.participant = n.participant
        """;

    public async Task<IReadOnlyList<string>> OwnersAsync(CancellationToken cancellationToken)
    {
        await using var work = await database.BeginAsync(null, cancellationToken);
        return [.. await work.Connection.QueryAsync<string>(new CommandDefinition("SELECT DISTINCT owner FROM event", transaction: work.Transaction, cancellationToken: cancellationToken))];
    }

    /// <summary>Claims the next notice; for somebody who wants one message a day all that are open. Empty when nothing is due.</summary>
    public async Task<IReadOnlyList<Notice>> ClaimAsync(string owner, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().UtcDateTime;
        await using var work = await database.BeginAsync(owner, cancellationToken);
        var first = await work.Connection.QuerySingleOrDefaultAsync<Notice>(new CommandDefinition($"""
            {Columns} WHERE n.tenant = @owner AND n.sent_at IS NULL AND n.claimed_at IS NULL AND n.attempts < @MostAttempts AND (n.try_after IS NULL OR n.try_after <= @now)
                AND (coalesce(s.delivery, 'at-once') <> 'daily' OR s.digest_at IS NULL OR s.digest_at <= @now)
            ORDER BY n.created_at LIMIT 1 FOR UPDATE OF n SKIP LOCKED
            """, new { owner, MostAttempts, now }, work.Transaction, cancellationToken: cancellationToken));
        if (first is null)
        {
            return [];
        }

        List<Notice> notices = [first];
        if (first.Delivery == "daily")
        {
            notices = (await work.Connection.QueryAsync<Notice>(new CommandDefinition($"{Columns} WHERE n.sent_at IS NULL AND n.claimed_at IS NULL AND n.participant = @Participant ORDER BY n.created_at FOR UPDATE OF n SKIP LOCKED",
                new { first.Participant }, work.Transaction, cancellationToken: cancellationToken))).AsList();
            await work.Connection.ExecuteAsync(new CommandDefinition("UPDATE notification_setting SET digest_at = @next WHERE participant = @Participant", new { next = now.AddDays(1), first.Participant }, work.Transaction, cancellationToken: cancellationToken));
        }

        await work.Connection.ExecuteAsync(new CommandDefinition("UPDATE notification SET claimed_at = @now, attempts = attempts + 1 WHERE id = ANY(@ids)",
            new { now, ids = notices.Select(notice => notice.Id).ToArray() }, work.Transaction, cancellationToken: cancellationToken));
        await work.CommitAsync(cancellationToken);
        return notices;
    }

    /// <summary>Notes how it went.</summary>
    /// <param name="owner">The city that organises.</param>
    /// <param name="notices">What was claimed.</param>
    /// <param name="error">Why it was not sent; null where it was.</param>
    /// <param name="again">Whether it is tried again later: the mail server did not take it now.</param>
    public async Task MarkAsync(string owner, IReadOnlyList<Notice> notices, string? error, bool again)
    {
        // Not cancelled when the service stops: what was sent must be known as sent.
        await using var work = await database.BeginAsync(owner, CancellationToken.None);
        await work.Connection.ExecuteAsync(new CommandDefinition("""
            UPDATE notification SET claimed_at = NULL, sent_at = CASE WHEN @error::text IS NULL THEN @now END, error = @error, try_after = CASE WHEN @again THEN @now + attempts * interval '30 seconds' END,
                attempts = CASE WHEN @error::text IS NULL OR @again THEN attempts ELSE @MostAttempts END
            WHERE id = ANY(@ids)
            """, new { error, again, MostAttempts, now = time.GetUtcNow().UtcDateTime, ids = notices.Select(notice => notice.Id).ToArray() }, work.Transaction));
        await work.CommitAsync(CancellationToken.None);
    }
}
