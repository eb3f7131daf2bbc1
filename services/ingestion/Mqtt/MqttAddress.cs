using System.Diagnostics.CodeAnalysis;

namespace LivingCity.Ingestion.Mqtt;

/// <summary>
/// Where a notification is published (ETSI GS CIM 009, clause 7.2): <c>mqtt[s]://[user[:password]@]host[:port]/topic[/subtopic]*</c>.
/// </summary>
/// <param name="Host">Name or address of the broker.</param>
/// <param name="Port">Default 1883, with TLS 8883.</param>
/// <param name="Tls">True for mqtts.</param>
/// <param name="User">Null when the broker is to be asked anonymously.</param>
/// <param name="Password">May be null where there is a user.</param>
/// <param name="Topic">The topic, percent-decoded, without wildcards.</param>
internal sealed record MqttAddress(string Host, int Port, bool Tls, string? User, string? Password, string Topic)
{
    private const int MaxTopicBytes = 65535;

    /// <summary>Whether an address is meant for this binding at all.</summary>
    public static bool IsMqtt(string address) =>
        address.StartsWith("mqtt://", StringComparison.OrdinalIgnoreCase) || address.StartsWith("mqtts://", StringComparison.OrdinalIgnoreCase);

    /// <summary>Reads an address.</summary>
    /// <param name="text">The address.</param>
    /// <param name="address">The address, when it is one.</param>
    /// <param name="problem">What is wrong with it, when it is none.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out MqttAddress? address, [NotNullWhen(false)] out string? problem)
    {
        address = null;
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme is not ("mqtt" or "mqtts") || uri.DnsSafeHost.Length == 0)
        {
            problem = "must be an address like mqtt://host:1883/topic";
            return false;
        }

        var topic = Uri.UnescapeDataString(uri.AbsolutePath.TrimStart('/'));
        if (topic.Length == 0 || topic.AsSpan().ContainsAny("+#\0") || System.Text.Encoding.UTF8.GetByteCount(topic) > MaxTopicBytes)
        {
            problem = "must name a topic after the host, without the wildcards + and #";
            return false;
        }

        problem = null;
        var tls = uri.Scheme == "mqtts";
        var credentials = uri.UserInfo.Split(':', 2);
        address = new MqttAddress(
            uri.DnsSafeHost,
            uri.Port > 0 ? uri.Port : tls ? 8883 : 1883,
            tls,
            credentials[0].Length > 0 ? Uri.UnescapeDataString(credentials[0]) : null,
            credentials.Length > 1 ? Uri.UnescapeDataString(credentials[1]) : null,
            topic);
        return true;
    }
}
