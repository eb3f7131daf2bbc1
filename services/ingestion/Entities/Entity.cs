using System.Text.Json;

namespace LivingCity.Ingestion.Entities;

/// <summary>Attributes by the IRI of their names, each with its instances: at most one for each dataset id.</summary>
internal sealed class Attributes : Dictionary<string, IReadOnlyList<AttributeInstance>>
{
    public static readonly Attributes None = [];

    public Attributes()
        : base(StringComparer.Ordinal)
    {
    }

    public Attributes(Attributes others)
        : base(others, StringComparer.Ordinal)
    {
    }
}

/// <summary>An entity in expanded form (ETSI GS CIM 009, clause 4.5.1), or the fragment of one. Immutable once shared.</summary>
internal sealed record Entity
{
    /// <summary>URI; empty in a fragment that names none.</summary>
    public required string Id { get; init; }

    /// <summary>IRIs of its types; empty in a fragment that names none.</summary>
    public required IReadOnlyList<string> Types { get; init; }

    /// <summary>Its scopes (clause 4.18); null when it has none, or a fragment does not speak of them.</summary>
    public IReadOnlyList<string>? Scopes { get; init; }

    /// <summary>The attributes.</summary>
    public Attributes Attributes { get; init; } = Attributes.None;

    /// <summary>When a transient entity ends (clause 4.5.21).</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>When it was made here.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was last changed here.</summary>
    public DateTimeOffset ModifiedAt { get; init; }

    /// <summary>When it was deleted here: in history only.</summary>
    public DateTimeOffset? DeletedAt { get; init; }

    /// <summary>The instance with this dataset id (null for the default one), if there is one.</summary>
    public AttributeInstance? Find(string attribute, string? datasetId = null) =>
        Attributes.TryGetValue(attribute, out var instances) ? instances.FirstOrDefault(instance => instance.DatasetId == datasetId) : null;
}

/// <summary>The kinds of attribute (clauses 4.5.2 to 4.5.8 and 4.5.19 to 4.5.24).</summary>
internal enum AttributeKind
{
    Property,
    GeoProperty,
    Relationship,
    LanguageProperty,
    VocabProperty,
    ListProperty,
    ListRelationship,
    JsonProperty,
}

/// <summary>One instance of an attribute or of an attribute's attribute.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Value">What its value member holds, as it was sent but for vocabularies and lists of relationships, which are expanded; undefined in a fragment without.</param>
internal sealed record AttributeInstance(AttributeKind Kind, JsonElement Value)
{
    /// <summary>The value that deletes (clause 5.5.4).</summary>
    public const string Null = "urn:ngsi-ld:null";

    /// <summary>URI that tells instances of one attribute apart; null for the default one.</summary>
    public string? DatasetId { get; init; }

    /// <summary>When it was observed, as it was sent.</summary>
    public string? ObservedAt { get; init; }

    /// <summary>UN/CEFACT common code.</summary>
    public string? UnitCode { get; init; }

    /// <summary>IRIs of the types that the related entities have.</summary>
    public IReadOnlyList<string>? ObjectTypes { get; init; }

    /// <summary>IRI of the value's native type.</summary>
    public string? ValueType { get; init; }

    /// <summary>When a transient attribute ends, as it was sent (clause 4.22).</summary>
    public string? ExpiresAt { get; init; }

    public string? CreatedAt { get; init; }

    public string? ModifiedAt { get; init; }

    /// <summary>When it was deleted: in history only.</summary>
    public string? DeletedAt { get; init; }

    /// <summary>URI of this instance in history.</summary>
    public string? InstanceId { get; init; }

    /// <summary>Attributes of this attribute.</summary>
    public Attributes Attributes { get; init; } = Attributes.None;

    /// <summary>True when the kind was not said but guessed from a bare value: what it is merged into knows better.</summary>
    public bool IsBare { get; init; }

    /// <summary>What a merge needs to know of this, or null.</summary>
    public MergeHints? Hints { get; init; }

    /// <summary>Entities that a relationship leads to, where an answer holds them (<c>join=inline</c>).</summary>
    public IReadOnlyList<Entity>? Linked { get; init; }

    /// <summary>True when this stands for the deletion of what it is merged into.</summary>
    public bool IsNull => Value.ValueKind == JsonValueKind.Null
        || (Value.ValueKind == JsonValueKind.String && Kind != AttributeKind.JsonProperty && Value.ValueEquals(Null))
        || (Kind is AttributeKind.ListProperty or AttributeKind.ListRelationship && Value.ValueKind == JsonValueKind.Array && Value.GetArrayLength() == 1
            && Value[0].ValueKind == JsonValueKind.String && Value[0].ValueEquals(Null))
        || (Kind == AttributeKind.LanguageProperty && Value.ValueKind == JsonValueKind.Object && Value.TryGetProperty("@none", out var none) && none.ValueKind == JsonValueKind.String && none.ValueEquals(Null));

    public bool HasValue => Value.ValueKind != JsonValueKind.Undefined;

    /// <summary>The value where it is one number.</summary>
    public double? Number => Kind == AttributeKind.Property && Value.ValueKind == JsonValueKind.Number && Value.TryGetDouble(out var number) && double.IsFinite(number) ? number : null;
}

/// <summary>What a fragment means beside what it says, depending on what it is merged into (clause 5.6.17).</summary>
/// <param name="Term">A bare text as a word of a vocabulary.</param>
/// <param name="Language">The language of a bare text.</param>
/// <param name="ObservedAt">When all of the fragment was observed: for what has a time of observation.</param>
internal sealed record MergeHints(string? Term = null, string? Language = null, string? ObservedAt = null);

/// <summary>The names of members that are no attributes, and which member holds which kind's value.</summary>
internal static class Members
{
    private static readonly string[] ValueMembers = ["value", "value", "object", "languageMap", "vocab", "valueList", "objectList", "json"];

    /// <summary>The member that holds the value of an attribute of this kind.</summary>
    public static string Of(AttributeKind kind) => ValueMembers[(int)kind];

    public static IEnumerable<AttributeKind> Kinds => Enum.GetValues<AttributeKind>();
}
