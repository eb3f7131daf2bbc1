using LivingCity.Ingestion.Representations;
using LivingCity.Ingestion.Tenants;
using LivingCity.Ingestion.Web;
using LivingCity.ServiceDefaults.Data;

namespace LivingCity.Ingestion.Query;

/// <summary>Queries for entities (ETSI GS CIM 009, clauses 5.7.2, 6.4.3.2 and 6.23).</summary>
internal static class QueryEndpoints
{
    public static IServiceCollection AddQuery(this IServiceCollection services) => services
        .AddSingleton<CommonFacts>().AddHostedService(provider => provider.GetRequiredService<CommonFacts>()).AddSingleton<Collations>().AddSingleton<EntityFinder>();

    public static void MapQuery(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/entities", GetAsync).RequireAuthorization(PublicReading.Policy).WithTags("NGSI-LD").WithSummary("Entities by type, attributes, q, place and scope, a page at a time.");
        routes.MapPost("/entityOperations/query", PostAsync).RequireAuthorization(PublicReading.Policy).WithTags("NGSI-LD").WithSummary("The same with the query in the body.");
    }

    private static async Task<IResult> GetAsync(NgsiLdRequest request, EntityFinder finder, Database database, TimeProvider time)
    {
        var context = await request.ContextAsync();
        var query = QueryParameters.Read(request, context);
        var shape = await Answer.ShapeAsync(request, context, geometry: true);
        return await AnswerAsync(request, query, JoinRequest.Read(request), shape, QueryParameters.Representation(request, context, shape), finder, database, time);
    }

    private static async Task<IResult> PostAsync(NgsiLdRequest request, EntityFinder finder, Database database, TimeProvider time)
    {
        var (body, context) = await request.ReadAsync();
        var document = new QueryDocument(body, context);
        var query = document.Query(request);
        var shape = await Answer.ShapeAsync(request, context, geometry: true);
        return await AnswerAsync(request, query, document.Join(request), shape, document.Representation(request, shape), finder, database, time);
    }

    private static async Task<IResult> AnswerAsync(
        NgsiLdRequest request, EntityQuery query, JoinRequest join, Shape shape, Representation representation, EntityFinder finder, Database database, TimeProvider time)
    {
        if (!join.IsWanted)
        {
            return Answered(await finder.FindAsync(request.Tenant, query, request.Aborted), null);
        }

        await using var work = await database.BeginAsync(request.Tenant, request.Aborted);
        var found = await finder.FindAsync(work, query, request.Aborted);
        return Answered(found, await join.ResolveAsync(work, found.Entities, time, request.Aborted));

        Answer Answered(Page page, Joined? joined)
        {
            PageLinks.Write(request, query.Limit, query.Offset, page.HasMore, page.Count, shape.MediaType);
            return EntityAnswer.Many(joined ?? new Joined(page.Entities, [], false), shape, representation);
        }
    }
}
