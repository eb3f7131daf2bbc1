using Dapper;
using LivingCity.Assessment.Answers;
using LivingCity.Assessment.Questionnaires;
using LivingCity.Assessment.Roadmaps;
using LivingCity.ServiceDefaults.Data;
using LivingCity.ServiceDefaults.Errors;
using LivingCity.ServiceDefaults.Web;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LivingCity.Assessment.Procurement;

/// <summary>The procurement needs that follow from a submitted assessment and its newest roadmap, as data, as a word processor's document and as PDF.</summary>
internal static class ProcurementEndpoints
{
    private static readonly Problem NotSubmitted = new("assessment-not-submitted", StatusCodes.Status409Conflict, "Needs follow from a submitted assessment.");
    private static readonly Problem NoBrowser = new("no-browser", StatusCodes.Status503ServiceUnavailable, "This installation has no browser to print PDF with.");

    public static IServiceCollection AddProcurement(this IServiceCollection services) => services.AddSingleton<PdfPages>();

    public static void MapProcurement(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/assessments/{id:guid}").RequireAuthorization(Respondents.Policy).WithTags("Procurement");
        group.MapGet("/procurement-needs", async (Guid id, Work work, QuestionnaireLibrary library, HttpRequest http, CancellationToken cancellationToken) => TypedResults.Ok(await MakeAsync(id, work, library, http, cancellationToken)))
            .Transactional().WithSummary("The needs, each line with what it follows from.");
        group.MapGet("/procurement-needs.docx", async (Guid id, Work work, QuestionnaireLibrary library, HttpRequest http, CancellationToken cancellationToken) =>
            TypedResults.File(WordDocument.Write(await MakeAsync(id, work, library, http, cancellationToken)), "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "procurement-needs.docx"))
            .Transactional().WithSummary("The needs as a word processor's document.");
        group.MapGet("/procurement-needs.pdf", async Task<Results<FileContentHttpResult, ProblemHttpResult>> (Guid id, Work work, QuestionnaireLibrary library, PdfPages pages, HttpRequest http, CancellationToken cancellationToken) =>
            await pages.PrintAsync(await MakeAsync(id, work, library, http, cancellationToken), cancellationToken) is { } pdf
                ? TypedResults.File(pdf, "application/pdf", "procurement-needs.pdf")
                : NoBrowser.Because("Install Chromium, or name one in Procurement:Browser."))
            .Transactional().WithSummary("The needs as PDF.");
    }

    private static async Task<NeedsDocument> MakeAsync(Guid id, Work work, QuestionnaireLibrary library, HttpRequest http, CancellationToken cancellationToken)
    {
        var assessment = await StoredAssessment.FindAsync(work, id, alone: false, cancellationToken) ?? throw Problem.NotFound.Throw($"There is no assessment {id}.");
        if (assessment.Result?.Details is null)
        {
            throw NotSubmitted.Throw("Submit it first.");
        }

        var language = RoadmapEndpoints.LanguageOf(http);
        var roadmap = (await RoadmapEndpoints.IssuedAsync(work, id, language, cancellationToken)).FirstOrDefault()?.Roadmap;
        var city = await work.Connection.ExecuteScalarAsync<string?>(new CommandDefinition("SELECT name FROM city_profile WHERE tenant = @Tenant", new { work.Tenant }, work.Transaction, cancellationToken: cancellationToken));
        return new NeedsMaker(await library.GetAsync(work, assessment.QuestionnaireId, cancellationToken), assessment.Result, roadmap, language).Make(new NeedsOf(city ?? work.Tenant!, assessment.SubmittedAt!.Value));
    }
}
