using System.Text.Json.Nodes;
using Dapper;
using LivingCity.ServiceDefaults.Data;
using LivingCity.ServiceDefaults.Errors;
using LivingCity.ServiceDefaults.Security;
using LivingCity.ServiceDefaults.Web;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LivingCity.Dataspace.Catalogue;

/// <summary>The catalogue, open to everybody: to find data is no privilege; to use it needs an agreement.</summary>
internal static class CatalogueEndpoints
{
    private const string MediaType = "application/ld+json";

    private const string Select = """
        SELECT d.tenant, d.id, d.title, d.description, d.keywords, d.theme, d.access_path, d.media_type, d.license,
            d.synthetic, d.issued_at, d.described_at, d.offer, c.first_observed_at, c.last_observed_at, c.updated_at
        FROM dataset d LEFT JOIN coverage c ON c.tenant = d.tenant AND c.entity_type = d.entity_type
        """;

    public static void MapCatalogue(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/catalogue", ListAsync).RequireAuthorization(Access.Public).WithTags("Catalogue").WithSummary("The datasets on offer, as a DCAT-AP catalogue in JSON-LD.");
        routes.MapGet("/datasets/{id}", GetAsync).RequireAuthorization(Access.Public).WithTags("Catalogue").WithSummary("One dataset with its offer.");
    }

    private static async Task<JsonHttpResult<JsonObject>> ListAsync(HttpContext http, Database database, int? limit, string? cursor, CancellationToken cancellationToken)
    {
        var page = PageRequest.From<string>(limit, cursor);
        await using var work = await database.BeginAsync(null, cancellationToken);
        var rows = (await work.Connection.QueryAsync<DatasetRow>(new CommandDefinition(
            $"{Select} WHERE (@After::text IS NULL OR d.id > @After) ORDER BY d.id LIMIT @Limit + 1", page, work.Transaction, cancellationToken: cancellationToken))).AsList();
        return TypedResults.Json(DcatDocument.Catalogue(page.Take(http, rows, row => row.Id), Platform(http)), contentType: MediaType);
    }

    private static async Task<Results<JsonHttpResult<JsonObject>, ProblemHttpResult>> GetAsync(string id, HttpContext http, Database database, CancellationToken cancellationToken)
    {
        await using var work = await database.BeginAsync(null, cancellationToken);
        return await work.Connection.QuerySingleOrDefaultAsync<DatasetRow>(new CommandDefinition($"{Select} WHERE d.id = @id", new { id }, work.Transaction, cancellationToken: cancellationToken)) is { } row
            ? TypedResults.Json(DcatDocument.Dataset(row, Platform(http), withContext: true), contentType: MediaType)
            : Problem.NotFound.Because($"There is no dataset {id}.");
    }

    /// <summary>The address under which the caller reached the platform: the gateway's, by its forwarded headers.</summary>
    private static Uri Platform(HttpContext http) => new($"{http.Request.Scheme}://{http.Request.Host}");
}
