using LivingCity.Ingestion.Errors;
using LivingCity.Ingestion.Query;
using LivingCity.Ingestion.Web;

namespace LivingCity.Ingestion.EntityMaps;

/// <summary>Finds or makes the map that a request goes by, and gives its pages (ETSI GS CIM 009, clauses 5.5.9.3 and 5.5.14).</summary>
internal sealed class EntityMapPaging(EntityMapStore store, TimeProvider time)
{
    /// <summary>The most entities that a map holds.</summary>
    public const int MaxEntities = 100_000;

    private const string Header = "NGSILD-EntityMap";
    private static readonly TimeSpan DefaultLifetime = TimeSpan.FromHours(1);
    private static readonly TimeSpan MaxLifetime = TimeSpan.FromDays(1);

    /// <summary>The map that the request names, or a new one where it wants one or what it names is gone; else null. The answer says where the map is.</summary>
    /// <param name="request">The request.</param>
    /// <param name="wish">What it says about maps.</param>
    /// <param name="find">Finds the candidates of a new map.</param>
    public async Task<(EntityMap Map, bool IsNew)?> ForAsync(NgsiLdRequest request, EntityMapRequest wish, Func<Task<Candidates>> find)
    {
        // Maps are kept for those who sign in: anyone else could fill the database with them.
        var named = request.Http.Request.Headers[Header].ToString();
        if (request.Http.User.Identity is not { IsAuthenticated: true } || (named.Length == 0 && !wish.IsWanted))
        {
            return null;
        }

        if (named.Length > 0 && await store.FindAsync(request.Tenant, Uri.UnescapeDataString(named[(named.LastIndexOf('/') + 1)..]), request.Aborted) is { } known)
        {
            request.Http.Response.Headers[Header] = known.Path;
            return (known, false);
        }

        return (await CreateAsync(request, wish.Lifetime, await find()), true);
    }

    /// <summary>Keeps candidates as a new map, and says in the answer where it is.</summary>
    /// <exception cref="NgsiLdException">There are too many (TooManyResults).</exception>
    public async Task<EntityMap> CreateAsync(NgsiLdRequest request, TimeSpan? lifetime, Candidates candidates)
    {
        if (candidates.Entities.Count > MaxEntities)
        {
            throw NgsiLdException.TooManyResults($"An entity map holds at most {MaxEntities} entities: narrow the query.");
        }

        var map = new EntityMap($"urn:ngsi-ld:EntityMap:{Guid.NewGuid()}", time.GetUtcNow() + Lifetimes.Within(lifetime, DefaultLifetime, MaxLifetime), candidates);
        await store.InsertAsync(request.Tenant, map, request.Aborted);
        request.Http.Response.Headers[Header] = map.Path;
        return map;
    }

    /// <summary>What this broker allows of a wished time.</summary>
    public DateTimeOffset Limit(DateTimeOffset expiresAt) => time.GetUtcNow() + MaxLifetime is var latest && expiresAt > latest ? latest : expiresAt;

    /// <summary>
    /// One page. The offset counts places in the map, so that entities that do not fulfil the query any more move no other one to another page; the page is filled with those that follow.
    /// </summary>
    /// <param name="map">The map.</param>
    /// <param name="query">The query, whose filters are checked again.</param>
    /// <param name="find">Finds the entities of a part of the map.</param>
    public static async Task<Page> PageAsync(EntityMap map, EntityQuery query, Func<EntityQuery, Task<Page>> find)
    {
        var ids = map.Candidates.Entities;
        var atOnce = Math.Clamp(query.Limit + 1, 50, QueryParameters.MaxLimit);
        var found = new List<(int Place, Entities.Entity Entity)>();
        var place = query.Offset;
        while (place < ids.Count && found.Count <= query.Limit)
        {
            var among = ids.Skip(place).Take(atOnce).ToArray();
            var places = among.Index().ToDictionary(item => item.Item, item => place + item.Index);
            var part = await find(query with { Among = among, Limit = among.Length, Offset = 0, Count = false, Order = null });
            found.AddRange(part.Entities.Select(entity => (places[entity.Id], entity)).OrderBy(entry => entry.Item1));
            place += among.Length;
        }

        return new Page([.. found.Take(query.Limit).Select(entry => entry.Entity)], found.Count > query.Limit || place < ids.Count, query.Count ? ids.Count : null)
        {
            Next = found.Count > query.Limit ? found[query.Limit].Place : place,
        };
    }
}
