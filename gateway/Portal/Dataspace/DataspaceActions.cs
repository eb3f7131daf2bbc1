using System.Text.Json;
using LivingCity.Gateway.Portal.Services;
using LivingCity.ServiceDefaults.Security;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace LivingCity.Gateway.Portal.Dataspace;

/// <summary>What the buttons and forms of the contract pages do.</summary>
internal static class DataspaceActions
{
    private static readonly HashSet<(string Kind, string Action)> Known =
    [
        ("negotiations", "approval"), ("negotiations", "refusal"), ("agreements", "suspension"), ("agreements", "resumption"), ("agreements", "termination"), ("agreements", "deletion"),
        ("transfers", "suspension"), ("transfers", "resumption"), ("transfers", "termination"),
    ];

    public static void MapDataspaceActions(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/contracts").RequireAuthorization(Access.DataOfficer);
        group.MapPost("/act", ActAsync);
        group.MapPost("/offers", OfferAsync);
        group.MapPost("/begin", BeginAsync);
        group.MapPost("/counter", CounterAsync);
        var credentials = routes.MapGroup("/contracts/credentials").RequireAuthorization(Access.CityAdmin);
        credentials.MapPost("/issue", IssueAsync);
        credentials.MapPost("/refuse", ([FromForm] string id, [FromForm] string reason, PlatformClient platform, CancellationToken cancellation) => DecideAsync(platform, id, "refusal", new { reason }, cancellation));
        credentials.MapPost("/revoke", ([FromForm] string id, PlatformClient platform, CancellationToken cancellation) => DecideAsync(platform, id, "revocation", new { }, cancellation));
    }

    private static async Task<RedirectHttpResult> OfferAsync([FromForm] string datasetId, [FromForm] string approval, [FromForm] PolicyForm terms, PlatformClient platform, CancellationToken cancellation)
    {
        var answer = await platform.PostAsync<JsonElement>("dataspace", "/api/dataspace/v1/offers", new { datasetId, policy = terms.ToPolicy(), approval }, cancellation);
        return TypedResults.Redirect(answer.Outcome == Outcome.Done ? $"/contracts/offers?made={Uri.EscapeDataString(datasetId)}" : "/contracts/offers?failed=1");
    }

    /// <summary>The address is the connector's own knowledge of the partner, never the form's.</summary>
    private static async Task<RedirectHttpResult> BeginAsync([FromForm] string datasetId, [FromForm] string offerId, [FromForm] string peer, PlatformClient platform, CancellationToken cancellation)
    {
        var peers = await platform.GetAsync<IReadOnlyList<Partner>>("dataspace", "/api/dataspace/v1/peers", cancellation);
        if (peers.Value?.FirstOrDefault(known => known.Id == peer)?.Address is not { } connectorAddress)
        {
            return TypedResults.Redirect("/contracts?failed=1");
        }

        var answer = await platform.PostAsync<JsonElement>("dataspace", "/api/dataspace/v1/negotiations", new { datasetId, offerId, providerId = peer, connectorAddress, approval = "manual" }, cancellation);
        return Back(answer.Outcome);
    }

    private static async Task<RedirectHttpResult> CounterAsync([FromForm] string id, [FromForm] PolicyForm terms, PlatformClient platform, CancellationToken cancellation) =>
        Back((await platform.PostAsync<JsonElement>("dataspace", $"/api/dataspace/v1/negotiations/{Uri.EscapeDataString(id)}/counter-offer", new { policy = terms.ToPolicy() }, cancellation)).Outcome);

    private static async Task<Results<RedirectHttpResult, NotFound>> ActAsync([FromForm] string kind, [FromForm] string id, [FromForm] string action, PlatformClient platform, CancellationToken cancellation)
    {
        if (!Known.Contains((kind, action)))
        {
            return TypedResults.NotFound();
        }

        var answer = await platform.PostAsync<JsonElement?>("dataspace", $"/api/dataspace/v1/{kind}/{Uri.EscapeDataString(id)}/{action}", cancellation);
        return Back(answer.Outcome);
    }

    private static async Task<RedirectHttpResult> IssueAsync(IFormCollection form, PlatformClient platform, CancellationToken cancellation) =>
        AttestedClaims.Read(form.Select(field => (field.Key, field.Value.ToString()))) is { } claims ? await DecideAsync(platform, form["id"].ToString(), "approval", new { claims }, cancellation)
            : TypedResults.Redirect($"/contracts/credentials?id={Uri.EscapeDataString(form["id"].ToString())}&failed=claims");

    private static async Task<RedirectHttpResult> DecideAsync(PlatformClient platform, string id, string decision, object body, CancellationToken cancellation)
    {
        var answer = await platform.PostAsync<JsonElement?>("dataspace", $"/api/dataspace/v1/trust/issuances/{Uri.EscapeDataString(id)}/{decision}", body, cancellation);
        return TypedResults.Redirect(answer.Outcome == Outcome.Done ? "/contracts/credentials?done=1" : "/contracts/credentials?failed=1");
    }

    private static RedirectHttpResult Back(Outcome outcome) => TypedResults.Redirect(outcome == Outcome.Done ? "/contracts?done=1" : "/contracts?failed=1");
}
