using LivingCity.Ingestion.Entities;
using LivingCity.Ingestion.Web;

namespace LivingCity.Ingestion.Registrations.Forwarding;

/// <summary>
/// Stands before the operations on entities. Where the tenant has sources registered for an operation, and the request is not for this broker alone (<c>local=true</c>, or it has been here
/// before), the sources take part in it; else nothing happens here.
/// </summary>
internal sealed class DistributionFilter(ActiveSources active, DistributedReading reading, DistributedWriting writing, DistributedBatches batches) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        if (context.Arguments.OfType<NgsiLdRequest>().FirstOrDefault() is not { } request || OperationsOf(context.HttpContext) is not { Length: > 0 } operations
            || await (IsSingleWrite(operations[0]) ? active.ForWritingAsync(request, operations) : active.ForAsync(request, operations)) is not { Count: > 0 } sources)
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
            "createBatch" or "upsertBatch" or "updateBatch" or "mergeBatch" => await batches.WriteAsync(request, sources, Local),
            "deleteBatch" => await batches.DeleteAsync(request, sources, Local),
            "deleteEntity" or "deleteTemporal" => await writing.DeleteAsync(request, id!, operations, sources, Local),
            _ when context.HttpContext.GetRouteValue("attribute") is string attribute => await writing.WriteAttributeAsync(request, id!, attribute, operations, sources, Local),
            _ => await writing.WriteFragmentAsync(request, id, operations, sources, Local),
        };
    }

    private static bool IsSingleWrite(string operation) => operation != "retrieveEntity" && !operation.EndsWith("Batch", StringComparison.Ordinal);

    /// <summary>The operations of clause 4.20 that an endpoint stands for; a source registered for any of them takes part.</summary>
    private static string[] OperationsOf(HttpContext http) => (http.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText?.TrimEnd('/') switch
    {
        "/ngsi-ld/v1/entities" => http.Request.Method switch { "POST" => ["createEntity"], _ => [] },
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
        "/ngsi-ld/v1/temporal/entities" => http.Request.Method switch { "POST" => ["upsertTemporal"], _ => [] },
        "/ngsi-ld/v1/temporal/entities/{id}" => http.Request.Method switch { "DELETE" => ["deleteTemporal"], _ => [] },
        "/ngsi-ld/v1/temporal/entities/{id}/attrs" => ["appendAttrsTemporal"],
        "/ngsi-ld/v1/temporal/entities/{id}/attrs/{attribute}" => ["deleteAttrsTemporal"],
        "/ngsi-ld/v1/temporal/entities/{id}/attrs/{attribute}/{instanceId}" => http.Request.Method switch { "PATCH" => ["updateAttrInstanceTemporal"], _ => ["deleteAttrInstanceTemporal"] },
        "/ngsi-ld/v1/entityOperations/create" => ["createBatch"],
        "/ngsi-ld/v1/entityOperations/upsert" => ["upsertBatch"],
        "/ngsi-ld/v1/entityOperations/update" => ["updateBatch"],
        "/ngsi-ld/v1/entityOperations/merge" => ["mergeBatch"],
        "/ngsi-ld/v1/entityOperations/delete" => ["deleteBatch"],
        _ => [],
    };
}
