using System.Text.Json.Nodes;
using Dapper;
using LivingCity.ServiceDefaults.Data;
using LivingCity.ServiceDefaults.Errors;
using LivingCity.ServiceDefaults.Security;
using LivingCity.ServiceDefaults.Web;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LivingCity.Events.Programme;

/// <summary>The published programme, open to everybody.</summary>
internal static class ProgrammeEndpoints
{
    public static void MapProgramme(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/events").RequireAuthorization(Access.Public).WithTags("Programme");
        group.MapGet("/", ListAsync).WithSummary("The events in short, in order. Texts come in the first language of Accept-Language (or lang) that there is, with the language that it is.");
        group.MapGet("/{id}", GetAsync).WithSummary("One event with its days and sessions.");
        group.MapGet("/{id}/versions", VersionsAsync).WithSummary("The versions that were published, the latest first, each with what it changed.");
        group.MapGet("/{id}/clashes", ClashesAsync).WithSummary("What is planned twice at once in the published programme.");
        routes.MapEditing();
        routes.MapTemplates();
        routes.MapSearch();
    }

    private static async Task<FileContentHttpResult> ListAsync(HttpRequest request, ProgrammeCache cache, CancellationToken cancellationToken) =>
        TypedResults.File(await cache.ListAsync(ProgrammeJson.Preferred(request), cancellationToken), "application/json");

    private static async Task<Results<FileContentHttpResult, StatusCodeHttpResult, ProblemHttpResult>> GetAsync(string id, HttpContext context, ProgrammeCache cache, CancellationToken cancellationToken)
    {
        if (await cache.ViewAsync(id, ProgrammeJson.Preferred(context.Request), cancellationToken) is not { } found)
        {
            return Problem.NotFound.Because($"There is no event {id}.");
        }

        context.Response.SetVersion(found.Version);
        context.Response.Headers.Vary = "Accept-Language";
        return context.Request.Has(found.Version) ? TypedResults.StatusCode(StatusCodes.Status304NotModified) : TypedResults.File(found.Json, "application/json");
    }

    private static async Task<Ok<IEnumerable<VersionView>>> VersionsAsync(string id, Database database, CancellationToken cancellationToken)
    {
        await using var work = await database.BeginAsync(null, cancellationToken);
        var rows = await work.Connection.QueryAsync<(int Version, string Changes, string? Note, DateTime At)>(new CommandDefinition(
            "SELECT version, changes, note, published_at FROM programme_version WHERE event_id = @id ORDER BY version DESC", new { id }, work.Transaction, cancellationToken: cancellationToken));
        return TypedResults.Ok(rows.Select(row => new VersionView(row.Version, row.At, row.Note, JsonNode.Parse(row.Changes)!.AsArray())));
    }

    private static async Task<Results<Ok<IReadOnlyList<Clash>>, ProblemHttpResult>> ClashesAsync(string id, ProgrammeCache cache, CancellationToken cancellationToken) =>
        await cache.FindAsync(id, cancellationToken) is { } found ? TypedResults.Ok(Clashes.Of(found.Event)) : Problem.NotFound.Because($"There is no event {id}.");
}

/// <summary>A version of a programme and what it changed.</summary>
internal sealed record VersionView(int Version, DateTimeOffset PublishedAt, string? Note, JsonArray Changes);
