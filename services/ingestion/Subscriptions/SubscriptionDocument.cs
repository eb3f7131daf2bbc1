using System.Text.Json;
using System.Text.Json.Nodes;
using LivingCity.Ingestion.Contexts;
using LivingCity.Ingestion.Entities;
using LivingCity.Ingestion.Errors;
using LivingCity.Ingestion.Mqtt;
using LivingCity.Ingestion.Query;
using LivingCity.Ingestion.Representations;
using LivingCity.ServiceDefaults.Http;

namespace LivingCity.Ingestion.Subscriptions;

/// <summary>What is subscribed to.</summary>
internal enum SubscriptionKind : short
{
    /// <summary>Entities (ETSI GS CIM 009, clause 5.8).</summary>
    Entities = 0,

    /// <summary>Registrations of context sources (clause 5.11).</summary>
    Sources = 1,
}

/// <summary>The document of a subscription (clause 5.2.12): how it is read, checked, merged and answered.</summary>
internal static class SubscriptionDocument
{
    private static readonly string[] Members =
    [
        "subscriptionName", "description", "entities", "notificationTrigger", "watchedAttributes", "timeInterval", "q", "geoQ", "csf", "isActive", "notification",
        "expiresAt", "throttling", "temporalQ", "scopeQ", "lang", "datasetId", "jsonldContext",
        "localOnly", "splitEntities", "ngsildConformance", "expandValues", "jsonKeys",
    ];

    private static readonly string[] Triggers = ["entityCreated", "entityUpdated", "entityDeleted", "attributeCreated", "attributeUpdated", "attributeDeleted"];
    private static readonly string[] Formats = ["normalized", "concise", "keyValues", "simplified"];
    private static readonly string[] MediaTypes = ["application/json", "application/ld+json", "application/geo+json"];

    /// <summary>Takes over what a subscription may say, with expanded names.</summary>
    /// <exception cref="NgsiLdException">A name cannot be one (BadRequestData).</exception>
    public static JsonObject Expand(JsonObject given, LdContext context) => Translate(
        new JsonObject(Members.Where(given.ContainsKey).Select(member => KeyValuePair.Create(member, given[member]?.DeepClone()))), context.Expand);

    /// <summary>The document in the words of a context.</summary>
    public static JsonObject Compact(JsonObject stored, LdContext context) => Translate((JsonObject)stored.DeepClone(), context.Compact);

    /// <summary>Puts the members of a fragment in the place of those that are there, or removes them (clause 5.5.8).</summary>
    public static JsonObject Merge(JsonObject stored, JsonObject fragment)
    {
        var merged = (JsonObject)stored.DeepClone();
        foreach (var (member, value) in fragment)
        {
            if (value is null || (value.GetValueKind() == JsonValueKind.String && value.GetValue<string>() == AttributeInstance.Null))
            {
                merged.Remove(member);
            }
            else
            {
                merged[member] = value.DeepClone();
            }
        }

        return merged;
    }

    /// <summary>Checks a document.</summary>
    /// <param name="kind">What is subscribed to.</param>
    /// <param name="document">With expanded names.</param>
    /// <param name="queryContext">The context of <c>q</c>.</param>
    /// <param name="guard">Judges the endpoint.</param>
    /// <param name="now">What may not have expired yet; null where an expiry stays as it was.</param>
    /// <exception cref="NgsiLdException">It breaks rules (BadRequestData); all are named.</exception>
    public static void Check(SubscriptionKind kind, JsonObject document, LdContext queryContext, AddressGuard guard, DateTimeOffset? now)
    {
        var rules = new DocumentRules();
        rules.Text(document, "subscriptionName");
        rules.Text(document, "description");
        var local = document["localOnly"]?.GetValueKind() == JsonValueKind.True;
        rules.Require(local || document.ContainsKey("entities") || (document.ContainsKey("watchedAttributes") && !document.ContainsKey("timeInterval")), "entities", "it or watchedAttributes is required");
        rules.Entities(document);
        rules.Names(document, "watchedAttributes");
        rules.Names(document, "datasetId");
        rules.Flag(document, "isActive");
        rules.Flag(document, "localOnly");
        rules.Flag(document, "splitEntities");
        rules.Text(document, "expandValues");
        rules.Text(document, "jsonKeys");
        rules.Require(rules.Text(document, "ngsildConformance") is not { } version || Conformance.TryParse(version, out _), "ngsildConformance", "a version like 1.5 is required");
        rules.Positive(document, "throttling");
        rules.Positive(document, "timeInterval");
        CheckTriggers(rules, document);
        foreach (var other in (string[])["throttling", "watchedAttributes", "notificationTrigger"])
        {
            rules.Require(!(document.ContainsKey("timeInterval") && document.ContainsKey(other)), "timeInterval", $"it excludes {other}");
        }

        if (rules.Text(document, "q") is { } q)
        {
            rules.Try("q", () => QueryParser.Parse(q, queryContext));
        }

        if (rules.Text(document, "scopeQ") is { } scope)
        {
            rules.Try("scopeQ", () => ScopeQuery.Parse(scope));
        }

        rules.Geo(document, "geoQ");
        if (rules.Text(document, "csf") is { } csf)
        {
            rules.Try("csf", () => QueryParser.Parse(csf, queryContext));
        }

        rules.Text(document, "lang");
        rules.Uri(document, "jsonldContext");
        if (rules.Time(document, "expiresAt") is { } expiry && now is { } present)
        {
            rules.Require(expiry > present, "expiresAt", "a time in the future is required");
        }

        CheckTemporal(rules, kind, document);
        if (rules.Object(document, "notification", required: true) is { } notification)
        {
            CheckNotification(rules, notification, guard);
        }

        rules.ThrowIfBroken();
    }

    private static void CheckTriggers(DocumentRules rules, JsonObject document)
    {
        foreach (var trigger in rules.Array(document, "notificationTrigger") ?? [])
        {
            rules.Require(trigger?.GetValueKind() == JsonValueKind.String && Triggers.Contains(trigger.GetValue<string>()), "notificationTrigger", $"only {string.Join(", ", Triggers)} are known");
        }
    }

    private static void CheckTemporal(DocumentRules rules, SubscriptionKind kind, JsonObject document)
    {
        if (rules.Object(document, "temporalQ") is not { } temporal)
        {
            return;
        }

        rules.Require(kind == SubscriptionKind.Sources, "temporalQ", "it is for subscriptions to context sources only");
        var relation = rules.OneOf(temporal, "timerel", ["before", "after", "between"], "temporalQ.");
        rules.Require(relation is not null, "temporalQ.timerel", "it is required");
        rules.Time(temporal, "timeAt", "temporalQ.", required: true);
        rules.Time(temporal, "endTimeAt", "temporalQ.", required: relation == "between");
    }

    private static void CheckNotification(DocumentRules rules, JsonObject notification, AddressGuard guard)
    {
        const string Path = "notification.";
        rules.Names(notification, "attributes", Path);
        rules.OneOf(notification, "join", ["inline", "flat", "@none"], Path);
        rules.Require(notification["joinLevel"] is null || (notification["joinLevel"]!.GetValueKind() == JsonValueKind.Number && notification["joinLevel"]!.AsValue().TryGetValue<int>(out var level) && level is >= 1 and <= JoinRequest.MaxLevel),
            Path + "joinLevel", $"a whole number from 1 to {JoinRequest.MaxLevel} is required");
        foreach (var member in (string[])["pick", "omit"])
        {
            if (rules.Names(notification, member, Path) is { } names)
            {
                rules.Try(Path + member, () => Projection.Parse(string.Join(',', names), member, LdContext.Core));
            }
        }

        rules.Require(!notification.ContainsKey("attributes") || !(notification.ContainsKey("pick") || notification.ContainsKey("omit")), "notification.attributes", "it excludes pick and omit");
        var format = rules.OneOf(notification, "format", Formats, Path);
        rules.Flag(notification, "sysAttrs", Path);
        rules.Flag(notification, "showChanges", Path);
        rules.Require(!(notification["showChanges"]?.GetValueKind() == JsonValueKind.True && format is "keyValues" or "simplified"), "notification.showChanges", "it needs the normalized or concise format");
        if (rules.Object(notification, "endpoint", Path, required: true) is { } endpoint)
        {
            CheckEndpoint(rules, endpoint, guard);
        }
    }

    private static void CheckEndpoint(DocumentRules rules, JsonObject endpoint, AddressGuard guard)
    {
        const string Path = "notification.endpoint.";
        if (rules.Uri(endpoint, "uri", Path, required: true) is { } uri)
        {
            if (MqttAddress.IsMqtt(uri))
            {
                var problem = MqttAddress.TryParse(uri, out var address, out var wrong)
                    ? System.Net.IPAddress.TryParse(address.Host, out var literal) && !guard.Allows(literal) ? "is not a public address" : null
                    : wrong;
                rules.Require(problem is null, Path + "uri", problem ?? "");
            }
            else
            {
                var problem = guard.Check(uri);
                rules.Require(problem is null, Path + "uri", problem ?? "");
            }
        }

        rules.OneOf(endpoint, "accept", MediaTypes, Path);
        rules.Positive(endpoint, "timeout", Path);
        rules.Positive(endpoint, "cooldown", Path);
        rules.Pairs(endpoint, "receiverInfo", Path);
        rules.Pairs(endpoint, "notifierInfo", Path);
        foreach (var info in (endpoint["notifierInfo"] as JsonArray ?? []).OfType<JsonObject>())
        {
            var value = info["value"]?.ToString();
            rules.Require(info["key"]?.ToString() switch
            {
                "MQTT-Version" => value is "mqtt3.1.1" or "mqtt5.0",
                "MQTT-QoS" => value is "0" or "1" or "2",
                _ => true,
            }, Path + "notifierInfo", $"{info["key"]} cannot be {value}");
        }
    }

    private static JsonObject Translate(JsonObject document, Func<string, string> translate)
    {
        DocumentNames.Entities(document, translate);
        DocumentNames.Names(document, "watchedAttributes", translate);
        DocumentNames.List(document, "expandValues", translate);
        DocumentNames.List(document, "jsonKeys", translate);
        if (document["geoQ"] is JsonObject geo)
        {
            DocumentNames.Name(geo, "geoproperty", translate);
        }

        if (document["notification"] is JsonObject notification)
        {
            DocumentNames.Names(notification, "attributes", translate);
            DocumentNames.Projection(notification, "pick", translate);
            DocumentNames.Projection(notification, "omit", translate);
        }

        return document;
    }
}
