using FsCheck;
using FsCheck.Fluent;
using LivingCity.Dataspace.Policies;

namespace LivingCity.Dataspace.Tests.Policies;

/// <summary>What holds for every policy: an added constraint never widens access, and what is not understood always denies.</summary>
public sealed class PolicyPropertyTests
{
    private static readonly DateTimeOffset Noon = new(2026, 7, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly Gen<Constraint> Leaf = Gen.OneOf(
        Gen.Elements("isA", "isAnyOf", "isNoneOf", "eq", "neq").SelectMany(name => Gen.Elements("Marketing", "PublicBenefit", "AcademicResearch").Select(kind => (Constraint)new Comparison(Terms.Purpose, name, [Iri.Dpv + kind]))),
        Gen.Elements("lteq", "lt", "gteq", "gt").SelectMany(name => Gen.Choose(-3, 3).Select(days => (Constraint)new Comparison(Terms.DateTime, name, [Noon.AddDays(days).ToString("yyyy-MM-ddTHH:mm:ssZ", System.Globalization.CultureInfo.InvariantCulture)]))),
        Gen.Elements("lteq", "lt", "gteq", "gt").SelectMany(name => Gen.Choose(-3, 3).Select(days => (Constraint)new Comparison(Terms.ObservedAt, name, [Noon.AddDays(days).ToString("yyyy-MM-ddTHH:mm:ssZ", System.Globalization.CultureInfo.InvariantCulture)]))),
        Gen.Elements("lteq", "lt").SelectMany(name => Gen.Choose(0, 20).Select(count => (Constraint)new Comparison(Terms.Count, name, [$"{count}"]))),
        Gen.Elements("eq", "neq", "isAnyOf", "isNoneOf").SelectMany(name => Gen.Elements("sofia", "varna").Select(city => (Constraint)new Comparison(Terms.Claim + "CityCredential:city", name, [city]))),
        Gen.Constant((Constraint)new Comparison(Terms.Claim + "MembershipCredential", "eq", [Claims.Held])),
        Gen.Elements("urn:a", "urn:b").Select(area => (Constraint)new Comparison(Terms.Spatial, "isPartOf", [area])));

    private static readonly Gen<Constraint> Any = Gen.OneOf(Leaf, Gen.Elements("and", "or").SelectMany(name => Leaf.ListOf(2).Select(parts => (Constraint)new Combination(name, [.. parts]))));

    private static readonly Gen<Constraint> Attributes = Gen.Elements("isAnyOf", "isNoneOf").SelectMany(name => Gen.Elements("pm10", "no2").Select(attribute => (Constraint)new Comparison(Terms.Attributes, name, [attribute])));

    private static readonly Gen<Policy> Policies = Gen.Choose(1, 3).SelectMany(count => Any.ListOf(2).Select(constraints => new Rule(Terms.Use, [.. constraints])).ListOf(count))
        .SelectMany(permissions => Any.Select(constraint => new Rule(Terms.Use, [constraint])).ListOf(1).Select(prohibitions => new Policy([.. permissions], [.. prohibitions], [])));

    private static readonly Gen<Facts> Uses = Gen.Elements(null, "Marketing", "PublicHealth", "AcademicResearch", "Elsewhere").SelectMany(purpose => Gen.Choose(0, 25).SelectMany(used => Gen.Elements(Stage.Catalogue, Stage.Negotiation, Stage.Transfer, Stage.Request)
        .Select(stage => new Facts { Stage = stage, Now = Noon, Purpose = purpose is null ? null : Iri.Dpv + purpose, Used = used, Areas = new HashSet<string> { "urn:a", "urn:b" }, Claims = Shown![used % Shown.Length] })));

    private static readonly Claims[] Shown = [Claims.None, new([("MembershipCredential", Claims.Held)]), new([("MembershipCredential", Claims.Held), ("CityCredential", Claims.Held), ("CityCredential:city", "sofia")])];

    /// <summary>Rows in each area, in none and in no known place, observed before, at and after every border, or at no known time.</summary>
    private static readonly RowFacts[] Rows =
    [
        .. new Func<string, bool>?[] { area => area == "urn:a", area => area == "urn:b", _ => true, _ => false, null }
            .SelectMany(place => Enumerable.Range(-4, 9).Select(days => (DateTimeOffset?)Noon.AddDays(days).AddHours(1)).Append(null).Select(time => new RowFacts(place, time))),
    ];

    [Fact]
    public void Constraint_AddedToAPermission_NeverWidensAccess() => Check(
        from policy in Policies from added in Gen.OneOf(Any, Attributes) from which in Gen.Choose(0, 2) from facts in Uses select (policy, added, which, facts),
        sample =>
        {
            var (policy, added, which, facts) = sample;
            var index = which % policy.Permissions.Count;
            var narrowed = policy with { Permissions = [.. policy.Permissions.Select((rule, at) => at == index ? rule with { Constraints = [.. rule.Constraints, added] } : rule)] };
            var (before, after) = (PolicyEvaluator.Evaluate(policy, facts), PolicyEvaluator.Evaluate(narrowed, facts));
            return (!after.Permitted || before.Permitted) && Rows.All(row => Reach(after, row).All(Reach(before, row).Contains));
        });

    [Fact]
    public void Prohibition_Added_NeverWidensAccess() => Check(
        from policy in Policies from added in Any from facts in Uses select (policy, added, facts),
        sample =>
        {
            var (policy, added, facts) = sample;
            var narrowed = policy with { Prohibitions = [.. policy.Prohibitions, new Rule(Terms.Use, [added])] };
            var (before, after) = (PolicyEvaluator.Evaluate(policy, facts), PolicyEvaluator.Evaluate(narrowed, facts));
            return (!after.Permitted || before.Permitted) && Rows.All(row => Reach(after, row).All(Reach(before, row).Contains));
        });

    [Fact]
    public void Permission_TakenAway_NeverWidensAccess() => Check(
        from policy in Policies from facts in Uses select (policy, facts),
        sample =>
        {
            var (before, after) = (PolicyEvaluator.Evaluate(sample.policy, sample.facts), PolicyEvaluator.Evaluate(sample.policy with { Permissions = [.. sample.policy.Permissions.Skip(1)] }, sample.facts));
            return (!after.Permitted || before.Permitted) && Rows.All(row => Reach(after, row).All(Reach(before, row).Contains));
        });

    [Fact]
    public void UnknownTerm_AnywhereInAPolicy_AlwaysDenies() => Check(
        from policy in Policies
        from place in Gen.Choose(0, 4)
        from term in Gen.Elements("http://example.org/x", Iri.Odrl + "industry", Iri.Own + "nothing", "urn:x:y")
        from facts in Uses
        select (policy, place, term, facts),
        sample =>
        {
            var (policy, place, term, facts) = sample;
            Constraint unknown = new Comparison(term, "eq", ["urn:v"]);
            var first = policy.Permissions[0];
            var spoilt = place switch
            {
                0 => policy with { Permissions = [first with { Constraints = [.. first.Constraints, unknown] }, .. policy.Permissions.Skip(1)] },
                1 => policy with { Permissions = [.. policy.Permissions, new Rule(term, [])] },
                2 => policy with { Prohibitions = [.. policy.Prohibitions, new Rule(Terms.Use, [unknown])] },
                3 => policy with { Obligations = [new Rule(term, [])] },
                _ => policy with { Permissions = [.. policy.Permissions, new Rule(Terms.Use, [new Combination("or", [new Combination("and", [unknown]), .. first.Constraints])])] },
            };
            return !PolicyEvaluator.Evaluate(spoilt, facts).Permitted;
        });

    [Fact]
    public void Json_OfEveryPolicy_ReadsBackAsTheSamePolicy() => Check(
        from policy in Policies select policy,
        policy => PolicyJson.Canonical(PolicyJson.Read(PolicyJson.Write(policy))) == PolicyJson.Canonical(policy)
            && PolicyJson.Canonical(policy with { Permissions = [.. policy.Permissions.Reverse()] }) == PolicyJson.Canonical(policy));

    /// <summary>The attributes of a row that come out.</summary>
    private static HashSet<string> Reach(Decision decision, RowFacts row) =>
        [.. ((string[])["pm10", "no2", "name"]).Where(attribute => decision.Grants.Any(grant => grant.Holds(row) && (grant.Attributes?.Allows(attribute) ?? true)))];

    private static void Check<T>(Gen<T> samples, Func<T, bool> holds) => FsCheck.Fluent.Prop.ForAll(samples.ToArbitrary(), holds).Check(Config.QuickThrowOnFailure.WithMaxTest(2000).WithReplay(20260701, 1));
}
