using System.Text.Json.Nodes;
using LivingCity.Gateway.Portal.Services;
using LivingCity.ServiceDefaults.Security;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LivingCity.Gateway.Portal.Events;

/// <summary>What the forms of the events' pages do, and what the scanner's page asks for.</summary>
internal static class EventActions
{
    public static void MapEventActions(this IEndpointRouteBuilder routes)
    {
        routes.MapDeskActions();
        routes.MapOwnActions();
        routes.MapReportActions();
        routes.MapNetworkActions();
        routes.MapSignatoryPlaces();
        routes.MapGet("/check-in/{id}/pack", PackAsync).RequireAuthorization(Access.Organiser);
        // A scanner sends JSON with the page's cookie, which no other site can make a browser do; there is no form to put a token into while it is offline.
        routes.MapPost("/check-in/{id}/scans", ScansAsync).RequireAuthorization(Access.Organiser).DisableAntiforgery();
    }

    private static async Task<Results<Ok<JsonObject>, NotFound>> PackAsync(string id, PlatformClient platform, CancellationToken cancellation) =>
        (await platform.GetAsync<JsonObject>("events", $"{FormText.Api}/events/{Uri.EscapeDataString(id)}/check-in/pack", cancellation)).OrThrow() is { } pack ? TypedResults.Ok(pack) : TypedResults.NotFound();

    private static async Task<Results<Ok<JsonArray>, NotFound>> ScansAsync(string id, JsonArray scans, PlatformClient platform, CancellationToken cancellation) =>
        (await platform.SendAsync<JsonArray>(HttpMethod.Post, "events", $"{FormText.Api}/events/{Uri.EscapeDataString(id)}/check-in/scans", scans, cancellation)).OrThrow() is { } results ? TypedResults.Ok(results) : TypedResults.NotFound();
}
