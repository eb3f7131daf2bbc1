using System.Globalization;
using System.Text.Json.Nodes;
using LivingCity.Dataspace.Policies;

namespace LivingCity.Dataspace.DataPlane;

/// <summary>Applies what is granted to NGSI-LD entities (normalized form): rows by area and time, attributes by name. Pure.</summary>
internal static class EntityFilter
{
    private static readonly string[] Kept = ["id", "type", "@context"];

    /// <summary>What of an entity may leave the house, or null.</summary>
    public static JsonObject? Apply(JsonObject entity, IReadOnlyList<Grant> grants, IReadOnlyDictionary<string, Polygon> areas)
    {
        var open = grants.Where(grant => grant.Form == Form.AsIs).ToArray();
        var isIn = Place(entity) is { } place ? (string area) => areas.TryGetValue(area, out var border) && border.Contains(place.Longitude, place.Latitude) : (Func<string, bool>?)null;
        var filtered = new JsonObject();
        var (measured, kept) = (false, false);
        foreach (var (name, value) in entity)
        {
            if (Kept.Contains(name))
            {
                filtered[name] = value?.DeepClone();
                continue;
            }

            var instances = value is JsonArray many ? [.. many] : new[] { value };
            var left = new List<JsonNode>();
            foreach (var instance in instances.OfType<JsonObject>())
            {
                var observedAt = ObservedAt(instance);
                measured |= observedAt is not null;
                if (observedAt is null || !open.Any(grant => grant.Holds(new RowFacts(isIn, observedAt)) && (grant.Attributes?.Allows(name) ?? true)))
                {
                    continue;
                }

                kept = true;
                left.Add(instance.DeepClone());
            }

            if (left.Count > 0)
            {
                filtered[name] = value is JsonArray ? new JsonArray([.. left]) : left[0];
            }
        }

        if (measured && !kept)
        {
            return null;
        }

        // What was not measured (name, place) goes with what was; where nothing was, the entity itself must be granted.
        var latest = Latest(filtered);
        foreach (var (name, value) in entity.Where(member => !Kept.Contains(member.Key) && !filtered.ContainsKey(member.Key)))
        {
            if (value is JsonObject fixedValue && ObservedAt(fixedValue) is null && open.Any(grant => grant.Holds(new RowFacts(isIn, latest)) && (grant.Attributes?.Allows(name) ?? true)))
            {
                filtered[name] = fixedValue.DeepClone();
            }
        }

        return kept || open.Any(grant => grant.Holds(new RowFacts(isIn, latest))) ? filtered : null;
    }

    /// <summary>Where an entity is: the first position of its <c>location</c>.</summary>
    public static (double Longitude, double Latitude)? Place(JsonObject entity)
    {
        var at = (entity["location"] as JsonObject)?["value"]?["coordinates"];
        while (at is JsonArray { Count: > 0 } array && array[0] is JsonArray)
        {
            at = array[0];
        }

        return at is JsonArray { Count: >= 2 } position && position[0] is JsonValue longitude && position[1] is JsonValue latitude && longitude.TryGetValue<double>(out var x) && latitude.TryGetValue<double>(out var y) ? (x, y) : null;
    }

    public static DateTimeOffset? ObservedAt(JsonObject instance) =>
        instance["observedAt"] is JsonValue value && value.TryGetValue<string>(out var text) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;

    private static DateTimeOffset? Latest(JsonObject entity) =>
        entity.SelectMany(member => member.Value switch { JsonArray many => many.OfType<JsonObject>(), JsonObject one => [one], _ => [] }).Max(ObservedAt);
}
