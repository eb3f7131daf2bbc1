using System.Text.RegularExpressions;

namespace LivingCity.Dataspace.Policies;

/// <summary>One sentence of a policy.</summary>
/// <param name="Key">Which sentence, in every language the same.</param>
/// <param name="Text">The sentence.</param>
/// <param name="Value">What is filled in.</param>
/// <param name="Assurance">How much it can be relied on.</param>
internal sealed record Sentence(string Key, string Text, string? Value, Assurance Assurance);

/// <summary>
/// Policies as plain sentences, and back. The editor's policies have one permission, at most the prohibition of commerce, and duties; a policy that says more cannot be put into these sentences without loss, so it is not.
/// </summary>
internal static class PolicySentences
{
    private const string Bar = " · ";

    /// <returns>The sentences, or null when they would not say all that the policy says.</returns>
    public static IReadOnlyList<Sentence>? Write(Policy policy, string language)
    {
        if (policy.Permissions is not [var permission] || policy.Prohibitions.Any(rule => rule is not { Action: Terms.Commercialize, Constraints.Count: 0 }) || PolicyTerms.Unknown(policy).Any())
        {
            return null;
        }

        var keys = new List<(string Key, string? Value)> { (PolicyTerms.Name(permission.Action), null) };
        foreach (var constraint in permission.Constraints)
        {
            if (constraint is not Comparison comparison || KeyOf(comparison) is not { } key)
            {
                return null;
            }

            keys.Add((key, Shown(comparison)));
        }

        foreach (var duty in policy.Obligations)
        {
            switch (duty.Action, duty.Constraints)
            {
                case (Terms.Attribute, []):
                    keys.Add(("attribution", null));
                    break;
                case (Terms.Delete, [Comparison { Left: Terms.DelayPeriod, Operator: "lteq" } period]):
                    keys.Add(("delete", period.Right[0]));
                    break;
                default:
                    return null;
            }
        }

        keys.AddRange(policy.Prohibitions.Select(_ => ("noCommerce", (string?)null)));
        var column = Column(language);
        return [.. keys.Select(key => new Sentence(key.Key, Wording.Sentences[key.Key][column].Replace("{0}", key.Value, StringComparison.Ordinal), key.Value, Wording.Of(key.Key)))];
    }

    /// <summary>Reads sentences in one of the languages, in any order.</summary>
    /// <exception cref="FormatException">A sentence is none of the editor's, or none says what is permitted.</exception>
    public static Policy Read(IEnumerable<string> sentences, string language)
    {
        var column = Column(language);
        string? action = null;
        var constraints = new List<Constraint>();
        var (prohibitions, obligations) = (new List<Rule>(), new List<Rule>());
        foreach (var text in sentences)
        {
            var (key, value) = Match(text.Trim(), column) ?? throw new FormatException($"'{text}' is none of the sentences.");
            switch (key)
            {
                case "use" or "aggregate" or "anonymize":
                    action = action is null ? Iri.Odrl + key : throw new FormatException("What is permitted is said twice.");
                    break;
                case "attribution":
                    obligations.Add(new Rule(Terms.Attribute, []));
                    break;
                case "delete":
                    obligations.Add(new Rule(Terms.Delete, [new Comparison(Terms.DelayPeriod, "lteq", [value!])]));
                    break;
                case "noCommerce":
                    prohibitions.Add(new Rule(Terms.Commercialize, []));
                    break;
                default:
                    constraints.Add(Comparison(key, value!.Split(Bar, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)));
                    break;
            }
        }

        return new Policy([new Rule(action ?? throw new FormatException("No sentence says what is permitted."), constraints)], prohibitions, obligations);
    }

    private static int Column(string language) => Wording.Languages.ToList().IndexOf(language) is >= 0 and var column ? column : 0;

    private static (string Key, string? Value)? Match(string text, int column)
    {
        // The longest fixed text first: "requests a minute" before "requests".
        foreach (var (key, texts) in Wording.Sentences.OrderByDescending(sentence => sentence.Value[column].Length))
        {
            var match = Regex.Match(text, $"^{Regex.Escape(texts[column]).Replace(@"\{0}", "(.+)", StringComparison.Ordinal)}$", RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));
            if (match.Success)
            {
                return (key, match.Groups.Count > 1 ? match.Groups[1].Value.Trim() : null);
            }
        }

        return null;
    }

    private static string? KeyOf(Comparison comparison) => (comparison.Left, comparison.Operator) switch
    {
        (Terms.Purpose, "isA" or "isAnyOf") => "purpose",
        (Terms.Purpose, "isNoneOf") => "notPurpose",
        (Terms.Spatial, "isPartOf" or "isAnyOf") => "area",
        (Terms.DateTime, "gteq") => "from",
        (Terms.DateTime, "lteq") => "until",
        (Terms.ObservedAt, "gteq") => "observedFrom",
        (Terms.ObservedAt, "lteq") => "observedUntil",
        (Terms.Count, "lteq") => "count",
        (Terms.Rate, "lteq") => "rate",
        (Terms.Attributes, "isAnyOf") => "attributes",
        (Terms.Attributes, "isNoneOf") => "withoutAttributes",
        (Terms.GroupSize, "gteq") => "groupSize",
        (Terms.Epsilon, "lteq") => "epsilon",
        (_, "eq" or "isAnyOf") when Terms.ClaimName(comparison.Left) is not null => "credential",
        _ => null,
    };

    private static Comparison Comparison(string key, string[] values)
    {
        if (key == "credential")
        {
            // "MembershipCredential" alone, or "CityCredential:country = BG · ES".
            var parts = values.Length == 0 ? [] : values[0].Split('=', 2, StringSplitOptions.TrimEntries);
            string[] said = parts is [_, var first] ? [first, .. values[1..]] : values is [_] ? [Claims.Held] : throw new FormatException("One credential, or one claim of it with its values, must be named.");
            return new Comparison(Terms.Claim + parts[0], said.Length > 1 ? "isAnyOf" : "eq", [.. said.Select(Iri.Value)]);
        }

        var (left, name) = key switch
        {
            "purpose" => (Terms.Purpose, values.Length > 1 ? "isAnyOf" : "isA"),
            "notPurpose" => (Terms.Purpose, "isNoneOf"),
            "area" => (Terms.Spatial, values.Length > 1 ? "isAnyOf" : "isPartOf"),
            "from" => (Terms.DateTime, "gteq"),
            "until" => (Terms.DateTime, "lteq"),
            "observedFrom" => (Terms.ObservedAt, "gteq"),
            "observedUntil" => (Terms.ObservedAt, "lteq"),
            "count" => (Terms.Count, "lteq"),
            "rate" => (Terms.Rate, "lteq"),
            "attributes" => (Terms.Attributes, "isAnyOf"),
            "withoutAttributes" => (Terms.Attributes, "isNoneOf"),
            "groupSize" => (Terms.GroupSize, "gteq"),
            _ => (Terms.Epsilon, "lteq"),
        };
        return new Comparison(left, name, [.. values.Select(Iri.Value)]);
    }

    private static string Shown(Comparison comparison) => Terms.ClaimName(comparison.Left) is not { } claim ? Values(comparison)
        : claim.Contains(':', StringComparison.Ordinal) ? $"{claim} = {Values(comparison)}" : claim;

    private static string Values(Comparison comparison) =>
        string.Join(Bar, comparison.Right.Select(value => value.StartsWith(Iri.Dpv, StringComparison.Ordinal) ? $"dpv:{value[Iri.Dpv.Length..]}" : value));
}
