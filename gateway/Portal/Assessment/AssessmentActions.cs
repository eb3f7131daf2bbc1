using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using LivingCity.Gateway.Portal.Services;
using LivingCity.ServiceDefaults.Security;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace LivingCity.Gateway.Portal.Assessment;

/// <summary>What the forms of the assessment's pages do.</summary>
internal static class AssessmentActions
{
    private static readonly Dictionary<string, (string Path, Func<string, object?> Body, string Next)> Steps = new()
    {
        ["request"] = ("/review-request", _ => null, "/review"),
        ["approve"] = ("/review", note => new { decision = "approved", note }, "/review"),
        ["return"] = ("/review", note => new { decision = "returned", note }, "/review"),
        ["submit"] = ("/submission", _ => null, "/results"),
    };

    public static void MapAssessmentActions(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("").RequireAuthorization(Access.SignedIn);
        group.MapPost("/assessment/start", StartAsync);
        group.MapPost("/assessment/language", ([FromForm] string? language, [FromForm] string? returnUrl, HttpContext context) =>
        {
            ContentLanguage.Choose(context, language);
            return TypedResults.Redirect(PortalPaths.Local(returnUrl));
        });
        group.MapPost("/assessment/city", CityAsync);
        group.MapPost("/assessment/{id:guid}/answers/{question}", AnswerAsync);
        group.MapPost("/assessment/{id:guid}/comments", CommentAsync);
        group.MapPost("/assessment/{id:guid}/departments", DepartmentAsync);
        group.MapPost("/assessment/{id:guid}/evidence", EvidenceAsync);
        group.MapPost("/assessment/{id:guid}/steps/{step}", StepAsync);
        group.MapRoadmapActions();
        group.MapPost("/expressions/ask", AskAsync);
        group.MapPost("/expressions/{id:guid}/{step}", DeskAsync);
        group.MapAssessmentData();
    }

    private static async Task<RedirectHttpResult> StartAsync([FromForm] string questionnaire, [FromForm] bool? review, PlatformClient platform, CancellationToken cancellation)
    {
        using var answer = await platform.ForwardAsync(HttpMethod.Post, AssessmentPaths.Service, $"{AssessmentPaths.Api}/assessments", JsonContent.Create(new { questionnaire, requiresReview = review == true }), null, cancellation);
        return answer is { IsSuccessStatusCode: true } && await answer.Content.ReadFromJsonAsync<AssessmentState>(cancellation) is { } started
            ? TypedResults.Redirect(AssessmentPaths.Page(started.Id))
            : TypedResults.Redirect("/assessment?failed=1");
    }

    private static async Task<RedirectHttpResult> CityAsync(
        [FromForm] string name, [FromForm] string? country, [FromForm] string? region, [FromForm] int? population, [FromForm] string? version, PlatformClient platform, CancellationToken cancellation)
    {
        static string? Filled(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
        using var answer = await platform.ForwardAsync(HttpMethod.Put, AssessmentPaths.Service, $"{AssessmentPaths.Api}/city", JsonContent.Create(new { name, country = Filled(country), region = Filled(region), population }), Filled(version), cancellation);
        return TypedResults.Redirect(answer is { IsSuccessStatusCode: true } ? "/assessment?done=1" : "/assessment?failed=1");
    }

    /// <summary>Saves one answer. The page's script asks for JSON and stays; without scripts the page is shown again.</summary>
    private static async Task<IResult> AnswerAsync(Guid id, string question, IFormCollection form, HttpRequest request, PlatformClient platform, CancellationToken cancellation)
    {
        var inPlace = request.Headers.Accept.ToString().Contains("application/json", StringComparison.Ordinal);
        var back = $"{AssessmentPaths.Page(id)}?part={Uri.EscapeDataString(form["part"].ToString())}";
        if (FormValues.Read(form) is not { } body)
        {
            return inPlace ? Results.Json(new { state = "incomplete" }) : Results.Redirect($"{back}#{question}");
        }

        using var answer = await platform.ForwardAsync(
            HttpMethod.Put, AssessmentPaths.Service, $"{AssessmentPaths.Of(id)}/answers/{Uri.EscapeDataString(question)}", JsonContent.Create(body), $"\"{form["version"]}\"", cancellation);
        if (!inPlace)
        {
            return Results.Redirect($"{back}&{(answer is { IsSuccessStatusCode: true } ? "saved" : answer?.StatusCode == HttpStatusCode.PreconditionFailed ? "conflict" : "refused")}={Uri.EscapeDataString(question)}#{question}");
        }

        if (answer is null)
        {
            return Results.StatusCode(StatusCodes.Status503ServiceUnavailable);
        }

        if (answer.IsSuccessStatusCode)
        {
            var state = (await platform.GetAsync<AssessmentState>(AssessmentPaths.Service, AssessmentPaths.Of(id), cancellation)).Value;
            return Results.Json(new { state = "saved", version = answer.Headers.ETag?.Tag.Trim('"'), hidden = state?.Hidden, open = state?.Open.Count });
        }

        var problem = await answer.Content.ReadFromJsonAsync<JsonObject>(cancellation);
        if (answer.StatusCode == HttpStatusCode.PreconditionFailed && problem?["current"] is JsonObject current)
        {
            var asked = await AskedAsync(request.HttpContext, platform, id, question, cancellation);
            return Results.Json(new { state = "conflict", version = (long?)current["version"], by = (string?)current["answeredBy"], text = asked?.Say(System.Text.Json.JsonSerializer.SerializeToElement(current["value"])) ?? "" });
        }

        return Results.Json(new { state = "refused", detail = (string?)problem?["detail"] });
    }

    private static async Task<RedirectHttpResult> CommentAsync(Guid id, [FromForm] string question, [FromForm] string text, [FromForm] string? part, PlatformClient platform, CancellationToken cancellation)
    {
        using var answer = await platform.ForwardAsync(HttpMethod.Post, AssessmentPaths.Service, $"{AssessmentPaths.Of(id)}/comments", JsonContent.Create(new { question, text }), null, cancellation);
        return Back(id, part, question, answer);
    }

    private static async Task<RedirectHttpResult> DepartmentAsync(Guid id, [FromForm] string name, [FromForm] string parts, [FromForm] string? part, PlatformClient platform, CancellationToken cancellation)
    {
        var key = string.Concat(name.Trim().ToLowerInvariant().Select(character => char.IsLetterOrDigit(character) ? character : '-'));
        using var answer = await platform.ForwardAsync(
            HttpMethod.Put, AssessmentPaths.Service, $"{AssessmentPaths.Of(id)}/departments/{Uri.EscapeDataString(key.Length is > 0 and <= 60 ? key : "department")}", JsonContent.Create(new { name, parts = new[] { parts } }), null, cancellation);
        return Back(id, part, "departments", answer);
    }

    private static async Task<RedirectHttpResult> EvidenceAsync(Guid id, IFormFile file, [FromForm] string question, [FromForm] string? part, PlatformClient platform, CancellationToken cancellation)
    {
        using var content = new StreamContent(file.OpenReadStream());
        content.Headers.ContentType = MediaTypeHeaderValue.TryParse(file.ContentType, out var type) ? type : null;
        using var added = await platform.ForwardAsync(
            HttpMethod.Post, AssessmentPaths.Service, $"{AssessmentPaths.Of(id)}/evidence?question={Uri.EscapeDataString(question)}&name={Uri.EscapeDataString(Path.GetFileName(file.FileName))}", content, null, cancellation);
        if (added is not { IsSuccessStatusCode: true } || await added.Content.ReadFromJsonAsync<EvidenceFile>(cancellation) is not { } stored)
        {
            return Back(id, part, question, added);
        }

        // The file is an answer once the answer names it.
        var state = (await platform.GetAsync<AssessmentState>(AssessmentPaths.Service, AssessmentPaths.Of(id), cancellation)).Value;
        var known = state?.Answers.GetValueOrDefault(question);
        string[] items = [.. known?.Value is { ValueKind: System.Text.Json.JsonValueKind.Array } value ? value.EnumerateArray().Select(item => item.GetString()!) : [], $"evidence:{stored.Id}"];
        using var named = await platform.ForwardAsync(HttpMethod.Put, AssessmentPaths.Service, $"{AssessmentPaths.Of(id)}/answers/{Uri.EscapeDataString(question)}", JsonContent.Create(new { value = items }), $"\"{known?.Version ?? 0}\"", cancellation);
        return Back(id, part, question, named);
    }

    private static async Task<Results<RedirectHttpResult, NotFound>> StepAsync(Guid id, string step, [FromForm] string? note, PlatformClient platform, CancellationToken cancellation)
    {
        if (!Steps.TryGetValue(step, out var known))
        {
            return TypedResults.NotFound();
        }

        var body = known.Body(note ?? "");
        using var answer = await platform.ForwardAsync(HttpMethod.Post, AssessmentPaths.Service, AssessmentPaths.Of(id) + known.Path, body is null ? null : JsonContent.Create(body), null, cancellation);
        return TypedResults.Redirect(answer is { IsSuccessStatusCode: true } ? AssessmentPaths.Page(id, $"{known.Next}?done=1") : AssessmentPaths.Page(id, "/review?failed=1"));
    }

    private static async Task<RedirectHttpResult> AskAsync([FromForm] string phase, [FromForm] int population, [FromForm] string contact, [FromForm] string motivation, PlatformClient platform, CancellationToken cancellation)
    {
        using var answer = await platform.ForwardAsync(HttpMethod.Post, AssessmentPaths.Service, $"{AssessmentPaths.Api}/expressions", JsonContent.Create(new { phase, population, contact, motivation }), null, cancellation);
        return TypedResults.Redirect($"/expressions?{(answer is { IsSuccessStatusCode: true } ? "done" : "failed")}=1");
    }

    private static async Task<Results<RedirectHttpResult, NotFound>> DeskAsync(Guid id, string step, [FromForm] string? name, [FromForm] string? report, PlatformClient platform, CancellationToken cancellation)
    {
        var (path, body) = step switch
        {
            "invitation" => ("invitation", null),
            "milestone" => ($"milestones/{Uri.EscapeDataString(name ?? "")}", (object?)new { }),
            "outcome" => ("outcome", new { report = report ?? "" }),
            _ => (null, null),
        };
        if (path is null)
        {
            return TypedResults.NotFound();
        }

        using var answer = await platform.ForwardAsync(HttpMethod.Post, AssessmentPaths.Service, $"{AssessmentPaths.Api}/helpdesk/expressions/{id}/{path}", body is null ? null : JsonContent.Create(body), null, cancellation);
        return TypedResults.Redirect($"/expressions?{(answer is { IsSuccessStatusCode: true } ? "done" : "failed")}=1");
    }

    private static async Task<Question?> AskedAsync(HttpContext context, PlatformClient platform, Guid id, string question, CancellationToken cancellation)
    {
        var state = (await platform.GetAsync<AssessmentState>(AssessmentPaths.Service, AssessmentPaths.Of(id), cancellation)).Value;
        return state is null ? null : (await platform.GetAsync<Questionnaire>(AssessmentPaths.Service, AssessmentPaths.Questionnaire(state.Questionnaire, context), cancellation)).Value?.Find(question);
    }

    private static RedirectHttpResult Back(Guid id, string? part, string fragment, HttpResponseMessage? answer) =>
        TypedResults.Redirect($"{AssessmentPaths.Page(id)}?part={Uri.EscapeDataString(part ?? "")}&{(answer is { IsSuccessStatusCode: true } ? "done" : "failed")}=1#{fragment}");
}
