using System.Text.Json;
using LivingCity.Ingestion.Entities;

namespace LivingCity.Ingestion.Query;

/// <summary>A value that a path leads to.</summary>
/// <param name="Value">The value.</param>
/// <param name="IsVocabulary">Whether texts in it are words of a vocabulary, and so IRIs.</param>
internal readonly record struct QueryTarget(JsonElement Value, bool IsVocabulary);

/// <summary>Follows a path through an entity in memory.</summary>
internal static class QueryTargets
{
    public static IEnumerable<QueryTarget> Find(Entity entity, AttributePath path)
    {
        if (path.Names.Count == 1 && path.Member is { } system)
        {
            return system switch
            {
                "createdAt" => [Text(Instants.Write(entity.CreatedAt))],
                "modifiedAt" => [Text(Instants.Write(entity.ModifiedAt))],
                _ => [],
            };
        }

        var attributes = new[] { entity.Attributes }.AsEnumerable();
        IEnumerable<AttributeInstance> instances = [];
        foreach (var name in path.AttributeNames)
        {
            instances = [.. attributes.SelectMany(level => level.TryGetValue(name, out var found) ? found : [])];
            attributes = instances.Select(instance => instance.Attributes);
        }

        return path.Member is { } member ? instances.Select(instance => MemberOf(instance, member)).OfType<string>().Select(Text) : instances.SelectMany(instance => Values(instance, path.Inside));
    }

    private static IEnumerable<QueryTarget> Values(AttributeInstance instance, IReadOnlyList<string> inside)
    {
        if (!instance.HasValue)
        {
            return [];
        }

        var values = instance.Kind == AttributeKind.LanguageProperty && inside.Count == 0
            ? instance.Value.EnumerateObject().Select(language => language.Value)
            : inside.Aggregate(new[] { instance.Value }.AsEnumerable(), (level, key) => level.SelectMany(value => Step(value, key)));
        return values.Select(value => new QueryTarget(value, instance.Kind == AttributeKind.VocabProperty));
    }

    /// <summary>A key of an object, or of each object in an array.</summary>
    private static IEnumerable<JsonElement> Step(JsonElement value, string key) => value.ValueKind switch
    {
        JsonValueKind.Array => value.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.Object).SelectMany(item => Step(item, key)),
        JsonValueKind.Object when key == "*" => value.EnumerateObject().Select(member => member.Value),
        JsonValueKind.Object when value.TryGetProperty(key, out var member) => [member],
        _ => [],
    };

    private static string? MemberOf(AttributeInstance instance, string member) => member switch
    {
        "observedAt" => instance.ObservedAt,
        "createdAt" => instance.CreatedAt,
        "modifiedAt" => instance.ModifiedAt,
        "unitCode" => instance.UnitCode,
        _ => instance.DatasetId,
    };

    private static QueryTarget Text(string text) => new(JsonSerializer.SerializeToElement(text), false);
}
