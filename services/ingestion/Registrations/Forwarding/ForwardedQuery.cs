using System.Text.Json;
using System.Text.Json.Nodes;
using LivingCity.Ingestion.Web;
using Microsoft.AspNetCore.WebUtilities;

namespace LivingCity.Ingestion.Registrations.Forwarding;

/// <summary>What of a query goes to context sources.</summary>
internal static class ForwardedQuery
{
    /// <summary>What is for this broker: how it answers, and what it asks others for in its own words.</summary>
    private static readonly HashSet<string> Own =
    [
        "options", "format", "lang", "local", "count", "limit", "offset", "pick", "omit", "join", "joinLevel", "containedBy", "geometryProperty", "orderBy", "orderFrom", "orderGeometry", "collation",
        "ordering", "csf", "datasetId", "entityMap", "entityMapLifetime", "splitEntities", "aggrMethods", "aggrPeriodDuration", "aggrParams", "@context",
    ];

    /// <summary>What cannot be judged on a part of an entity.</summary>
    private static readonly HashSet<string> Filters = ["q", "georel", "geometry", "coordinates", "geoproperty", "geoQ", "scopeQ", "attrs"];

    /// <summary>The parameters of an address, with others put in.</summary>
    public static string Of(NgsiLdRequest request, bool split = false, params KeyValuePair<string, string?>[] others) => QueryHelpers.AddQueryString("", request.Http.Request.Query
        .Where(parameter => IsForwarded(parameter.Key, split) && !others.Any(other => other.Key == parameter.Key))
        .SelectMany(parameter => parameter.Value, (parameter, value) => KeyValuePair.Create(parameter.Key, value)).Concat(others));

    /// <summary>The members of a query's document.</summary>
    /// <param name="body">The document.</param>
    /// <param name="split">Whether filters are judged here, on whole entities.</param>
    /// <param name="ids">The only entities that are asked for; null for all.</param>
    public static JsonObject Body(JsonElement body, bool split, string[]? ids = null)
    {
        var asked = new JsonObject(body.EnumerateObject().Where(member => IsForwarded(member.Name, split)).Select(member => KeyValuePair.Create(member.Name, JsonNode.Parse(member.Value.GetRawText()))));
        if (ids is not null)
        {
            foreach (var selector in (asked["entities"] as JsonArray ?? []).OfType<JsonObject>())
            {
                selector["id"] = new JsonArray([.. ids.Select(id => JsonValue.Create(id))]);
                selector.Remove("idPattern");
            }
        }

        return asked;
    }

    private static bool IsForwarded(string name, bool split) => !Own.Contains(name) && !(split && Filters.Contains(name));
}
