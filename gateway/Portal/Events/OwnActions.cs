using System.Text.Json;
using LivingCity.Gateway.Portal.Services;
using LivingCity.ServiceDefaults.Security;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LivingCity.Gateway.Portal.Events;

/// <summary>What people do with their own seats and data.</summary>
internal static class OwnActions
{
    public static void MapOwnActions(this IEndpointRouteBuilder routes)
    {
        var own = routes.MapGroup("/agenda").RequireAuthorization(Access.SignedIn);
        own.MapPost("/take-over", TakeOverAsync);
        own.MapPost("/{id}/details", DetailsAsync);
        own.MapPost("/{id}/notices", NoticesAsync);
        own.MapPost("/{id}/erase", EraseAsync);
        var open = routes.MapGroup("");
        open.MapPost("/guests/register", GuestAsync);
        open.MapPost("/guests/leave", LeaveAsync);
        open.MapPost("/unsubscribe/confirm", UnsubscribeAsync);
    }

    private static async Task<RedirectHttpResult> TakeOverAsync(IFormCollection form, PlatformClient platform, CancellationToken cancellation) =>
        (await platform.PostAsync<Seat>("events", $"{FormText.Api}/substitutions", new { code = form.Text("code") }, cancellation)).Outcome.Back("/agenda");

    private static async Task<RedirectHttpResult> DetailsAsync(string id, IFormCollection form, PlatformClient platform, CancellationToken cancellation) =>
        (await platform.SendAsync<ProfileView>(HttpMethod.Put, "events", $"{FormText.Api}/events/{FormText.Escaped(id)}/profile", new ProfileView(
            form.Text("name"), form.Filled("email"), form.Filled("language"), form.Filled("organisation"), form.Filled("diet"), form.Filled("accessNeeds"), form.Text("consent") == "true"), cancellation)).Outcome.Back($"/agenda/{FormText.Escaped(id)}", "details");

    private static async Task<RedirectHttpResult> NoticesAsync(string id, IFormCollection form, PlatformClient platform, CancellationToken cancellation) =>
        (await platform.SendAsync<NoticeChoice>(HttpMethod.Put, "events", $"{FormText.Api}/events/{FormText.Escaped(id)}/notices/settings", new NoticeChoice(
            form.Text("delivery"), [.. NoticeChoice.Kinds.Where(kind => form.Text($"kind-{kind}") != "true")]), cancellation)).Outcome.Back($"/agenda/{FormText.Escaped(id)}", "notices");

    private static async Task<RedirectHttpResult> EraseAsync(string id, IFormCollection form, PlatformClient platform, CancellationToken cancellation) =>
        (await platform.DeleteAsync("events", $"{FormText.Api}/events/{FormText.Escaped(id)}/profile", cancellation)).Outcome.Back($"/agenda/{FormText.Escaped(id)}", form.Filled("part") ?? "details");

    private static async Task<RedirectHttpResult> GuestAsync(IFormCollection form, PlatformClient platform, CancellationToken cancellation)
    {
        var (id, session, invitation) = (FormText.Escaped(form.Text("event")), FormText.Escaped(form.Text("session")), form.Filled("invitation"));
        var answer = await platform.PostAsync<GuestView>("events", $"{FormText.Api}/sessions/{session}/guests", new { name = form.Text("name"), email = form.Text("email"), consent = form.Text("consent") == "true", invitation }, cancellation);
        var back = $"/programme/{id}/{session}?{(invitation is null ? "" : $"invitation={FormText.Escaped(invitation)}&")}refused=";
        return TypedResults.Redirect(answer switch
        {
            { Outcome: Outcome.Done, Value: { } seat } => $"/guest/{FormText.Escaped(seat.Code)}?done=1",
            { Problem: "already-registered" } => $"{back}there#registration",
            { Problem: "exclusive-session" } => $"{back}exclusive#registration",
            { Problem: "session-closed" } => $"{back}closed#registration",
            { Problem: "members-only" or "unknown-code" } => $"{back}members#registration",
            _ => $"{back}failed#registration",
        });
    }

    private static async Task<RedirectHttpResult> LeaveAsync(IFormCollection form, PlatformClient platform, CancellationToken cancellation) =>
        (await platform.DeleteAsync("events", $"{FormText.Api}/guests/{FormText.Escaped(form.Text("code"))}", cancellation)).Outcome.Back($"/guest/{FormText.Escaped(form.Text("code"))}");

    private static async Task<RedirectHttpResult> UnsubscribeAsync(IFormCollection form, PlatformClient platform, CancellationToken cancellation) =>
        (await platform.PostAsync<JsonElement?>("events", $"{FormText.Api}/unsubscribe/{FormText.Escaped(form.Text("token"))}", cancellation)).Outcome.Back($"/unsubscribe/{FormText.Escaped(form.Text("token"))}");
}
