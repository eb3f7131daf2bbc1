using System.Text.Json.Nodes;
using LivingCity.Ingestion.Contexts;

namespace LivingCity.Ingestion.Entities;

/// <summary>Writes stored attributes in normalized form with the names of a context (clause 4.5.1).</summary>
internal static class EntityWriter
{
    public static JsonObject Write(string id, IReadOnlyList<string> types, string attributes, LdContext context)
    {
        var entity = new JsonObject { ["id"] = id, ["type"] = Types(types, context) };
        foreach (var (iri, instances) in JsonNode.Parse(attributes)!.AsObject())
        {
            var values = instances!.AsObject().Select(instance => instance.Value!.DeepClone()).ToArray();
            entity[context.Compact(iri)] = values.Length == 1 ? values[0] : new JsonArray(values);
        }

        return entity;
    }

    public static JsonNode Types(IReadOnlyList<string> types, LdContext context) =>
        types.Count == 1 ? context.Compact(types[0]) : new JsonArray([.. types.Select(type => (JsonNode)context.Compact(type))]);
}
