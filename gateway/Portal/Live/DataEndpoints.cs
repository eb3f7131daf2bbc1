using System.Text.RegularExpressions;
using LivingCity.ServiceDefaults.Errors;
using LivingCity.ServiceDefaults.Security;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LivingCity.Gateway.Portal.Live;

/// <summary>What the portal's map and charts show, as JSON for them.</summary>
internal static partial class DataEndpoints
{
    /// <summary>As long as the synthetic city lives, and a little more.</summary>
    private const int LongestHours = 31 * 24;

    public static void MapData(this IEndpointRouteBuilder routes)
    {
        var data = routes.MapGroup("/data");
        data.MapGet("/stations", async (StationData stations, CancellationToken cancellationToken) => ConditionalJson.Of(await stations.ListAsync(cancellationToken)));
        data.MapGet("/stations/{id}/history", HistoryAsync);
        data.MapGet("/city-model", async (StationData stations, Caller caller, CancellationToken cancellationToken) =>
            ConditionalJson.Of(CityModel.Of(caller.RequiredCity, await stations.ListAsync(cancellationToken))));
        data.MapGet("/air-quality", async (StationData stations, CancellationToken cancellationToken) => ConditionalJson.Of(AirProfile.Of(await stations.ListAsync(cancellationToken))));
    }

    private static async Task<Results<ConditionalJson<History>, ProblemHttpResult>> HistoryAsync(
        string id, string? property, string? hours, HistoryData histories, CancellationToken cancellationToken)
    {
        var errors = new Dictionary<string, string[]>();
        if (property is null || !PropertyName().IsMatch(property))
        {
            errors["property"] = ["Name one property, for instance temperature."];
        }

        if (!int.TryParse(hours ?? "48", System.Globalization.CultureInfo.InvariantCulture, out var length) || length is < 1 or > LongestHours)
        {
            errors["hours"] = [$"From 1 to {LongestHours}."];
        }

        if (errors.Count > 0)
        {
            return Problem.Invalid.Because(errors);
        }

        return await histories.ReadAsync(id, property!, length, cancellationToken) is { } history ? ConditionalJson.Of(history) : Problem.NotFound.Because($"There is no station {id}.");
    }

    [GeneratedRegex("^[A-Za-z][A-Za-z0-9_]{0,63}$")]
    private static partial Regex PropertyName();
}
