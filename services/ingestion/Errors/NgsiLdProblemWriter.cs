using LivingCity.Ingestion.Web;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;

namespace LivingCity.Ingestion.Errors;

internal static class NgsiLdProblemsExtensions
{
    /// <summary>Errors in the form of NGSI-LD where it is spoken. The first writer that can write does, and that of problem+json can write what most accept.</summary>
    public static IServiceCollection AddNgsiLdProblems(this IServiceCollection services)
    {
        services.Insert(0, ServiceDescriptor.Singleton<IProblemDetailsWriter, NgsiLdProblemWriter>());
        return services;
    }
}

/// <summary>
/// Writes errors as ETSI GS CIM 009 wants them (clauses 6.3.3, 6.3.4 and 6.3.6): as application/json, whatever the caller accepts, and without a body for a missing length and a wrong media type.
/// </summary>
internal sealed class NgsiLdProblemWriter(IOptions<ProblemDetailsOptions> options) : IProblemDetailsWriter
{
    public bool CanWrite(ProblemDetailsContext context) => context.HttpContext.Request.Path.StartsWithSegments("/ngsi-ld", StringComparison.Ordinal);

    public ValueTask WriteAsync(ProblemDetailsContext context)
    {
        var (request, response) = (context.HttpContext.Request, context.HttpContext.Response);
        if (response.StatusCode == StatusCodes.Status415UnsupportedMediaType)
        {
            response.Headers.Accept = MediaTypes.Bodies(request); // RFC 9110, section 15.5.16: what would be taken
        }

        if (response.StatusCode is StatusCodes.Status411LengthRequired or StatusCodes.Status415UnsupportedMediaType)
        {
            return ValueTask.CompletedTask;
        }

        context.ProblemDetails.Status ??= response.StatusCode;
        context.ProblemDetails.Title ??= ReasonPhrases.GetReasonPhrase(response.StatusCode);
        options.Value.CustomizeProblemDetails?.Invoke(context);
        return new ValueTask(response.WriteAsJsonAsync(context.ProblemDetails, options: null, MediaTypes.Json, context.HttpContext.RequestAborted));
    }
}
