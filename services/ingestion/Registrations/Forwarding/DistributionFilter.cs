using LivingCity.Ingestion.Entities;
using LivingCity.Ingestion.Web;

namespace LivingCity.Ingestion.Registrations.Forwarding;

/// <summary>
/// Stands before the operations on entities. Where the tenant has sources registered for an operation, and the request is not for this broker alone (<c>local=true</c>, or it has been here
/// before), the sources take part in it; else nothing happens here.
/// </summary>
internal sealed class DistributionFilter(RegistrationIndex index, SourceClient client, DistributedReading reading, DistributedWriting writing, DistributedBatches batches, TimeProvider time) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        if (context.Arguments.OfType<NgsiLdRequest>().FirstOrDefault() is not { OpenTypes: null } request || OperationsOf(context.HttpContext) is not { Length: > 0 } operations)
        {
            return await next(context);
        }

        var registered = await index.OfAsync(request.Tenant, request.Aborted);
        if (registered.Count == 0 || request.Flag("local"))
        {
            return await next(context);
        }

        var now = time.GetUtcNow();
        var sources = registered.Where(source => !(source.ExpiresAt <= now) && operations.Any(source.Operations.Contains)).ToArray();
        if (sources.Length == 0 || await client.IsLoopAsync(context.HttpContext.Request, request.Aborted))
        {
            return await next(context);
        }

        var id = context.HttpContext.GetRouteValue("id") as string;
        if (id is not null)
        {
            Uris.Require(id, "id");
        }

        ValueTask<object?> Local() => next(context);
        return operations[0] switch
        {
            "retrieveEntity" => await reading.RetrieveAsync(request, id!, sources),
            "queryEntity" => await reading.QueryAsync(request, sources),
            "queryBatch" => await reading.QueryBatchAsync(request, sources),
            "createBatch" or "upsertBatch" or "updateBatch" or "mergeBatch" => await batches.WriteAsync(request, sources, Local),
            "deleteBatch" => await batches.DeleteAsync(request, sources, Local),
            "deleteEntity" => await writing.DeleteAsync(request, id!, sources, Local),
            "updateAttrs" or "replaceAttrs" or "deleteAttrs" => await writing.WriteAttributeAsync(request, id!, (string)context.HttpContext.GetRouteValue("attribute")!, sources, Local),
            _ => await writing.WriteFragmentAsync(request, id, sources, Local),
        };
    }

    /// <summary>The operations of clause 4.20 that an endpoint stands for; a source registered for any of them takes part.</summary>
    private static string[] OperationsOf(HttpContext http) => (http.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText?.TrimEnd('/') switch
    {
        "/ngsi-ld/v1/entities" => http.Request.Method switch { "POST" => ["createEntity"], "GET" => ["queryEntity"], _ => [] },
        "/ngsi-ld/v1/entities/{id}" => http.Request.Method switch
        {
            "GET" => ["retrieveEntity"],
            "PUT" => ["replaceEntity"],
            "PATCH" => ["mergeEntity"],
            "DELETE" => ["deleteEntity"],
            _ => [],
        },
        "/ngsi-ld/v1/entities/{id}/attrs" => http.Request.Method switch { "POST" => ["appendAttrs"], "PATCH" => ["updateEntity", "updateAttrs"], _ => [] },
        "/ngsi-ld/v1/entities/{id}/attrs/{attribute}" => http.Request.Method switch { "PATCH" => ["updateAttrs"], "PUT" => ["replaceAttrs"], "DELETE" => ["deleteAttrs"], _ => [] },
        "/ngsi-ld/v1/entityOperations/query" => ["queryBatch"],
        "/ngsi-ld/v1/entityOperations/create" => ["createBatch"],
        "/ngsi-ld/v1/entityOperations/upsert" => ["upsertBatch"],
        "/ngsi-ld/v1/entityOperations/update" => ["updateBatch"],
        "/ngsi-ld/v1/entityOperations/merge" => ["mergeBatch"],
        "/ngsi-ld/v1/entityOperations/delete" => ["deleteBatch"],
        _ => [],
    };
}
