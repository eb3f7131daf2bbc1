using System.ComponentModel.DataAnnotations;

namespace LivingCity.Events.Notifications;

/// <summary>
/// Where mail goes out. Section <c>Mail</c>. Without a host the mail server of service discovery is taken (<c>services:mail:smtp:0</c>, as in the development stack); without that nothing is sent, and notices wait.
/// </summary>
internal sealed class MailSettings
{
    public string? Host { get; set; }

    [Range(1, 65535)]
    public int Port { get; set; } = 25;

    public string? User { get; init; }

    public string? Password { get; init; }

    /// <summary>STARTTLS.</summary>
    public bool Secure { get; init; }

    public string From { get; init; } = "programme@living-city.example";

    /// <summary>Where people reach the portal, without a slash at the end: for the links in messages.</summary>
    public string Site { get; init; } = "http://localhost:8080";

    /// <summary>How often is looked for what is to be sent.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long one message may take; what is under way for longer was interrupted. The mail server itself is given 15 s.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How long before its start a session is called to mind.</summary>
    public TimeSpan ReminderBefore { get; init; } = TimeSpan.FromHours(24);

    /// <summary>How long after an event's last day diet and access needs are kept, in days.</summary>
    [Range(0, 3650)]
    public int KeepNeedsDays { get; init; } = 30;
}
