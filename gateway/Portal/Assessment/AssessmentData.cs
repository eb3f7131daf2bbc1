using LivingCity.Gateway.Portal.Live;
using LivingCity.Gateway.Portal.Services;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Localization;

namespace LivingCity.Gateway.Portal.Assessment;

/// <summary>What the pages' chart and script ask for, and the documents to take along.</summary>
internal static class AssessmentData
{
    private const double Middle = 50;

    private static readonly Dictionary<string, (string Path, string Name)> Documents = new()
    {
        ["needs.docx"] = ("/procurement-needs.docx", "procurement-needs.docx"),
        ["needs.pdf"] = ("/procurement-needs.pdf", "procurement-needs.pdf"),
        ["package.json"] = ("/package", "assessment-package.json"),
    };

    public static void MapAssessmentData(this IEndpointRouteBuilder group)
    {
        group.MapGet("/assessment/{id:guid}/radar", RadarAsync);
        group.MapGet("/assessment/{id:guid}/changes", async (Guid id, long after, PlatformClient platform, CancellationToken cancellation) =>
            TypedResults.Ok((await platform.GetAsync<IReadOnlyList<Change>>(AssessmentPaths.Service, $"{AssessmentPaths.Of(id)}/changes?after={after}", cancellation)).OrThrow()));
        group.MapGet("/assessment/{id:guid}/documents/{document}", DocumentAsync);
        group.MapGet("/assessment/{id:guid}/evidence/{file:guid}", async (Guid id, Guid file, PlatformClient platform, CancellationToken cancellation) =>
            await TakeAsync(platform, $"{AssessmentPaths.Of(id)}/evidence/{file}", null, cancellation));
    }

    private static async Task<Results<ConditionalJson<RadarData>, NotFound>> RadarAsync(Guid id, string? language, IStringLocalizer<AssessmentTexts> texts, PlatformClient platform, CancellationToken cancellation)
    {
        if ((await platform.GetAsync<AssessmentState>(AssessmentPaths.Service, AssessmentPaths.Of(id), cancellation)).OrThrow() is not { Result: { } result } state
            || (await platform.GetAsync<Questionnaire>(AssessmentPaths.Service, $"{AssessmentPaths.Api}/questionnaires/{state.Questionnaire}?language={Uri.EscapeDataString(language ?? "en")}", cancellation)).OrThrow() is not { } questionnaire)
        {
            return TypedResults.NotFound();
        }

        var series = new List<RadarSeries> { new(texts["Peers.You"], [.. questionnaire.Dimensions.Select(dimension => result.Dimensions.TryGetValue(dimension.Id, out var score) ? Math.Round(score, 1) : (double?)null)]) };
        var standing = (await platform.GetAsync<Standing>(AssessmentPaths.Service, AssessmentPaths.Standing(id), cancellation)).Value;
        if (standing?.Whole is { Count: > 0 } middle)
        {
            series.Add(new(texts["Peers.Middle"], [.. questionnaire.Dimensions.Select(dimension => middle.GetValueOrDefault(dimension.Id)?.Median)]));
        }

        return ConditionalJson.Of(new RadarData([.. questionnaire.Dimensions.Select(dimension => new RadarAxis(dimension.Title, 100))], series, series.Count > 1 ? null : Middle));
    }

    private static async Task<IResult> DocumentAsync(Guid id, string document, HttpContext context, PlatformClient platform, CancellationToken cancellation) => Documents.TryGetValue(document, out var known)
        ? await TakeAsync(platform, $"{AssessmentPaths.Of(id)}{known.Path}?{ContentLanguage.Query(context)}", known.Name, cancellation) is var taken && taken is StatusCodeHttpResult { StatusCode: StatusCodes.Status503ServiceUnavailable }
            ? Results.Redirect(AssessmentPaths.Page(id, "/needs?unprinted=1"))
            : taken
        : Results.NotFound();

    private static async Task<IResult> TakeAsync(PlatformClient platform, string path, string? name, CancellationToken cancellation)
    {
        using var answer = await platform.ForwardAsync(HttpMethod.Get, AssessmentPaths.Service, path, null, null, cancellation);
        return answer is { IsSuccessStatusCode: true }
            ? Results.File(await answer.Content.ReadAsByteArrayAsync(cancellation), answer.Content.Headers.ContentType?.ToString(), name ?? answer.Content.Headers.ContentDisposition?.FileNameStar ?? "evidence")
            : Results.StatusCode(answer is null ? StatusCodes.Status503ServiceUnavailable : (int)answer.StatusCode);
    }

    private sealed record Change(long Position, string Question, Given Answer);
}
