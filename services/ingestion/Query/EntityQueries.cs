using System.Text.Json;
using LivingCity.Ingestion.Contexts;
using LivingCity.Ingestion.EntityMaps;
using LivingCity.Ingestion.Registrations.Forwarding;
using LivingCity.Ingestion.Representations;
using LivingCity.Ingestion.Web;
using LivingCity.ServiceDefaults.Data;

namespace LivingCity.Ingestion.Query;

/// <summary>Answers queries for entities, alone or with the sources that take part, by an entity map where one is wanted (ETSI GS CIM 009, clause 5.7.2).</summary>
internal sealed class EntityQueries(
    EntityFinder finder, ActiveSources active, DistributedQueries distributed, DistributedCandidates candidates, EntityMapPaging maps, Database database, TimeProvider time)
{
    /// <param name="request">The request.</param>
    /// <param name="context">Whose names it uses.</param>
    /// <param name="query">The query.</param>
    /// <param name="wish">What it says about entity maps.</param>
    /// <param name="join">Which related entities it wants.</param>
    /// <param name="shape">How the answer is sent.</param>
    /// <param name="representation">How entities are written.</param>
    /// <param name="body">The query's document, where it came in a body.</param>
    public async Task<IResult> AnswerAsync(
        NgsiLdRequest request, LdContext context, EntityQuery query, EntityMapRequest wish, JoinRequest join, Shape shape, Representation representation, JsonElement? body)
    {
        var sources = await active.ForAsync(request, body is null ? "queryEntity" : "queryBatch");
        Task<Page> FindAsync(EntityQuery part, EntityMap? map) => sources.Count == 0
            ? finder.FindAsync(request.Tenant, part, request.Aborted) : distributed.FindAsync(request, context, part, wish.Split, body, sources, map);

        var used = await maps.ForAsync(request, wish, () => candidates.FindAsync(request, context, query, wish.Split, body));
        var page = used is { } known ? await EntityMapPaging.PageAsync(known.Map, query, part => FindAsync(part, known.Map)) : await FindAsync(query, null);
        PageLinks.Write(request, query.Limit, query.Offset, page.HasMore, page.Count, shape.MediaType, page.Next);
        var joined = new Joined(page.Entities, [], false);
        if (join.IsWanted)
        {
            await using var work = await database.BeginAsync(request.Tenant, request.Aborted);
            joined = await join.ResolveAsync(work, page.Entities, time, request.Aborted);
        }

        return EntityAnswer.Many(joined, shape, representation, used is { IsNew: true } ? StatusCodes.Status201Created : StatusCodes.Status200OK);
    }
}
