using System.Text.Json;
using LivingCity.Gateway.Portal.Services;
using LivingCity.ServiceDefaults.Security;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LivingCity.Gateway.Portal.Events;

/// <summary>The declaration, the call for hosts and the elections.</summary>
internal static class NetworkActions
{
    public static void MapNetworkActions(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/declaration/act", SignAsync).RequireAuthorization(Access.CityAdmin);
        routes.MapPost("/declaration/countersign", CountersignAsync).RequireAuthorization(Access.Organiser);
        routes.MapPost("/hosts/apply", ApplyAsync).RequireAuthorization(Access.CityAdmin);
        routes.MapPost("/hosts/open", OpenAsync).RequireAuthorization(Access.Organiser);
        routes.MapPost("/hosts/score", ScoreAsync).RequireAuthorization(Access.Assessor);
        routes.MapPost("/hosts/decide", DecideAsync).RequireAuthorization(Access.Organiser);
        routes.MapPost("/chairs/act", OrganiseAsync).RequireAuthorization(Access.Organiser);
        routes.MapPost("/chairs/take-part", TakePartAsync).RequireAuthorization(Access.CityAdmin);
    }

    private static async Task<RedirectHttpResult> SignAsync(IFormCollection form, PlatformClient platform, CancellationToken cancellation) => (form.Text("action") == "sign"
        ? (await platform.PostAsync<JsonElement?>("events", $"{FormText.Api}/signings/{FormText.Escaped(form.Text("id"))}/signature", cancellation)).Outcome
        : (await platform.PostAsync<JsonElement?>("events", $"{FormText.Api}/signings", new
        {
            name = form.Text("name"), kind = form.Text("kind"), country = form.Text("country"), signerName = form.Text("signerName"), signerTitle = form.Text("signerTitle"), authority = form.Text("authority"),
            @event = form.Filled("event"), latitude = form.Degrees("latitude"), longitude = form.Degrees("longitude"),
        }, cancellation)).Outcome).Back("/declaration", "signing");

    private static async Task<RedirectHttpResult> CountersignAsync(IFormCollection form, PlatformClient platform, CancellationToken cancellation)
    {
        var path = $"{FormText.Api}/signings/{FormText.Escaped(form.Text("id"))}";
        return (form.Text("action") == "refuse"
            ? (await platform.PostAsync<JsonElement?>("events", $"{path}/refusal", new { because = form.Text("because") }, cancellation)).Outcome
            : (await platform.PostAsync<JsonElement?>("events", $"{path}/countersignature", cancellation)).Outcome).Back("/declaration", "signing");
    }

    private static async Task<RedirectHttpResult> ApplyAsync(IFormCollection form, PlatformClient platform, CancellationToken cancellation)
    {
        var call = FormText.Escaped(form.Text("call"));
        return (await platform.SendAsync<JsonElement?>(HttpMethod.Put, "events", $"{FormText.Api}/host-calls/{call}/application",
            new { community = form.Text("community"), contact = form.Text("contact"), answers = Each(form, "answer-").ToDictionary(field => field.Name, field => field.Value) }, cancellation)).Outcome.Back($"/hosts/{call}", "application");
    }

    private static async Task<RedirectHttpResult> OpenAsync(IFormCollection form, PlatformClient platform, CancellationToken cancellation)
    {
        // A criterion as a line: what is asked, its weight, the most points.
        var criteria = form.Lines("criteria").Select((line, at) => (Parts: line.Split('|', StringSplitOptions.TrimEntries), At: at)).Select(line => new
        {
            id = $"c{line.At + 1}", name = line.Parts[0], weight = NumberAt(line.Parts, 1, 1), most = NumberAt(line.Parts, 2, 10),
        }).ToArray();
        return (await platform.PostAsync<JsonElement?>("events", $"{FormText.Api}/host-calls", new
        {
            title = form.Text("title"), year = form.Number("year") ?? 0, description = form.Text("description"), criteria, opens = form.Moment("opensOn", "opensAt"), deadline = form.Moment("deadlineOn", "deadlineAt"), timeZone = form.Text("timeZone"),
        }, cancellation)).Outcome.Back("/hosts");
    }

    private static async Task<RedirectHttpResult> ScoreAsync(IFormCollection form, PlatformClient platform, CancellationToken cancellation)
    {
        var call = FormText.Escaped(form.Text("call"));
        return (await platform.SendAsync<JsonElement?>(HttpMethod.Put, "events", $"{FormText.Api}/host-calls/{call}/applications/{FormText.Escaped(form.Text("application"))}/scores", new
        {
            points = Each(form, "points-").ToDictionary(field => field.Name, field => int.TryParse(field.Value, out var points) ? points : -1), remark = form.Filled("remark"),
        }, cancellation)).Outcome.Back($"/hosts/{call}", "applications");
    }

    private static async Task<RedirectHttpResult> DecideAsync(IFormCollection form, PlatformClient platform, CancellationToken cancellation)
    {
        var call = FormText.Escaped(form.Text("call"));
        return (await platform.PostAsync<JsonElement?>("events", $"{FormText.Api}/host-calls/{call}/decision", new { application = form.Text("application"), reasons = form.Text("reasons") }, cancellation)).Outcome.Back($"/hosts/{call}", "decision");
    }

    private static async Task<RedirectHttpResult> OrganiseAsync(IFormCollection form, PlatformClient platform, CancellationToken cancellation) => (form.Text("action") switch
    {
        "call" => (await platform.PostAsync<JsonElement?>("events", $"{FormText.Api}/elections", new
        {
            office = form.Text("office"), opens = form.Moment("opensOn", "opensAt"), closes = form.Moment("closesOn", "closesAt"), timeZone = form.Text("timeZone"),
        }, cancellation)).Outcome,
        "declare" => (await platform.PostAsync<JsonElement?>("events", $"{FormText.Api}/elections/{FormText.Escaped(form.Text("election"))}/result", new { }, cancellation)).Outcome,
        _ => (await platform.PostAsync<JsonElement?>("events", $"{FormText.Api}/mandates", new
        {
            person = form.Text("person"), office = form.Text("office"), startsOn = form.Filled("startsOn"), signatory = form.Filled("signatory"),
        }, cancellation)).Outcome,
    }).Back("/chairs");

    private static async Task<RedirectHttpResult> TakePartAsync(IFormCollection form, PlatformClient platform, CancellationToken cancellation)
    {
        var path = $"{FormText.Api}/elections/{FormText.Escaped(form.Text("election"))}";
        return (form.Text("action") == "vote"
            ? (await platform.PostAsync<JsonElement?>("events", $"{path}/votes", new { candidate = form.Text("candidate") }, cancellation)).Outcome
            : (await platform.PostAsync<JsonElement?>("events", $"{path}/candidacies", new { person = form.Text("person"), statement = form.Text("statement") }, cancellation)).Outcome).Back("/chairs");
    }

    private static IEnumerable<(string Name, string Value)> Each(IFormCollection form, string prefix) =>
        form.Where(field => field.Key.StartsWith(prefix, StringComparison.Ordinal)).Select(field => (field.Key[prefix.Length..], field.Value.ToString()));

    private static int NumberAt(string[] parts, int at, int usual) => at < parts.Length && int.TryParse(parts[at], out var number) ? number : usual;
}
