using System.Runtime.InteropServices;
using System.Text.Json;
using LivingCity.Ingestion.Contexts;
using LivingCity.Ingestion.Errors;

namespace LivingCity.Ingestion.Entities;

/// <summary>Reads attributes: each an object with its type said (normalized) or seen from its members (concise), or a bare value (concise, simplified).</summary>
internal sealed class AttributeReader(LdContext context, Reading reading, bool simplified)
{
    private const int MaxDepth = 24;

    private static readonly Dictionary<string, AttributeKind> KindsByName = Members.Kinds.ToDictionary(kind => kind.ToString());

    /// <summary>In the order in which they are looked for where no type is given.</summary>
    private static readonly AttributeKind[] KindsByMember =
    [
        AttributeKind.Property, AttributeKind.Relationship, AttributeKind.LanguageProperty, AttributeKind.VocabProperty, AttributeKind.ListProperty, AttributeKind.ListRelationship,
        AttributeKind.JsonProperty,
    ];

    private static readonly HashSet<string> ValueMembers = [.. Members.Kinds.Select(Members.Of)];

    /// <summary>Members of an attribute that are no attributes of it; those that the broker itself sets are passed over.</summary>
    private static readonly HashSet<string> Reserved =
    [
        .. ValueMembers, "type", "@type", "datasetId", "observedAt", "unitCode", "objectType", "valueType", "createdAt", "modifiedAt", "deletedAt", "expiresAt", "instanceId", "lang", "entity", "entityList",
        "previousValue", "previousObject", "previousLanguageMap", "previousVocab", "previousJson", "previousValueList", "previousObjectList", "@context", "ngsildproof",
    ];

    public IReadOnlyList<AttributeInstance> ReadAll(string name, JsonElement attribute, int depth)
    {
        if (attribute.ValueKind != JsonValueKind.Array || !attribute.EnumerateArray().Any() || !attribute.EnumerateArray().All(LooksLikeInstance))
        {
            return attribute.ValueKind == JsonValueKind.Object && simplified && DatasetsOf(attribute) is { } datasets
                ? [.. datasets.EnumerateObject().Select(dataset => ReadBare(name, dataset.Value) with { DatasetId = DatasetIdOf(name, dataset.Name) })]
                : [Read(name, attribute, depth)];
        }

        var instances = attribute.EnumerateArray().Select(instance => Read(name, instance, depth)).ToArray();
        return IsHistory || instances.DistinctBy(instance => instance.DatasetId ?? "").Count() == instances.Length ? instances
            : throw NgsiLdException.BadRequestData($"{name}: two instances have the same datasetId.");
    }

    private static bool LooksLikeInstance(JsonElement element) => element.ValueKind == JsonValueKind.Object
        && ((element.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.String && KindsByName.ContainsKey(type.GetString()!))
            || element.EnumerateObject().Any(member => ValueMembers.Contains(member.Name)));

    /// <summary>Several instances in simplified form: <c>{"dataset": {"@none": 1, "urn:x": 2}}</c> (clause 4.5.5).</summary>
    private static JsonElement? DatasetsOf(JsonElement attribute) =>
        attribute.EnumerateObject().Count() == 1 && attribute.TryGetProperty("dataset", out var datasets) && datasets.ValueKind == JsonValueKind.Object ? datasets : null;

    private AttributeInstance Read(string name, JsonElement attribute, int depth)
    {
        if (depth > MaxDepth)
        {
            throw NgsiLdException.BadRequestData($"{name}: attributes are nested deeper than {MaxDepth}.");
        }

        if (attribute.ValueKind != JsonValueKind.Object || GeoJson.IsGeometry(attribute) || (simplified && !LooksLikeInstance(attribute)))
        {
            return ReadBare(name, attribute);
        }

        var kind = KindOf(name, attribute, out var isGuess);
        var member = Members.Of(kind);
        if (attribute.EnumerateObject().Select(other => other.Name).FirstOrDefault(other => ValueMembers.Contains(other) && other != member) is { } foreign)
        {
            throw NgsiLdException.BadRequestData($"{name}.{foreign}: a {kind} has none.");
        }

        return new AttributeInstance(kind, ReadValue(name, kind, member, attribute))
        {
            DatasetId = Text(name, attribute, "datasetId") is { } datasetId ? DatasetIdOf(name, datasetId) : null,
            ObservedAt = Time(name, attribute, "observedAt"),
            ExpiresAt = Time(name, attribute, "expiresAt"),
            UnitCode = Text(name, attribute, "unitCode"),
            ObjectTypes = ReadObjectTypes(name, attribute),
            ValueType = Text(name, attribute, "valueType") is { } type ? context.Expand(type) : null,
            Attributes = ReadSubAttributes(name, attribute, depth),
            IsBare = isGuess && !attribute.TryGetProperty(member, out _),
        };
    }

    private AttributeInstance ReadBare(string name, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Null && (IsHistory || reading is Reading.Whole or Reading.Content))
        {
            throw NgsiLdException.BadRequestData($"{name}: null is not allowed here.");
        }

        if (value.ValueKind == JsonValueKind.Object && GeoJson.IsGeometry(value))
        {
            GeoJson.Require(value, name);
            return new AttributeInstance(AttributeKind.GeoProperty, value) { IsBare = true };
        }

        var instance = new AttributeInstance(AttributeKind.Property, value) { IsBare = true };
        if (instance.IsNull)
        {
            return reading is Reading.Whole or Reading.Content ? throw NgsiLdException.BadRequestData($"{name}: null is not allowed here.") : instance;
        }

        RequireNoNull(name, value);
        return value.ValueKind == JsonValueKind.String && reading == Reading.Merge ? instance with { Hints = new MergeHints(context.TryExpand(value.GetString()!)) } : instance;
    }

    private static AttributeKind KindOf(string name, JsonElement attribute, out bool isGuess)
    {
        isGuess = !attribute.TryGetProperty("type", out var type) && !attribute.TryGetProperty("@type", out type);
        if (!isGuess)
        {
            return type.ValueKind == JsonValueKind.String && KindsByName.TryGetValue(type.GetString()!, out var kind) ? kind
                : throw NgsiLdException.BadRequestData($"{name}: an attribute must be an object whose type is one of {string.Join(", ", KindsByName.Keys)}.");
        }

        var guess = KindsByMember.FirstOrDefault(kind => attribute.TryGetProperty(Members.Of(kind), out _));
        return guess == AttributeKind.Property && attribute.TryGetProperty("value", out var value) && GeoJson.IsGeometry(value) ? AttributeKind.GeoProperty : guess;
    }

    private JsonElement ReadValue(string name, AttributeKind kind, string member, JsonElement attribute)
    {
        if (!attribute.TryGetProperty(member, out var value))
        {
            return reading is Reading.Patch or Reading.Merge ? default : throw NgsiLdException.BadRequestData($"{name}.{member}: a {kind} needs one.");
        }

        var deletes = new AttributeInstance(kind, value).IsNull;
        if (deletes && kind != AttributeKind.JsonProperty)
        {
            return TakesNull ? value : throw NgsiLdException.BadRequestData($"{name}.{member}: null is not allowed here.");
        }

        if (kind == AttributeKind.Property)
        {
            RequireNoNull(name, value);
        }

        return kind switch
        {
            AttributeKind.GeoProperty => GeoJson.Require(value, name),
            AttributeKind.Relationship when value.ValueKind == JsonValueKind.Array => All(value, item => IsUri(item)) ? value : throw NotUris(name, member),
            AttributeKind.Relationship => IsUri(value) ? value : throw NotUris(name, member),
            AttributeKind.LanguageProperty => IsLanguageMap(value) ? value : throw NgsiLdException.BadRequestData($"{name}.{member}: an object of texts by language tag is required."),
            AttributeKind.VocabProperty => ReadVocabulary(name, member, value),
            AttributeKind.ListProperty => value.ValueKind == JsonValueKind.Array ? value : throw NgsiLdException.BadRequestData($"{name}.{member}: an array is required."),
            AttributeKind.ListRelationship => ReadObjects(name, member, value),
            _ => value,
        };
    }

    private JsonElement ReadVocabulary(string name, string member, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => JsonSerializer.SerializeToElement(context.Expand(value.GetString()!)),
        JsonValueKind.Array when All(value, item => item.ValueKind == JsonValueKind.String) => JsonSerializer.SerializeToElement(value.EnumerateArray().Select(item => context.Expand(item.GetString()!))),
        _ => throw NgsiLdException.BadRequestData($"{name}.{member}: a term or an array of terms is required."),
    };

    /// <summary>A list of relationships holds URIs, or objects that each hold one (clause 4.5.23).</summary>
    private static JsonElement ReadObjects(string name, string member, JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Array)
        {
            throw NotUris(name, member);
        }

        var objects = value.EnumerateArray().Select(item => item.ValueKind == JsonValueKind.Object && item.TryGetProperty("object", out var inner) ? inner : item).ToArray();
        return objects.All(IsUri) ? JsonSerializer.SerializeToElement(objects) : throw NotUris(name, member);
    }

    private bool IsLanguageMap(JsonElement map) => map.ValueKind == JsonValueKind.Object && map.EnumerateObject().All(language => language.Name.Length > 0 && language.Value.ValueKind switch
    {
        JsonValueKind.String => true,
        JsonValueKind.Null => TakesNull,
        JsonValueKind.Array => language.Value.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String),
        _ => false,
    });

    private IReadOnlyList<string>? ReadObjectTypes(string name, JsonElement attribute) => !attribute.TryGetProperty("objectType", out var type) ? null : type.ValueKind switch
    {
        JsonValueKind.String => [context.Expand(type.GetString()!)],
        JsonValueKind.Array when All(type, item => item.ValueKind == JsonValueKind.String) => [.. type.EnumerateArray().Select(item => context.Expand(item.GetString()!))],
        _ => throw NgsiLdException.BadRequestData($"{name}.objectType: a name or an array of names is required."),
    };

    private Attributes ReadSubAttributes(string name, JsonElement attribute, int depth)
    {
        Attributes? attributes = null;
        foreach (var member in attribute.EnumerateObject().Where(member => !Reserved.Contains(member.Name)))
        {
            attributes ??= [];
            var path = $"{name}.{member.Name}";
            if (!attributes.TryAdd(context.Expand(member.Name), ReadAll(path, member.Value, depth + 1)))
            {
                throw NgsiLdException.BadRequestData($"{path}: this attribute is given twice.");
            }
        }

        return attributes ?? Attributes.None;
    }

    private bool IsHistory => reading is Reading.History or Reading.HistoryFragment;

    private bool TakesNull => reading is Reading.Fragment or Reading.Patch or Reading.Merge;

    /// <summary>Inside of values, null deletes in a merge patch, and is nothing that could be kept otherwise (clause 5.5.4).</summary>
    private void RequireNoNull(string name, JsonElement value)
    {
        if (!IsHistory && reading != Reading.Merge && value.ValueKind is JsonValueKind.Object or JsonValueKind.Array
            && JsonMarshal.GetRawUtf8Value(value).IndexOf("urn:ngsi-ld:null"u8) >= 0 && HoldsNull(value))
        {
            throw NgsiLdException.BadRequestData($"{name}: null is not allowed inside of a value.");
        }
    }

    private static bool HoldsNull(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => value.EnumerateObject().Any(member => (member.Value.ValueKind == JsonValueKind.String && member.Value.ValueEquals(AttributeInstance.Null)) || HoldsNull(member.Value)),
        JsonValueKind.Array => value.EnumerateArray().Any(HoldsNull),
        _ => false,
    };

    private static string? Text(string name, JsonElement attribute, string member) => !attribute.TryGetProperty(member, out var value) ? null
        : value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text ? text
        : throw NgsiLdException.BadRequestData($"{name}.{member}: a text is required.");

    private static string? Time(string name, JsonElement attribute, string member) => !attribute.TryGetProperty(member, out var value) ? null
        : value.ValueKind == JsonValueKind.String && Instants.TryRead(value.GetString(), out _) ? value.GetString()
        : throw NgsiLdException.BadRequestData($"{name}.{member}: a date and time with an offset is required, like 2026-01-31T08:00:00Z.");

    /// <summary><c>@none</c> names the default instance.</summary>
    private static string? DatasetIdOf(string name, string datasetId) => datasetId == "@none" ? null : Uris.Require(datasetId, $"{name}.datasetId");

    private static bool All(JsonElement array, Func<JsonElement, bool> holds) => array.GetArrayLength() > 0 && array.EnumerateArray().All(holds);

    private static bool IsUri(JsonElement value) => value.ValueKind == JsonValueKind.String && Uris.IsUri(value.GetString()!);

    private static NgsiLdException NotUris(string name, string member) => NgsiLdException.BadRequestData($"{name}.{member}: a URI or an array of URIs is required.");
}
