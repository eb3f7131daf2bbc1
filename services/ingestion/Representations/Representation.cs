using System.Text.Json.Nodes;
using LivingCity.Ingestion.Contexts;

namespace LivingCity.Ingestion.Representations;

/// <summary>How much an answer says of each attribute (ETSI GS CIM 009, clauses 4.5.1 to 4.5.4).</summary>
internal enum Format
{
    Normalized,
    Concise,
    Simplified,
}

/// <summary>How entities are written: what an answer or a notification was asked to look like.</summary>
/// <param name="Names">The context under which names are compacted.</param>
internal sealed record Representation(LdContext Names)
{
    public Format Format { get; init; }

    /// <summary>Whether <c>createdAt</c>, <c>modifiedAt</c> and <c>expiresAt</c> are written (clause 4.5.1).</summary>
    public bool SysAttrs { get; init; }

    /// <summary>The language that language properties are reduced to (clause 4.15), as in Accept-Language; null leaves them as maps.</summary>
    public string? Language { get; init; }

    /// <summary>IRIs of the only attributes to write (<c>attrs</c>); null for all.</summary>
    public IReadOnlySet<string>? Attributes { get; init; }

    /// <summary>The only members to write (<c>pick</c>): IRIs of attributes, or names of entity members. Null for all.</summary>
    public IReadOnlySet<string>? Pick { get; init; }

    /// <summary>Members not to write (<c>omit</c>).</summary>
    public IReadOnlySet<string>? Omit { get; init; }

    /// <summary>The only dataset ids to write; the empty text stands for the default instance. Null for all.</summary>
    public IReadOnlySet<string>? DatasetIds { get; init; }

    /// <summary>IRI of the attribute that becomes the geometry of a GeoJSON feature (clause 4.5.16).</summary>
    public string GeometryProperty { get; init; } = CoreTerms.NgsiLd + "location";

    /// <summary>What to write as <c>@context</c> in each entity, or null where a Link header says it.</summary>
    public JsonNode? ContextMember { get; init; }

    /// <summary>Whether an attribute is written.</summary>
    public bool Shows(string attribute) => (Attributes is null || Attributes.Contains(attribute)) && (Pick is null || Pick.Contains(attribute)) && Omit?.Contains(attribute) != true;

    /// <summary>Whether a member of the entity itself is written. Who picks attributes still learns whose they are.</summary>
    public bool ShowsMember(string member) => Omit?.Contains(member) != true && (Pick is null || member is "id" or "type" || Pick.Contains(member));
}
