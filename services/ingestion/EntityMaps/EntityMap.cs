using System.Text.Json.Nodes;
using LivingCity.Ingestion.Entities;
using LivingCity.ServiceDefaults.Http;

namespace LivingCity.Ingestion.EntityMaps;

/// <summary>The entities that a query may find, and who holds them.</summary>
/// <param name="Entities">Their ids, in the order of the results.</param>
/// <param name="Sources">By id, the registrations whose sources hold the entity, and <see cref="EntityMap.Here"/> where this broker does; an id that is not in it is held here alone.</param>
/// <param name="Linked">By registration, the id of the map that its source made.</param>
internal sealed record Candidates(IReadOnlyList<string> Entities, IReadOnlyDictionary<string, string[]> Sources, IReadOnlyDictionary<string, string> Linked)
{
    /// <summary>Entities that are held here alone.</summary>
    public static Candidates Local(IReadOnlyList<string> entities) => new(entities, new Dictionary<string, string[]>(), new Dictionary<string, string>());
}

/// <summary>The candidates of a query, kept for its pages (ETSI GS CIM 009, clauses 4.5.25 and 5.2.39).</summary>
/// <param name="Id">URI of the map.</param>
/// <param name="ExpiresAt">When it is forgotten.</param>
/// <param name="Candidates">What it holds.</param>
internal sealed record EntityMap(string Id, DateTimeOffset ExpiresAt, Candidates Candidates)
{
    /// <summary>Stands for this broker among the holders of an entity.</summary>
    public const string Here = "@none";

    /// <summary>Where the map is.</summary>
    public string Path => $"/ngsi-ld/v1/entityMaps/{PathSegment.Of(Id)}";

    /// <summary>Whether a holder has an entity: a registration's id, or <see cref="Here"/>.</summary>
    public bool Holds(string holder, string entity) => Candidates.Sources.TryGetValue(entity, out var holders) ? holders.Contains(holder) : holder == Here;

    public JsonObject ToJson() => new()
    {
        ["id"] = Id,
        ["type"] = "EntityMap",
        ["expiresAt"] = Instants.Write(ExpiresAt),
        ["entityMap"] = new JsonObject(Candidates.Entities.Select(id => KeyValuePair.Create(id, (JsonNode?)new JsonArray([.. Candidates.Sources.GetValueOrDefault(id, [Here]).Select(holder => JsonValue.Create(holder))])))),
        ["linkedMaps"] = new JsonObject(Candidates.Linked.Select(linked => KeyValuePair.Create(linked.Key, (JsonNode?)linked.Value))),
    };
}
