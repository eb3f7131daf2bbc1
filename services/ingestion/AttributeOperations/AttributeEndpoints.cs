using LivingCity.Ingestion.Contexts;
using LivingCity.Ingestion.Entities;
using LivingCity.Ingestion.Errors;
using LivingCity.Ingestion.Query;
using LivingCity.Ingestion.Representations;
using LivingCity.Ingestion.Web;
using LivingCity.ServiceDefaults.Security;

namespace LivingCity.Ingestion.AttributeOperations;

/// <summary>Attributes of an entity (ETSI GS CIM 009, clauses 5.6.2 to 5.6.5, 5.6.19, 6.6 and 6.7).</summary>
internal static class AttributeEndpoints
{
    public static void MapAttributes(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/entities/{id}/attrs").RequireAuthorization(Access.DataOfficer).WithTags("NGSI-LD");
        group.MapPost("/", AppendAsync).WithSummary("Adds attributes, and replaces those that are there unless options=noOverwrite.");
        group.MapPatch("/", UpdateAsync).WithSummary("Replaces attributes that are there, and adds the others.");
        group.MapPatch("/{attribute}", PatchAsync).WithSummary("Changes parts of one attribute.");
        group.MapPut("/{attribute}", ReplaceAsync).WithSummary("Replaces one attribute.");
        group.MapDelete("/{attribute}", DeleteAsync).WithSummary("Deletes one attribute: its default instance, the one of datasetId, or with deleteAll all of them.");
    }

    private static async Task<IResult> AppendAsync(NgsiLdRequest request, string id, EntityOperations operations)
    {
        var (given, context) = await ReadAsync(request, id, Reading.Content);
        var overwrite = !request.Option("noOverwrite");
        var types = QueryParameters.Types(request, context);
        return await operations.RunAsync(request.Tenant, [id], batch =>
        {
            var before = batch.Get(id, types);
            batch.Set(id, Merging.Append(before, given, overwrite));
            return UpdateResult.Of(given, (attribute, instance) => !overwrite && before.Find(attribute, instance.DatasetId) is not null
                ? "The attribute exists, and noOverwrite was asked for." : null);
        }, request.Aborted);
    }

    private static async Task<IResult> UpdateAsync(NgsiLdRequest request, string id, EntityOperations operations)
    {
        var (given, context) = await ReadAsync(request, id, Reading.Fragment);
        var types = QueryParameters.Types(request, context);
        return await operations.RunAsync<IResult>(request.Tenant, [id], batch =>
        {
            batch.Set(id, Merging.Update(batch.Get(id, types), given));
            return TypedResults.NoContent();
        }, request.Aborted);
    }

    private static async Task<IResult> PatchAsync(NgsiLdRequest request, string id, string attribute, EntityOperations operations)
    {
        var (iri, instances, types) = await ReadAttributeAsync(request, id, attribute, Reading.Patch);
        if (instances.Any(instance => instance.IsNull))
        {
            throw NgsiLdException.BadRequestData($"{attribute}: an attribute as a whole is not deleted by a partial update."); // clause 5.6.4.1
        }

        return await operations.RunAsync(request.Tenant, [id], batch =>
        {
            var before = batch.Get(id, types);
            RequireInstances(before, iri, attribute, instances);
            batch.Set(id, before with { Attributes = Merging.Change(before.Attributes, new Entities.Attributes { [iri] = instances }, (old, given) => Merging.Patch(old!, given)) });
            return TypedResults.NoContent();
        }, request.Aborted);
    }

    private static async Task<IResult> ReplaceAsync(NgsiLdRequest request, string id, string attribute, EntityOperations operations)
    {
        var (iri, instances, types) = await ReadAttributeAsync(request, id, attribute, Reading.Content);
        return await operations.RunAsync(request.Tenant, [id], batch =>
        {
            var before = batch.Get(id, types);
            RequireInstances(before, iri, attribute, instances);
            batch.Set(id, Merging.Append(before, new Entity { Id = id, Types = [], Attributes = new Entities.Attributes { [iri] = instances } }));
            return TypedResults.NoContent();
        }, request.Aborted);
    }

    private static async Task<IResult> DeleteAsync(NgsiLdRequest request, string id, string attribute, EntityOperations operations)
    {
        Uris.Require(id, "id");
        var context = await request.ContextAsync();
        var iri = context.Expand(attribute);
        var types = QueryParameters.Types(request, context);
        var all = request.Flag("deleteAll");
        var datasetId = request.Parameter("datasetId") is { } given and not "@none" ? Uris.Require(given, "datasetId") : null;
        return await operations.RunAsync<IResult>(request.Tenant, [id], batch =>
        {
            var before = batch.Get(id, types);
            if (attribute == "scope" && before.Scopes is { Count: > 0 })
            {
                batch.Set(id, before with { Scopes = null });
                return TypedResults.NoContent();
            }

            var instances = before.Attributes.TryGetValue(iri, out var found) ? found : throw NgsiLdException.ResourceNotFound($"The entity {id} has no attribute {attribute}.");
            AttributeInstance[] rest = all ? [] : [.. instances.Where(instance => instance.DatasetId != datasetId)];
            if (rest.Length == instances.Count)
            {
                throw NgsiLdException.ResourceNotFound($"The attribute {attribute} has no such instance.");
            }

            var attributes = new Entities.Attributes(before.Attributes);
            attributes.Remove(iri);
            if (rest.Length > 0)
            {
                attributes[iri] = rest;
            }

            batch.Set(id, before with { Attributes = attributes });
            return TypedResults.NoContent();
        }, request.Aborted);
    }

    private static async Task<(Entity Given, LdContext Context)> ReadAsync(NgsiLdRequest request, string id, Reading reading)
    {
        Uris.Require(id, "id");
        var (body, context) = await request.ReadAsync();
        var given = EntityReader.Read(body, context, reading, QueryParameters.FormatOf(request) == Format.Simplified);
        EntityEndpoints.RequireSameId(given, id);
        return given.Attributes.Count > 0 || given.Types.Count > 0 || given.Scopes is not null || given.ExpiresAt is not null ? (given, context)
            : throw NgsiLdException.BadRequestData("The body has no attribute.");
    }

    private static async Task<(string Iri, IReadOnlyList<AttributeInstance> Instances, TypeExpression? Types)> ReadAttributeAsync(NgsiLdRequest request, string id, string attribute, Reading reading)
    {
        Uris.Require(id, "id");
        if (attribute == "scope")
        {
            throw NgsiLdException.BadRequestData("scope: it is changed with the entity, or deleted.");
        }

        var (body, contextOf) = await request.ReadManyAsync();
        var context = await contextOf(body.ValueKind == System.Text.Json.JsonValueKind.Array && body.GetArrayLength() > 0 ? body[0] : body);
        var simplified = QueryParameters.FormatOf(request) == Format.Simplified;
        return (context.Expand(attribute), EntityReader.ReadAttribute(attribute, body, context, reading, simplified), QueryParameters.Types(request, context));
    }

    private static void RequireInstances(Entity entity, string iri, string attribute, IReadOnlyList<AttributeInstance> instances)
    {
        if (instances.FirstOrDefault(instance => entity.Find(iri, instance.DatasetId) is null) is { } missing)
        {
            throw NgsiLdException.ResourceNotFound($"The entity {entity.Id} has no attribute {attribute}{(missing.DatasetId is { } dataset ? $" with the datasetId {dataset}" : "")}.");
        }
    }
}
