using System.Text.Json.Nodes;
using LivingCity.ServiceDefaults.Data;
using LivingCity.ServiceDefaults.Errors;
using LivingCity.ServiceDefaults.Security;
using LivingCity.ServiceDefaults.Web;

namespace LivingCity.Dataspace.Catalogue;

/// <summary>The catalogue, open to everybody: to find data is no privilege; to use it needs an agreement.</summary>
internal static class CatalogueEndpoints
{
    private const string MediaType = "application/ld+json";

    public static void MapCatalogue(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/catalogue", ListAsync).RequireAuthorization(Access.Public).WithTags("Catalogue").WithSummary("The datasets on offer, as a DCAT-AP catalogue in JSON-LD or Turtle; searched by words, theme, licence, area, time, quality and city.");
        routes.MapGet("/datasets/{id}", GetAsync).RequireAuthorization(Access.Public).WithTags("Catalogue").WithSummary("One dataset with its offer.");
    }

    private static async Task<IResult> ListAsync(HttpContext http, Database database, [AsParameters] DatasetQuery query, int? limit, string? cursor, CancellationToken cancellationToken)
    {
        var page = PageRequest.From<string>(limit, cursor);
        await using var work = await database.BeginAsync(null, cancellationToken);
        var rows = page.Take(http, await work.SearchDatasetsAsync(page.After, page.Limit + 1, query, cancellationToken), row => row.Id);
        var offers = (await work.OffersOfAsync([.. rows.Select(row => row.Id)], cancellationToken)).ToLookup(offer => offer.DatasetId);
        return Answer(http, DcatDocument.Catalogue(rows.Select(row => (row, offers[row.Id])), Platform(http)));
    }

    private static async Task<IResult> GetAsync(string id, HttpContext http, Database database, CancellationToken cancellationToken)
    {
        await using var work = await database.BeginAsync(null, cancellationToken);
        return await work.FindDatasetAsync(id, cancellationToken) is { } row
            ? Answer(http, DcatDocument.Dataset(row, await work.OffersOfAsync([id], cancellationToken), Platform(http), withContext: true))
            : Problem.NotFound.Because($"There is no dataset {id}.");
    }

    /// <summary>In Turtle for who asks for it, else in JSON-LD.</summary>
    private static IResult Answer(HttpContext http, JsonObject document)
    {
        http.Response.Headers.Vary = "Accept";
        var accepted = http.Request.GetTypedHeaders().Accept.OrderByDescending(type => type.Quality ?? 1).FirstOrDefault(type => type.MediaType.Value is "text/turtle" or MediaType or "application/json" or "*/*");
        return accepted?.MediaType.Value == "text/turtle" ? TypedResults.Text(Turtle.Write(document), "text/turtle", System.Text.Encoding.UTF8) : TypedResults.Json(document, contentType: MediaType);
    }

    /// <summary>The address under which the caller reached the platform: the gateway's, by its forwarded headers.</summary>
    private static Uri Platform(HttpContext http) => new($"{http.Request.Scheme}://{http.Request.Host}");
}
