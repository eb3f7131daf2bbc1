using System.Net.Mail;

namespace LivingCity.Events.Notifications;

internal static class Addresses
{
    /// <summary>Whether a text is one plain e-mail address: no display name, no line breaks, 254 characters at most (RFC 5321, 4.5.3.1).</summary>
    public static bool IsAddress(string? text) =>
        text is { Length: > 2 and <= 254 } && !text.Any(char.IsControl) && MailAddress.TryCreate(text.Trim(), out var address) && address.Address == text.Trim() && address.Host.Contains('.', StringComparison.Ordinal);
}
