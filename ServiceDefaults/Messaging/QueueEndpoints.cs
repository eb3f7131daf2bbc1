using LivingCity.ServiceDefaults.Errors;
using LivingCity.ServiceDefaults.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace LivingCity.ServiceDefaults.Messaging;

/// <summary>How full the queues are; messages that failed for good, listed, and sent again once the cause is mended. For platform administrators.</summary>
internal static class QueueEndpoints
{
    public static void MapQueues(this WebApplication app)
    {
        if (app.Services.GetService<ServiceQueues>() is not { } queues)
        {
            return;
        }

        var service = app.Services.GetRequiredService<ServiceIdentity>().Name;
        var group = app.MapGroup($"/api/{service}/v1/operations").RequireAuthorization(Access.PlatformAdmin).WithTags("Operations");
        group.MapGet("/queues", async (CancellationToken cancellationToken) => TypedResults.Ok(await queues.DepthsAsync(cancellationToken)))
            .WithSummary("How many messages wait in each queue, how many have failed, and how many replicas listen.");
        group.MapGet("/failed-messages", async (int? limit, CancellationToken cancellationToken) =>
            TypedResults.Ok(await queues.ListAsync(Math.Clamp(limit ?? 100, 1, 1000), cancellationToken)))
            .WithSummary("Messages that failed for good, at most 1000.");
        group.MapPost("/failed-messages/{queue}/replay", async Task<Results<Ok<Replayed>, ProblemHttpResult>> (string queue, string? messageId, CancellationToken cancellationToken) =>
            await queues.ReplayAsync(queue, messageId, cancellationToken) is { } count ? TypedResults.Ok(new Replayed(count)) : Problem.NotFound.Because($"This service has no queue {queue}."))
            .WithSummary("Sends failed messages to their queue again: one by its id, or all.");
    }

    internal sealed record Replayed(int Count);
}
