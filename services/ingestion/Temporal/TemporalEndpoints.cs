using LivingCity.Ingestion.Contexts;
using LivingCity.Ingestion.Entities;
using LivingCity.Ingestion.EntityMaps;
using LivingCity.Ingestion.Errors;
using LivingCity.Ingestion.Query;
using LivingCity.Ingestion.Tenants;
using LivingCity.Ingestion.Web;
using LivingCity.ServiceDefaults.Http;
using LivingCity.ServiceDefaults.Security;

namespace LivingCity.Ingestion.Temporal;

/// <summary>The history of entities (ETSI GS CIM 009, clauses 5.6.11 to 5.6.16, 5.7.3, 5.7.4, 6.18 to 6.22 and 6.24).</summary>
internal static class TemporalEndpoints
{
    public static void MapTemporal(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/temporal/entities").WithTags("NGSI-LD");
        group.MapPost("/", CreateAsync).RequireAuthorization(Access.DataOfficer).WithSummary("Creates the history of an entity, or adds to it.");
        group.MapGet("/", QueryAsync).RequireAuthorization(PublicReading.Policy).WithSummary("The history of the entities that fulfil a query, a page at a time.");
        group.MapGet("/{id}", RetrieveAsync).RequireAuthorization(PublicReading.Policy).WithSummary("The history of one entity: the newest instances of each attribute first.");
        group.MapDelete("/{id}", DeleteAsync).RequireAuthorization(Access.DataOfficer).WithSummary("Deletes the history of an entity.");
        group.MapPost("/{id}/attrs", AddAsync).RequireAuthorization(Access.DataOfficer).WithSummary("Adds instances to the history of an entity.");
        group.MapDelete("/{id}/attrs/{attribute}", DeleteAttributeAsync).RequireAuthorization(Access.DataOfficer).WithSummary("Deletes the history of an attribute.");
        group.MapPatch("/{id}/attrs/{attribute}/{instanceId}", PatchInstanceAsync).RequireAuthorization(Access.DataOfficer).WithSummary("Replaces one instance.");
        group.MapDelete("/{id}/attrs/{attribute}/{instanceId}", DeleteInstanceAsync).RequireAuthorization(Access.DataOfficer).WithSummary("Deletes one instance.");
        routes.MapPost("/temporal/entityOperations/query", PostQueryAsync).RequireAuthorization(PublicReading.Policy).WithTags("NGSI-LD").WithSummary("The history of the entities that fulfil a query in the body.");
    }

    private static async Task<IResult> CreateAsync(NgsiLdRequest request, TemporalOperations operations)
    {
        var (body, context) = await request.ReadAsync();
        var given = EntityReader.Read(body, context, Reading.History);
        return await operations.AddAsync(request.Tenant, given, mustExist: false, request.Aborted)
            ? TypedResults.Created($"/ngsi-ld/v1/temporal/entities/{PathSegment.Of(given.Id)}")
            : TypedResults.NoContent();
    }

    private static async Task<IResult> AddAsync(NgsiLdRequest request, string id, TemporalOperations operations)
    {
        Uris.Require(id, "id");
        var (body, context) = await request.ReadAsync();
        var given = EntityReader.Read(body, context, Reading.HistoryFragment);
        EntityEndpoints.RequireSameId(given, id);
        if (given.Attributes.Count == 0)
        {
            throw NgsiLdException.BadRequestData("The body has no attribute.");
        }

        await operations.AddAsync(request.Tenant, given with { Id = id }, mustExist: true, request.Aborted);
        return TypedResults.NoContent();
    }

    private static async Task<IResult> DeleteAsync(NgsiLdRequest request, string id, TemporalOperations operations)
    {
        await operations.DeleteAsync(request.Tenant, Uris.Require(id, "id"), request.Aborted);
        return TypedResults.NoContent();
    }

    private static async Task<IResult> DeleteAttributeAsync(NgsiLdRequest request, string id, string attribute, TemporalOperations operations)
    {
        Uris.Require(id, "id");
        var iri = (await request.ContextAsync()).Expand(attribute);
        var datasetId = request.Flag("deleteAll") ? null : request.Parameter("datasetId") is { } given and not "@none" ? Uris.Require(given, "datasetId") : "";
        await operations.DeleteAttributeAsync(request.Tenant, id, iri, datasetId, request.Aborted);
        return TypedResults.NoContent();
    }

    private static async Task<IResult> PatchInstanceAsync(NgsiLdRequest request, string id, string attribute, string instanceId, TemporalOperations operations)
    {
        Uris.Require(id, "id");
        Uris.Require(instanceId, "instanceId");
        var (body, context) = await request.ReadAsync();

        // The fragment is an attribute, alone or under its name (clause 5.6.14).
        var inner = body.TryGetProperty(attribute, out var named) && !body.TryGetProperty("type", out _) ? named : body;
        var instances = EntityReader.ReadAttribute(attribute, inner, context, Reading.Content);
        if (instances.Count != 1)
        {
            throw NgsiLdException.BadRequestData($"{attribute}: exactly one instance is required.");
        }

        await operations.PatchInstanceAsync(request.Tenant, id, context.Expand(attribute), instanceId, instances[0], request.Aborted);
        return TypedResults.NoContent();
    }

    private static async Task<IResult> DeleteInstanceAsync(NgsiLdRequest request, string id, string attribute, string instanceId, TemporalOperations operations)
    {
        Uris.Require(id, "id");
        Uris.Require(instanceId, "instanceId");
        await operations.DeleteInstanceAsync(request.Tenant, id, (await request.ContextAsync()).Expand(attribute), instanceId, request.Aborted);
        return TypedResults.NoContent();
    }

    private static async Task<IResult> RetrieveAsync(NgsiLdRequest request, string id, TemporalQueries queries)
    {
        Uris.Require(id, "id");
        var context = await request.ContextAsync();
        var shape = await Answer.ShapeAsync(request, context);
        return await queries.RetrieveAsync(request, context, id, TemporalParameters.Read(request, context), QueryParameters.Representation(request, context, shape), shape);
    }

    private static async Task<IResult> QueryAsync(NgsiLdRequest request, TemporalQueries queries)
    {
        var context = await request.ContextAsync();
        var shape = await Answer.ShapeAsync(request, context);
        return await queries.AnswerAsync(
            request, context, QueryParameters.Read(request, context), EntityMapRequest.Read(request), TemporalParameters.Read(request, context), QueryParameters.Representation(request, context, shape), shape, null);
    }

    private static async Task<IResult> PostQueryAsync(NgsiLdRequest request, TemporalQueries queries)
    {
        var (body, context) = await request.ReadAsync();
        var shape = await Answer.ShapeAsync(request, context);
        QueryDocument.RequireType(body);
        var document = new QueryDocument(body, context);
        return await queries.AnswerAsync(
            request, context, document.Query(request), document.EntityMap(request), TemporalParameters.Read(document, request, context), document.Representation(request, shape), shape, body);
    }
}
