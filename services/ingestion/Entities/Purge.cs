using LivingCity.Ingestion.Batch;
using LivingCity.Ingestion.Contexts;
using LivingCity.Ingestion.Errors;
using LivingCity.Ingestion.Query;
using LivingCity.Ingestion.Registrations.Forwarding;
using LivingCity.Ingestion.Web;
using LivingCity.ServiceDefaults.Security;

namespace LivingCity.Ingestion.Entities;

/// <summary>Deletes all entities that fulfil a query, or parts of them (ETSI GS CIM 009, clauses 5.6.21 and 6.4.3.3).</summary>
internal static class Purge
{
    public static void MapPurge(this IEndpointRouteBuilder routes) =>
        routes.MapDelete("/entities", RunAsync).RequireAuthorization(Access.DataOfficer).WithTags("NGSI-LD").WithSummary("Deletes the entities that fulfil a query; with drop or keep only parts of them.");

    private static async Task<IResult> RunAsync(NgsiLdRequest request, EntityFinder finder, BatchRunner runner, DistributedPurge sources)
    {
        if (JoinRequest.Read(request).IsWanted)
        {
            throw NgsiLdException.BadRequestData("join: what is purged is found without related entities.");
        }

        var context = await request.ContextAsync();
        var query = QueryParameters.Read(request, context) with { Limit = QueryParameters.MaxLimit, Offset = 0, Count = false, Order = null };
        var drop = Members(request.List("drop"), context);
        var keep = Members(request.List("keep"), context);
        if (drop is not null && keep is not null)
        {
            throw NgsiLdException.BadRequestData("drop and keep exclude each other.");
        }

        var whole = drop is null && keep is null;
        var result = await sources.RunAsync(request, context, query);
        Page page;
        do
        {
            page = await finder.FindAsync(request.Tenant, query, request.Aborted);
            var part = await runner.RunAsync(request.Tenant, [.. page.Entities.Select(entity => entity.Id)], id => id, (batch, id) =>
            {
                if (batch.Find(id) is { } entity)
                {
                    batch.Set(id, whole ? null : Reduce(entity, drop, keep));
                }
            }, [], request.Aborted);
            result = new BatchResult([.. result.Success, .. part.Success], [.. result.Errors, .. part.Errors]);
            query = query with { Offset = whole ? 0 : query.Offset + page.Entities.Count };
        }
        while (page.HasMore);

        return result.ToAnswer();
    }

    private static Entity Reduce(Entity entity, HashSet<string>? drop, HashSet<string>? keep)
    {
        var attributes = new Attributes();
        foreach (var (iri, instances) in entity.Attributes.Where(attribute => drop?.Contains(attribute.Key) != true && keep?.Contains(attribute.Key) != false))
        {
            attributes[iri] = instances;
        }

        return entity with { Attributes = attributes, Scopes = drop?.Contains("scope") == true || keep?.Contains("scope") == false ? null : entity.Scopes };
    }

    private static HashSet<string>? Members(IEnumerable<string>? names, LdContext context) => names?.Select(name => name == "scope" ? name : context.Expand(name)).ToHashSet();
}
