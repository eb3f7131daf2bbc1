using LivingCity.Ingestion.Changes;

namespace LivingCity.Ingestion.Entities;

/// <summary>Compares an entity before and after an operation, and writes the times of what changed (ETSI GS CIM 009, clause 4.8).</summary>
internal static class Stamping
{
    /// <summary>The change from one state to the next.</summary>
    /// <param name="before">Null when the entity is created.</param>
    /// <param name="after">Null when it is deleted. Instances that are the same objects as before are unchanged.</param>
    /// <param name="now">The time of the operation.</param>
    /// <returns>Null when nothing is different.</returns>
    public static EntityChange? Compare(Entity? before, Entity? after, DateTimeOffset now)
    {
        if (after is null)
        {
            return before is null ? null : new EntityChange(before, null, [.. All(before).Select(item => new AttributeChange(item.Attribute, item.Instance, null))], now);
        }

        var text = Instants.Write(now);
        var changes = new List<AttributeChange>();
        var stamped = new Attributes();
        foreach (var (iri, instances) in after.Attributes)
        {
            var previous = before is not null && before.Attributes.TryGetValue(iri, out var found) ? found : [];
            if (ReferenceEquals(previous, instances))
            {
                stamped[iri] = instances;
                continue;
            }

            var current = new AttributeInstance[instances.Count];
            for (var index = 0; index < current.Length; index++)
            {
                var old = previous.FirstOrDefault(instance => instance.DatasetId == instances[index].DatasetId);
                current[index] = ReferenceEquals(old, instances[index]) ? instances[index] : instances[index] with { CreatedAt = old?.CreatedAt ?? text, ModifiedAt = text, IsBare = false };
                if (!ReferenceEquals(old, instances[index]))
                {
                    changes.Add(new AttributeChange(iri, old, current[index]));
                }
            }

            stamped[iri] = current;
        }

        changes.AddRange(All(before).Where(item => after.Find(item.Attribute, item.Instance.DatasetId) is null).Select(item => new AttributeChange(item.Attribute, item.Instance, null)));
        return before is not null && changes.Count == 0 && IsSame(before, after) ? null
            : new EntityChange(before, after with { Attributes = stamped, CreatedAt = before?.CreatedAt ?? now, ModifiedAt = now }, changes, now);
    }

    private static IEnumerable<(string Attribute, AttributeInstance Instance)> All(Entity? entity) =>
        entity is null ? [] : entity.Attributes.SelectMany(attribute => attribute.Value.Select(instance => (attribute.Key, instance)));

    private static bool IsSame(Entity before, Entity after) =>
        before.Types.SequenceEqual(after.Types) && (before.Scopes ?? []).SequenceEqual(after.Scopes ?? []) && before.ExpiresAt == after.ExpiresAt;
}
