using System.Net;
using System.Net.Mail;
using System.Net.Mime;
using System.Text;
using Dapper;
using LivingCity.Events.Exports;
using LivingCity.Events.Programme;
using LivingCity.ServiceDefaults.Data;
using Microsoft.Extensions.Options;
using Npgsql;

namespace LivingCity.Events.Notifications;

/// <summary>
/// Sends what people are to be told, by SMTP, with the session for their calendar (iTIP, RFC 6047). Each notice is locked while it is sent and marked with the same commit; one whose mark was lost
/// in a crash goes out again under its Message-ID, by which mailboxes know it. Stands in for MailKit with the framework's own client, which speaks STARTTLS and no newer sign-ins.
/// </summary>
internal sealed partial class NoticeSender(Database database, UnsubscribeTokens tokens, IOptions<MailSettings> settings, TimeProvider time, ILogger<NoticeSender> logger) : BackgroundService
{
    private const int MostAttempts = 8;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (settings.Value.Host is null)
        {
            return;
        }

        await database.Ready.WaitAsync(stoppingToken);
        using var timer = new PeriodicTimer(settings.Value.Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                foreach (var owner in await OwnersAsync(stoppingToken))
                {
                    while (await SendNextAsync(owner, stoppingToken))
                    {
                    }
                }
            }
            catch (Exception exception) when (exception is NpgsqlException or ServiceDefaults.Errors.ProblemException)
            {
                Paused(logger, exception.Message);
            }
        }
    }

    private async Task<IReadOnlyList<string>> OwnersAsync(CancellationToken cancellationToken)
    {
        await using var work = await database.BeginAsync(null, cancellationToken);
        return [.. await work.Connection.QueryAsync<string>(new CommandDefinition("SELECT DISTINCT owner FROM event", transaction: work.Transaction, cancellationToken: cancellationToken))];
    }

    /// <summary>Takes the next person with open notices: one message, or for those who want a digest all of a day's in one.</summary>
    /// <returns>False when nothing is due.</returns>
    private async Task<bool> SendNextAsync(string owner, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().UtcDateTime;
        await using var work = await database.BeginAsync(owner, cancellationToken);
        var first = await work.Connection.QuerySingleOrDefaultAsync<Row>(new CommandDefinition($"""
            {Columns} WHERE n.sent_at IS NULL AND n.attempts < @MostAttempts AND (n.try_after IS NULL OR n.try_after <= @now) AND (coalesce(s.delivery, 'at-once') <> 'daily' OR s.digest_at IS NULL OR s.digest_at <= @now)
            ORDER BY n.created_at LIMIT 1 FOR UPDATE OF n SKIP LOCKED
            """, new { MostAttempts, now }, work.Transaction, cancellationToken: cancellationToken));
        if (first is null)
        {
            return false;
        }

        List<Row> rows = [first];
        if (first.Delivery == "daily")
        {
            rows = (await work.Connection.QueryAsync<Row>(new CommandDefinition($"{Columns} WHERE n.sent_at IS NULL AND n.participant = @Participant ORDER BY n.created_at FOR UPDATE OF n SKIP LOCKED",
                new { first.Participant }, work.Transaction, cancellationToken: cancellationToken))).AsList();
            await work.Connection.ExecuteAsync(new CommandDefinition("UPDATE notification_setting SET digest_at = @next WHERE participant = @Participant", new { next = now.AddDays(1), first.Participant }, work.Transaction, cancellationToken: cancellationToken));
        }

        var wanted = rows.Where(row => row.Email is not null && row.Delivery != "off" && !row.Without.Contains(row.Kind)).ToArray();
        string? error = null;
        if (wanted.Length > 0)
        {
            error = await TrySendAsync(work, wanted, cancellationToken);
        }

        await work.Connection.ExecuteAsync(new CommandDefinition("""
            UPDATE notification SET sent_at = CASE WHEN @error::text IS NULL THEN @now END, error = @error, attempts = attempts + 1, try_after = CASE WHEN @error::text IS NOT NULL THEN @now + attempts * interval '30 seconds' END WHERE id = ANY(@ids)
            """, new { error, now, ids = rows.Select(row => row.Id).ToArray() }, work.Transaction, cancellationToken: cancellationToken));
        await work.CommitAsync(CancellationToken.None);
        return error is null;
    }

    private async Task<string?> TrySendAsync(Work work, IReadOnlyList<Row> rows, CancellationToken cancellationToken)
    {
        try
        {
            using var mail = rows[0].Delivery == "daily" ? await DigestAsync(work, rows, cancellationToken) : await SingleAsync(work, rows[0], cancellationToken);
            using var client = new SmtpClient(settings.Value.Host, settings.Value.Port) { EnableSsl = settings.Value.Secure, Timeout = 15_000 };
            if (settings.Value.User is { Length: > 0 } user)
            {
                client.Credentials = new NetworkCredential(user, settings.Value.Password);
            }

            await client.SendMailAsync(mail, cancellationToken);
            return null;
        }
        catch (Exception exception) when (exception is SmtpException or IOException or System.Net.Sockets.SocketException)
        {
            NotSent(logger, rows[0].Kind, exception.Message);
            return exception.Message;
        }
    }

    private async Task<MailMessage> SingleAsync(Work work, Row row, CancellationToken cancellationToken)
    {
        var words = await WordsAsync(work, row, cancellationToken);
        var mail = await EmptyAsync(row, words.Subject, $"{words.Body}\n", cancellationToken);
        if (words.Entry is not null && row.Kind is "confirmed" or "promoted" or "changed" or "removed")
        {
            var calendar = EventCalendar.Message(words.Entry!, [row.Language], settings.Value.Site, new Invitee(row.Email!, row.Name, settings.Value.From));
            mail.AlternateViews.Add(AlternateView.CreateAlternateViewFromString(calendar, new ContentType($"text/calendar; method={(words.Entry!.Cancelled ? "CANCEL" : "REQUEST")}; charset=utf-8")));
        }

        return mail;
    }

    private async Task<MailMessage> DigestAsync(Work work, IReadOnlyList<Row> rows, CancellationToken cancellationToken)
    {
        var (subject, lead) = NoticeTexts.Of("digest", rows[0].Language);
        var text = new StringBuilder(lead).Append("\n\n");
        foreach (var row in rows)
        {
            text.Append((await WordsAsync(work, row, cancellationToken)).Body).Append("\n\n");
        }

        return await EmptyAsync(rows[0], string.Format(System.Globalization.CultureInfo.InvariantCulture, subject, "", "", "", await TitleAsync(work, rows[0], cancellationToken)), text.ToString(), cancellationToken);
    }

    private async Task<MailMessage> EmptyAsync(Row row, string subject, string body, CancellationToken cancellationToken)
    {
        var leave = $"{settings.Value.Site}/api/events/v1/unsubscribe/{await tokens.MakeAsync(row.Tenant, row.Participant, cancellationToken)}";
        var mail = new MailMessage(settings.Value.From, row.Email!)
        {
            Subject = subject.ReplaceLineEndings(" "), SubjectEncoding = Encoding.UTF8, BodyEncoding = Encoding.UTF8, Body = $"{body}\n--\n{NoticeTexts.Unsubscribe(row.Language, leave)}\n",
        };
        mail.Headers["Message-ID"] = $"<{row.Id:N}@living-city>";
        mail.Headers["List-Unsubscribe"] = $"<{leave}>";
        mail.Headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"; // RFC 8058
        mail.Headers["Auto-Submitted"] = "auto-generated"; // RFC 3834
        mail.Headers["Content-Language"] = row.Language;
        return mail;
    }

    /// <summary>By the programme as it is in the database now: what is kept ready for readers may be a second older than the change that is told.</summary>
    private static async Task<(string Subject, string Body, CalendarEntry? Entry)> WordsAsync(Work work, Row row, CancellationToken cancellationToken)
    {
        var published = await ProgrammeStore.PublishedAsync(work, row.EventId, cancellationToken);
        var kept = row.SessionId is null ? null : published?.Rows.GetValueOrDefault(row.SessionId);
        var (subject, body) = NoticeTexts.Of(row.Kind, row.Language);
        string[] languages = [row.Language];
        if (published is null || kept is null)
        {
            return (subject, body, null);
        }

        var (item, session) = (published.Event, kept.Body);
        var unknown = NoticeTexts.ToBeAnnounced(row.Language);
        var when = SessionTimes.Of(item, session) is { } at
            ? $"{at.Start:yyyy-MM-dd HH:mm}{(at.End is { } end ? $"–{end:HH:mm}" : "")} ({item.TimeZone})"
            : SessionTimes.DateOf(item, session)?.ToString("O") ?? unknown;
        var venue = item.Venues.FirstOrDefault(candidate => candidate.Id == session.Venue);
        var where = string.Join(", ", ((string?[])[session.Room, venue?.Name.In(languages).Value, venue?.Address]).Where(part => part is not null)) is { Length: > 0 } place ? place : unknown;
        object[] values = [session.Title.In(languages).Value, when, where, item.Title.In(languages).Value];
        return (string.Format(System.Globalization.CultureInfo.InvariantCulture, subject, values), string.Format(System.Globalization.CultureInfo.InvariantCulture, body, values),
            new CalendarEntry(published, session, kept.Sequence, kept.ChangedAt, kept.Cancelled));
    }

    private static async Task<string> TitleAsync(Work work, Row row, CancellationToken cancellationToken) => (await ProgrammeStore.PublishedAsync(work, row.EventId, cancellationToken))?.Event.Title.In([row.Language]).Value ?? row.EventId;

    private const string Columns = """
        SELECT n.id, n.tenant, n.participant, n.event_id, n.kind, n.session_id, p.name, p.email, p.language, coalesce(s.delivery, 'at-once') AS delivery, coalesce(s.without, '{}') AS without
        FROM notification n JOIN participant p ON p.tenant = n.tenant AND p.id = n.participant LEFT JOIN notification_setting s ON s.tenant = n.tenant AND s.participant = n.participant
        """;

    private sealed class Row
    {
        public Guid Id { get; init; }

        public string Tenant { get; init; } = "";

        public Guid Participant { get; init; }

        public string EventId { get; init; } = "";

        public string Kind { get; init; } = "";

        public string? SessionId { get; init; }

        public string Name { get; init; } = "";

        public string? Email { get; init; }

        public string Language { get; init; } = "";

        public string Delivery { get; init; } = "";

        public string[] Without { get; init; } = [];
    }

    [LoggerMessage(4200, LogLevel.Warning, "Sending pauses: {Reason}")]
    private static partial void Paused(ILogger logger, string reason);

    [LoggerMessage(4201, LogLevel.Warning, "A notice ({Kind}) was not sent and is tried again: {Reason}")]
    private static partial void NotSent(ILogger logger, string kind, string reason);
}
