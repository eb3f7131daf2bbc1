using System.Text.Json;
using System.Text.Json.Nodes;
using LivingCity.Ingestion.Entities;
using LivingCity.Ingestion.Errors;
using LivingCity.Ingestion.Tenants;
using LivingCity.Ingestion.Web;
using LivingCity.ServiceDefaults.Data;
using LivingCity.ServiceDefaults.Security;
using Npgsql;

namespace LivingCity.Ingestion.Contexts;

/// <summary>Contexts that this broker keeps (ETSI GS CIM 009, clauses 5.13 and 6.29 to 6.30).</summary>
internal static class ContextEndpoints
{
    private static readonly string[] Kinds = ["Hosted", "Cached", "ImplicitlyCreated"];

    public static void MapContexts(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/jsonldContexts").WithTags("NGSI-LD");
        group.MapPost("/", AddAsync).RequireAuthorization(Access.DataOfficer).WithSummary("Hosts a context here.");
        group.MapGet("/", ListAsync).RequireAuthorization(PublicReading.Policy).WithSummary("The contexts kept here: hosted ones, made ones and copies.");
        group.MapGet("/{id}", ServeAsync).RequireAuthorization(PublicReading.Policy).WithSummary("One context, or with details=true what is known of it.");
        group.MapDelete("/{id}", DeleteAsync).RequireAuthorization(Access.DataOfficer).WithSummary("Deletes a context; with reload=true a copy is fetched again.");
    }

    private static async Task<IResult> AddAsync(NgsiLdRequest request, ContextStore store, Database database)
    {
        var (body, _) = await request.ReadManyAsync(isContext: true);
        if (body.ValueKind != JsonValueKind.Object || !body.TryGetProperty("@context", out var context))
        {
            throw NgsiLdException.BadRequestData("The body must be an object with an @context.");
        }

        // What cannot be used is refused now, not when somebody refers to it.
        await store.ResolveAsync(request.Owner, context, request.Aborted);
        var id = Guid.CreateVersion7().ToString();
        var address = request.BaseAddress + ContextStore.HostedPath + id;
        await using var work = await database.BeginAsync(request.Owner, request.Aborted);
        await store.InsertAsync(work, id, "Hosted", address, $"{{\"@context\":{context.GetRawText()}}}", request.Aborted);
        await work.CommitAsync(request.Aborted);
        return TypedResults.Created(ContextStore.HostedPath + id);
    }

    private static async Task<IResult> ListAsync(NgsiLdRequest request, ContextStore store, Database database)
    {
        var details = request.Flag("details");
        var kind = request.Parameter("kind");
        if (kind is not null && !Kinds.Contains(kind))
        {
            throw NgsiLdException.BadRequestData($"kind: one of {string.Join(", ", Kinds)} is required.");
        }

        var media = MediaTypes.Negotiate(request.Http.Request, geometry: false);
        await using var work = await database.BeginAsync(request.Owner, request.Aborted);
        await store.FlushUsesAsync(work, request.Aborted);
        await using var command = work.Command("SELECT id, kind, url, created_at, last_used_at, hits FROM jsonld_context WHERE tenant = $1 AND ($2::text IS NULL OR kind = $2) ORDER BY created_at, id",
            work.Tenant, new NpgsqlParameter { Value = (object?)kind ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text });
        var items = new JsonArray();
        await using (var rows = await command.ExecuteReaderAsync(request.Aborted))
        {
            while (await rows.ReadAsync(request.Aborted))
            {
                items.Add(details ? Describe(rows) : JsonValue.Create(rows.GetString(2)));
            }
        }

        await work.CommitAsync(request.Aborted);
        return new Answer(media, writer => items.WriteTo(writer));
    }

    private static async Task<IResult> ServeAsync(NgsiLdRequest request, string id, ContextStore store, Database database)
    {
        var details = request.Flag("details");
        var media = MediaTypes.Negotiate(request.Http.Request, geometry: false);
        await using var work = await database.BeginAsync(request.Owner, request.Aborted);
        await store.FlushUsesAsync(work, request.Aborted);
        JsonObject? metadata;
        string body;
        await using (var command = work.Command("SELECT id, kind, url, created_at, last_used_at, hits, body::text FROM jsonld_context WHERE tenant = $1 AND (id = $2 OR url = $2)", work.Tenant, id))
        await using (var row = await command.ExecuteReaderAsync(request.Aborted))
        {
            if (!await row.ReadAsync(request.Aborted))
            {
                throw NgsiLdException.ResourceNotFound($"There is no context {id}.");
            }

            (metadata, body) = (Describe(row), row.GetString(6));
        }

        await work.CommitAsync(request.Aborted);
        return details ? new Answer(media, writer => metadata.WriteTo(writer))
            : (string?)metadata["kind"] == "Cached" ? throw NgsiLdException.OperationNotSupported("A copy is served by its own address alone.")
            : new Answer(media, writer => writer.WriteRawValue(body));
    }

    private static async Task<IResult> DeleteAsync(NgsiLdRequest request, string id, ContextStore store, Database database)
    {
        var reload = request.Flag("reload");
        string kind, url;
        await using (var work = await database.BeginAsync(request.Owner, request.Aborted))
        await using (var command = work.Command("SELECT kind, url FROM jsonld_context WHERE tenant = $1 AND (id = $2 OR url = $2)", work.Tenant, id))
        await using (var row = await command.ExecuteReaderAsync(request.Aborted))
        {
            (kind, url) = await row.ReadAsync(request.Aborted) ? (row.GetString(0), row.GetString(1)) : throw NgsiLdException.ResourceNotFound($"There is no context {id}.");
        }

        if (reload && kind != "Cached")
        {
            throw NgsiLdException.BadRequestData("reload: only copies of contexts can be loaded again.");
        }

        var body = reload ? await store.FetchAsync(url, request.Aborted) : null;
        await using (var work = await database.BeginAsync(request.Owner, request.Aborted))
        {
            await using var change = body is null ? work.Command("DELETE FROM jsonld_context WHERE tenant = $1 AND url = $2", work.Tenant, url)
                : work.Command("UPDATE jsonld_context SET body = $3 WHERE tenant = $1 AND url = $2", work.Tenant, url, Sql.Json(body));
            await change.ExecuteNonQueryAsync(request.Aborted);
            await work.CommitAsync(request.Aborted);
        }

        store.Forget(request.Owner);
        return TypedResults.NoContent();
    }

    private static JsonObject Describe(NpgsqlDataReader row)
    {
        var metadata = new JsonObject
        {
            ["URL"] = row.GetString(2), ["localId"] = row.GetString(0), ["kind"] = row.GetString(1), ["createdAt"] = Instants.Write(row.GetFieldValue<DateTimeOffset>(3)), ["numberOfHits"] = row.GetInt64(5),
        };
        if (!row.IsDBNull(4))
        {
            metadata["lastUsage"] = Instants.Write(row.GetFieldValue<DateTimeOffset>(4));
        }

        return metadata;
    }
}
