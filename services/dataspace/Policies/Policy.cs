namespace LivingCity.Dataspace.Policies;

/// <summary>A policy (ODRL Information Model 2.2): what may be done, what may not, what must. All terms are canonical IRIs.</summary>
internal sealed record Policy(IReadOnlyList<Rule> Permissions, IReadOnlyList<Rule> Prohibitions, IReadOnlyList<Rule> Obligations);

/// <summary>One rule: an action under conditions, all of which must hold.</summary>
internal sealed record Rule(string Action, IReadOnlyList<Constraint> Constraints);

internal abstract record Constraint;

/// <summary>A comparison. Several values stand for a list.</summary>
internal sealed record Comparison(string Left, string Operator, IReadOnlyList<string> Right) : Constraint
{
    public bool Equals(Comparison? other) => other is not null && Left == other.Left && Operator == other.Operator && Right.SequenceEqual(other.Right);

    public override int GetHashCode() => HashCode.Combine(Left, Operator, Right.Count);
}

/// <summary>A logical combination: <c>and</c>, <c>andSequence</c>, <c>or</c> or <c>xone</c> (exactly one).</summary>
internal sealed record Combination(string Operator, IReadOnlyList<Constraint> Operands) : Constraint;

/// <summary>The terms of policies that this connector understands. Everything else denies.</summary>
internal static class Terms
{
    public const string Use = Iri.Odrl + "use";
    public const string Aggregate = Iri.Odrl + "aggregate";
    public const string Anonymize = Iri.Odrl + "anonymize";
    public const string Attribute = Iri.Odrl + "attribute";
    public const string Delete = Iri.Odrl + "delete";
    public const string Commercialize = Iri.Odrl + "commercialize";

    public const string Purpose = Iri.Odrl + "purpose";
    public const string Spatial = Iri.Odrl + "spatial";
    public const string DateTime = Iri.Odrl + "dateTime";
    public const string Count = Iri.Odrl + "count";
    public const string DelayPeriod = Iri.Odrl + "delayPeriod";

    /// <summary>Requests per minute.</summary>
    public const string Rate = Iri.Own + "rate";

    /// <summary>When the data was observed, as against <see cref="DateTime"/>, which is when it is used.</summary>
    public const string ObservedAt = Iri.Own + "observedAt";

    /// <summary>Names of attributes that are handed out, or are not.</summary>
    public const string Attributes = Iri.Own + "attributes";

    /// <summary>How many individuals a published group has at least (k of k-anonymity).</summary>
    public const string GroupSize = Iri.Own + "groupSize";

    /// <summary>The privacy loss that may be spent in a period (ε of differential privacy).</summary>
    public const string Epsilon = Iri.Own + "epsilon";

    /// <summary>What a credential must say: <c>Type</c> (that one of this type is held), or <c>Type:name</c> (a claim of it).</summary>
    public const string Claim = Iri.Own + "claim:";

    private static readonly IReadOnlyList<string> ClaimOperators = ["eq", "neq", "isAnyOf", "isNoneOf"];

    /// <summary>The operators that a left operand takes, or null when it is not understood.</summary>
    public static IReadOnlyList<string>? OperatorsOf(string left) => Operators.GetValueOrDefault(left) ?? (ClaimName(left) is { } name ? name.Contains(':', StringComparison.Ordinal) ? ClaimOperators : ["eq"] : null);

    /// <summary>Which claim a left operand asks for, or null when it asks for none.</summary>
    public static string? ClaimName(string left) => left.StartsWith(Claim, StringComparison.Ordinal) && left[Claim.Length..] is var name && name.Split(':') is [{ Length: > 0 }] or [{ Length: > 0 }, { Length: > 0 }] ? name : null;

    /// <summary>The operators that each left operand of a permission or prohibition takes.</summary>
    public static readonly IReadOnlyDictionary<string, IReadOnlyList<string>> Operators = new Dictionary<string, IReadOnlyList<string>>
    {
        [Purpose] = ["eq", "isA", "isAnyOf", "isNoneOf", "neq"],
        [Spatial] = ["isPartOf", "eq", "isAnyOf"],
        [DateTime] = ["gteq", "gt", "lteq", "lt"],
        [ObservedAt] = ["gteq", "gt", "lteq", "lt"],
        [Count] = ["lteq", "lt"],
        [Rate] = ["lteq", "lt"],
        [Attributes] = ["isAnyOf", "isNoneOf", "eq"],
        [GroupSize] = ["gteq", "eq"],
        [Epsilon] = ["lteq", "eq"],
        [DelayPeriod] = ["lteq", "eq"],
    };
}
