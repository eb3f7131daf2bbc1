using LivingCity.Ingestion.EntityMaps;
using LivingCity.Ingestion.Errors;
using LivingCity.Ingestion.Query;
using LivingCity.Ingestion.Representations;
using LivingCity.Ingestion.Web;
using LivingCity.ServiceDefaults.Data;
using LivingCity.ServiceDefaults.Http;

namespace LivingCity.Ingestion.Registrations.Forwarding;

/// <summary>Retrieval that context sources take part in (ETSI GS CIM 009, clauses 4.3.6 and 5.7.1). What a source fails to give is a warning, not an error.</summary>
internal sealed class DistributedReading(SourceClient client, EntityFinder finder, EntityMapPaging maps, Database database, TimeProvider time)
{
    public async Task<IResult> RetrieveAsync(NgsiLdRequest request, string id, IReadOnlyList<SourceRegistration> sources)
    {
        var context = await request.ContextAsync();
        var types = QueryParameters.Types(request, context);
        var holdings = new Holdings(sources, id, types is null ? [] : [.. SourceFilter.NamesOf(types)]);
        var shape = await Answer.ShapeAsync(request, context, geometry: true);
        var representation = QueryParameters.Representation(request, context, shape);
        var join = JoinRequest.Read(request);
        var local = await finder.FindAsync(request.Tenant, new EntityQuery { Selectors = [new EntitySelector([id], null, null)], OpenTypes = request.OpenTypes, Limit = 1 }, request.Aborted);
        var used = await maps.ForAsync(request, EntityMapRequest.Read(request), () => Task.FromResult(new Candidates(
            [id], new Dictionary<string, string[]> { [id] = [.. local.Entities.Select(_ => EntityMap.Here), .. holdings.Sources.Select(source => source.Id)] }, new Dictionary<string, string>())));
        var path = $"/entities/{PathSegment.Of(id)}{ForwardedQuery.Of(request)}";
        var asked = holdings.Sources.Where(source => used?.Map.Holds(source.Id, id) != false);
        var answers = await Task.WhenAll(asked.Select(source => client.SendAsync(request, source, HttpMethod.Get, path, context, entityMap: used?.Map.Candidates.Linked.GetValueOrDefault(source.Id))));
        SourceClient.Warn(request, answers.Where(answer => !answer.IsSuccess && answer.Status != StatusCodes.Status404NotFound));
        var remote = await client.ReadAllAsync(request, answers, context);
        var entities = EntityMerge.Of(local.Entities, [.. remote.Where(part => part.Entity.Id == id)], _ => holdings);
        if (entities.Count == 0 || types?.Matches((IReadOnlyCollection<string>)entities[0].Types) == false || (representation.Attributes is { } wanted && !entities[0].Attributes.Keys.Any(wanted.Contains)))
        {
            throw NgsiLdException.ResourceNotFound($"There is no entity {id}, neither here nor at the sources that answered.");
        }

        await using var work = await database.BeginAsync(request.Tenant, request.Aborted);
        return EntityAnswer.One(await join.ResolveAsync(work, entities, time, request.Aborted), shape, representation);
    }
}
