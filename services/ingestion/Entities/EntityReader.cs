using System.Text.Json;
using LivingCity.Ingestion.Contexts;
using LivingCity.Ingestion.Errors;

namespace LivingCity.Ingestion.Entities;

/// <summary>What a document is read as.</summary>
internal enum Reading
{
    /// <summary>A whole entity: id, type and values are required, nothing is null.</summary>
    Whole,

    /// <summary>What stands for a whole entity or is added to one: id and type are optional, values are required, nothing is null.</summary>
    Content,

    /// <summary>A part of one: id and type are optional, values are required, null deletes where the operation knows deletion.</summary>
    Fragment,

    /// <summary>A patch: values are optional too.</summary>
    Patch,

    /// <summary>A merge patch: null deletes inside values, too.</summary>
    Merge,

    /// <summary>History: an attribute's instances need not differ in their dataset ids.</summary>
    History,

    /// <summary>A part of history: id and type are optional.</summary>
    HistoryFragment,
}

/// <summary>Reads entities in normalized, concise or, where the operation takes it, simplified form (ETSI GS CIM 009, clauses 4.5.1 to 4.5.24 and 5.2.4 to 5.2.8).</summary>
internal static class EntityReader
{
    private static readonly HashSet<string> Reserved = ["id", "@id", "type", "@type", "@context", "scope", "createdAt", "modifiedAt", "deletedAt", "expiresAt"];

    /// <exception cref="NgsiLdException">The entity is not valid; the message names the member.</exception>
    public static Entity Read(JsonElement entity, LdContext context, Reading reading = Reading.Whole, bool simplified = false)
    {
        if (entity.ValueKind != JsonValueKind.Object)
        {
            throw NgsiLdException.BadRequestData("An entity must be a JSON object.");
        }

        return new Entity
        {
            Id = ReadId(entity, reading),
            Types = ReadTypes(entity, context, reading),
            Scopes = ReadScopes(entity, reading),
            ExpiresAt = ReadExpiry(entity),
            Attributes = ReadAttributes(entity, context, reading, simplified),
        };
    }

    /// <summary>Reads the attributes of an entity or fragment.</summary>
    public static Attributes ReadAttributes(JsonElement entity, LdContext context, Reading reading, bool simplified = false)
    {
        var attributes = new Attributes();
        var reader = new AttributeReader(context, reading, simplified);
        foreach (var member in entity.EnumerateObject().Where(member => !Reserved.Contains(member.Name)))
        {
            if (member.Name is "datasetId" or "instanceId")
            {
                throw NgsiLdException.BadRequestData($"{member.Name}: it is no name of an attribute."); // clause 4.5.1
            }

            var iri = context.Expand(member.Name);
            if (!attributes.TryAdd(iri, reader.ReadAll(member.Name, member.Value, 0)))
            {
                throw NgsiLdException.BadRequestData($"{member.Name}: the attribute {iri} is given twice.");
            }
        }

        return attributes;
    }

    /// <summary>Reads one instance of an attribute, for operations on an attribute alone.</summary>
    public static IReadOnlyList<AttributeInstance> ReadAttribute(string name, JsonElement attribute, LdContext context, Reading reading, bool simplified = false) =>
        new AttributeReader(context, reading, simplified).ReadAll(name, attribute, 0);

    private static string ReadId(JsonElement entity, Reading reading)
    {
        if (!TryGet(entity, "id", "@id", out var id))
        {
            return reading is Reading.Whole or Reading.History ? throw NgsiLdException.BadRequestData("id: a URI is required.") : "";
        }

        return Uris.Require(id.ValueKind == JsonValueKind.String ? id.GetString() : null, "id");
    }

    private static IReadOnlyList<string> ReadTypes(JsonElement entity, LdContext context, Reading reading)
    {
        if (!TryGet(entity, "type", "@type", out var type))
        {
            return reading is Reading.Whole ? throw NgsiLdException.BadRequestData("type: a name or an array of names is required.") : [];
        }

        IReadOnlyList<string> names = type.ValueKind switch
        {
            JsonValueKind.String => [type.GetString()!],
            JsonValueKind.Array when type.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String) => [.. type.EnumerateArray().Select(item => item.GetString()!)],
            _ => [],
        };
        return names.Count > 0 && names.All(name => name.Length > 0) ? [.. names.Select(context.Expand).Distinct()]
            : throw NgsiLdException.BadRequestData("type: a name or an array of names is required.");
    }

    private static IReadOnlyList<string>? ReadScopes(JsonElement entity, Reading reading)
    {
        if (!entity.TryGetProperty("scope", out var scope))
        {
            return null;
        }

        if (reading is not (Reading.Whole or Reading.Content) && (scope.ValueKind == JsonValueKind.Null || (scope.ValueKind == JsonValueKind.String && scope.ValueEquals(AttributeInstance.Null))))
        {
            return [];
        }

        if (reading is Reading.History or Reading.HistoryFragment && scope.ValueKind == JsonValueKind.Array && scope.EnumerateArray().Any(item => item.ValueKind == JsonValueKind.Object))
        {
            return [.. scope.EnumerateArray().SelectMany(item => item.TryGetProperty("value", out var value) && value.ValueKind == JsonValueKind.String ? [value.GetString()!] : Array.Empty<string>()).Take(1)];
        }

        var scopes = scope.ValueKind == JsonValueKind.Array ? scope.EnumerateArray().ToArray() : [scope];
        return scopes.Length > 0 && scopes.All(item => item.ValueKind == JsonValueKind.String && Query.ScopeQuery.IsScope(item.GetString()!))
            ? [.. scopes.Select(item => item.GetString()!).Distinct()]
            : throw NgsiLdException.BadRequestData("scope: a path like /Madrid/Gardens, or an array of such, is required.");
    }

    private static DateTimeOffset? ReadExpiry(JsonElement entity) => !entity.TryGetProperty("expiresAt", out var expiry) ? null
        : expiry.ValueKind == JsonValueKind.String && Instants.TryRead(expiry.GetString(), out var instant) ? instant
        : throw NgsiLdException.BadRequestData("expiresAt: a date and time with an offset is required, like 2026-01-31T08:00:00Z.");

    private static bool TryGet(JsonElement entity, string name, string keyword, out JsonElement value) => entity.TryGetProperty(name, out value) || entity.TryGetProperty(keyword, out value);
}
