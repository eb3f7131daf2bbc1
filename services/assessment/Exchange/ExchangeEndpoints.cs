using System.Text.Json.Nodes;
using System.Xml;
using LivingCity.Assessment.Questionnaires;
using LivingCity.ServiceDefaults.Errors;
using LivingCity.ServiceDefaults.Security;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LivingCity.Assessment.Exchange;

/// <summary>Questionnaires for other tools, and from them.</summary>
internal static class ExchangeEndpoints
{
    private const int LargestFile = 5 * 1024 * 1024;

    private static readonly Problem TooLarge = new("import-too-large", StatusCodes.Status413PayloadTooLarge, "A form to import has at most 5 MiB.");

    public static void MapExchange(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("").WithTags("Exchange");
        group.MapGet("/questionnaires/{name}/{version:int}/xlsform", Results<FileContentHttpResult, ProblemHttpResult> (string name, int version, QuestionnaireCatalogue catalogue) =>
            catalogue.Find($"{name}/{version}") is { } found ? TypedResults.File(XlsForm.Write(found), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", $"{name}-{version}.xlsx") : NoSuch(name, version))
            .RequireAuthorization(Access.Public).WithSummary("A questionnaire as XLSForm, with a sheet of what that does not carry.");
        group.MapGet("/questionnaires/{name}/{version:int}/surveyjs", Results<Ok<JsonObject>, ProblemHttpResult> (string name, int version, QuestionnaireCatalogue catalogue) =>
            catalogue.Find($"{name}/{version}") is { } found ? TypedResults.Ok(SurveyJs.Write(found)) : NoSuch(name, version))
            .RequireAuthorization(Access.Public).WithSummary("A questionnaire as SurveyJS JSON, with a list of what that does not carry.");
        group.MapPost("/imports/xlsform/{name}", XlsFormAsync).RequireAuthorization(Access.Assessor).WithSummary("Reads an XLSForm (the body is the xlsx): a draft to look at, and what was not understood. Nothing is kept.");
        group.MapPost("/imports/surveyjs/{name}", (string name, JsonObject survey) => TypedResults.Ok(SurveyJs.Read(survey, name))).RequireAuthorization(Access.Assessor)
            .WithSummary("Reads SurveyJS JSON: a draft to look at, and what was not understood. Nothing is kept.");
    }

    private static async Task<Results<Ok<Imported>, ProblemHttpResult>> XlsFormAsync(string name, HttpRequest request, CancellationToken cancellationToken)
    {
        using var memory = new MemoryStream();
        var buffer = new byte[64 * 1024];
        for (int read; (read = await request.Body.ReadAsync(buffer, cancellationToken)) > 0;)
        {
            if (memory.Length + read > LargestFile)
            {
                return TooLarge.Because("The body is longer.");
            }

            memory.Write(buffer, 0, read);
        }

        try
        {
            memory.Position = 0;
            return TypedResults.Ok(XlsForm.Read(memory, name));
        }
        catch (Exception exception) when (exception is InvalidDataException or XmlException or KeyNotFoundException or ArgumentException)
        {
            return new Validation().Rule(false, "body", $"is no XLSForm: {exception.Message}").ToResult();
        }
    }

    private static ProblemHttpResult NoSuch(string name, int version) => Problem.NotFound.Because($"There is no questionnaire {name}/{version}.");
}
