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

    /// <summary>Whether <c>createdAt</c> and <c>modifiedAt</c> are written (clause 6.3.11).</summary>
    public bool SysAttrs { get; init; }

    /// <summary>The language that language properties are reduced to (clause 4.15), as in Accept-Language; null leaves them as maps.</summary>
    public string? Language { get; init; }

    /// <summary>IRIs of the only attributes to write (<c>attrs</c>); null for all.</summary>
    public IReadOnlySet<string>? Attributes { get; init; }

    /// <summary>The only members to write (<c>pick</c>); null for all.</summary>
    public Projection? Pick { get; init; }

    /// <summary>Members not to write (<c>omit</c>).</summary>
    public Projection? Omit { get; init; }

    /// <summary>The only dataset ids to write; the empty text stands for the default instance. Null for all.</summary>
    public IReadOnlySet<string>? DatasetIds { get; init; }

    /// <summary>IRI of the attribute that becomes the geometry of a GeoJSON feature (clause 4.5.16).</summary>
    public string GeometryProperty { get; init; } = CoreTerms.NgsiLd + "location";

    /// <summary>The version of the specification that readers understand at most (clause 4.3.6.8); null for all.</summary>
    public Conformance? Conformance { get; init; }

    /// <summary>What to write as <c>@context</c> in each entity, or null where a Link header says it.</summary>
    public JsonNode? ContextMember { get; init; }

    /// <summary>IRI of the relationship that is being written, when entities are to be written inside it.</summary>
    public string? Relationship { get; init; }

    /// <summary>Whether an attribute is written.</summary>
    public bool Shows(string attribute) => (Attributes is null || Attributes.Contains(attribute)) && (Pick is null || Pick.Names.Contains(attribute) || Pick.Linked.ContainsKey(attribute))
        && Omit?.Names.Contains(attribute) != true;

    /// <summary>Whether a member of the entity itself is written.</summary>
    public bool ShowsMember(string member) => Omit?.Names.Contains(member) != true && Pick?.Names.Contains(member) != false;

    /// <summary>How the entities are written that a relationship leads to (clause 4.5.23): what was picked and omitted holds for them too.</summary>
    /// <param name="relationship">Its IRI; null when they stand beside the entity, and it is not known any more.</param>
    public Representation Beyond(string? relationship) => this with
    {
        Attributes = null, DatasetIds = null, Relationship = null, ContextMember = relationship is null ? ContextMember : null,
        Pick = relationship is null ? Pick?.Flat() : Pick?.Beyond(relationship), Omit = relationship is null ? Omit : Omit?.Beyond(relationship),
    };
}
