using System.Text.Json;
using System.Text.Json.Nodes;
using LivingCity.Gateway.Portal.Services;
using LivingCity.ServiceDefaults.Security;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LivingCity.Gateway.Portal.Events;

/// <summary>The organiser's desk.</summary>
internal static class DeskActions
{
    public static void MapDeskActions(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/organise").RequireAuthorization(Access.Organiser);
        group.MapPost("/act", ActAsync);
        group.MapPost("/session/add", AddAsync);
        group.MapPost("/session/remove", RemoveAsync);
        group.MapPost("/session/template", KeepAsync);
    }

    private static async Task<RedirectHttpResult> ActAsync(IFormCollection form, PlatformClient platform, CancellationToken cancellation)
    {
        var id = FormText.Escaped(form.Text("event"));
        var path = $"{FormText.Api}/events/{id}";
        var (done, part) = form.Text("action") switch
        {
            "publish" => ((await platform.SendAsync<JsonElement?>(HttpMethod.Post, "events", $"{path}/publication", new { }, cancellation)).Outcome, "changes"),
            "allocate" => ((await platform.SendAsync<AllocationView>(HttpMethod.Post, "events", $"{path}/allocations", new { group = form.Text("group") }, cancellation)).Outcome, "allocation"),
            "prioritise" when form.Number("priority") is { } priority =>
                ((await platform.SendAsync<JsonElement?>(HttpMethod.Put, "events", $"{path}/registrations/{FormText.Escaped(form.Text("registration"))}/priority", new { priority, reason = form.Text("reason") }, cancellation)).Outcome, "waiting"),
            "prefer" when form.Number("priority") is { } priority =>
                ((await platform.SendAsync<JsonElement?>(HttpMethod.Put, "events", $"{path}/preferences/priorities/{FormText.Escaped(form.Text("participant"))}", new { priority, reason = form.Text("reason") }, cancellation)).Outcome, "allocation"),
            "cancel" => ((await platform.DeleteAsync("events", $"{path}/registrations/{FormText.Escaped(form.Text("registration"))}", cancellation)).Outcome, "people"),
            "invite" => ((await platform.PostAsync<JsonElement?>("events", $"{path}/invitations", new { name = form.Text("name"), email = form.Text("email"), language = form.Filled("language") }, cancellation)).Outcome, "invite"),
            "resend" => ((await platform.PostAsync<JsonElement?>("events", $"{path}/notices/interrupted/{FormText.Escaped(form.Text("notice"))}", cancellation)).Outcome, "interrupted"),
            _ => (Outcome.NotFound, "changes"),
        };
        return done.Back($"/organise/{id}", part);
    }

    private static async Task<RedirectHttpResult> AddAsync(IFormCollection form, PlatformClient platform, CancellationToken cancellation)
    {
        var id = form.Text("event");
        var (session, title) = ($"{id}-{form.Text("name")}", form.Text("title"));
        var path = $"{FormText.Api}/events/{FormText.Escaped(id)}/draft/sessions";
        var added = form.Filled("template") is { } template
            ? await platform.SendAsync<JsonElement?>(HttpMethod.Post, "events", path, new { template, id = session, title }, cancellation, form.Text("version"))
            : await platform.SendAsync<JsonElement?>(HttpMethod.Put, "events", $"{path}/{FormText.Escaped(session)}", new { id = session, title = new Dictionary<string, string> { [Languages.Language.Current] = title } }, cancellation, form.Text("version"));
        return added.Outcome == Outcome.Done ? TypedResults.Redirect($"/organise/{FormText.Escaped(id)}/{FormText.Escaped(session)}?done=1") : added.Outcome.Back($"/organise/{FormText.Escaped(id)}", "add");
    }

    private static async Task<RedirectHttpResult> RemoveAsync(IFormCollection form, PlatformClient platform, CancellationToken cancellation)
    {
        var id = FormText.Escaped(form.Text("event"));
        using var answer = await platform.ForwardAsync(HttpMethod.Delete, "events", $"{FormText.Api}/events/{id}/draft/sessions/{FormText.Escaped(form.Text("session"))}", null, form.Text("version"), cancellation);
        return (answer is { IsSuccessStatusCode: true } ? Outcome.Done : Outcome.Unavailable).Back($"/organise/{id}", "sessions");
    }

    private static async Task<RedirectHttpResult> KeepAsync(IFormCollection form, PlatformClient platform, CancellationToken cancellation)
    {
        var (id, session) = (FormText.Escaped(form.Text("event")), form.Text("session"));
        var draft = await platform.GetAsync<JsonObject>("events", $"{FormText.Api}/events/{id}/draft", cancellation);
        var body = draft.Value?["sessions"]!.AsArray().OfType<JsonObject>().FirstOrDefault(candidate => (string?)candidate["id"] == session);
        var kept = body is null ? Outcome.NotFound : (await platform.PostAsync<JsonElement?>("events", $"{FormText.Api}/templates", new { name = form.Text("name"), body }, cancellation)).Outcome;
        return kept.Back($"/organise/{id}/{FormText.Escaped(session)}", "template");
    }
}
