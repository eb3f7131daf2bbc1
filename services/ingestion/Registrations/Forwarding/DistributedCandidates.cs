using System.Text.Json;
using System.Text.Json.Nodes;
using LivingCity.Ingestion.Contexts;
using LivingCity.Ingestion.EntityMaps;
using LivingCity.Ingestion.Query;
using LivingCity.Ingestion.Temporal;
using LivingCity.Ingestion.Web;
using LivingCity.ServiceDefaults.Data;

namespace LivingCity.Ingestion.Registrations.Forwarding;

/// <summary>Finds which entities a query may find, here and at context sources (ETSI GS CIM 009, clauses 5.14.4 and 5.14.5).</summary>
internal sealed class DistributedCandidates(EntityFinder finder, Database database, ActiveSources active, SourceClient client, TimeProvider time)
{
    /// <param name="request">The request.</param>
    /// <param name="context">Whose names it uses.</param>
    /// <param name="query">The query.</param>
    /// <param name="split">Whether filters can be judged only later, on whole entities.</param>
    /// <param name="body">The query's document, where it came in a body.</param>
    /// <param name="temporal">What it says about time, where it asks for history; null where it asks for entities as they are.</param>
    public async Task<Candidates> FindAsync(NgsiLdRequest request, LdContext context, EntityQuery query, bool split, JsonElement? body, TemporalQuery? temporal = null)
    {
        var filter = SourceFilter.From(query);
        var now = time.GetUtcNow();
        var sources = (await active.ForAsync(request, temporal is null ? "createEntityMapQueryEntity" : "createEntityMapQueryTemporal")).Where(source => filter.Matches(source, now)).ToArray();
        var candidates = split && sources.Length > 0 ? query.Unfiltered() : query;
        var here = temporal is null
            ? await finder.IdentifyAsync(request.Tenant, candidates, request.Aborted) : await TemporalFinder.IdentifyAsync(database, request.Tenant, candidates, temporal, request.Aborted);
        if (sources.Length == 0)
        {
            return Candidates.Local(here);
        }

        var path = $"{(temporal is null ? "/entityMaps" : "/temporal/entityMaps")}{ForwardedQuery.Of(request, split)}";
        var asked = body is { } document ? ForwardedQuery.Body(document, split).ToJsonString() : null;
        var answers = await Task.WhenAll(sources.Select(source => client.SendAsync(request, source, asked is null ? HttpMethod.Get : HttpMethod.Post, path, context, asked)));
        SourceClient.Warn(request, answers.Where(answer => !answer.IsSuccess && answer.Status != StatusCodes.Status404NotFound));
        return Merge(here, answers.Where(answer => answer is { IsSuccess: true, Body.ValueKind: JsonValueKind.Object }));
    }

    private static Candidates Merge(IReadOnlyList<string> here, IEnumerable<SourceAnswer> answers)
    {
        var holders = here.ToDictionary(id => id, _ => new List<string> { EntityMap.Here });
        var linked = new Dictionary<string, string>();
        foreach (var answer in answers)
        {
            if (answer.Body!.Value.TryGetProperty("entityMap", out var map) && map.ValueKind == JsonValueKind.Object)
            {
                foreach (var entity in map.EnumerateObject())
                {
                    (holders.TryGetValue(entity.Name, out var known) ? known : holders[entity.Name] = []).Add(answer.Source.Id);
                }
            }

            if (answer.Body.Value.TryGetProperty("id", out var id) && id.ValueKind == JsonValueKind.String)
            {
                linked[answer.Source.Id] = id.GetString()!;
            }
        }

        return new Candidates(
            [.. here, .. holders.Keys.Except(here).Order(StringComparer.Ordinal)],
            holders.Where(entity => entity.Value is not [EntityMap.Here]).ToDictionary(entity => entity.Key, entity => entity.Value.ToArray()), linked);
    }
}
