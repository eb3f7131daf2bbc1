using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace LivingCity.Dataspace.Policies;

/// <summary>
/// Policies in the JSON of the protocol: <c>{"permission": [{"action": "use", "constraint": [{"leftOperand": "...", "operator": "lteq", "rightOperand": "..."}]}]}</c>.
/// It reads what the schemas allow, in any of the spellings of a term, and writes one.
/// </summary>
internal static class PolicyJson
{
    private const int MaxDepth = 8;
    private const int MaxConstraints = 200;

    /// <summary>What the protocol's context gives a short name to. Other terms are full IRIs.</summary>
    private static readonly HashSet<string> ShortNames = ["use"];

    private static readonly string[] Logical = ["and", "andSequence", "or", "xone"];

    /// <summary>Reads a policy, an offer or an agreement.</summary>
    /// <exception cref="FormatException">It is no policy that can be read.</exception>
    public static Policy Read(JsonObject json)
    {
        var budget = MaxConstraints;
        return new Policy(Rules(json, "permission", ref budget), Rules(json, "prohibition", ref budget), Rules(json, "obligation", ref budget));
    }

    public static Policy Read(string json) => Read(JsonNode.Parse(json)!.AsObject());

    /// <summary>The rules alone, without id, type, target and parties.</summary>
    public static JsonObject Write(Policy policy)
    {
        var json = new JsonObject();
        Add("permission", policy.Permissions);
        Add("prohibition", policy.Prohibitions);
        Add("obligation", policy.Obligations);
        return json;

        void Add(string name, IReadOnlyList<Rule> rules)
        {
            if (rules.Count > 0)
            {
                json[name] = new JsonArray([.. rules.Select(rule => (JsonNode)Write(rule))]);
            }
        }
    }

    /// <summary>One text for all policies that say the same in another order or spelling.</summary>
    public static string Canonical(Policy policy) => string.Join('\n', ((string, IReadOnlyList<Rule>)[])[("+", policy.Permissions), ("-", policy.Prohibitions), ("!", policy.Obligations)] switch
    {
        var kinds => kinds.SelectMany(kind => kind.Item2.Select(rule => $"{kind.Item1}{Write(rule with { Constraints = Sorted(rule.Constraints) }).ToJsonString()}").Order(StringComparer.Ordinal)),
    });

    /// <summary>Whether two policies say the same.</summary>
    public static bool Same(JsonObject one, JsonObject other) => Canonical(Read(one)) == Canonical(Read(other));

    private static Constraint[] Sorted(IReadOnlyList<Constraint> constraints) =>
        [.. constraints.Select(constraint => constraint switch
        {
            Combination { Operator: not "andSequence" } combination => combination with { Operands = Sorted(combination.Operands) },
            Comparison { Right.Count: > 1 } comparison => comparison with { Right = [.. comparison.Right.Order(StringComparer.Ordinal)] },
            _ => constraint,
        }).OrderBy(constraint => Write(constraint).ToJsonString(), StringComparer.Ordinal)];

    private static Rule[] Rules(JsonObject json, string name, ref int budget)
    {
        if (json[name] is null)
        {
            return [];
        }

        if (json[name] is not JsonArray items)
        {
            throw new FormatException($"{name} must be an array.");
        }

        var rules = new List<Rule>();
        foreach (var item in items)
        {
            var rule = item as JsonObject ?? throw new FormatException($"{name} must hold objects.");
            foreach (var member in rule)
            {
                // A condition that is not understood must not be passed over.
                if (member.Key is not ("action" or "constraint" or "@type" or "@id"))
                {
                    throw new FormatException($"{name}.{member.Key} is not understood.");
                }
            }

            rules.Add(new Rule(Iri.Term(Text(rule["action"], $"{name}.action")), rule["constraint"] is null ? [] : Constraints(rule["constraint"], 1, ref budget)));
        }

        return [.. rules];
    }

    private static Constraint[] Constraints(JsonNode? node, int depth, ref int budget)
    {
        if (node is not JsonArray items)
        {
            throw new FormatException("A list of constraints must be an array.");
        }

        if (depth > MaxDepth || (budget -= items.Count) < 0)
        {
            throw new FormatException("The policy is too large.");
        }

        var constraints = new List<Constraint>();
        foreach (var item in items)
        {
            constraints.Add(Read(item as JsonObject ?? throw new FormatException("A constraint must be an object."), depth, ref budget));
        }

        return [.. constraints];
    }

    private static Constraint Read(JsonObject json, int depth, ref int budget)
    {
        var logical = Logical.Where(json.ContainsKey).ToArray();
        if (logical.Length == 1 && json.Count(member => member.Key[0] != '@') == 1)
        {
            return new Combination(logical[0], Constraints(json[logical[0]], depth + 1, ref budget));
        }

        if (logical.Length > 0 || json.Any(member => member.Key is not ("leftOperand" or "operator" or "rightOperand" or "@type" or "@id")))
        {
            throw new FormatException($"A constraint has members that are not understood: {string.Join(", ", json.Select(member => member.Key))}.");
        }

        var left = Iri.Term(Text(json["leftOperand"], "leftOperand"));
        var name = Iri.Term(Text(json["operator"], "operator"));
        return new Comparison(left, name.StartsWith(Iri.Odrl, StringComparison.Ordinal) ? name[Iri.Odrl.Length..] : name, Values(json["rightOperand"]));
    }

    private static string[] Values(JsonNode? node) => node switch
    {
        JsonArray items => [.. items.SelectMany(Values)],
        JsonObject value when value["@value"] is { } inner => Values(inner),
        JsonObject reference when reference["@id"] is { } id => Values(id),
        JsonValue value when value.GetValueKind() is JsonValueKind.String => [Iri.Value(value.GetValue<string>())],
        JsonValue value when value.GetValueKind() is JsonValueKind.Number => [value.ToJsonString()],
        _ => throw new FormatException("A right operand must be a text, a number, or a list of them."),
    };

    private static string Text(JsonNode? node, string name) => node switch
    {
        JsonValue value when value.TryGetValue<string>(out var text) && text.Trim().Length > 0 => text,
        JsonObject reference when reference["@id"] is JsonValue id && id.TryGetValue<string>(out var text) && text.Trim().Length > 0 => text,
        _ => throw new FormatException($"{name} must be a text."),
    };

    private static JsonObject Write(Rule rule)
    {
        var json = new JsonObject { ["action"] = Iri.Compact(rule.Action, ShortNames) };
        if (rule.Constraints.Count > 0)
        {
            json["constraint"] = new JsonArray([.. rule.Constraints.Select(constraint => (JsonNode)Write(constraint))]);
        }

        return json;
    }

    private static JsonObject Write(Constraint constraint) => constraint switch
    {
        Comparison comparison => new JsonObject
        {
            ["leftOperand"] = comparison.Left,
            ["operator"] = comparison.Operator,
            ["rightOperand"] = comparison.Right is [var only] ? only : new JsonArray([.. comparison.Right.Select(value => (JsonNode)value)]),
        },
        Combination combination => new JsonObject { [combination.Operator] = new JsonArray([.. combination.Operands.Select(operand => (JsonNode)Write(operand))]) },
        _ => throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"{constraint.GetType()} is no constraint.")),
    };
}
