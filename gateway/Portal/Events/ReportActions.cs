using System.Text.Json;
using System.Text.Json.Nodes;
using LivingCity.Gateway.Portal.Services;
using LivingCity.ServiceDefaults.Security;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LivingCity.Gateway.Portal.Events;

/// <summary>Reports, next steps and the survey.</summary>
internal static class ReportActions
{
    public static void MapReportActions(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/reports/{id}");
        group.MapPost("/save", WriteAsync).RequireAuthorization(Access.Organiser);
        group.MapPost("/steps", StepAsync).RequireAuthorization(Access.Organiser);
        group.MapPost("/survey", AnswerAsync).RequireAuthorization(Access.SignedIn);
    }

    private static async Task<RedirectHttpResult> WriteAsync(string id, IFormCollection form, PlatformClient platform, CancellationToken cancellation)
    {
        var (path, language) = ($"{FormText.Api}/events/{FormText.Escaped(id)}/report", Languages.Language.Current);
        var draft = await platform.GetAsync<JsonObject>("events", $"{path}/draft", cancellation);
        if (draft.Value is not { } report)
        {
            return draft.Outcome.Back($"/reports/{FormText.Escaped(id)}/write");
        }

        DraftText.Set(report, "summary", form.Filled("summary"), language);
        DraftText.Set(report, "conclusion", form.Filled("conclusion"), language);
        foreach (var name in (string[])["insights", "priorities", "implications"])
        {
            report[name] = DraftText.Lines(report[name], form.Lines(name), language);
        }

        report["quotes"] = Quotes(report["quotes"] as JsonArray ?? [], form, language);
        report["recordings"] = SessionForm.Links(report["recordings"] as JsonArray ?? [], form.Lines("recordings"), language);
        report["links"] = SessionForm.Links(report["links"] as JsonArray ?? [], form.Lines("links"), language);
        return (await platform.SendAsync<JsonElement?>(HttpMethod.Put, "events", path, report, cancellation, form.Text("version"))).Outcome.Back($"/reports/{FormText.Escaped(id)}/write");
    }

    private static JsonArray Quotes(JsonArray known, IFormCollection form, string language)
    {
        var quotes = new JsonArray();
        for (var at = 0; form.ContainsKey($"by-{at}"); at++)
        {
            if (form.Filled($"by-{at}") is { } by && DraftText.With(at < known.Count ? known[at]!["words"] : null, form.Filled($"words-{at}"), language) is { } words)
            {
                quotes.Add((JsonNode?)new JsonObject { ["words"] = words, ["by"] = by, ["consent"] = form.Text($"consent-{at}") == "true" });
            }
        }

        return quotes;
    }

    private static async Task<RedirectHttpResult> StepAsync(string id, IFormCollection form, PlatformClient platform, CancellationToken cancellation)
    {
        var path = $"{FormText.Api}/events/{FormText.Escaped(id)}/next-steps";
        var step = new { promise = form.Text("promise"), responsible = form.Text("responsible"), status = form.Text("status"), dueOn = form.Filled("dueOn"), progress = form.Filled("progress") };
        var done = form.Filled("step") is { } known
            ? (await platform.SendAsync<JsonElement?>(HttpMethod.Put, "events", $"{path}/{FormText.Escaped(known)}", step, cancellation)).Outcome
            : (await platform.PostAsync<JsonElement?>("events", path, step, cancellation)).Outcome;
        return done.Back($"/reports/{FormText.Escaped(id)}/write", "steps");
    }

    private static async Task<RedirectHttpResult> AnswerAsync(string id, IFormCollection form, PlatformClient platform, CancellationToken cancellation) =>
        (await platform.SendAsync<JsonElement?>(HttpMethod.Put, "events", $"{FormText.Api}/events/{FormText.Escaped(id)}/survey", new
        {
            overall = form.Number("overall") ?? 0, content = form.Number("content") ?? 0, organisation = form.Number("organisation") ?? 0, remark = form.Filled("remark"),
        }, cancellation)).Outcome.Back($"/reports/{FormText.Escaped(id)}", "survey");
}
