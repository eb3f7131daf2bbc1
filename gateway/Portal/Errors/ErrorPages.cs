using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;

namespace LivingCity.Gateway.Portal.Errors;

/// <summary>Answers people with a page that helps where programs get problem+json.</summary>
internal sealed class ErrorPages : IProblemDetailsWriter
{
    private static readonly MediaTypeHeaderValue Html = new("text/html");

    public bool CanWrite(ProblemDetailsContext context)
    {
        var request = context.HttpContext.Request;
        return PortalPaths.IsForPeople(request.Path)
            && request.GetTypedHeaders().Accept.Any(accepted => accepted.MediaType == "text/html" && Html.IsSubsetOf(accepted));
    }

    public async ValueTask WriteAsync(ProblemDetailsContext context)
    {
        var status = context.ProblemDetails.Status ?? context.HttpContext.Response.StatusCode;
        await new RazorComponentResult<ErrorPage>(new { Status = status }) { StatusCode = status }.ExecuteAsync(context.HttpContext);
    }
}
