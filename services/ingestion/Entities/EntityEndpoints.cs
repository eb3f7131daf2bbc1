using System.Text.Json.Nodes;
using LivingCity.Ingestion.Contexts;
using LivingCity.Ingestion.Errors;
using LivingCity.ServiceDefaults.Data;
using LivingCity.ServiceDefaults.Security;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LivingCity.Ingestion.Entities;

/// <summary>Reading entities (ETSI GS CIM 009, clauses 5.7.1, 5.7.2, 6.4 and 6.5).</summary>
internal static class EntityEndpoints
{
    private const int MaxLimit = 1000;

    public static void MapEntities(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/entities").RequireAuthorization(Access.SignedIn).WithTags("NGSI-LD");
        group.MapGet("/{id}", GetAsync).WithSummary("One entity in normalized form.");
        group.MapGet("/", QueryAsync).WithSummary("The entities of a type, in the order of their ids.");
    }

    private static async Task<JsonHttpResult<JsonObject>> GetAsync(RequestContext context, string id, HttpContext http, Database database, CancellationToken cancellationToken)
    {
        var names = LdContext.Read(null, context.Link);
        await using var work = await database.BeginAsync(context.Tenant, cancellationToken);
        await using var command = work.Command("SELECT id, types, attributes::text FROM entity WHERE tenant = $1 AND id = $2", context.Tenant, id);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        return await row.ReadAsync(cancellationToken)
            ? Answer(http, EntityWriter.Write(row.GetString(0), row.GetFieldValue<string[]>(1), row.GetString(2), names))
            : throw NgsiLdException.ResourceNotFound($"There is no entity {id}.");
    }

    private static async Task<JsonHttpResult<JsonArray>> QueryAsync(
        RequestContext context, HttpContext http, Database database, string? type, int? limit, int? offset, bool? count, CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(type))
        {
            throw NgsiLdException.BadRequestData("type: name the type of the entities.");
        }

        if (limit is < 0 or > MaxLimit || offset is < 0)
        {
            throw NgsiLdException.BadRequestData($"limit must be from 0 to {MaxLimit}, offset not below 0.");
        }

        var names = LdContext.Read(null, context.Link);
        var types = new[] { names.Expand(type) };
        await using var work = await database.BeginAsync(context.Tenant, cancellationToken);
        var entities = new JsonArray();
        await using (var command = work.Command(
            "SELECT id, types, attributes::text FROM entity WHERE tenant = $1 AND types @> $2 ORDER BY id LIMIT $3 OFFSET $4", context.Tenant, types, limit ?? 20, offset ?? 0))
        await using (var rows = await command.ExecuteReaderAsync(cancellationToken))
        {
            while (await rows.ReadAsync(cancellationToken))
            {
                entities.Add(EntityWriter.Write(rows.GetString(0), rows.GetFieldValue<string[]>(1), rows.GetString(2), names));
            }
        }

        if (count == true)
        {
            await using var total = work.Command("SELECT count(*) FROM entity WHERE tenant = $1 AND types @> $2", context.Tenant, types);
            http.Response.Headers["NGSILD-Results-Count"] = $"{await total.ExecuteScalarAsync(cancellationToken)}";
        }

        return Answer(http, entities);
    }

    internal static JsonHttpResult<T> Answer<T>(HttpContext http, T body)
        where T : JsonNode
    {
        http.Response.Headers.Append("Link", $"<{LdContext.CoreAddress}>; rel=\"http://www.w3.org/ns/json-ld#context\"; type=\"application/ld+json\"");
        return TypedResults.Json(body, contentType: "application/json");
    }
}
