using System.Text.Json;
using System.Text.Json.Nodes;

namespace LivingCity.Ingestion.Subscriptions.Delivery;

/// <summary>Where and how a notification is sent: kept beside it, so that delivery needs to know nothing of subscriptions.</summary>
/// <param name="Uri">The endpoint.</param>
/// <param name="ContentType">The body's media type.</param>
/// <param name="Link">Address of the @context where the body does not say it.</param>
/// <param name="Tenant">The tenant, where the subscriber named it.</param>
/// <param name="Info">The endpoint's <c>receiverInfo</c>: headers of the subscriber's choice.</param>
/// <param name="MqttVersion"><c>mqtt3.1.1</c> or <c>mqtt5.0</c>; null for what the broker speaks.</param>
/// <param name="MqttQos">0, 1 or 2.</param>
/// <param name="TimeoutMilliseconds">How long the subscriber may take to answer; null for the default.</param>
/// <param name="CooldownMilliseconds">How long it wants to be left alone after a failure; null for the default.</param>
/// <param name="Snapshot">The snapshot that the subscription is on, or null.</param>
internal sealed record NotificationTarget(
    string Uri,
    string ContentType,
    string? Link,
    string? Tenant,
    IReadOnlyList<KeyValuePair<string, string>> Info,
    string? MqttVersion = null,
    int MqttQos = 0,
    double? TimeoutMilliseconds = null,
    double? CooldownMilliseconds = null,
    string? Snapshot = null)
{
    private const string Json = "application/json";

    /// <summary>Reads the target out of a checked subscription.</summary>
    public static NotificationTarget From(JsonObject endpoint, string contextAddress, string? tenant, string? snapshot = null)
    {
        var accept = endpoint["accept"]?.GetValue<string>() ?? Json;
        var notifier = Pairs(endpoint["notifierInfo"]).ToLookup(pair => pair.Key, pair => pair.Value);
        return new NotificationTarget(
            endpoint["uri"]!.GetValue<string>(),
            accept,
            accept == "application/ld+json" ? null : contextAddress,
            tenant,
            [.. Pairs(endpoint["receiverInfo"])],
            notifier["MQTT-Version"].LastOrDefault(),
            notifier["MQTT-QoS"].LastOrDefault() is { } qos ? qos[0] - '0' : 0,
            (double?)endpoint["timeout"],
            (double?)endpoint["cooldown"],
            snapshot);
    }

    public string Write() => JsonSerializer.Serialize(this);

    public static NotificationTarget Read(string text) => JsonSerializer.Deserialize<NotificationTarget>(text)!;

    private static IEnumerable<KeyValuePair<string, string>> Pairs(JsonNode? array) =>
        (array as JsonArray ?? []).OfType<JsonObject>().Select(pair => KeyValuePair.Create(pair["key"]!.GetValue<string>(), pair["value"]!.GetValue<string>()));
}
