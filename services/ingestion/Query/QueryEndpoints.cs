using LivingCity.Ingestion.EntityMaps;
using LivingCity.Ingestion.Tenants;
using LivingCity.Ingestion.Web;

namespace LivingCity.Ingestion.Query;

/// <summary>Queries for entities (ETSI GS CIM 009, clauses 5.7.2, 6.4.3.2 and 6.23).</summary>
internal static class QueryEndpoints
{
    public static IServiceCollection AddQuery(this IServiceCollection services) => services
        .AddSingleton<CommonFacts>().AddHostedService(provider => provider.GetRequiredService<CommonFacts>()).AddSingleton<QueryTurns>().AddSingleton<Collations>().AddSingleton<EntityFinder>().AddSingleton<EntityQueries>();

    public static void MapQuery(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/entities", GetAsync).RequireAuthorization(PublicReading.Policy).WithTags("NGSI-LD").WithSummary("Entities by type, attributes, q, place and scope, a page at a time.");
        routes.MapPost("/entityOperations/query", PostAsync).RequireAuthorization(PublicReading.Policy).WithTags("NGSI-LD").WithSummary("The same with the query in the body.");
    }

    private static async Task<IResult> GetAsync(NgsiLdRequest request, EntityQueries queries)
    {
        var context = await request.ContextAsync();
        var query = QueryParameters.Read(request, context);
        var shape = await Answer.ShapeAsync(request, context, geometry: true);
        return await queries.AnswerAsync(request, context, query, EntityMapRequest.Read(request), JoinRequest.Read(request), shape, QueryParameters.Representation(request, context, shape), null);
    }

    private static async Task<IResult> PostAsync(NgsiLdRequest request, EntityQueries queries)
    {
        var (body, context) = await request.ReadAsync();
        QueryDocument.RequireType(body);
        var document = new QueryDocument(body, context);
        var query = document.Query(request);
        var shape = await Answer.ShapeAsync(request, context, geometry: true);
        return await queries.AnswerAsync(request, context, query, document.EntityMap(request), document.Join(request), shape, document.Representation(request, shape), body);
    }
}
