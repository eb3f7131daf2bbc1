using System.Text.Json;
using System.Text.Json.Nodes;
using LivingCity.Ingestion.Contexts;
using LivingCity.Ingestion.Entities;
using LivingCity.Ingestion.Query;
using LivingCity.Ingestion.Subscriptions.Matching;

namespace LivingCity.Ingestion.Registrations;

/// <summary>How a source's data and that of others stand to each other (ETSI GS CIM 009, clause 4.3.6).</summary>
internal enum SourceMode
{
    /// <summary>The source has some of the data; so may this broker and other sources.</summary>
    Inclusive,

    /// <summary>The source alone has these attributes of these entities.</summary>
    Exclusive,

    /// <summary>Registered sources alone have this data; this broker has none of it.</summary>
    Redirect,

    /// <summary>The source is asked for what nobody else has.</summary>
    Auxiliary,
}

/// <summary>What a source says it has: attributes of entities (clause 5.2.10).</summary>
/// <param name="Entities">Which entities; none for any.</param>
/// <param name="Attributes">IRIs of their attributes; null for all.</param>
internal sealed record SourceInformation(IReadOnlyList<EntityFilter> Entities, IReadOnlySet<string>? Attributes)
{
    /// <summary>Whether the source may know of an entity. Where nothing is known of the entity's types, its id decides.</summary>
    public bool MayHold(string id, IReadOnlyList<string> types) => Entities.Count == 0 || Entities.Any(filter => (types.Count == 0 || filter.Type is null || types.Any(filter.TypeNames.Contains)) && filter.MatchesId(id));
}

/// <summary>A registration taken apart, ready to be asked. Immutable.</summary>
internal sealed record SourceRegistration
{
    public required string Id { get; init; }

    public required JsonObject Document { get; init; }

    public required SourceMode Mode { get; init; }

    public required Uri Endpoint { get; init; }

    public required IReadOnlyList<SourceInformation> Information { get; init; }

    public required IReadOnlySet<string> Operations { get; init; }

    /// <summary>The tenant at the source, or null.</summary>
    public string? Tenant { get; init; }

    /// <summary>Headers for the source. The value <c>urn:ngsi-ld:request</c> stands for that of the request that is forwarded.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>Address of the @context that the source understands, or null for that of the request.</summary>
    public string? JsonLdContext { get; init; }

    /// <summary>Whether the source is asked for what it has itself only (clause 4.3.6.4).</summary>
    public bool IsLocalOnly { get; init; }

    public TimeSpan? Timeout { get; init; }

    public TimeSpan? Cooldown { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }

    public IReadOnlyList<string>? Scopes { get; init; }

    /// <summary>The places and descriptions of the source as an entity, so that queries can ask about them.</summary>
    public required Entity Description { get; init; }

    public (DateTimeOffset Start, DateTimeOffset? End)? ObservationInterval { get; init; }

    public (DateTimeOffset Start, DateTimeOffset? End)? ManagementInterval { get; init; }

    /// <summary>Whether the source is registered for one of the operations (clause 4.20).</summary>
    public bool Supports(params ReadOnlySpan<string> operations)
    {
        foreach (var operation in operations)
        {
            if (Operations.Contains(operation))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Reads a checked document with expanded names.</summary>
    public static SourceRegistration Read(string id, JsonObject document)
    {
        var info = (document["contextSourceInfo"] as JsonArray ?? []).OfType<JsonObject>()
            .Select(pair => KeyValuePair.Create(pair["key"]!.GetValue<string>(), pair["value"]!.GetValue<string>())).ToArray();
        return new SourceRegistration
        {
            Id = id,
            Document = document,
            Mode = Enum.Parse<SourceMode>((string?)document["mode"] ?? "inclusive", ignoreCase: true),
            Endpoint = new Uri(document["endpoint"]!.GetValue<string>()),
            Information = [.. document["information"]!.AsArray().Select(item => new SourceInformation(EntityFilter.ReadAll(item!.AsObject()), NamesOf(item.AsObject())))],
            Operations = SourceOperations.Of(document),
            Tenant = (string?)document["tenant"],
            Headers = [.. info.Where(pair => pair.Key != "jsonldContext")],
            JsonLdContext = info.LastOrDefault(pair => pair.Key == "jsonldContext").Value,
            IsLocalOnly = (bool?)document["management"]?["localOnly"] == true,
            Timeout = Milliseconds(document["management"]?["timeout"]),
            Cooldown = Milliseconds(document["management"]?["cooldown"]),
            ExpiresAt = Instants.TryRead((string?)document["expiresAt"], out var expiry) ? expiry : null,
            Scopes = document["scope"] switch { JsonArray several => [.. several.Select(scope => scope!.GetValue<string>())], JsonValue one => [one.GetValue<string>()], _ => null },
            Description = Describe(id, document),
            ObservationInterval = IntervalOf(document["observationInterval"]),
            ManagementInterval = IntervalOf(document["managementInterval"]),
        };
    }

    private static HashSet<string>? NamesOf(JsonObject information)
    {
        var names = ((string[])["propertyNames", "relationshipNames"]).SelectMany(member => information[member] as JsonArray ?? []).Select(name => name!.GetValue<string>()).ToHashSet();
        return names.Count == 0 ? null : names;
    }

    private static TimeSpan? Milliseconds(JsonNode? number) => (double?)number is { } milliseconds ? TimeSpan.FromMilliseconds(milliseconds) : null;

    private static (DateTimeOffset, DateTimeOffset?)? IntervalOf(JsonNode? interval) => interval is null ? null
        : Instants.TryRead((string?)interval["startAt"], out var start) ? (start, Instants.TryRead((string?)interval["endAt"], out var end) ? end : null) : null;

    private static Entity Describe(string id, JsonObject document)
    {
        var attributes = new Attributes();
        foreach (var space in (string[])["location", "observationSpace", "operationSpace"])
        {
            if (RegistrationDocument.Geometry(document[space]) is { } geometry)
            {
                attributes[LdContext.Core.Expand(space)] = [new AttributeInstance(AttributeKind.GeoProperty, JsonSerializer.SerializeToElement(geometry))];
            }
        }

        foreach (var (name, value) in RegistrationDocument.Descriptions(document))
        {
            var plain = value is JsonObject property && property["value"] is { } inner ? inner : value;
            attributes[name] = [new AttributeInstance(AttributeKind.Property, JsonSerializer.SerializeToElement(plain))];
        }

        return new Entity { Id = id, Types = [], Attributes = attributes };
    }
}
