using System.Text.Json;
using LivingCity.Ingestion.Entities;
using LivingCity.Ingestion.Errors;
using LivingCity.Ingestion.Query;
using LivingCity.Ingestion.Registrations.Forwarding;
using LivingCity.Ingestion.Temporal;
using LivingCity.Ingestion.Web;
using LivingCity.ServiceDefaults.Security;

namespace LivingCity.Ingestion.EntityMaps;

/// <summary>Entity maps as resources (ETSI GS CIM 009, clauses 5.14, 6.32, 6.34 and 6.35).</summary>
internal static class EntityMapEndpoints
{
    public static IServiceCollection AddEntityMaps(this IServiceCollection services) => services.AddSingleton<EntityMapStore>().AddSingleton<EntityMapPaging>();

    public static void MapEntityMaps(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/").RequireAuthorization(Access.SignedIn).WithTags("NGSI-LD");
        group.MapGet("/entityMaps", CreateAsync).WithSummary("Makes a map of the entities that fulfil a query, for paging through them.");
        group.MapPost("/entityMaps", CreateFromBodyAsync).WithSummary("The same with the query in the body.");
        group.MapGet("/temporal/entityMaps", CreateTemporalAsync).WithSummary("Makes a map of the entities whose history fulfils a query.");
        group.MapPost("/temporal/entityMaps", CreateTemporalFromBodyAsync).WithSummary("The same with the query in the body.");
        group.MapGet("/entityMaps/{id}", RetrieveAsync).WithSummary("One entity map.");
        group.MapPatch("/entityMaps/{id}", UpdateAsync).WithSummary("Changes when an entity map is forgotten.");
        group.MapDelete("/entityMaps/{id}", DeleteAsync).WithSummary("Forgets an entity map.");
    }

    private static async Task<IResult> CreateAsync(NgsiLdRequest request, DistributedCandidates candidates, EntityMapPaging maps)
    {
        var context = await request.ContextAsync();
        var (query, wish) = (QueryParameters.Read(request, context), EntityMapRequest.Read(request));
        return await AnswerAsync(request, wish, maps, await candidates.FindAsync(request, context, query, wish.Split, null));
    }

    private static async Task<IResult> CreateFromBodyAsync(NgsiLdRequest request, DistributedCandidates candidates, EntityMapPaging maps)
    {
        var (body, context) = await request.ReadAsync();
        var document = new QueryDocument(body, context);
        var wish = document.EntityMap(request);
        return await AnswerAsync(request, wish, maps, await candidates.FindAsync(request, context, document.Query(request), wish.Split, body));
    }

    private static async Task<IResult> CreateTemporalAsync(NgsiLdRequest request, DistributedCandidates candidates, EntityMapPaging maps)
    {
        var context = await request.ContextAsync();
        var (query, wish) = (QueryParameters.Read(request, context), EntityMapRequest.Read(request));
        return await AnswerAsync(request, wish, maps, await candidates.FindAsync(request, context, query, wish.Split, null, TemporalParameters.Read(request, context).BoundedQuery));
    }

    private static async Task<IResult> CreateTemporalFromBodyAsync(NgsiLdRequest request, DistributedCandidates candidates, EntityMapPaging maps)
    {
        var (body, context) = await request.ReadAsync();
        var document = new QueryDocument(body, context);
        var wish = document.EntityMap(request);
        return await AnswerAsync(request, wish, maps, await candidates.FindAsync(request, context, document.Query(request), wish.Split, body, TemporalParameters.Read(document, request, context).BoundedQuery));
    }

    private static async Task<IResult> RetrieveAsync(NgsiLdRequest request, string id, EntityMapStore store)
    {
        Uris.Require(id, "id");
        var shape = await Answer.ShapeAsync(request, await request.ContextAsync());
        return Answer.Object(shape, (await store.FindAsync(request.Tenant, id, request.Aborted) ?? throw NotFound(id)).ToJson());
    }

    private static async Task<IResult> UpdateAsync(NgsiLdRequest request, string id, EntityMapStore store, EntityMapPaging maps)
    {
        Uris.Require(id, "id");
        var (body, _) = await request.ReadAsync();
        var given = body.TryGetProperty("expiresAt", out var member);
        DateTimeOffset expiresAt = default;
        if (given && !(member.ValueKind == JsonValueKind.String && Instants.TryRead(member.GetString(), out expiresAt)))
        {
            throw NgsiLdException.BadRequestData("expiresAt: a date and time with an offset is required, like 2026-01-31T08:00:00Z.");
        }

        return (given ? await store.ExtendAsync(request.Tenant, id, maps.Limit(expiresAt), request.Aborted) : await store.FindAsync(request.Tenant, id, request.Aborted) is not null)
            ? TypedResults.NoContent() : throw NotFound(id);
    }

    private static async Task<IResult> DeleteAsync(NgsiLdRequest request, string id, EntityMapStore store) =>
        await store.DeleteAsync(request.Tenant, Uris.Require(id, "id"), request.Aborted) ? TypedResults.NoContent() : throw NotFound(id);

    private static async Task<IResult> AnswerAsync(NgsiLdRequest request, EntityMapRequest wish, EntityMapPaging maps, Candidates candidates)
    {
        var shape = await Answer.ShapeAsync(request, await request.ContextAsync());
        return Answer.Object(shape, (await maps.CreateAsync(request, wish.Lifetime, candidates)).ToJson(), StatusCodes.Status201Created);
    }

    private static NgsiLdException NotFound(string id) => NgsiLdException.ResourceNotFound($"There is no entity map {id}.");
}
