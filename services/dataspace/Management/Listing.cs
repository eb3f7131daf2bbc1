using LivingCity.ServiceDefaults.Data;
using LivingCity.ServiceDefaults.Errors;
using LivingCity.ServiceDefaults.Security;
using LivingCity.ServiceDefaults.Web;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LivingCity.Dataspace.Management;

/// <summary>What an officer sees of the city's negotiations, agreements and transfers: page by page, the newest first, or one of them.</summary>
internal static class Listing
{
    public static async Task<Ok<IEnumerable<TView>>> PageAsync<TRow, TView>(
        HttpContext http, Caller caller, Database database, int? limit, string? cursor, Func<Work, int, string?, Task<IReadOnlyList<TRow>>> list, Func<TRow, string> id, Func<TRow, TView> view)
    {
        var page = PageRequest.From<string>(limit, cursor);
        await using var work = await database.BeginAsync(caller.RequiredCity, http.RequestAborted);
        return TypedResults.Ok(page.Take(http, await list(work, page.Limit + 1, page.After), id).Select(view));
    }

    public static async Task<Results<Ok<TView>, ProblemHttpResult>> OneAsync<TRow, TView>(string what, string id, Caller caller, Database database, Func<Work, Task<TRow?>> find, Func<TRow, TView> view, CancellationToken cancellationToken)
        where TRow : class
    {
        await using var work = await database.BeginAsync(caller.RequiredCity, cancellationToken);
        return await find(work) is { } row ? TypedResults.Ok(view(row)) : Problem.NotFound.Because($"There is no {what} {id}.");
    }
}
