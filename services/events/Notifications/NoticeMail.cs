using System.Globalization;
using System.Net.Mail;
using System.Net.Mime;
using System.Text;
using LivingCity.Events.Exports;
using LivingCity.Events.Programme;
using LivingCity.ServiceDefaults.Data;
using Microsoft.Extensions.Options;

namespace LivingCity.Events.Notifications;

/// <summary>
/// Writes notices as messages in the reader's language, with the session for the calendar (iTIP, RFC 6047). By the programme as it is in the database now: what is kept ready for readers may be a second
/// older than the change that is told.
/// </summary>
internal sealed class NoticeMail(Database database, Seals seals, IOptions<MailSettings> settings)
{
    private static readonly HashSet<string> ForCalendar = ["confirmed", "promoted", "changed", "removed", "cancelled"];

    /// <summary>One notice, or several as one message, of the same person.</summary>
    public async Task<MailMessage> WriteAsync(IReadOnlyList<Notice> notices, CancellationToken cancellationToken)
    {
        await using var work = await database.BeginAsync(notices[0].Tenant, cancellationToken);
        return notices[0].Delivery == "daily" ? await DigestAsync(work, notices, cancellationToken) : await SingleAsync(work, notices[0], cancellationToken);
    }

    private async Task<MailMessage> SingleAsync(Work work, Notice notice, CancellationToken cancellationToken)
    {
        var words = await WordsAsync(work, notice, cancellationToken);
        var mail = await EmptyAsync(notice, words.Subject, $"{words.Body}\n", cancellationToken);
        if (words.Entry is { } entry && ForCalendar.Contains(notice.Kind) && SessionTimes.DateOf(entry.Published.Event, entry.Session) is not null)
        {
            var calendar = EventCalendar.Message(entry, [notice.Language], settings.Value.Site, new Invitee(notice.Email!, notice.Name, settings.Value.From));
            mail.AlternateViews.Add(AlternateView.CreateAlternateViewFromString(calendar, new ContentType($"text/calendar; method={(entry.Cancelled ? "CANCEL" : "REQUEST")}; charset=utf-8")));
        }

        return mail;
    }

    private async Task<MailMessage> DigestAsync(Work work, IReadOnlyList<Notice> notices, CancellationToken cancellationToken)
    {
        var (subject, lead) = NoticeTexts.Of("digest", notices[0].Language);
        var text = new StringBuilder(lead).Append("\n\n");
        foreach (var notice in notices)
        {
            text.Append((await WordsAsync(work, notice, cancellationToken)).Body).Append("\n\n");
        }

        var title = (await ProgrammeStore.PublishedAsync(work, notices[0].EventId, cancellationToken))?.Event.Title.In([notices[0].Language]).Value ?? notices[0].EventId;
        return await EmptyAsync(notices[0], string.Format(CultureInfo.InvariantCulture, subject, "", "", "", title), text.ToString(), cancellationToken);
    }

    private async Task<MailMessage> EmptyAsync(Notice notice, string subject, string body, CancellationToken cancellationToken)
    {
        var leave = await seals.MakeAsync(Seals.Unsubscribe, notice.Tenant, notice.Participant, cancellationToken);
        var mail = new MailMessage(new MailAddress(settings.Value.From), new MailAddress(notice.Email!))
        {
            Subject = subject.ReplaceLineEndings(" "), SubjectEncoding = Encoding.UTF8, BodyEncoding = Encoding.UTF8,
            Body = $"{body}\n--\n{NoticeTexts.Unsubscribe(notice.Language, $"{settings.Value.Site}/unsubscribe/{leave}")}\n",
        };
        mail.Headers["Message-ID"] = $"<{notice.Id:N}@living-city>";
        mail.Headers["List-Unsubscribe"] = $"<{settings.Value.Site}/api/events/v1/unsubscribe/{leave}>";
        mail.Headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"; // RFC 8058
        mail.Headers["Auto-Submitted"] = "auto-generated"; // RFC 3834
        mail.Headers["Content-Language"] = notice.Language;
        return mail;
    }

    private async Task<(string Subject, string Body, CalendarEntry? Entry)> WordsAsync(Work work, Notice notice, CancellationToken cancellationToken)
    {
        var published = await ProgrammeStore.PublishedAsync(work, notice.EventId, cancellationToken);
        var kept = notice.SessionId is null ? null : published?.Rows.GetValueOrDefault(notice.SessionId);
        string[] languages = [notice.Language];
        object[] values =
        [
            kept?.Body.Title.In(languages).Value ?? "", kept is null ? "" : WhenOf(published!.Event, kept.Body, notice.Language), kept is null ? "" : WhereOf(published!.Event, kept.Body, notice.Language),
            published?.Event.Title.In(languages).Value ?? notice.EventId, await LinkAsync(notice, cancellationToken) ?? "",
        ];
        string Fill(string text) => string.Format(CultureInfo.InvariantCulture, text, values);
        var (subject, body) = NoticeTexts.Of(notice.Kind, notice.Language);
        var guest = notice.Kind != NoticeTexts.Invitation && values[4] is string { Length: > 0 } ? $"\n\n{Fill(NoticeTexts.GuestLink(notice.Language))}" : "";
        return (Fill(subject), Fill(body) + guest, kept is null ? null : new CalendarEntry(published!, kept.Body, kept.Sequence, kept.ChangedAt, kept.Cancelled || notice.Kind == "cancelled"));
    }

    /// <summary>What somebody without a login needs to come back: the way to his or her seat, or into the sessions of an invitation.</summary>
    private async Task<string?> LinkAsync(Notice notice, CancellationToken cancellationToken) => notice switch
    {
        { Kind: NoticeTexts.Invitation } => $"{settings.Value.Site}/programme/{notice.EventId}?invitation={await seals.MakeAsync(Seals.Invitation, notice.Tenant, notice.Participant, cancellationToken)}",
        { PersonKind: not "member", Registration: { } place } => $"{settings.Value.Site}/guest/{await seals.MakeAsync(Seals.Guest, notice.Tenant, place, cancellationToken)}",
        _ => null,
    };

    private static string WhenOf(Event item, Session session, string language) => SessionTimes.Of(item, session) is { } at
        ? $"{at.Start:yyyy-MM-dd HH:mm}{(at.End is { } end ? $"–{end:HH:mm}" : "")} ({item.TimeZone})"
        : SessionTimes.DateOf(item, session)?.ToString("O") ?? NoticeTexts.ToBeAnnounced(language);

    private static string WhereOf(Event item, Session session, string language)
    {
        var venue = item.Venues.FirstOrDefault(candidate => candidate.Id == session.Venue);
        return string.Join(", ", ((string?[])[session.Room, venue?.Name.In([language]).Value, venue?.Address]).Where(part => part is not null)) is { Length: > 0 } place ? place : NoticeTexts.ToBeAnnounced(language);
    }
}
