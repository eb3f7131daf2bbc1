using System.Text.Json;
using System.Text.Json.Nodes;
using LivingCity.Contracts.Ingestion;
using LivingCity.Ingestion.Contexts;
using LivingCity.Ingestion.Entities;

namespace LivingCity.Ingestion.Batch;

/// <summary>What the other services hear of a batch: the numbers, by entity and instant, with the entity's name and place where the batch brings them.</summary>
internal static class ObservationMessages
{
    private const int ObservationsPerMessage = 2000;

    public static IEnumerable<ObservationsRecorded> From(string tenant, IEnumerable<EntityFragment> fragments, DateTimeOffset now) => fragments
        .SelectMany(fragment => Observe(fragment, now))
        .Chunk(ObservationsPerMessage)
        .Select(chunk => new ObservationsRecorded(tenant, now, chunk));

    private static Observation[] Observe(EntityFragment fragment, DateTimeOffset now)
    {
        var name = (string?)Find(fragment, "name");
        var location = Find(fragment, "location") is JsonObject geometry && (string?)geometry["type"] == "Point" && geometry["coordinates"] is JsonArray { Count: >= 2 } point
            ? new Position((double)point[0]!, (double)point[1]!) : null;
        var type = LdContext.Core.Compact(fragment.Types[0]);
        var measured = fragment.Instances.Where(instance => instance is { DatasetId: "", Number: not null }).GroupBy(instance => instance.ObservedAt ?? now)
            .Select(group => new Observation(fragment.Id, type, group.Key,
                group.ToDictionary(instance => LdContext.Core.Compact(instance.Attribute), instance => new Measurement(instance.Number!.Value, instance.UnitCode)),
                name, location, group.Any(IsSynthetic)))
            .ToArray();
        return measured.Length > 0 || (name is null && location is null) ? measured
            : [new Observation(fragment.Id, type, now, new Dictionary<string, Measurement>(), name, location)];
    }

    private static JsonNode? Find(EntityFragment fragment, string name)
    {
        var iri = LdContext.Core.Expand(name);
        var value = fragment.Instances.FirstOrDefault(instance => instance.Attribute == iri)?.Body["value"];
        return name == "name" && value?.GetValueKind() != JsonValueKind.String ? null : value;
    }

    private static bool IsSynthetic(AttributeInstance instance) =>
        instance.Body["synthetic"] is JsonObject flag && flag["value"] is JsonValue value && value.GetValueKind() == JsonValueKind.True;
}
