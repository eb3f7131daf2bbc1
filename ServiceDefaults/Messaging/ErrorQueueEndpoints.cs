using LivingCity.ServiceDefaults.Errors;
using LivingCity.ServiceDefaults.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace LivingCity.ServiceDefaults.Messaging;

/// <summary>Messages that failed for good: listed, and sent again once the cause is mended. For platform administrators.</summary>
internal static class ErrorQueueEndpoints
{
    public static void MapErrorQueues(this WebApplication app)
    {
        if (app.Services.GetService<ErrorQueues>() is not { } queues)
        {
            return;
        }

        var service = app.Services.GetRequiredService<ServiceIdentity>().Name;
        var group = app.MapGroup($"/api/{service}/v1/operations/failed-messages").RequireAuthorization(Access.PlatformAdmin).WithTags("Operations");
        group.MapGet("/", async (int? limit, CancellationToken cancellationToken) =>
            TypedResults.Ok(await queues.ListAsync(Math.Clamp(limit ?? 100, 1, 1000), cancellationToken)))
            .WithSummary("Messages that failed for good, at most 1000.");
        group.MapPost("/{queue}/replay", async Task<Results<Ok<Replayed>, ProblemHttpResult>> (string queue, string? messageId, CancellationToken cancellationToken) =>
            await queues.ReplayAsync(queue, messageId, cancellationToken) is { } count ? TypedResults.Ok(new Replayed(count)) : Problem.NotFound.Because($"This service has no queue {queue}."))
            .WithSummary("Sends failed messages to their queue again: one by its id, or all.");
    }

    internal sealed record Replayed(int Count);
}
