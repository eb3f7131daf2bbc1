using System.Text.Json.Nodes;
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

    public static void MapCatalogue(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/catalogue", ListAsync).RequireAuthorization(Access.Public).WithTags("Catalogue").WithSummary("The datasets on offer, as a DCAT-AP catalogue in JSON-LD.");
        routes.MapGet("/datasets/{id}", GetAsync).RequireAuthorization(Access.Public).WithTags("Catalogue").WithSummary("One dataset with its offer.");
    }

    private static async Task<JsonHttpResult<JsonObject>> ListAsync(HttpContext http, Database database, int? limit, string? cursor, CancellationToken cancellationToken)
    {
        var page = PageRequest.From<string>(limit, cursor);
        await using var work = await database.BeginAsync(null, cancellationToken);
        var rows = page.Take(http, await work.ListDatasetsAsync(page.After, page.Limit + 1, null, cancellationToken), row => row.Id);
        var offers = (await work.OffersOfAsync([.. rows.Select(row => row.Id)], cancellationToken)).ToLookup(offer => offer.DatasetId);
        return TypedResults.Json(DcatDocument.Catalogue(rows.Select(row => (row, offers[row.Id])), Platform(http)), contentType: MediaType);
    }

    private static async Task<Results<JsonHttpResult<JsonObject>, ProblemHttpResult>> GetAsync(string id, HttpContext http, Database database, CancellationToken cancellationToken)
    {
        await using var work = await database.BeginAsync(null, cancellationToken);
        return await work.FindDatasetAsync(id, cancellationToken) is { } row
            ? TypedResults.Json(DcatDocument.Dataset(row, await work.OffersOfAsync([id], cancellationToken), Platform(http), withContext: true), contentType: MediaType)
            : Problem.NotFound.Because($"There is no dataset {id}.");
    }

    /// <summary>The address under which the caller reached the platform: the gateway's, by its forwarded headers.</summary>
    private static Uri Platform(HttpContext http) => new($"{http.Request.Scheme}://{http.Request.Host}");
}
