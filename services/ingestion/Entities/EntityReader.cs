using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using LivingCity.Ingestion.Contexts;
using LivingCity.Ingestion.Errors;

namespace LivingCity.Ingestion.Entities;

/// <summary>Reads an entity in normalized form (ETSI GS CIM 009, clauses 4.5.1 to 4.5.8 and 5.2.4 to 5.2.8).</summary>
internal static class EntityReader
{
    /// <summary>The member that carries the value, by kind of attribute.</summary>
    private static readonly Dictionary<string, string> ValueMembers = new()
    {
        ["Property"] = "value", ["GeoProperty"] = "value", ["Relationship"] = "object", ["LanguageProperty"] = "languageMap",
        ["VocabProperty"] = "vocab", ["JsonProperty"] = "json", ["ListProperty"] = "valueList", ["ListRelationship"] = "objectList",
    };

    /// <exception cref="NgsiLdException">The entity is not valid; the message names the member.</exception>
    public static EntityFragment Read(JsonElement entity, string? link)
    {
        if (entity.ValueKind != JsonValueKind.Object)
        {
            throw NgsiLdException.BadRequestData("An entity must be a JSON object.");
        }

        var context = LdContext.Read(entity.TryGetProperty("@context", out var member) ? member : null, link);
        var id = entity.TryGetProperty("id", out var given) && given.ValueKind == JsonValueKind.String ? given.GetString()! : throw NgsiLdException.BadRequestData("id: a URI is required.");
        RequireUri(id, "id");
        var instances = entity.EnumerateObject().Where(attribute => attribute.Name is not ("id" or "type" or "@context" or "scope"))
            .SelectMany(attribute => ReadAttribute(attribute, context)).ToArray();
        if (instances.DistinctBy(instance => (instance.Attribute, instance.DatasetId)).Count() != instances.Length)
        {
            throw NgsiLdException.BadRequestData($"{id}: an attribute has two instances with the same datasetId.");
        }

        return new EntityFragment(id, ReadTypes(entity, context), instances);
    }

    private static string[] ReadTypes(JsonElement entity, LdContext context)
    {
        var types = entity.TryGetProperty("type", out var type) ? type.ValueKind switch
        {
            JsonValueKind.String => [type.GetString()!],
            JsonValueKind.Array when type.GetArrayLength() > 0 && type.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String) => type.EnumerateArray().Select(item => item.GetString()!).ToArray(),
            _ => [],
        } : [];
        return types.Length > 0 ? [.. types.Select(context.Expand).Distinct()] : throw NgsiLdException.BadRequestData("type: a name or an array of names is required.");
    }

    private static IEnumerable<AttributeInstance> ReadAttribute(JsonProperty attribute, LdContext context)
    {
        var iri = context.Expand(attribute.Name);
        return attribute.Value.ValueKind == JsonValueKind.Array
            ? attribute.Value.EnumerateArray().Select(instance => ReadInstance(attribute.Name, iri, instance))
            : [ReadInstance(attribute.Name, iri, attribute.Value)];
    }

    private static AttributeInstance ReadInstance(string name, string iri, JsonElement instance)
    {
        if (instance.ValueKind != JsonValueKind.Object || !instance.TryGetProperty("type", out var kind) || kind.ValueKind != JsonValueKind.String
            || !ValueMembers.TryGetValue(kind.GetString()!, out var valueMember))
        {
            throw NgsiLdException.BadRequestData($"{name}: an attribute must be an object whose type is one of {string.Join(", ", ValueMembers.Keys)}.");
        }

        if (!instance.TryGetProperty(valueMember, out var value) || value.ValueKind == JsonValueKind.Null)
        {
            throw NgsiLdException.BadRequestData($"{name}.{valueMember}: a {kind.GetString()} needs one that is not null.");
        }

        var datasetId = instance.TryGetProperty("datasetId", out var dataset) ? dataset.GetString() ?? "" : "";
        if (datasetId.Length > 0)
        {
            RequireUri(datasetId, $"{name}.datasetId");
        }

        if (kind.GetString() == "GeoProperty")
        {
            GeoJson.Require(value, name);
        }

        return new AttributeInstance(iri, datasetId, ReadTime(instance, name), JsonObject.Create(instance)!);
    }

    private static DateTimeOffset? ReadTime(JsonElement instance, string name)
    {
        if (!instance.TryGetProperty("observedAt", out var given))
        {
            return null;
        }

        return given.ValueKind == JsonValueKind.String && given.GetString() is { Length: >= 20 } text && text.Contains('T', StringComparison.Ordinal)
            && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out var time)
            ? time.ToUniversalTime()
            : throw NgsiLdException.BadRequestData($"{name}.observedAt: a date and time with an offset is required, like 2026-01-31T08:00:00Z.");
    }

    private static void RequireUri(string value, string member)
    {
        var colon = value.IndexOf(':', StringComparison.Ordinal);
        if (colon < 1 || colon == value.Length - 1 || !Uri.TryCreate(value, UriKind.Absolute, out _))
        {
            throw NgsiLdException.BadRequestData($"{member}: '{value}' is not a URI.");
        }
    }
}
