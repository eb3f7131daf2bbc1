using System.Net.Http.Json;
using LivingCity.Gateway.Portal.Services;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace LivingCity.Gateway.Portal.Assessment;

/// <summary>What the forms of the roadmap's page do: issue one, and note how far its actions are.</summary>
internal static class RoadmapActions
{
    public static void MapRoadmapActions(this IEndpointRouteBuilder group)
    {
        group.MapPost("/assessment/{id:guid}/roadmap", IssueAsync);
        group.MapPost("/assessment/{id:guid}/roadmap/{roadmap:guid}/actions/{action}", FollowAsync);
    }

    private static async Task<RedirectHttpResult> IssueAsync(
        Guid id, [FromForm] double budget, [FromForm] double people, [FromForm] int months, [FromForm] string goal, HttpContext context, PlatformClient platform, CancellationToken cancellation)
    {
        var without = context.Request.Form["without"].OfType<string>().ToArray();
        using var answer = await platform.ForwardAsync(
            HttpMethod.Post, AssessmentPaths.Service, $"{AssessmentPaths.Of(id)}/roadmaps?{ContentLanguage.Query(context)}", JsonContent.Create(new { budget, people, months, goal, without }), null, cancellation);
        return Back(id, answer, "issued");
    }

    private static async Task<RedirectHttpResult> FollowAsync(
        Guid id, Guid roadmap, string action, [FromForm] string progress, [FromForm] string? note, PlatformClient platform, CancellationToken cancellation)
    {
        using var answer = await platform.ForwardAsync(
            HttpMethod.Put, AssessmentPaths.Service, $"{AssessmentPaths.Api}/roadmaps/{roadmap}/actions/{Uri.EscapeDataString(action)}", JsonContent.Create(new { progress, note = note ?? "" }), null, cancellation);
        return Back(id, answer, $"follow-{action}");
    }

    private static RedirectHttpResult Back(Guid id, HttpResponseMessage? answer, string fragment) =>
        TypedResults.Redirect(AssessmentPaths.Page(id, $"/roadmap?{(answer is { IsSuccessStatusCode: true } ? "done" : "failed")}=1#{Uri.EscapeDataString(fragment)}"));
}
