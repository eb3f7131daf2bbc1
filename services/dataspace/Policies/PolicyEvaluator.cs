using System.Globalization;
using System.Xml;

namespace LivingCity.Dataspace.Policies;

/// <summary>
/// Decides what a policy says to a use of data. Fails closed: a term, an operator or a value that is not understood denies, wherever it stands. A use is permitted when at least one permission
/// holds and no prohibition does. What a permission says about rows (area, time of observation) is left over as a predicate that the data plane applies to each row.
/// </summary>
internal static class PolicyEvaluator
{
    public const int DefaultGroupSize = 10;

    private static readonly string[] Actions = [Terms.Use, Terms.Aggregate, Terms.Anonymize];

    public static Decision Evaluate(Policy policy, Facts facts)
    {
        var unknown = PolicyTerms.Unknown(policy).ToList();
        if (facts.Areas is { } areas)
        {
            unknown.AddRange(PolicyTerms.Areas(policy).Where(area => !areas.Contains(area.Area)).Select(area => new Reason("area", area.Rule, $"The borders of area {area.Area} are not known here.")));
        }

        if (unknown.Count > 0)
        {
            return Decision.Deny(unknown);
        }

        var reasons = new List<Reason>();
        var grants = new List<Grant>();
        var barriers = new List<Expression>();
        foreach (var (index, prohibition) in policy.Prohibitions.Index())
        {
            var path = $"prohibition[{index.ToString(CultureInfo.InvariantCulture)}]";
            var condition = Condition(prohibition, facts, path, forbids: true, reasons: null);
            if (prohibition.Action == Terms.Commercialize)
            {
                condition = new All([condition, Policies.Expression.Of(facts.Purpose is { } purpose && Purposes.IsA(purpose, Purposes.Commercial))]);
            }

            if (condition.Known == true)
            {
                reasons.Add(new Reason("prohibited", path, $"{PolicyTerms.Name(prohibition.Action)} is prohibited here."));
                return Decision.Deny(reasons);
            }

            if (condition.Known is null)
            {
                barriers.Add(condition);
            }
        }

        foreach (var (index, permission) in policy.Permissions.Index())
        {
            var path = $"permission[{index.ToString(CultureInfo.InvariantCulture)}]";
            var condition = Condition(permission, facts, path, forbids: false, reasons);
            if (condition.Known != false && Actions.Contains(permission.Action))
            {
                grants.Add(Grant(permission, condition, barriers, policy.Obligations) with { Permission = index });
            }
        }

        if (grants.Count == 0)
        {
            reasons.Add(new Reason("no-permission", "policy", "No permission applies to this use."));
            return Decision.Deny(reasons);
        }

        return new Decision(true, [new Reason("permitted", "policy", "The use is permitted.")], grants, policy.Obligations.Any(duty => duty.Action == Terms.Attribute), DeleteAfter(policy));
    }

    /// <summary>How long data may be kept under a policy, or null for as long as one likes.</summary>
    public static TimeSpan? DeleteAfter(Policy policy) => policy.Obligations.FirstOrDefault(duty => duty.Action == Terms.Delete) is { } duty ? Delay(duty) : null;

    private static TimeSpan Delay(Rule duty) =>
        duty.Constraints.OfType<Comparison>().Where(comparison => comparison.Left == Terms.DelayPeriod).Select(comparison => XmlConvert.ToTimeSpan(comparison.Right[0])).DefaultIfEmpty(TimeSpan.Zero).Min();

    private static Grant Grant(Rule permission, Expression condition, IReadOnlyList<Expression> barriers, IReadOnlyList<Rule> obligations)
    {
        var rules = obligations.Where(duty => duty.Action is Terms.Aggregate or Terms.Anonymize).Prepend(permission).ToArray();
        var form = rules.Max(rule => rule.Action switch { Terms.Aggregate => Form.Aggregated, Terms.Anonymize => Form.Anonymized, _ => Form.AsIs });
        var comparisons = rules.SelectMany(rule => rule.Constraints).OfType<Comparison>().ToArray();
        var sizes = comparisons.Where(comparison => comparison.Left == Terms.GroupSize).Select(comparison => int.Parse(comparison.Right[0], CultureInfo.InvariantCulture)).DefaultIfEmpty(DefaultGroupSize);
        var epsilons = comparisons.Where(comparison => comparison.Left == Terms.Epsilon).Select(comparison => (double?)double.Parse(comparison.Right[0], CultureInfo.InvariantCulture)).ToArray();
        var attributes = permission.Constraints.OfType<Comparison>().Where(comparison => comparison.Left == Terms.Attributes).ToArray();
        var filter = attributes.Length == 0 ? null : new AttributeFilter(
            [.. attributes.Where(comparison => comparison.Operator != "isNoneOf").Select(comparison => comparison.Right)], [.. attributes.Where(comparison => comparison.Operator == "isNoneOf").SelectMany(comparison => comparison.Right)]);
        return new Grant(row => condition.Holds(row) && !barriers.Any(barrier => barrier.Holds(row)), filter, form, sizes.Max(), epsilons.Length == 0 ? null : epsilons.Min());
    }

    private static All Condition(Rule rule, Facts facts, string path, bool forbids, List<Reason>? reasons) =>
        new([.. rule.Constraints.Select(constraint => Expression(constraint, facts, path, forbids, reasons))]);

    private static Expression Expression(Constraint constraint, Facts facts, string path, bool forbids, List<Reason>? reasons) => constraint switch
    {
        Comparison comparison => Leaf(comparison, facts, path, forbids, reasons),
        Combination { Operator: "or" } any => new Any([.. any.Operands.Select(operand => Expression(operand, facts, path, forbids, reasons))]),
        Combination { Operator: "xone" } one => new One([.. one.Operands.Select(operand => Expression(operand, facts, path, forbids, reasons))]),
        Combination all => new All([.. all.Operands.Select(operand => Expression(operand, facts, path, forbids, reasons))]),
        _ => throw new InvalidOperationException("is no constraint"),
    };

    private static Expression Leaf(Comparison comparison, Facts facts, string path, bool forbids, List<Reason>? reasons)
    {
        if (Terms.ClaimName(comparison.Left) is { } claim)
        {
            // What no credential shows holds for nobody, at every stage: a permission is not given by it, and a prohibition stands.
            return facts.Claims.Of(claim) is { } said
                ? Told(Says(comparison, said), "credential", $"The credentials that were shown do not say what is asked of {claim}.")
                : Told(forbids, "credential", $"No credential that counts here says anything of {claim}.");
        }

        switch (comparison.Left)
        {
            case Terms.Purpose when facts.Purpose is null:
                return facts.Stage < Stage.Transfer ? Later() : Told(forbids, "purpose", "No purpose is declared.");
            case Terms.Purpose:
                return Told(HasPurpose(comparison, facts.Purpose!), "purpose", $"The purpose {PolicyTerms.Name(facts.Purpose!)} is not one that is allowed.");
            case Terms.DateTime:
                // Before its time a contract may be concluded, after its time it may not.
                var instant = PolicyTerms.Time(comparison.Right[0]);
                var early = comparison.Operator is "gteq" or "gt" && facts.Stage < Stage.Transfer;
                return early ? Later() : Told(Compare(facts.Now.CompareTo(instant), comparison.Operator), "time", $"The use is allowed {(comparison.Operator is "gteq" or "gt" ? "from" : "until")} {instant:u} only.");
            case Terms.Count:
                return facts.Stage < Stage.Request ? Later() : Told(Compare((facts.Used + 1).CompareTo(PolicyTerms.Whole(comparison.Right[0])), comparison.Operator), "count", $"The use is allowed {comparison.Right[0]} times, and was made {facts.Used} times.");
            case Terms.Rate:
                return facts.Stage < Stage.Request ? Later() : Told(Compare((facts.UsedInLastMinute + 1).CompareTo(PolicyTerms.Whole(comparison.Right[0])), comparison.Operator), "rate", $"At most {comparison.Right[0]} requests a minute are allowed.");
            case Terms.Spatial:
                return new Row(row => row.IsIn is { } isIn ? comparison.Right.Any(isIn) : forbids);
            case Terms.ObservedAt:
                var border = PolicyTerms.Time(comparison.Right[0]);
                return new Row(row => row.ObservedAt is { } at ? Compare(at.CompareTo(border), comparison.Operator) : forbids);
            default:
                return Policies.Expression.Of(true); // attributes, group size, ε: not conditions but forms of what is granted
        }

        // What cannot be known yet stands in nobody's way; at the time of use it must be known.
        Expression Later() => forbids ? Policies.Expression.Of(false) : new Row(_ => true);

        Expression Told(bool holds, string code, string text)
        {
            if (!holds && !forbids)
            {
                reasons?.Add(new Reason(code, path, text));
            }

            return Policies.Expression.Of(holds);
        }
    }

    private static bool HasPurpose(Comparison comparison, string purpose) => comparison.Operator switch
    {
        "eq" => purpose == comparison.Right[0],
        "neq" => !Purposes.IsA(purpose, comparison.Right[0]),
        "isNoneOf" => !comparison.Right.Any(kind => Purposes.IsA(purpose, kind)),
        _ => comparison.Right.Any(kind => Purposes.IsA(purpose, kind)),
    };

    private static bool Says(Comparison comparison, IReadOnlyList<string> said) => comparison.Operator switch
    {
        "eq" or "isAnyOf" => said.Any(comparison.Right.Contains),
        "neq" or "isNoneOf" => !said.Any(comparison.Right.Contains),
        _ => false,
    };

    private static bool Compare(int order, string name) => name switch { "lteq" => order <= 0, "lt" => order < 0, "gteq" => order >= 0, "gt" => order > 0, _ => false };
}

/// <summary>A condition after all that is known of the use was put in: decided, or a question to each row.</summary>
internal abstract record Expression
{
    /// <summary>The answer where it is the same for all rows, else null.</summary>
    public abstract bool? Known { get; }

    public abstract bool Holds(RowFacts row);

    public static Expression Of(bool value) => new Decided(value);
}

internal sealed record Decided(bool Value) : Expression
{
    public override bool? Known => Value;

    public override bool Holds(RowFacts row) => Value;
}

internal sealed record Row(Func<RowFacts, bool> Question) : Expression
{
    public override bool? Known => null;

    public override bool Holds(RowFacts row) => Question(row);
}

internal sealed record All(IReadOnlyList<Expression> Parts) : Expression
{
    public override bool? Known => Parts.Any(part => part.Known == false) ? false : Parts.All(part => part.Known == true) ? true : null;

    public override bool Holds(RowFacts row) => Parts.All(part => part.Holds(row));
}

internal sealed record Any(IReadOnlyList<Expression> Parts) : Expression
{
    public override bool? Known => Parts.Any(part => part.Known == true) ? true : Parts.All(part => part.Known == false) ? false : null;

    public override bool Holds(RowFacts row) => Parts.Any(part => part.Holds(row));
}

internal sealed record One(IReadOnlyList<Expression> Parts) : Expression
{
    public override bool? Known => Parts.Any(part => part.Known is null) ? null : Parts.Count(part => part.Known == true) == 1;

    public override bool Holds(RowFacts row) => Parts.Count(part => part.Holds(row)) == 1;
}
