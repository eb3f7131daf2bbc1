using System.Text.Json;
using System.Text.Json.Nodes;

namespace LivingCity.Ingestion.Entities;

/// <summary>An entity as a request brings it: checked, with expanded names.</summary>
/// <param name="Id">URI.</param>
/// <param name="Types">IRIs of its types.</param>
/// <param name="Instances">Its attributes' instances, in the order of the document.</param>
internal sealed record EntityFragment(string Id, IReadOnlyList<string> Types, IReadOnlyList<AttributeInstance> Instances)
{
    /// <summary>The attributes as they are stored: <c>{IRI: {dataset id or "": instance}}</c>.</summary>
    public JsonObject ToAttributes()
    {
        var attributes = new JsonObject();
        foreach (var instance in Instances)
        {
            if (attributes[instance.Attribute] is not JsonObject instances)
            {
                attributes[instance.Attribute] = instances = [];
            }

            instances[instance.DatasetId] = instance.Body.DeepClone();
        }

        return attributes;
    }
}

/// <summary>One instance of an attribute.</summary>
/// <param name="Attribute">IRI of its name.</param>
/// <param name="DatasetId">URI that tells instances of one attribute apart; empty for the default one.</param>
/// <param name="ObservedAt">When it was observed, where the request says so.</param>
/// <param name="Body">The instance in normalized form.</param>
internal sealed record AttributeInstance(string Attribute, string DatasetId, DateTimeOffset? ObservedAt, JsonObject Body)
{
    /// <summary>The value where it is one number.</summary>
    public double? Number => Body["value"] is JsonValue value && value.GetValueKind() == JsonValueKind.Number ? value.GetValue<double>() : null;

    /// <summary>The unit, where one is named.</summary>
    public string? UnitCode => (string?)Body["unitCode"];
}
