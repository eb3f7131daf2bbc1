using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using LivingCity.Ingestion.Contexts;
using LivingCity.Ingestion.Entities;
using LivingCity.Ingestion.Errors;
using LivingCity.Ingestion.Query;
using LivingCity.Ingestion.Subscriptions;
using LivingCity.ServiceDefaults.Http;

namespace LivingCity.Ingestion.Registrations;

/// <summary>The document of a context source registration (ETSI GS CIM 009, clause 5.2.9): how it is read, checked and answered.</summary>
internal static partial class RegistrationDocument
{
    public const string TypeName = "ContextSourceRegistration";

    private static readonly HashSet<string> Members =
    [
        "registrationName", "description", "information", "tenant", "observationInterval", "managementInterval", "location", "observationSpace", "operationSpace", "expiresAt",
        "endpoint", "contextSourceInfo", "scope", "mode", "operations", "refreshRate", "management", "datasetId", "contextSourceAlias",
    ];

    /// <summary>What the broker itself says: a registration that says it is not heard.</summary>
    private static readonly HashSet<string> ReadOnly = ["id", "type", "@context", "status", "timesSent", "timesFailed", "lastSuccess", "lastFailure", "createdAt", "modifiedAt", "deletedAt"];

    private static readonly string[] Spaces = ["location", "observationSpace", "operationSpace"];

    /// <summary>Takes over what a registration may say, with expanded names. What is none of its members describes the source, for filters (csf).</summary>
    /// <exception cref="NgsiLdException">A name cannot be one (BadRequestData).</exception>
    public static JsonObject Expand(JsonObject given, LdContext context)
    {
        var document = new JsonObject();
        foreach (var (name, value) in given.Where(member => !ReadOnly.Contains(member.Key)))
        {
            document[Members.Contains(name) ? name : context.Expand(name)] = value?.DeepClone();
        }

        return Translate(document, context.Expand);
    }

    /// <summary>The document in the words of a context.</summary>
    public static JsonObject Compact(JsonObject stored, LdContext context)
    {
        var document = new JsonObject();
        foreach (var (name, value) in stored)
        {
            document[Members.Contains(name) ? name : context.Compact(name)] = value?.DeepClone();
        }

        return Translate(document, context.Compact);
    }

    /// <summary>What describes the source beside the members that the standard knows.</summary>
    public static JsonObject Descriptions(JsonObject document) => new(document.Where(member => !Members.Contains(member.Key)).Select(member => KeyValuePair.Create(member.Key, member.Value?.DeepClone())));

    /// <summary>Checks a document with expanded names.</summary>
    /// <param name="document">The document.</param>
    /// <param name="guard">Judges the endpoint.</param>
    /// <param name="now">What may not have expired yet; null where an expiry stays as it was.</param>
    /// <exception cref="NgsiLdException">It breaks rules (BadRequestData); all are named.</exception>
    public static void Check(JsonObject document, AddressGuard guard, DateTimeOffset? now)
    {
        var rules = new DocumentRules();
        foreach (var text in (string[])["registrationName", "description", "tenant", "contextSourceAlias"])
        {
            rules.Text(document, text);
        }

        if (rules.Time(document, "expiresAt") is { } expiry && now is { } present)
        {
            rules.Require(expiry > present, "expiresAt", "a time in the future is required");
        }

        if (rules.Uri(document, "endpoint", required: true) is { } endpoint)
        {
            var problem = guard.Check(endpoint);
            rules.Require(problem is null, "endpoint", problem ?? "");
        }

        CheckInformation(rules, document);
        CheckIntervals(rules, document);
        foreach (var space in Spaces.Where(document.ContainsKey))
        {
            rules.Try(space, () =>
            {
                GeoJson.Require(JsonSerializer.SerializeToElement(Geometry(document[space])), space);
                return space;
            });
        }

        CheckForwarding(rules, document);
        rules.ThrowIfBroken();
    }

    /// <summary>A geometry, as it stands or in a GeoProperty.</summary>
    public static JsonNode? Geometry(JsonNode? space) => space is JsonObject property && property.ContainsKey("value") ? property["value"] : space;

    private static void CheckInformation(DocumentRules rules, JsonObject document)
    {
        var exclusive = (document["mode"] as JsonValue)?.ToString() == "exclusive";
        foreach (var (item, index) in (rules.Array(document, "information", required: true) ?? []).Select((item, index) => (item, index)))
        {
            var path = $"information[{index}].";
            if (item is not JsonObject information)
            {
                rules.Require(false, path.TrimEnd('.'), "an object is required");
                continue;
            }

            var names = rules.Names(information, "propertyNames", path) is not null | rules.Names(information, "relationshipNames", path) is not null;
            rules.Entities(information, path);
            rules.Require(information.ContainsKey("entities") || names, path.TrimEnd('.'), "entities, propertyNames or relationshipNames are required");
            if (exclusive)
            {
                rules.Require(names && information["entities"] is JsonArray entities && entities.All(entity => entity?["id"] is JsonValue), path.TrimEnd('.'), "an exclusive registration names ids of entities and attributes");
            }
        }
    }

    private static void CheckIntervals(DocumentRules rules, JsonObject document)
    {
        foreach (var member in (string[])["observationInterval", "managementInterval"])
        {
            if (rules.Object(document, member) is { } interval)
            {
                var start = rules.Time(interval, "startAt", $"{member}.", required: true);
                var end = rules.Time(interval, "endAt", $"{member}.");
                rules.Require(!(start > end), $"{member}.endAt", "it lies before startAt");
            }
        }
    }

    private static void CheckForwarding(DocumentRules rules, JsonObject document)
    {
        rules.OneOf(document, "mode", ["inclusive", "exclusive", "redirect", "auxiliary"]);
        rules.Pairs(document, "contextSourceInfo", "");
        foreach (var operation in rules.Array(document, "operations") ?? [])
        {
            rules.Require(operation?.GetValueKind() == JsonValueKind.String && SourceOperations.IsKnown(operation.GetValue<string>()), "operations", $"'{operation}' is no operation");
        }

        if (document["mode"]?.ToString() == "auxiliary")
        {
            rules.Require(document.ContainsKey("operations") && SourceOperations.Of(document).All(SourceOperations.IsAuxiliary), "operations", "an auxiliary source is only read from");
        }

        if (rules.Text(document, "refreshRate") is { } rate)
        {
            rules.Require(DurationPattern().IsMatch(rate), "refreshRate", "a duration like PT1M is required");
        }

        if (rules.Object(document, "management") is { } management)
        {
            rules.Positive(management, "timeout", "management.");
            rules.Positive(management, "cooldown", "management.");
            rules.Flag(management, "localOnly", "management.");
            rules.Require(rules.Text(management, "cacheDuration", "management.") is not { } duration || DurationPattern().IsMatch(duration), "management.cacheDuration", "a duration like PT1M is required");
        }

        var scopes = document["scope"] is JsonArray several ? [.. several] : document["scope"] is { } one ? (JsonNode?[])[one] : [];
        rules.Require(scopes.All(scope => scope?.GetValueKind() == JsonValueKind.String && ScopeQuery.IsScope(scope.GetValue<string>())), "scope", "a path like /Madrid/Gardens, or an array of such, is required");
    }

    private static JsonObject Translate(JsonObject document, Func<string, string> translate)
    {
        foreach (var information in (document["information"] as JsonArray ?? []).OfType<JsonObject>())
        {
            DocumentNames.Entities(information, translate);
            DocumentNames.Names(information, "propertyNames", translate);
            DocumentNames.Names(information, "relationshipNames", translate);
        }

        return document;
    }

    [GeneratedRegex(@"^P(?=.)(\d+Y)?(\d+M)?(\d+W)?(\d+D)?(T(?=.)(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?$")]
    private static partial Regex DurationPattern();
}
