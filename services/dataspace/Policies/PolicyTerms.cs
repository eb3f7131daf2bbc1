using System.Globalization;
using System.Xml;

namespace LivingCity.Dataspace.Policies;

/// <summary>What of a policy this connector understands, term by term.</summary>
internal static class PolicyTerms
{
    /// <summary>Everything in a policy that is not understood. Not one such thing may be in a policy that permits.</summary>
    public static IEnumerable<Reason> Unknown(Policy policy) =>
    [
        .. policy.Permissions.Index().SelectMany(rule => Unknown(rule.Item, Path("permission", rule.Index), [Terms.Use, Terms.Aggregate, Terms.Anonymize])),
        .. policy.Prohibitions.Index().SelectMany(rule => Unknown(rule.Item, Path("prohibition", rule.Index), [Terms.Use, Terms.Commercialize])),
        .. policy.Obligations.Index().SelectMany(rule => Unknown(rule.Item, Path("obligation", rule.Index), [Terms.Attribute, Terms.Delete, Terms.Aggregate, Terms.Anonymize])),
    ];

    /// <summary>Every area that a policy names.</summary>
    public static IEnumerable<(string Rule, string Area)> Areas(Policy policy) =>
        new[] { ("permission", policy.Permissions), ("prohibition", policy.Prohibitions) }.SelectMany(kind => kind.Item2.Index().SelectMany(rule =>
            rule.Item.Constraints.SelectMany(Leaves).Where(leaf => leaf.Left == Terms.Spatial).SelectMany(leaf => leaf.Right).Select(area => (Path(kind.Item1, rule.Index), area))));

    /// <summary>Whether a policy asks for what credentials say.</summary>
    public static bool AsksForClaims(Policy policy) =>
        policy.Permissions.Concat(policy.Prohibitions).SelectMany(rule => rule.Constraints).SelectMany(Leaves).Any(leaf => Terms.ClaimName(leaf.Left) is not null);

    /// <summary>Whether a policy lets out only some rows or attributes.</summary>
    public static bool FiltersRows(Policy policy) =>
        policy.Permissions.Concat(policy.Prohibitions).SelectMany(rule => rule.Constraints).SelectMany(Leaves).Any(leaf => leaf.Left is Terms.Spatial or Terms.ObservedAt or Terms.Attributes);

    /// <summary>The last part of an IRI, for people.</summary>
    public static string Name(string iri) => iri[(iri.LastIndexOfAny(['/', '#', ':']) + 1)..];

    public static DateTimeOffset Time(string text) => TryTime(text, out var time) ? time : throw new FormatException($"{text} is no time.");

    public static long Whole(string text) => long.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);

    public static IEnumerable<Comparison> Leaves(Constraint constraint) => constraint switch
    {
        Comparison comparison => [comparison],
        Combination combination => combination.Operands.SelectMany(Leaves),
        _ => [],
    };

    private static IEnumerable<Constraint> Exclusive(Constraint constraint) => constraint switch
    {
        Combination { Operator: "xone" } => [constraint],
        Combination combination => combination.Operands.SelectMany(Exclusive),
        _ => [],
    };

    private static string Path(string kind, int index) => $"{kind}[{index.ToString(CultureInfo.InvariantCulture)}]";

    private static IEnumerable<Reason> Unknown(Rule rule, string path, string[] actions)
    {
        if (!actions.Contains(rule.Action))
        {
            yield return new Reason("unknown-term", path, $"The action {rule.Action} is not understood here.");
        }

        foreach (var constraint in rule.Constraints)
        {
            if (constraint is Combination { Operands.Count: 0 })
            {
                yield return new Reason("unknown-term", path, "A logical constraint is empty.");
            }

            if (Exclusive(constraint).SelectMany(Leaves).Any(leaf => leaf.Left is Terms.Spatial or Terms.ObservedAt))
            {
                // For a row whose place is not known, "exactly one of" could be true by what is not known.
                yield return new Reason("unknown-term", path, "Areas and times of observation are not understood in xone.");
            }

            foreach (var leaf in Leaves(constraint))
            {
                if (Objection(leaf, rule.Action, path.StartsWith("obligation", StringComparison.Ordinal), path.StartsWith("prohibition", StringComparison.Ordinal), constraint is Comparison) is { } objection)
                {
                    yield return new Reason("unknown-term", path, objection);
                }
            }
        }
    }

    private static string? Objection(Comparison leaf, string action, bool isDuty, bool isProhibition, bool isTop)
    {
        if (Terms.OperatorsOf(leaf.Left) is not { } operators)
        {
            return $"The left operand {leaf.Left} is not understood here.";
        }

        if (!operators.Contains(leaf.Operator))
        {
            return $"The operator {leaf.Operator} is not understood with {Name(leaf.Left)}.";
        }

        var ofForm = leaf.Left is Terms.GroupSize or Terms.Epsilon;
        if (isDuty ? !(leaf.Left == Terms.DelayPeriod ? action == Terms.Delete : ofForm && action is Terms.Aggregate or Terms.Anonymize && ofForm) : leaf.Left == Terms.DelayPeriod || (ofForm && action is not (Terms.Aggregate or Terms.Anonymize)))
        {
            return $"{Name(leaf.Left)} is not understood with {Name(action)}.";
        }

        if (leaf.Left is Terms.Attributes or Terms.GroupSize or Terms.Epsilon or Terms.DelayPeriod && (!isTop || isProhibition))
        {
            return $"{Name(leaf.Left)} is understood as a condition of its own in a permission or duty only.";
        }

        return leaf.Right.Count > 0 && (leaf.Right.Count == 1 || leaf.Operator is "isAnyOf" or "isNoneOf") && leaf.Right.All(value => IsValue(leaf.Left, value)) ? null : $"The value {string.Join(", ", leaf.Right)} of {Name(leaf.Left)} is not understood.";
    }

    private static bool IsValue(string left, string value) => left switch
    {
        Terms.DateTime or Terms.ObservedAt => TryTime(value, out _),
        Terms.Count or Terms.Rate => long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 0,
        Terms.GroupSize => int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var size) && size >= 2,
        Terms.Epsilon => double.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var epsilon) && epsilon is > 0 and <= 100,
        Terms.DelayPeriod => IsDuration(value),
        Terms.Purpose or Terms.Spatial => value.Contains(':', StringComparison.Ordinal),
        _ when Terms.ClaimName(left) is { } name && !name.Contains(':', StringComparison.Ordinal) => value == Claims.Held,
        _ => value.Length > 0,
    };

    private static bool IsDuration(string value)
    {
        try
        {
            return XmlConvert.ToTimeSpan(value) >= TimeSpan.Zero;
        }
        catch (Exception exception) when (exception is FormatException or OverflowException)
        {
            return false;
        }
    }

    private static bool TryTime(string text, out DateTimeOffset time) =>
        DateTimeOffset.TryParseExact(text, ["yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-ddK"], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out time);
}
