using System.Text.Json;
using LivingCity.Ingestion.Contexts;
using LivingCity.Ingestion.Entities;
using LivingCity.Ingestion.EntityMaps;
using LivingCity.Ingestion.Query;
using LivingCity.Ingestion.Web;

namespace LivingCity.Ingestion.Registrations.Forwarding;

/// <summary>Finds entities here and at context sources (ETSI GS CIM 009, clauses 4.3.6 and 5.7.2). What a source fails to give is a warning, not an error.</summary>
internal sealed class DistributedQueries(SourceClient client, EntityFinder finder, TimeProvider time)
{
    /// <param name="request">The request.</param>
    /// <param name="context">Whose names it uses.</param>
    /// <param name="query">The query, or the part of it that goes by a map.</param>
    /// <param name="split">Whether entities may be split between sources: then filters are judged here, on whole entities, of which at most 1000 are gone through.</param>
    /// <param name="body">The query's document, where it came in a body.</param>
    /// <param name="sources">Those that take part in such requests.</param>
    /// <param name="map">The map that says who holds what, or null.</param>
    public async Task<Page> FindAsync(NgsiLdRequest request, LdContext context, EntityQuery query, bool split, JsonElement? body, IReadOnlyList<SourceRegistration> sources, EntityMap? map)
    {
        var filter = SourceFilter.From(query);
        var now = time.GetUtcNow();
        var asked = sources.Where(source => filter.Matches(source, now) && (map is null || query.Among!.Any(id => map.Holds(source.Id, id)))).ToArray();

        // Pages of several sources line up only from the start.
        var reach = split ? QueryParameters.MaxLimit : query.Offset + query.Limit;
        var local = await finder.FindAsync(request.Tenant, (split ? query.Unfiltered() : query) with { Limit = reach, Offset = 0 }, request.Aborted);
        var answers = await Task.WhenAll(asked.Select(source => body is { } document
            ? client.SendAsync(request, source, HttpMethod.Post, $"/entityOperations/query{ForwardedQuery.Of(request, split, Limit(reach))}", context, ForwardedQuery.Body(document, split, Ids(source)).ToJsonString(), Linked(source))
            : client.SendAsync(request, source, HttpMethod.Get, $"/entities{ForwardedQuery.Of(request, split, [.. Parameters(source)])}", context, entityMap: Linked(source))));
        SourceClient.Warn(request, answers.Where(answer => !answer.IsSuccess && answer.Status != StatusCodes.Status404NotFound));
        var remote = await client.ReadAllAsync(request, answers, context);

        var holdings = new Dictionary<string, Holdings>();
        Holdings HoldingsOf(Entity entity) => holdings.TryGetValue(entity.Id, out var known) ? known : holdings[entity.Id] = new Holdings(asked, entity.Id, entity.Types);
        var merged = EntityMerge.Of(local.Entities, remote, HoldingsOf).Where(entity => query.Among?.Contains(entity.Id) != false && (!split || query.Matches(entity)))
            .OrderBy(entity => entity.Id, StringComparer.Ordinal).ToArray();
        long? count = query.Count ? Math.Max(local.Count ?? 0, local.Entities.Count) + merged.Length - local.Entities.Count : null;
        return new Page([.. merged.Skip(query.Offset).Take(query.Limit)], local.HasMore || merged.Length > query.Offset + query.Limit, count);

        string[]? Ids(SourceRegistration source) => map is null ? null : [.. query.Among!.Where(id => map.Holds(source.Id, id))];
        string? Linked(SourceRegistration source) => map?.Candidates.Linked.GetValueOrDefault(source.Id);
        IEnumerable<KeyValuePair<string, string?>> Parameters(SourceRegistration source)
        {
            if (map is not null || split || request.Parameter("limit") is not null || query.Offset > 0)
            {
                yield return Limit(reach);
            }

            if (Ids(source) is { } ids)
            {
                yield return new("id", string.Join(',', ids));
            }
        }
    }

    private static KeyValuePair<string, string?> Limit(int limit) => new("limit", $"{limit}");
}
