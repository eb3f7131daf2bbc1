using System.Text.Json;
using System.Text.Json.Nodes;
using LivingCity.Ingestion.Contexts;
using LivingCity.Ingestion.Entities;
using LivingCity.Ingestion.Errors;
using LivingCity.Ingestion.Query;
using LivingCity.Ingestion.Representations;
using LivingCity.Ingestion.Subscriptions;
using LivingCity.Ingestion.Subscriptions.Matching;
using LivingCity.Ingestion.Web;
using LivingCity.ServiceDefaults.Data;
using Microsoft.AspNetCore.WebUtilities;

namespace LivingCity.Ingestion.Registrations.Forwarding;

/// <summary>Retrieval and queries that context sources take part in (ETSI GS CIM 009, clauses 4.3.6, 5.7.1 and 5.7.2). What a source fails to give is a warning, not an error.</summary>
internal sealed class DistributedReading(SourceClient client, EntityFinder finder, Database database, TimeProvider time)
{
    /// <summary>What is for this broker: how it answers, and what it asks others for in its own words.</summary>
    private static readonly HashSet<string> Own = ["options", "format", "lang", "local", "count", "limit", "offset", "pick", "omit", "join", "joinLevel", "containedBy", "geometryProperty", "orderBy", "ordering", "csf", "datasetId", "entityMap", "@context"];

    public async Task<IResult> RetrieveAsync(NgsiLdRequest request, string id, IReadOnlyList<SourceRegistration> sources)
    {
        var context = await request.ContextAsync();
        var holdings = new Holdings(sources, id, request.List("type")?.Select(context.Expand).ToArray() ?? []);
        var shape = await Answer.ShapeAsync(request, context, geometry: true);
        var representation = QueryParameters.Representation(request, context, shape);
        var join = JoinRequest.Read(request);
        var local = await finder.FindAsync(request.Tenant, new EntityQuery { Selectors = [new EntitySelector([id], null, null)], OpenTypes = request.OpenTypes, Limit = 1 }, request.Aborted);
        var path = $"/entities/{Uri.EscapeDataString(id).Replace("%3A", ":", StringComparison.Ordinal)}{Query(request, [])}";
        var answers = await Task.WhenAll(holdings.Sources.Select(source => client.SendAsync(request, source, HttpMethod.Get, path, context)));
        SourceClient.Warn(request, answers.Where(answer => !answer.IsSuccess && answer.Status != StatusCodes.Status404NotFound));
        var remote = new List<(SourceRegistration, Entity)>();
        foreach (var answer in answers.Where(answer => answer is { IsSuccess: true, Body.ValueKind: JsonValueKind.Object }))
        {
            if (await TryReadAsync(request, answer, answer.Body!.Value, context) is { } entity && entity.Id == id)
            {
                remote.Add((answer.Source, entity));
            }
        }

        var entities = Merge(local.Entities, remote, _ => holdings);
        if (entities.Count == 0 || (representation.Attributes is { } wanted && !entities[0].Attributes.Keys.Any(wanted.Contains)))
        {
            throw NgsiLdException.ResourceNotFound($"There is no entity {id}, neither here nor at the sources that answered.");
        }

        await using var work = await database.BeginAsync(request.Tenant, request.Aborted);
        return EntityAnswer.One(await join.ResolveAsync(work, entities, time, request.Aborted), shape, representation);
    }

    public async Task<IResult> QueryAsync(NgsiLdRequest request, IReadOnlyList<SourceRegistration> sources)
    {
        var context = await request.ContextAsync();
        var query = QueryParameters.Read(request, context);
        var shape = await Answer.ShapeAsync(request, context, geometry: true);

        // Pages of several sources line up only from the start.
        var path = "/entities" + Query(request, request.Parameter("limit") is null && query.Offset == 0 ? [] : [new("limit", $"{query.Offset + query.Limit}")]);
        return await QueryAsync(request, sources, context, query, shape, QueryParameters.Representation(request, context, shape), JoinRequest.Read(request),
            source => client.SendAsync(request, source, HttpMethod.Get, path, context));
    }

    /// <summary>The same with the query in the body (clause 5.7.2, 6.23).</summary>
    public async Task<IResult> QueryBatchAsync(NgsiLdRequest request, IReadOnlyList<SourceRegistration> sources)
    {
        var (body, context) = await request.ReadAsync();
        var document = new QueryDocument(body, context);
        var query = document.Query(request);
        var shape = await Answer.ShapeAsync(request, context, geometry: true);
        var asked = new JsonObject(body.EnumerateObject().Where(member => !Own.Contains(member.Name)).Select(member => KeyValuePair.Create(member.Name, JsonNode.Parse(member.Value.GetRawText())))).ToJsonString();
        var path = $"/entityOperations/query{Query(request, [new("limit", $"{query.Offset + query.Limit}")])}";
        return await QueryAsync(request, sources, context, query, shape, document.Representation(request, shape), document.Join(request),
            source => client.SendAsync(request, source, HttpMethod.Post, path, context, asked));
    }

    private async Task<IResult> QueryAsync(
        NgsiLdRequest request, IReadOnlyList<SourceRegistration> sources, LdContext context, EntityQuery query, Shape shape, Representation representation, JoinRequest join,
        Func<SourceRegistration, Task<SourceAnswer>> ask)
    {
        var filter = new SourceFilter
        {
            Entities = [.. query.Selectors.Select(selector => new EntityFilter(selector.Ids, selector.IdPattern is { } pattern ? DocumentRules.Pattern(pattern) : null, selector.Types, NamesOf(selector.Types)))],
            Attributes = query.AnyAttribute as IReadOnlySet<string> ?? query.AnyAttribute?.ToHashSet(),
        };
        var now = time.GetUtcNow();
        var asked = sources.Where(source => filter.Matches(source, now)).ToArray();

        var reach = query.Offset + query.Limit;
        var local = await finder.FindAsync(request.Tenant, query with { Limit = reach, Offset = 0 }, request.Aborted);
        var answers = await Task.WhenAll(asked.Select(ask));
        SourceClient.Warn(request, answers.Where(answer => !answer.IsSuccess && answer.Status != StatusCodes.Status404NotFound));
        var remote = new List<(SourceRegistration, Entity)>();
        foreach (var answer in answers.Where(answer => answer is { IsSuccess: true, Body.ValueKind: JsonValueKind.Array }))
        {
            foreach (var item in answer.Body!.Value.EnumerateArray())
            {
                if (await TryReadAsync(request, answer, item, context) is { } entity)
                {
                    remote.Add((answer.Source, entity));
                }
            }
        }

        var holdings = new Dictionary<string, Holdings>();
        Holdings HoldingsOf(Entity entity) => holdings.TryGetValue(entity.Id, out var known) ? known : holdings[entity.Id] = new Holdings(asked, entity.Id, entity.Types);
        var merged = Merge(local.Entities, remote, HoldingsOf).OrderBy(entity => entity.Id, StringComparer.Ordinal).ToArray();
        var page = merged.Skip(query.Offset).Take(query.Limit).ToArray();
        long? count = query.Count ? Math.Max(local.Count ?? 0, local.Entities.Count) + merged.Length - local.Entities.Count : null;
        PageLinks.Write(request, query.Limit, query.Offset, local.HasMore || merged.Length > reach, count, shape.MediaType);
        await using var work = await database.BeginAsync(request.Tenant, request.Aborted);
        return EntityAnswer.Many(await join.ResolveAsync(work, page, time, request.Aborted), shape, representation);
    }

    /// <summary>What this broker and the sources have, each of what it holds; auxiliary sources fill what is missing.</summary>
    private static List<Entity> Merge(IReadOnlyList<Entity> local, IReadOnlyList<(SourceRegistration Source, Entity Entity)> remote, Func<Entity, Holdings> holdingsOf)
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
                merged.Add(auxiliary.Aggregate(parts.Count > 0 ? EntityMerge.Of(parts) : auxiliary[0], EntityMerge.Complete));
            }
        }

        return merged;
    }

    private async Task<Entity?> TryReadAsync(NgsiLdRequest request, SourceAnswer answer, JsonElement entity, LdContext context)
    {
        try
        {
            return EntityReader.Read(entity, await client.ContextOfAsync(request, entity, context), Reading.Whole);
        }
        catch (NgsiLdException)
        {
            SourceClient.Warn(request, [answer with { Status = StatusCodes.Status502BadGateway }]);
            return null;
        }
    }

    private static string Query(NgsiLdRequest request, IEnumerable<KeyValuePair<string, string?>> more) => QueryHelpers.AddQueryString("", request.Http.Request.Query
        .Where(parameter => !Own.Contains(parameter.Key)).SelectMany(parameter => parameter.Value, (parameter, value) => KeyValuePair.Create(parameter.Key, value)).Concat(more));

    private static IReadOnlyList<string> NamesOf(TypeExpression? types) => types switch
    {
        TypeExpression.Is one => [one.Iri],
        TypeExpression.All all => [.. all.Parts.SelectMany(NamesOf)],
        TypeExpression.Any any => [.. any.Parts.SelectMany(NamesOf)],
        _ => [],
    };
}
