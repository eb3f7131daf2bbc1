using System.Text.Json;
using LivingCity.Ingestion.Entities;
using LivingCity.Ingestion.Errors;
using LivingCity.Ingestion.Representations;
using LivingCity.Ingestion.Web;
using LivingCity.ServiceDefaults.Data;

namespace LivingCity.Ingestion.Query;

/// <summary>What was found: the entities asked for, and in a flat answer those that their relationships lead to.</summary>
internal sealed record Joined(IReadOnlyList<Entity> Entities, IReadOnlyList<Entity> Linked, bool IsFlat);

/// <summary>Whether related entities are wanted with an answer (ETSI GS CIM 009, clause 4.5.23): inside the relationships, or after the entities.</summary>
internal sealed record JoinRequest(string Mode, int Level, IReadOnlySet<string> ContainedBy)
{
    public const int MaxLevel = 8;
    private const int MostLinked = 2000;

    /// <summary>Related entities are not wanted.</summary>
    public static JoinRequest None { get; } = Create(null, null, null);

    public bool IsWanted => Mode != "@none";

    /// <exception cref="NgsiLdException">A parameter is wrong.</exception>
    public static JoinRequest Read(NgsiLdRequest request) => Create(
        request.Parameter("join"), request.Number("joinLevel", 1, MaxLevel), request.List("containedBy")?.Select(id => Uris.Require(id, "containedBy")));

    public static JoinRequest Create(string? mode, int? level, IEnumerable<string>? containedBy) => mode is null or "inline" or "flat" or "@none"
        ? new JoinRequest(mode ?? "@none", level ?? 1, containedBy?.ToHashSet() ?? [])
        : throw NgsiLdException.BadRequestData("join: inline, flat or @none is required.");

    /// <summary>What names members of related entities needs the join that reaches them.</summary>
    /// <exception cref="NgsiLdException">It does not reach them (BadRequestData).</exception>
    public void Require(Projection? pick, Projection? omit)
    {
        if (Math.Max(pick?.Depth ?? 0, omit?.Depth ?? 0) > Reach)
        {
            throw NgsiLdException.BadRequestData("pick and omit: members of related entities need join=inline or flat, and a joinLevel that reaches them.");
        }
    }

    /// <summary>A condition on related entities needs the join that reaches them.</summary>
    /// <exception cref="NgsiLdException">It does not reach them (BadRequestData: too deep).</exception>
    public void Require(QueryExpression? condition)
    {
        if (condition?.Depth > Reach)
        {
            throw NgsiLdException.BadRequestData("q: conditions on related entities need join=inline or flat, and a joinLevel that reaches them.");
        }
    }

    private int Reach => IsWanted ? Level : 0;

    /// <summary>Reads the related entities, one statement for each level. An entity that is there already is not repeated.</summary>
    public async Task<Joined> ResolveAsync(Work work, IReadOnlyList<Entity> entities, TimeProvider time, CancellationToken cancellationToken)
    {
        if (!IsWanted)
        {
            return new Joined(entities, [], false);
        }

        var known = new Dictionary<string, Entity>();
        var seen = new HashSet<string>([.. entities.Select(entity => entity.Id), .. ContainedBy]);
        var level = entities;
        for (var depth = 0; depth < Level && level.Count > 0; depth++)
        {
            var wanted = level.SelectMany(entity => entity.Attributes.Values.SelectMany(instances => instances)).SelectMany(Objects).Where(seen.Add).ToArray();
            level = await ReadAsync(work, wanted, time, cancellationToken);
            foreach (var entity in level)
            {
                known[entity.Id] = entity;
            }

            if (known.Count > MostLinked)
            {
                throw NgsiLdException.TooManyResults($"join: more than {MostLinked} related entities.");
            }
        }

        return Mode == "flat" ? new Joined(entities, [.. known.Values], true)
            : new Joined([.. entities.Select(entity => Embed(entity, known, Level, [.. ContainedBy, entity.Id]))], [], false);
    }

    private static Entity Embed(Entity entity, Dictionary<string, Entity> known, int depth, HashSet<string> path)
    {
        if (depth == 0)
        {
            return entity;
        }

        var attributes = new Attributes();
        foreach (var (iri, instances) in entity.Attributes)
        {
            attributes[iri] = [.. instances.Select(instance =>
            {
                var linked = Objects(instance).Where(id => !path.Contains(id) && known.ContainsKey(id)).Select(id => Embed(known[id], known, depth - 1, [.. path, id])).ToArray();
                return linked.Length == 0 ? instance : instance with { Linked = linked };
            })];
        }

        return entity with { Attributes = attributes };
    }

    private static IEnumerable<string> Objects(AttributeInstance instance) => instance.Kind is not (AttributeKind.Relationship or AttributeKind.ListRelationship) ? []
        : instance.Value.ValueKind == JsonValueKind.Array ? instance.Value.EnumerateArray().Select(item => item.GetString()!)
        : instance.Value.ValueKind == JsonValueKind.String ? [instance.Value.GetString()!] : [];

    private static async Task<IReadOnlyList<Entity>> ReadAsync(Work work, string[] ids, TimeProvider time, CancellationToken cancellationToken)
    {
        var entities = new List<Entity>();
        if (ids.Length > 0)
        {
            await using var command = work.Command(
                $"SELECT {EntityStore.Columns} FROM entity e WHERE e.tenant = $1 AND e.id = ANY($2) AND (e.expires_at IS NULL OR e.expires_at > $3) ORDER BY e.id", work.Tenant, ids, time.GetUtcNow());
            await using var rows = await command.ExecuteReaderAsync(cancellationToken);
            while (await rows.ReadAsync(cancellationToken))
            {
                entities.Add(EntityStore.Read(rows));
            }
        }

        return entities;
    }
}
