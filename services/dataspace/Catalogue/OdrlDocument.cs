using System.Text.Json.Nodes;
using LivingCity.Dataspace.Policies;

namespace LivingCity.Dataspace.Catalogue;

/// <summary>Offers in the JSON-LD of the catalogue for people and portals: <c>odrl:</c> is a prefix there, not the vocabulary.</summary>
internal static class OdrlDocument
{
    public static JsonNode Offers(IEnumerable<OfferRow> offers) => offers.Select(Offer).ToArray() switch
    {
        [var only] => only,
        var many => new JsonArray([.. many]),
    };

    private static JsonObject Offer(OfferRow offer)
    {
        var policy = PolicyJson.Read(offer.Policy);
        var json = new JsonObject { ["@id"] = offer.Id, ["@type"] = "odrl:Offer" };
        Add("odrl:permission", policy.Permissions);
        Add("odrl:prohibition", policy.Prohibitions);
        Add("odrl:obligation", policy.Obligations);
        return json;

        void Add(string name, IReadOnlyList<Rule> rules)
        {
            if (rules.Count > 0)
            {
                json[name] = new JsonArray([.. rules.Select(Rule)]);
            }
        }
    }

    private static JsonObject Rule(Rule rule)
    {
        var json = new JsonObject { ["odrl:action"] = Reference(rule.Action) };
        if (rule.Constraints.Count > 0)
        {
            json["odrl:constraint"] = new JsonArray([.. rule.Constraints.Select(Constraint)]);
        }

        return json;
    }

    private static JsonObject Constraint(Constraint constraint) => constraint switch
    {
        Comparison comparison => new JsonObject
        {
            ["odrl:leftOperand"] = Reference(comparison.Left),
            ["odrl:operator"] = Reference(Iri.Odrl + comparison.Operator),
            ["odrl:rightOperand"] = new JsonArray([.. comparison.Right.Select(value => (JsonNode)value)]),
        },
        Combination combination => new JsonObject { [$"odrl:{combination.Operator}"] = new JsonArray([.. combination.Operands.Select(Constraint)]) },
        _ => throw new InvalidOperationException("is no constraint"),
    };

    private static JsonObject Reference(string iri) => new() { ["@id"] = iri.StartsWith(Iri.Odrl, StringComparison.Ordinal) ? $"odrl:{iri[Iri.Odrl.Length..]}" : iri };
}
