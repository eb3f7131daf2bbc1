using LivingCity.Gateway.Portal.Services;
using LivingCity.Gateway.Portal.Sessions;
using LivingCity.Gateway.Routing;
using LivingCity.ServiceDefaults.Security;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace LivingCity.Gateway.Portal.Operations;

/// <summary>A message that failed for good, as the services tell of it.</summary>
internal sealed record FailedMessage(string Queue, string? MessageId, string? Type, string? FailedAt, string? Reason);

/// <summary>How full a service's queue is, as the service tells of it.</summary>
internal sealed record QueueDepth(string Queue, long Waiting, long Consumers, long Failed);

/// <summary>How many messages were sent again.</summary>
internal sealed record Replayed(int Count);

internal static class OperationsEndpoints
{
    public static void MapOperations(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/operations/replay", ReplayAsync).RequireAuthorization(Access.PlatformAdmin);

    public static string PathOf(string service) => $"/api/{service}/v1/operations/failed-messages";

    public static string QueuesOf(string service) => $"/api/{service}/v1/operations/queues";

    private static async Task<Results<RedirectHttpResult, NotFound>> ReplayAsync(
        [FromForm] string service, [FromForm] string queue, [FromForm] string? messageId, PlatformClient platform, CancellationToken cancellation)
    {
        if (!PlatformRoutes.Services.Contains(service))
        {
            return TypedResults.NotFound();
        }

        var which = string.IsNullOrEmpty(messageId) ? "" : $"?messageId={Uri.EscapeDataString(messageId)}";
        var answer = await platform.PostAsync<Replayed>(service, $"{PathOf(service)}/{Uri.EscapeDataString(queue)}/replay{which}", cancellation);
        return TypedResults.Redirect(answer.Outcome == Outcome.Done ? $"/operations?replayed={answer.Value!.Count}" : "/operations?failed=1");
    }
}
