using System.Text.Json.Nodes;

namespace LivingCity.Dataspace.Catalogue;

/// <summary>ODRL offers (ODRL Information Model 2.2, 2.1.3).</summary>
internal static class Offers
{
    /// <summary>What a dataset is offered under unless its officer says otherwise: use is permitted, the source must be named.</summary>
    public static JsonObject Default(string datasetId) => new()
    {
        ["@id"] = $"{datasetId}:offer",
        ["@type"] = "odrl:Offer",
        ["odrl:permission"] = new JsonArray(new JsonObject { ["odrl:action"] = new JsonObject { ["@id"] = "odrl:use" } }),
        ["odrl:obligation"] = new JsonArray(new JsonObject { ["odrl:action"] = new JsonObject { ["@id"] = "odrl:attribute" } }),
    };
}
