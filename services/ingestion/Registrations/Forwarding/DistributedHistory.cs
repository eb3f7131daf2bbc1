using System.Text.Json;
using LivingCity.Ingestion.Contexts;
using LivingCity.Ingestion.Entities;
using LivingCity.Ingestion.EntityMaps;
using LivingCity.Ingestion.Query;
using LivingCity.Ingestion.Temporal;
using LivingCity.Ingestion.Web;
using LivingCity.ServiceDefaults.Http;

namespace LivingCity.Ingestion.Registrations.Forwarding;

/// <summary>The history that context sources have (ETSI GS CIM 009, clauses 4.3.6, 5.7.3 and 5.7.4). What a source fails to give is a warning, not an error.</summary>
internal sealed class DistributedHistory(ActiveSources active, SourceClient client, TimeProvider time)
{
    /// <summary>The sources that take part. None do in sums: those of parts do not make that of the whole.</summary>
    public async ValueTask<IReadOnlyList<SourceRegistration>> SourcesAsync(NgsiLdRequest request, TemporalQuery temporal, string operation) =>
        temporal.Aggregation is null ? await active.ForAsync(request, operation) : [];

    /// <summary>What sources have of one entity.</summary>
    public async Task<RemoteHistory> RetrieveAsync(NgsiLdRequest request, LdContext context, string id, IReadOnlyList<SourceRegistration> sources, EntityMap? map)
    {
        var holdings = new Holdings(sources, id, request.List("type")?.Select(context.Expand).ToArray() ?? []);
        var path = $"/temporal/entities/{PathSegment.Of(id)}{ForwardedQuery.Of(request)}";
        return await AskAsync(request, context, [.. holdings.Sources.Where(source => map?.Holds(source.Id, id) != false)], source => client.SendAsync(request, source, HttpMethod.Get, path, context, entityMap: Linked(map, source)));
    }

    /// <summary>What sources have of the entities that a query finds, or of those of a part of a map.</summary>
    public Task<RemoteHistory> FindAsync(NgsiLdRequest request, LdContext context, EntityQuery query, bool split, JsonElement? body, IReadOnlyList<SourceRegistration> sources, EntityMap? map)
    {
        var filter = SourceFilter.From(query);
        var now = time.GetUtcNow();
        var asked = sources.Where(source => filter.Matches(source, now) && (map is null || query.Among!.Any(id => map.Holds(source.Id, id)))).ToArray();
        var limit = new KeyValuePair<string, string?>("limit", $"{query.Offset + query.Limit}");
        return AskAsync(request, context, asked, source =>
        {
            string[]? ids = map is null ? null : [.. query.Among!.Where(id => map.Holds(source.Id, id))];
            return body is { } document
                ? client.SendAsync(request, source, HttpMethod.Post, $"/temporal/entityOperations/query{ForwardedQuery.Of(request, split, limit)}", context, ForwardedQuery.Body(document, split, ids).ToJsonString(), Linked(map, source))
                : client.SendAsync(request, source, HttpMethod.Get, $"/temporal/entities{ForwardedQuery.Of(request, split, ids is null ? [limit] : [limit, new("id", string.Join(',', ids))])}", context, entityMap: Linked(map, source));
        });
    }

    private async Task<RemoteHistory> AskAsync(NgsiLdRequest request, LdContext context, IReadOnlyList<SourceRegistration> sources, Func<SourceRegistration, Task<SourceAnswer>> ask)
    {
        var answers = await Task.WhenAll(sources.Select(ask));
        SourceClient.Warn(request, answers.Where(answer => !answer.IsSuccess && answer.Status != StatusCodes.Status404NotFound));
        return new RemoteHistory(sources, await client.ReadAllAsync(request, answers, context, Reading.History), answers.Any(answer => answer.Status == StatusCodes.Status206PartialContent));
    }

    private static string? Linked(EntityMap? map, SourceRegistration source) => map?.Candidates.Linked.GetValueOrDefault(source.Id);
}

/// <summary>What sources told of the past of entities.</summary>
/// <param name="Sources">Those that were asked.</param>
/// <param name="Parts">What each has, all instances of an attribute together.</param>
/// <param name="IsPartial">Whether one left something out.</param>
internal sealed record RemoteHistory(IReadOnlyList<SourceRegistration> Sources, IReadOnlyList<(SourceRegistration Source, Entity Entity)> Parts, bool IsPartial)
{
    public static RemoteHistory None { get; } = new([], [], false);

    /// <summary>The entities that sources have, without attributes.</summary>
    public IEnumerable<Entity> Entities => Parts.Select(part => part.Entity with { Attributes = [] });

    /// <summary>The past of an entity, of what is here and there: of an instant that both have, what is here.</summary>
    public PastEntity Complete(PastEntity local, TemporalQuery query)
    {
        var parts = Parts.Where(part => part.Entity.Id == local.Entity.Id).ToArray();
        if (parts.Length == 0)
        {
            return local;
        }

        var holdings = new Holdings(Sources, local.Entity.Id, [.. local.Entity.Types.Concat(parts.SelectMany(part => part.Entity.Types)).Distinct()]);
        var here = local.Series.Where(series => holdings.HoldsLocally(series.Attribute)).ToArray();
        var there = parts.SelectMany(part => part.Entity.Attributes.Where(attribute => holdings.Holds(part.Source, attribute.Key)
            && (part.Source.Mode != SourceMode.Auxiliary || !here.Any(series => series.Attribute == attribute.Key))));
        var instances = here.SelectMany(series => series.Instances, (series, past) => (series.Attribute, Past: past))
            .Concat(there.SelectMany(attribute => attribute.Value, (attribute, instance) => (Attribute: attribute.Key, Past: new PastInstance(instance, InstantOf(instance)))));
        return new PastEntity(local.Entity, [.. instances
            .GroupBy(entry => (entry.Attribute, DatasetId: entry.Past.Instance.DatasetId ?? "")).Where(group => query.Attributes?.Contains(group.Key.Attribute) != false)
            .Select(group => new PastSeries(group.Key.Attribute, [.. group.Select(entry => entry.Past).DistinctBy(past => past.At).OrderByDescending(past => past.At).Take(query.LastN ?? HistoryReader.MostInstances)], []))]);
    }

    private static DateTimeOffset InstantOf(AttributeInstance instance) =>
        Instants.TryRead(instance.ObservedAt, out var at) || Instants.TryRead(instance.ModifiedAt, out at) || Instants.TryRead(instance.DeletedAt, out at) ? at : default;
}
