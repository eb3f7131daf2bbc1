using System.Globalization;
using LivingCity.Dataspace.Policies;

namespace LivingCity.Dataspace.Tests.Policies;

/// <summary>
/// Decisions with their reasons. Each line of the table: what is permitted (constraints separated by <c>;</c>), what is forbidden, what is obliged, the facts, and the decision with the code of its first reason.
/// </summary>
public sealed class PolicyTableTests
{
    private static readonly DateTimeOffset Noon = new(2026, 7, 1, 12, 0, 0, TimeSpan.Zero);

    public static TheoryData<string, string, string, string, string> Cases()
    {
        var cases = new TheoryData<string, string, string, string, string>();
        foreach (var line in Hand.Split('\n', StringSplitOptions.RemoveEmptyEntries).Concat(Purpose()).Concat(Time()).Concat(Counts()).Concat(Unknown()).Concat(Spelling()).Concat(Stages()))
        {
            var parts = line.Split('|', StringSplitOptions.TrimEntries);
            cases.Add(parts[0], parts[1], parts[2], parts[3], parts[4]);
        }

        return cases;
    }

    [Fact]
    public void Table_HasAtLeastThreeHundredCases() => Assert.True(Cases().Count >= 300, $"{Cases().Count}");

    [Theory]
    [MemberData(nameof(Cases))]
    public void Policy_EachCase_IsDecidedWithItsReason(string permitted, string forbidden, string obliged, string facts, string decision)
    {
        var policy = new Policy(Rules(permitted), Rules(forbidden), Rules(obliged));

        var decided = PolicyEvaluator.Evaluate(policy, Facts(facts));

        Assert.Equal(decision, $"{(decided.Permitted ? "permit" : "deny")} {decided.Reasons[0].Code}");
        Assert.All(decided.Reasons, reason => Assert.NotEmpty(reason.Text));
        Assert.Equal(decided.Permitted, decided.Grants.Count > 0);
    }

    /// <summary>permission | prohibition | obligation | facts | decision</summary>
    private const string Hand = """
        use | | | | permit permitted
        | | | | deny no-permission
        use | use | | | deny prohibited
        aggregate | | | | permit permitted
        anonymize | | | | permit permitted
        use | commercialize | | purpose=dpv:AcademicResearch | permit permitted
        use | commercialize | | purpose=dpv:Marketing | deny prohibited
        use | commercialize | | purpose=dpv:TargetedAdvertising | deny prohibited
        use | commercialize | | purpose=dpv:CommercialResearch | deny prohibited
        use | commercialize | | purpose=dpv:SellData | deny prohibited
        use | commercialize | | | permit permitted
        use | commercialize purpose isA dpv:PublicBenefit | | purpose=dpv:Marketing | permit permitted
        use | use purpose isA dpv:Marketing | | purpose=dpv:Marketing | deny prohibited
        use | use purpose isA dpv:Marketing | | purpose=dpv:PublicHealth | permit permitted
        use | use purpose isA dpv:Marketing | | | deny prohibited
        use | use dateTime gteq 2026-07-01T00:00:00Z | | | deny prohibited
        use | use dateTime gteq 2026-08-01T00:00:00Z | | | permit permitted
        use | use count lteq 3 | | used=1 | deny prohibited
        use | use count lteq 3 | | used=3 | permit permitted
        use | use spatial isPartOf urn:a | | areas=urn:a | permit permitted
        use | use spatial isPartOf urn:b | | areas=urn:a | deny area
        use spatial isPartOf urn:a | | | areas=urn:a | permit permitted
        use spatial isPartOf urn:b | | | areas=urn:a | deny area
        use spatial isPartOf urn:b | | | | permit permitted
        use spatial isAnyOf urn:a,urn:b | | | areas=urn:a,urn:b | permit permitted
        use spatial isAnyOf urn:a,urn:c | | | areas=urn:a,urn:b | deny area
        use spatial eq urn:a | | | areas=urn:a | permit permitted
        use | | attribute | | permit permitted
        use | | delete delayPeriod lteq P30D | | permit permitted
        use | | delete | | permit permitted
        use | | aggregate groupSize gteq 10 | | permit permitted
        use | | anonymize epsilon lteq 1 | | permit permitted
        use | | compensate | | deny unknown-term
        use | | attribute purpose isA dpv:Marketing | | deny unknown-term
        use | | delete delayPeriod lteq soon | | deny unknown-term
        use delayPeriod lteq P30D | | | | deny unknown-term
        use groupSize gteq 10 | | | | deny unknown-term
        aggregate groupSize gteq 10 | | | | permit permitted
        aggregate groupSize gteq 1 | | | | deny unknown-term
        aggregate groupSize gteq 0 | | | | deny unknown-term
        aggregate groupSize gteq many | | | | deny unknown-term
        aggregate epsilon lteq 0 | | | | deny unknown-term
        aggregate epsilon lteq -1 | | | | deny unknown-term
        aggregate epsilon lteq 1000 | | | | deny unknown-term
        aggregate epsilon lteq 0.5 | | | | permit permitted
        use attributes isAnyOf pm10,no2 | | | | permit permitted
        use attributes isNoneOf name | | | | permit permitted
        use attributes lteq 4 | | | | deny unknown-term
        use | use attributes isAnyOf name | | | deny unknown-term
        use observedAt gteq 2026-01-01T00:00:00Z | | | | permit permitted
        use observedAt gteq yesterday | | | | deny unknown-term
        use or(purpose isA dpv:Marketing~count lteq 5) | | | purpose=dpv:PublicHealth used=1 | permit permitted
        use or(purpose isA dpv:Marketing~count lteq 5) | | | purpose=dpv:PublicHealth used=5 | deny purpose
        use and(purpose isA dpv:PublicBenefit~count lteq 5) | | | purpose=dpv:PublicHealth used=1 | permit permitted
        use and(purpose isA dpv:PublicBenefit~count lteq 5) | | | purpose=dpv:PublicHealth used=5 | deny count
        use andSequence(purpose isA dpv:PublicBenefit~count lteq 5) | | | purpose=dpv:PublicHealth used=5 | deny count
        use xone(purpose isA dpv:PublicBenefit~count lteq 5) | | | purpose=dpv:PublicHealth used=1 | deny no-permission
        use xone(purpose isA dpv:PublicBenefit~count lteq 5) | | | purpose=dpv:PublicHealth used=5 | permit permitted
        use xone(spatial isPartOf urn:a~count lteq 5) | | | areas=urn:a | deny unknown-term
        use xone(observedAt gteq 2026-01-01T00:00:00Z~count lteq 5) | | | | deny unknown-term
        use or(attributes isAnyOf pm10~count lteq 5) | | | | deny unknown-term
        use or() | | | | deny unknown-term
        use and() | | | | deny unknown-term
        use or(or(purpose isA dpv:Marketing)~count lteq 2) | | | used=1 purpose=dpv:PublicHealth | permit permitted
        use or(spatial isPartOf urn:a~count lteq 5) | | | areas=urn:a used=9 | permit permitted
        use rate lteq 10 | | | minute=9 | permit permitted
        use lc:claim:MembershipCredential eq active | | | claims=MembershipCredential:active | permit permitted
        use lc:claim:MembershipCredential eq active | | | | deny credential
        use lc:claim:MembershipCredential eq active | | | stage=catalogue | deny credential
        use lc:claim:MembershipCredential eq active | | | stage=negotiation | deny credential
        use lc:claim:MembershipCredential eq active | | | stage=transfer | deny credential
        use lc:claim:MembershipCredential eq active | | | stage=catalogue claims=MembershipCredential:active | permit permitted
        use lc:claim:MembershipCredential eq active | | | claims=CityCredential:active | deny credential
        use lc:claim:MembershipCredential eq lapsed | | | claims=MembershipCredential:lapsed | deny unknown-term
        use lc:claim:MembershipCredential neq active | | | | deny unknown-term
        use lc:claim: eq active | | | | deny unknown-term
        use lc:claim:A:b:c eq x | | | | deny unknown-term
        use lc:claim:CityCredential:city eq sofia | | | claims=CityCredential:city:sofia | permit permitted
        use lc:claim:CityCredential:city eq sofia | | | claims=CityCredential:city:varna | deny credential
        use lc:claim:CityCredential:city eq sofia | | | claims=CityCredential:active | deny credential
        use lc:claim:CityCredential:city eq sofia | | | | deny credential
        use lc:claim:CityCredential:city isAnyOf sofia,varna | | | claims=CityCredential:city:varna | permit permitted
        use lc:claim:CityCredential:city isAnyOf sofia,varna | | | claims=CityCredential:city:ruse | deny credential
        use lc:claim:CityCredential:city neq varna | | | claims=CityCredential:city:sofia | permit permitted
        use lc:claim:CityCredential:city neq varna | | | claims=CityCredential:city:varna | deny credential
        use lc:claim:CityCredential:city neq varna | | | claims=CityCredential:city:sofia,CityCredential:city:varna | deny credential
        use lc:claim:CityCredential:city neq varna | | | | deny credential
        use lc:claim:CityCredential:city isNoneOf varna,ruse | | | claims=CityCredential:city:ruse | deny credential
        use lc:claim:CityCredential:city isNoneOf varna,ruse | | | claims=CityCredential:city:sofia | permit permitted
        use lc:claim:CityCredential:city gteq sofia | | | claims=CityCredential:city:sofia | deny unknown-term
        use lc:claim:CityCredential:city isPartOf sofia | | | claims=CityCredential:city:sofia | deny unknown-term
        use | use lc:claim:CityCredential:city eq varna | | claims=CityCredential:city:varna | deny prohibited
        use | use lc:claim:CityCredential:city eq varna | | claims=CityCredential:city:sofia | permit permitted
        use | use lc:claim:CityCredential:city eq varna | | | deny prohibited
        use | use lc:claim:CityCredential:city neq varna | | | deny prohibited
        use or(lc:claim:CityCredential:city eq sofia~lc:claim:MembershipCredential eq active) | | | claims=MembershipCredential:active | permit permitted
        use and(lc:claim:CityCredential:city eq sofia~lc:claim:MembershipCredential eq active) | | | claims=MembershipCredential:active | deny credential
        use rate lteq 10 | | | minute=10 | deny rate
        use rate lt 10 | | | minute=9 | deny rate
        use rate gteq 10 | | | minute=9 | deny unknown-term
        use count lteq 0 | | | | deny count
        use count lteq -5 | | | | deny unknown-term
        use count lteq 1.5 | | | | deny unknown-term
        use purpose isA Marketing | | | | deny unknown-term
        use dateTime lteq 2026-07-01T12:00:00Z; dateTime gteq 2026-07-01T12:00:00Z | | | | permit permitted
        use dateTime lteq 2026-07-01T13:00:00+02:00 | | | | deny time
        use dateTime lteq 2026-07-01T14:00:00+02:00 | | | | permit permitted
        use dateTime lteq 2026-07-01 | | | | deny time
        use dateTime lteq 2026-07-02 | | | | permit permitted
        use dateTime lteq 2026-12-31T06:00Z | | | | permit permitted
        use dateTime eq 2026-07-01 | | | | deny unknown-term
        use dateTime lteq whenever | | | | deny unknown-term
        """;

    /// <summary>Each operator with purposes at every distance in the vocabulary's tree.</summary>
    private static IEnumerable<string> Purpose()
    {
        (string Declared, string Kind, bool IsA)[] pairs =
        [
            ("AcademicResearch", "AcademicResearch", true), ("AcademicResearch", "NonCommercialResearch", true), ("AcademicResearch", "ResearchAndDevelopment", true), ("ResearchAndDevelopment", "AcademicResearch", false),
            ("CommercialResearch", "CommercialPurpose", true), ("CommercialResearch", "ResearchAndDevelopment", true), ("TargetedAdvertising", "Marketing", true), ("TargetedAdvertising", "CommercialPurpose", true),
            ("Marketing", "TargetedAdvertising", false), ("PublicHealth", "PublicBenefit", true), ("PublicHealth", "Marketing", false), ("EnvironmentalProtection", "PublicBenefit", true), ("UrbanPlanning", "NonCommercialPurpose", true),
            ("SellData", "CommercialPurpose", true), ("SellData", "PublicBenefit", false), ("NeverHeardOf", "CommercialPurpose", false), ("NeverHeardOf", "NeverHeardOf", true),
        ];
        foreach (var (declared, kind, isA) in pairs)
        {
            yield return $"use purpose isA dpv:{kind} | | | purpose=dpv:{declared} | {(isA ? "permit permitted" : "deny purpose")}";
            yield return $"use purpose isAnyOf dpv:{kind},dpv:Other | | | purpose=dpv:{declared} | {(isA ? "permit permitted" : "deny purpose")}";
            yield return $"use purpose isNoneOf dpv:{kind},dpv:Other | | | purpose=dpv:{declared} | {(isA ? "deny purpose" : "permit permitted")}";
            yield return $"use purpose neq dpv:{kind} | | | purpose=dpv:{declared} | {(isA ? "deny purpose" : "permit permitted")}";
            yield return $"use purpose eq dpv:{kind} | | | purpose=dpv:{declared} | {(declared == kind ? "permit permitted" : "deny purpose")}";
            yield return $"use | use purpose isA dpv:{kind} | | purpose=dpv:{declared} | {(isA ? "deny prohibited" : "permit permitted")}";
        }
    }

    private static IEnumerable<string> Time()
    {
        foreach (var (hours, order) in ((int, int)[])[(-48, 1), (-1, 1), (0, 0), (1, -1), (48, -1)])
        {
            var border = Noon.AddHours(hours).ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
            foreach (var (name, holds) in ((string, bool)[])[("lteq", order <= 0), ("lt", order < 0), ("gteq", order >= 0), ("gt", order > 0)])
            {
                yield return $"use dateTime {name} {border} | | | | {(holds ? "permit permitted" : "deny time")}";
                yield return $"use | use dateTime {name} {border} | | | {(holds ? "deny prohibited" : "permit permitted")}";
                yield return $"use dateTime {name} {border} | | | stage=negotiation | {(holds || name.StartsWith('g') ? "permit permitted" : "deny time")}";
            }
        }
    }

    private static IEnumerable<string> Counts()
    {
        foreach (var used in (long[])[0, 1, 998, 999, 1000, 1001])
        {
            yield return $"use count lteq 1000 | | | used={used} | {(used < 1000 ? "permit permitted" : "deny count")}";
            yield return $"use count lt 1000 | | | used={used} | {(used < 999 ? "permit permitted" : "deny count")}";
            yield return $"use count lteq 1000; rate lteq 60 | | | used={used} minute=60 | deny {(used < 1000 ? "rate" : "count")}";
        }
    }

    /// <summary>Every place in which something may stand that is not understood.</summary>
    private static IEnumerable<string> Unknown()
    {
        foreach (var term in (string[])["industry", "payAmount", "http://example.org/terms#colour", "urn:living-city:odrl:unheardOf", "Purpose", "http://www.w3.org/ns/odrl/2/Count"])
        {
            yield return $"use {term} eq urn:x | | | | deny unknown-term";
            yield return $"use | use {term} eq urn:x | | | deny unknown-term";
            yield return $"use | | delete {term} eq urn:x | | deny unknown-term";
            yield return $"use or({term} eq urn:x~count lteq 5) | | | | deny unknown-term";
            yield return $"use and(or({term} eq urn:x)~count lteq 5) | | | | deny unknown-term";
        }

        foreach (var action in (string[])["read", "distribute", "sell", "http://example.org/do", "Use", "USE"])
        {
            yield return $"{action} | | | | deny unknown-term";
            yield return $"use | {action} | | | deny unknown-term";
            yield return $"use | | {action} | | deny unknown-term";
        }

        foreach (var name in (string[])["hasPart", "term-lteq", "isAllOf", "like", "eq"])
        {
            yield return $"use count {name} 5 | | | | deny unknown-term";
            yield return $"use rate {name} 5 | | | | deny unknown-term";
            yield return $"use dateTime {name} 2027-01-01T00:00:00Z | | | | deny unknown-term";
        }
    }

    /// <summary>One term in all its spellings is one term.</summary>
    private static IEnumerable<string> Spelling()
    {
        foreach (var left in (string[])["purpose", "odrl:purpose", "ODRL:purpose", "http://www.w3.org/ns/odrl/2/purpose", "HTTP://WWW.W3.ORG/ns/odrl/2/purpose", "http://www.w3.org:80/ns/odrl/2/purpose", "http://www.w3.org/ns/odrl/2/%70urpose"])
        {
            yield return $"use {left} isA https://w3id.org/dpv#Marketing | | | purpose=dpv:PublicHealth | deny purpose";
            yield return $"use {left} isA https://w3id.org/dpv#Marketing | | | purpose=HTTPS://W3ID.ORG/dpv#Marketing | permit permitted";
            yield return $"use {left} odrl:isA HTTPS://w3id.org:443/dpv#%4darketing | | | purpose=dpv:Marketing | permit permitted";
        }
    }

    /// <summary>What cannot be known before the use stands in nobody's way before it, and is asked for then.</summary>
    private static IEnumerable<string> Stages()
    {
        foreach (var (constraint, code) in ((string, string)[])[("purpose isA dpv:Marketing", "purpose"), ("count lteq 0", "count"), ("rate lteq 0", "rate")])
        {
            yield return $"use {constraint} | | | stage=catalogue | permit permitted";
            yield return $"use {constraint} | | | stage=negotiation | permit permitted";
            yield return $"use {constraint} | | | stage=transfer | {(code == "purpose" ? "deny purpose" : "permit permitted")}";
            yield return $"use {constraint} | | | stage=request | deny {code}";
            yield return $"use | use {constraint.Replace('0', '9')} | | stage=catalogue | permit permitted";
        }
    }

    private static Facts Facts(string text)
    {
        var facts = new Facts { Stage = Stage.Request, Now = Noon };
        foreach (var pair in text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(part => part.Split('=', 2)))
        {
            facts = pair[0] switch
            {
                "purpose" => facts with { Purpose = Iri.Value(pair[1]) },
                "used" => facts with { Used = long.Parse(pair[1], CultureInfo.InvariantCulture) },
                "minute" => facts with { UsedInLastMinute = long.Parse(pair[1], CultureInfo.InvariantCulture) },
                "areas" => facts with { Areas = pair[1].Split(',').ToHashSet() },
                "claims" => facts with { Claims = new Claims(pair[1].Split(',').Select(claim => (claim[..claim.LastIndexOf(':')], claim[(claim.LastIndexOf(':') + 1)..]))) },
                "stage" => facts with { Stage = Enum.Parse<Stage>(pair[1], ignoreCase: true) },
                _ => throw new ArgumentException(text),
            };
        }

        return facts;
    }

    private static Rule[] Rules(string text) => text.Length == 0 ? [] : [.. text.Split("&&", StringSplitOptions.TrimEntries).Select(Rule)];

    private static Rule Rule(string text)
    {
        var space = text.IndexOf(' ', StringComparison.Ordinal);
        return space < 0 ? new Rule(Iri.Term(text), []) : new Rule(Iri.Term(text[..space]), [.. text[space..].Split(';', StringSplitOptions.TrimEntries).Select(Constraint)]);
    }

    private static Constraint Constraint(string text)
    {
        if (text.IndexOf('(', StringComparison.Ordinal) is > 0 and var open && text.EndsWith(')'))
        {
            return new Combination(text[..open], [.. Parts(text[(open + 1)..^1]).Select(Constraint)]);
        }

        var parts = text.Split(' ', 3);
        var name = Iri.Term(parts[1]);
        return new Comparison(
            Iri.Term(parts[0] is "rate" or "observedAt" or "attributes" or "groupSize" or "epsilon" ? "lc:" + parts[0] : parts[0]), name.StartsWith(Iri.Odrl, StringComparison.Ordinal) ? name[Iri.Odrl.Length..] : name, [.. parts[2].Split(',').Select(Iri.Value)]);
    }

    private static IEnumerable<string> Parts(string text)
    {
        var (depth, start) = (0, 0);
        for (var i = 0; i <= text.Length; i++)
        {
            if (i == text.Length || (text[i] == '~' && depth == 0))
            {
                if (i > start)
                {
                    yield return text[start..i];
                }

                start = i + 1;
            }
            else
            {
                depth += text[i] switch { '(' => 1, ')' => -1, _ => 0 };
            }
        }
    }
}
