using System.Net;
using System.Net.Mail;
using System.Net.Sockets;
using Microsoft.Extensions.Options;
using Npgsql;

namespace LivingCity.Events.Notifications;

/// <summary>
/// Sends what people are to be told, by SMTP. Stands in for MailKit with the framework's own client, which speaks STARTTLS and no newer sign-ins. A message that the server refused, or whose connection broke, is sent again
/// under the same Message-ID; one that was under way when this process died is not (<see cref="NoticeQueue"/>).
/// </summary>
internal sealed partial class NoticeSender(NoticeQueue queue, NoticeMail mails, IOptions<MailSettings> settings, TimeProvider time, ServiceDefaults.Data.Database database, ILogger<NoticeSender> logger) : BackgroundService
{
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
                foreach (var owner in await queue.OwnersAsync(stoppingToken))
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

    /// <returns>False when nothing is due, or the mail server does not want more now.</returns>
    private async Task<bool> SendNextAsync(string owner, CancellationToken cancellationToken)
    {
        var notices = await queue.ClaimAsync(owner, cancellationToken);
        if (notices.Count == 0)
        {
            return false;
        }

        var wanted = notices.Where(notice => notice.IsWanted).ToArray();
        var (error, again) = wanted.Length == 0 ? (null, false) : await TrySendAsync(wanted);
        await queue.MarkAsync(owner, notices, error, again);
        return !again;
    }

    /// <returns>Why it was not sent, if it was not, and whether another try can help.</returns>
    private async Task<(string? Error, bool Again)> TrySendAsync(Notice[] notices)
    {
        try
        {
            // Not cancelled when the service stops: half a conversation would leave open whether the message went out.
            using var mail = await mails.WriteAsync(notices, CancellationToken.None);
            using var client = new SmtpClient(settings.Value.Host, settings.Value.Port) { EnableSsl = settings.Value.Secure, Timeout = 15_000 };
            if (settings.Value.User is { Length: > 0 } user)
            {
                client.Credentials = new NetworkCredential(user, settings.Value.Password);
            }

            await client.SendMailAsync(mail, CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(30), CancellationToken.None);
            return (null, false);
        }
        catch (Exception exception) when (exception is SmtpException or IOException or SocketException or TimeoutException)
        {
            NotSent(logger, notices[0].Kind, exception.Message);
            return (exception.Message, true);
        }
        catch (FormatException exception)
        {
            // The address comes from the realm as it is there: what is none must not keep the others' messages.
            GivenUp(logger, notices[0].Kind, exception.Message);
            return (exception.Message, false);
        }
    }

    [LoggerMessage(4200, LogLevel.Warning, "Sending pauses: {Reason}")]
    private static partial void Paused(ILogger logger, string reason);

    [LoggerMessage(4201, LogLevel.Warning, "A notice ({Kind}) was not sent and is tried again: {Reason}")]
    private static partial void NotSent(ILogger logger, string kind, string reason);

    [LoggerMessage(4202, LogLevel.Warning, "A notice ({Kind}) can never be sent: {Reason}")]
    private static partial void GivenUp(ILogger logger, string kind, string reason);
}
