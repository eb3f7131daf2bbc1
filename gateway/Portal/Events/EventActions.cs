using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using LivingCity.Gateway.Portal.Services;
using LivingCity.ServiceDefaults.Security;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LivingCity.Gateway.Portal.Events;

/// <summary>What the buttons of the organiser's desk, the scanners and the declaration's page do.</summary>
internal static class EventActions
{
    private const string Api = "/api/events/v1";

    public static void MapEventActions(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/organise/act", OrganiseAsync).RequireAuthorization(Access.Organiser);
        routes.MapPost("/declaration/act", SignAsync).RequireAuthorization(Access.CityAdmin);
        routes.MapPost("/declaration/countersign", CountersignAsync).RequireAuthorization(Access.Organiser);
        routes.MapPost("/hosts/act", ApplyAsync).RequireAuthorization(Access.CityAdmin);
        routes.MapGet("/check-in/{id}/pack", PackAsync).RequireAuthorization(Access.Organiser);
        // A scanner sends JSON with the page's cookie, which no other site can make a browser do; there is no form to put a token into while it is offline.
        routes.MapPost("/check-in/{id}/scans", ScansAsync).RequireAuthorization(Access.Organiser).DisableAntiforgery();
    }

    private static async Task<RedirectHttpResult> OrganiseAsync(HttpContext context, PlatformClient platform, CancellationToken cancellation)
    {
        var form = await context.Request.ReadFormAsync(cancellation);
        string Field(string name) => form[name].ToString();
        var id = Uri.EscapeDataString(Field("event"));
        var done = Field("action") switch
        {
            "publish" => (await platform.SendAsync<JsonElement?>(HttpMethod.Post, "events", $"{Api}/events/{id}/publication", new { }, cancellation)).Outcome,
            "allocate" => (await platform.SendAsync<AllocationView>(HttpMethod.Post, "events", $"{Api}/events/{id}/allocations", new { group = Field("group") }, cancellation)).Outcome,
            "prioritise" when int.TryParse(Field("priority"), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var priority) =>
                (await platform.SendAsync<JsonElement?>(HttpMethod.Put, "events", $"{Api}/events/{id}/registrations/{Uri.EscapeDataString(Field("registration"))}/priority", new { priority, reason = Field("reason") }, cancellation)).Outcome,
            "edit" => await EditAsync(platform, id, form, cancellation),
            _ => Outcome.NotFound,
        };
        return TypedResults.Redirect($"/organise/{id}?{(done == Outcome.Done ? "done" : "failed")}=1");
    }

    private static async Task<Outcome> EditAsync(PlatformClient platform, string id, IFormCollection form, CancellationToken cancellation)
    {
        var draft = await platform.GetAsync<JsonObject>("events", $"{Api}/events/{id}/draft", cancellation);
        var session = draft.Value?["sessions"]!.AsArray().OfType<JsonObject>().FirstOrDefault(candidate => (string?)candidate["id"] == form["session"]);
        if (session is null)
        {
            return Outcome.NotFound;
        }

        foreach (var (name, value) in new (string, JsonNode?)[]
        {
            ("from", Clock(form["from"])), ("to", Clock(form["to"])), ("room", form["room"].ToString().Trim() is { Length: > 0 } room ? room : null),
            ("capacity", int.TryParse(form["capacity"], NumberStyles.None, CultureInfo.InvariantCulture, out var capacity) ? capacity : null),
        })
        {
            session[name] = value;
        }

        return (await platform.SendAsync<JsonElement?>(HttpMethod.Put, "events", $"{Api}/events/{id}/draft/sessions/{Uri.EscapeDataString((string)session["id"]!)}", session, cancellation, form["version"])).Outcome;
    }

    private static string? Clock(string? value) => TimeOnly.TryParse(value, CultureInfo.InvariantCulture, out var time) ? time.ToString("HH:mm:ss", CultureInfo.InvariantCulture) : null;

    private static async Task<RedirectHttpResult> SignAsync(HttpContext context, PlatformClient platform, CancellationToken cancellation)
    {
        var form = await context.Request.ReadFormAsync(cancellation);
        string Field(string name) => form[name].ToString();
        var done = Field("action") == "sign"
            ? (await platform.PostAsync<JsonElement?>("events", $"{Api}/signings/{Uri.EscapeDataString(Field("id"))}/signature", cancellation)).Outcome
            : (await platform.SendAsync<JsonElement?>(HttpMethod.Post, "events", $"{Api}/signings", new
            {
                name = Field("name"), kind = Field("kind"), country = Field("country"), signerName = Field("signerName"), signerTitle = Field("signerTitle"), authority = Field("authority"),
            }, cancellation)).Outcome;
        return TypedResults.Redirect($"/declaration?{(done == Outcome.Done ? "done" : "failed")}=1#signing");
    }

    private static async Task<RedirectHttpResult> CountersignAsync(HttpContext context, PlatformClient platform, CancellationToken cancellation)
    {
        var form = await context.Request.ReadFormAsync(cancellation);
        var answer = await platform.PostAsync<JsonElement?>("events", $"{Api}/signings/{Uri.EscapeDataString(form["id"].ToString())}/countersignature", cancellation);
        return TypedResults.Redirect($"/declaration?{(answer.Outcome == Outcome.Done ? "done" : "failed")}=1#signing");
    }

    private static async Task<RedirectHttpResult> ApplyAsync(HttpContext context, PlatformClient platform, CancellationToken cancellation)
    {
        var form = await context.Request.ReadFormAsync(cancellation);
        var answers = form.Where(field => field.Key.StartsWith("answer-", StringComparison.Ordinal)).ToDictionary(field => field.Key["answer-".Length..], field => field.Value.ToString());
        var answer = await platform.SendAsync<JsonElement?>(HttpMethod.Put, "events", $"{Api}/host-calls/{Uri.EscapeDataString(form["call"].ToString())}/application",
            new { community = form["community"].ToString(), contact = form["contact"].ToString(), answers }, cancellation);
        return TypedResults.Redirect($"/hosts?{(answer.Outcome == Outcome.Done ? "done" : "failed")}=1");
    }

    private static async Task<Results<Ok<JsonObject>, NotFound>> PackAsync(string id, PlatformClient platform, CancellationToken cancellation) =>
        (await platform.GetAsync<JsonObject>("events", $"{Api}/events/{Uri.EscapeDataString(id)}/check-in/pack", cancellation)).OrThrow() is { } pack ? TypedResults.Ok(pack) : TypedResults.NotFound();

    private static async Task<Results<Ok<JsonArray>, NotFound>> ScansAsync(string id, JsonArray scans, PlatformClient platform, CancellationToken cancellation) =>
        (await platform.SendAsync<JsonArray>(HttpMethod.Post, "events", $"{Api}/events/{Uri.EscapeDataString(id)}/check-in/scans", scans, cancellation)).OrThrow() is { } results ? TypedResults.Ok(results) : TypedResults.NotFound();
}
