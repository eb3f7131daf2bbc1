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
        // A page that failed half-way has used up the request's renderer: the error's page gets services of its own.
        var services = context.HttpContext.RequestServices;
        await using var scope = services.CreateAsyncScope();
        context.HttpContext.RequestServices = scope.ServiceProvider;
        context.HttpContext.Response.Headers.Remove("blazor-enhanced-nav");
        try
        {
            await new RazorComponentResult<ErrorPage>(new { Status = status }) { StatusCode = status }.ExecuteAsync(context.HttpContext);
        }
        finally
        {
            context.HttpContext.RequestServices = services;
        }
    }
}
