namespace LivingCity.Dataspace.Policies;

/// <summary>Where in the life of a contract a policy is looked at. What cannot be known yet is left to a later stage.</summary>
internal enum Stage
{
    Catalogue,
    Negotiation,
    Transfer,
    Request,
}

/// <summary>What is known of a use of data.</summary>
internal sealed record Facts
{
    public required Stage Stage { get; init; }

    public required DateTimeOffset Now { get; init; }

    /// <summary>The purpose that the consumer declares, as a canonical IRI.</summary>
    public string? Purpose { get; init; }

    /// <summary>What the consumer's verified credentials say.</summary>
    public Claims Claims { get; init; } = Claims.None;

    /// <summary>How many requests were granted under the agreement before this one.</summary>
    public long Used { get; init; }

    /// <summary>How many requests were granted in the minute before this one.</summary>
    public long UsedInLastMinute { get; init; }

    /// <summary>Areas whose borders are known here; null where nobody asks (the consumer's side).</summary>
    public IReadOnlySet<string>? Areas { get; init; }
}

/// <summary>A row of data, as far as policies look at it.</summary>
/// <param name="IsIn">Whether it lies in an area; null for a row without a place.</param>
/// <param name="ObservedAt">When it was observed.</param>
internal readonly record struct RowFacts(Func<string, bool>? IsIn, DateTimeOffset? ObservedAt);

/// <summary>One reason of a decision.</summary>
/// <param name="Code">Stable: <c>unknown-term</c>, <c>purpose</c>, <c>time</c>, <c>count</c>, <c>rate</c>, <c>area</c>, <c>credential</c>, <c>prohibited</c>, <c>no-permission</c>, <c>permitted</c>.</param>
/// <param name="Rule">Which rule, like <c>permission[0]</c>.</param>
/// <param name="Text">In words.</param>
internal sealed record Reason(string Code, string Rule, string Text);

/// <summary>How data leaves the house.</summary>
internal enum Form
{
    AsIs,
    Anonymized,
    Aggregated,
}

/// <summary>What one permission grants.</summary>
/// <param name="Holds">Which rows.</param>
/// <param name="Attributes">Which attributes; null for all.</param>
/// <param name="Form">In which form.</param>
/// <param name="GroupSize">The least number of individuals in a group that is published.</param>
/// <param name="Epsilon">The privacy loss that may be spent in a period; null for no noise.</param>
/// <param name="Permission">The index of the permission that grants it.</param>
internal sealed record Grant(Func<RowFacts, bool> Holds, AttributeFilter? Attributes, Form Form, int GroupSize, double? Epsilon, int Permission = 0);

/// <summary>Attributes that are handed out: all that are in every list of <paramref name="Only"/> and in none of <paramref name="Without"/>.</summary>
internal sealed record AttributeFilter(IReadOnlyList<IReadOnlyList<string>> Only, IReadOnlyList<string> Without)
{
    public bool Allows(string attribute) => Only.All(list => list.Contains(attribute)) && !Without.Contains(attribute);
}

/// <summary>What a policy says to a use of data, and why.</summary>
/// <param name="Permitted">Whether data may be had at all.</param>
/// <param name="Reasons">Why, or why not: all of it.</param>
/// <param name="Grants">What is granted; a row is handed out when one grant holds for it.</param>
/// <param name="MustAttribute">The source must be named.</param>
/// <param name="DeleteAfter">How long the consumer may keep the data.</param>
internal sealed record Decision(bool Permitted, IReadOnlyList<Reason> Reasons, IReadOnlyList<Grant> Grants, bool MustAttribute, TimeSpan? DeleteAfter)
{
    public static Decision Deny(IEnumerable<Reason> reasons) => new(false, [.. reasons], [], false, null);

    /// <summary>The permissions that hold: with the policy itself, all that the grants depend on.</summary>
    public IEnumerable<int> Holding => Grants.Select(grant => grant.Permission);

    public string Explanation => string.Join(" ", Reasons.Select(reason => reason.Text));
}
