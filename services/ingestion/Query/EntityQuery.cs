using LivingCity.Ingestion.Entities;

namespace LivingCity.Ingestion.Query;

/// <summary>Which entities are meant: by id, pattern and types (ETSI GS CIM 009, clause 5.2.33).</summary>
/// <param name="Ids">URIs, or null for any.</param>
/// <param name="IdPattern">A regular expression that the id matches, or null.</param>
/// <param name="Types">The types, or null for any.</param>
internal sealed record EntitySelector(IReadOnlyList<string>? Ids, string? IdPattern, TypeExpression? Types);

/// <summary>A query for entities (clause 5.7.2): all criteria hold together.</summary>
internal sealed record EntityQuery
{
    /// <summary>At least one of these holds; none given means every entity.</summary>
    public IReadOnlyList<EntitySelector> Selectors { get; init; } = [];

    /// <summary>IRIs of attributes of which an entity has at least one, or null.</summary>
    public IReadOnlyCollection<string>? AnyAttribute { get; init; }

    public QueryExpression? Condition { get; init; }

    public GeoQuery? Geo { get; init; }

    /// <summary>Ids of the only entities that come into question, or null: a part of an entity map.</summary>
    public IReadOnlyList<string>? Among { get; init; }

    public ScopeQuery? Scope { get; init; }

    /// <summary>IRIs of the only types that the caller may read, or null.</summary>
    public IReadOnlySet<string>? OpenTypes { get; init; }

    /// <summary>A condition on what describes the context sources that are asked (<c>csf</c>), or null.</summary>
    public QueryExpression? SourceCondition { get; init; }

    public EntityOrder? Order { get; init; }

    public int Limit { get; init; } = 20;

    public int Offset { get; init; }

    /// <summary>Whether the number of all results is wanted.</summary>
    public bool Count { get; init; }

    /// <summary>The same without what cannot be judged on a part of an entity (clause 5.7.2.4, split entities).</summary>
    public EntityQuery Unfiltered() => this with { Condition = null, Geo = null, Scope = null, AnyAttribute = null };

    /// <summary>Whether an entity in memory is one of the results.</summary>
    public bool Matches(Entity entity) =>
        (Selectors.Count == 0 || Selectors.Any(selector => (selector.Ids is not { } ids || ids.Contains(entity.Id))
            && (selector.IdPattern is not { } pattern || System.Text.RegularExpressions.Regex.IsMatch(entity.Id, pattern)) && selector.Types?.Matches([.. entity.Types]) != false))
        && (AnyAttribute is not { } any || any.Any(entity.Attributes.ContainsKey))
        && Condition?.Matches(entity) != false && Geo?.Matches(entity) != false && Scope?.Matches(entity.Scopes) != false
        && (OpenTypes is not { } open || entity.Types.Any(open.Contains));
}
