using LivingCity.Gateway.Portal.Services;
using LivingCity.ServiceDefaults.Security;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace LivingCity.Gateway.Portal.Dataspace;

/// <summary>What the buttons of the contract page do.</summary>
internal static class DataspaceActions
{
    private static readonly HashSet<(string Kind, string Action)> Known =
    [
        ("negotiations", "approval"), ("negotiations", "refusal"), ("agreements", "suspension"), ("agreements", "resumption"), ("agreements", "termination"),
        ("transfers", "suspension"), ("transfers", "resumption"), ("transfers", "termination"),
    ];

    public static void MapDataspaceActions(this IEndpointRouteBuilder routes) => routes.MapPost("/contracts/act", ActAsync).RequireAuthorization(Access.DataOfficer);

    private static async Task<Results<RedirectHttpResult, NotFound>> ActAsync([FromForm] string kind, [FromForm] string id, [FromForm] string action, PlatformClient platform, CancellationToken cancellation)
    {
        if (!Known.Contains((kind, action)))
        {
            return TypedResults.NotFound();
        }

        var answer = await platform.PostAsync<System.Text.Json.JsonElement?>("dataspace", $"/api/dataspace/v1/{kind}/{Uri.EscapeDataString(id)}/{action}", cancellation);
        return TypedResults.Redirect(answer.Outcome == Outcome.Done ? "/contracts?done=1" : "/contracts?failed=1");
    }
}
