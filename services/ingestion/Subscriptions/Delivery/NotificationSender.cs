using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using LivingCity.Ingestion.Mqtt;
using LivingCity.Ingestion.Outgoing;
using LivingCity.ServiceDefaults.Http;

namespace LivingCity.Ingestion.Subscriptions.Delivery;

/// <summary>What became of one try.</summary>
internal enum SendOutcome
{
    /// <summary>The receiver has it.</summary>
    Delivered,

    /// <summary>The receiver does not want it: it will not want it later either.</summary>
    Refused,

    /// <summary>The receiver cannot be reached or is in trouble: later.</summary>
    Unreachable,
}

/// <summary>
/// Sends one notification over HTTP (ETSI GS CIM 009, clause 6.3.8) or MQTT (clause 7.2). It has a client of its own: the lanes do what the shared pipeline's retries and
/// circuit breakers are for, by endpoint and across replicas.
/// </summary>
internal sealed partial class NotificationSender : IDisposable
{
    /// <summary>How long a receiver may take by default, and at most.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private static readonly HashSet<string> OwnHeaders = new(StringComparer.OrdinalIgnoreCase) { "Content-Type", "Content-Length", "Host", "Transfer-Encoding", "Connection", "Link", "NGSILD-Tenant", "NGSILD-Snapshot" };

    private readonly HttpClient http;
    private readonly MqttPublisher mqtt;
    private readonly TimeProvider time;
    private readonly ILogger<NotificationSender> logger;

    public NotificationSender(AddressGuard guard, MqttPublisher mqtt, TimeProvider time, ILogger<NotificationSender> logger)
    {
        (this.mqtt, this.time, this.logger) = (mqtt, time, logger);
        http = GuardedHttp.Create(guard);
    }

    public async Task<SendOutcome> SendAsync(NotificationTarget target, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        var patience = target.TimeoutMilliseconds is { } asked && asked < Patience.TotalMilliseconds ? TimeSpan.FromMilliseconds(Math.Max(1, asked)) : Patience;
        using var timeout = new CancellationTokenSource(patience, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            return MqttAddress.TryParse(target.Uri, out var address, out _) ? await PublishAsync(target, address, body, stop.Token) : await PostAsync(target, body, stop.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            Failed(logger, HostOf(target), "no answer in time");
            return SendOutcome.Unreachable;
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or System.Net.Sockets.SocketException or System.Security.Authentication.AuthenticationException or InvalidOperationException)
        {
            Failed(logger, HostOf(target), exception.Message);
            return SendOutcome.Unreachable;
        }
    }

    public void Dispose() => http.Dispose();

    private async Task<SendOutcome> PostAsync(NotificationTarget target, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, target.Uri) { Content = new ReadOnlyMemoryContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(target.ContentType);
        foreach (var (name, value) in Headers(target))
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        if (response.IsSuccessStatusCode)
        {
            return SendOutcome.Delivered;
        }

        Failed(logger, HostOf(target), $"status {(int)response.StatusCode}");
        return response.StatusCode is < HttpStatusCode.InternalServerError and not (HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests) ? SendOutcome.Refused : SendOutcome.Unreachable;
    }

    /// <summary>Over MQTT, what HTTP says in headers is beside the body, under <c>metadata</c>.</summary>
    private async Task<SendOutcome> PublishAsync(NotificationTarget target, MqttAddress address, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        var payload = new System.Buffers.ArrayBufferWriter<byte>(body.Length + 512);
        using (var writer = new Utf8JsonWriter(payload))
        {
            writer.WriteStartObject();
            writer.WriteStartObject("metadata");
            writer.WriteString("Content-Type", target.ContentType);
            foreach (var (name, value) in Headers(target))
            {
                writer.WriteString(name, value);
            }

            writer.WriteEndObject();
            writer.WritePropertyName("body");
            writer.WriteRawValue(body.Span, skipInputValidation: true);
            writer.WriteEndObject();
        }

        MqttVersion? version = target.MqttVersion switch { "mqtt3.1.1" => MqttVersion.V311, "mqtt5.0" => MqttVersion.V5, _ => null };
        await mqtt.PublishAsync(address, version, payload.WrittenMemory, target.MqttQos, cancellationToken);
        return SendOutcome.Delivered;
    }

    private static IEnumerable<KeyValuePair<string, string>> Headers(NotificationTarget target)
    {
        if (target.Link is { } link)
        {
            yield return new("Link", $"<{link}>; rel=\"http://www.w3.org/ns/json-ld#context\"; type=\"application/ld+json\"");
        }

        if (target.Tenant is { } tenant)
        {
            yield return new("NGSILD-Tenant", tenant);
        }

        if (target.Snapshot is { } snapshot)
        {
            yield return new("NGSILD-Snapshot", snapshot);
        }

        foreach (var info in target.Info.Where(info => !OwnHeaders.Contains(info.Key)))
        {
            yield return info;
        }
    }

    /// <summary>The address without what it may carry of logins.</summary>
    private static string HostOf(NotificationTarget target) => Uri.TryCreate(target.Uri, UriKind.Absolute, out var uri) ? $"{uri.Scheme}://{uri.Host}:{uri.Port}" : "?";

    [LoggerMessage(2300, LogLevel.Information, "A notification did not reach {Receiver}: {Reason}")]
    private static partial void Failed(ILogger logger, string receiver, string reason);
}
