using LivingCity.Ingestion.Entities;

namespace LivingCity.Ingestion.Registrations.Forwarding;

/// <summary>Puts together what several have of one entity (ETSI GS CIM 009, clause 4.5.5): of two instances of an attribute the one observed, else changed, last.</summary>
internal static class EntityMerge
{
    /// <summary>What this broker and the sources have, each of what it holds; auxiliary sources fill what is missing.</summary>
    public static IReadOnlyList<Entity> Of(IReadOnlyList<Entity> local, IReadOnlyList<(SourceRegistration Source, Entity Entity)> remote, Func<Entity, Holdings> holdingsOf)
    {
        var ids = local.Select(entity => entity.Id).Concat(remote.Select(part => part.Entity.Id)).Distinct();
        var mine = local.ToDictionary(entity => entity.Id);
        var theirs = remote.ToLookup(part => part.Entity.Id);
        var merged = new List<Entity>();
        foreach (var id in ids)
        {
            var holdings = holdingsOf(mine.GetValueOrDefault(id) ?? theirs[id].First().Entity);
            var parts = new List<Entity>();
            if (mine.TryGetValue(id, out var own) && !(holdings.IsElsewhere && theirs[id].Any()))
            {
                parts.Add(Holdings.Part(own, holdings.HoldsLocally));
            }

            parts.AddRange(theirs[id].Where(part => part.Source.Mode != SourceMode.Auxiliary).Select(part => Holdings.Part(part.Entity, name => holdings.Holds(part.Source, name))));
            var auxiliary = theirs[id].Where(part => part.Source.Mode == SourceMode.Auxiliary).Select(part => Holdings.Part(part.Entity, name => holdings.Holds(part.Source, name))).ToArray();
            if (parts.Count + auxiliary.Length > 0)
            {
                merged.Add(auxiliary.Aggregate(parts.Count > 0 ? Of(parts) : auxiliary[0], Complete));
            }
        }

        return merged;
    }

    /// <summary>Merges entities of the same id, in order of preference where their times do not decide.</summary>
    public static Entity Of(IReadOnlyList<Entity> parts)
    {
        if (parts.Count == 1)
        {
            return parts[0];
        }

        var attributes = new Attributes();
        foreach (var group in parts.SelectMany(part => part.Attributes).GroupBy(attribute => attribute.Key))
        {
            attributes[group.Key] = [.. group.SelectMany(attribute => attribute.Value).GroupBy(instance => instance.DatasetId ?? "").Select(instances => instances.Aggregate((best, next) => IsLater(next, best) ? next : best))];
        }

        return parts[0] with
        {
            Types = [.. parts.SelectMany(part => part.Types).Distinct()],
            Scopes = parts.Any(part => part.Scopes is not null) ? [.. parts.SelectMany(part => part.Scopes ?? []).Distinct()] : null,
            Attributes = attributes,
            CreatedAt = parts.Select(part => part.CreatedAt).Where(time => time != default).DefaultIfEmpty().Min(),
            ModifiedAt = parts.Max(part => part.ModifiedAt),
        };
    }

    /// <summary>Adds the attributes that an entity lacks: what auxiliary sources are for.</summary>
    public static Entity Complete(Entity entity, Entity auxiliary)
    {
        var attributes = new Attributes(entity.Attributes);
        foreach (var (name, instances) in auxiliary.Attributes)
        {
            attributes.TryAdd(name, instances);
        }

        return entity with { Attributes = attributes };
    }

    private static bool IsLater(AttributeInstance one, AttributeInstance other) =>
        Time(one.ObservedAt) is { } observed && Time(other.ObservedAt) is { } before ? observed > before
        : Time(one.ModifiedAt) is { } modified && Time(other.ModifiedAt) is { } earlier && modified > earlier;

    private static DateTimeOffset? Time(string? text) => Instants.TryRead(text, out var time) ? time : null;
}
