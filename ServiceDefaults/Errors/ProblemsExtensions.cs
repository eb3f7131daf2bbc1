using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace LivingCity.ServiceDefaults.Errors;

/// <summary>Every error leaves as problem+json: thrown, returned, or made by the framework (404, 405, 415, malformed JSON).</summary>
internal static class ProblemsExtensions
{
    public static IServiceCollection AddProblems(this IServiceCollection services)
    {
        services.AddProblemDetails(options => options.CustomizeProblemDetails = context =>
        {
            context.ProblemDetails.Instance ??= context.HttpContext.Request.Path;
            if (context.ProblemDetails.Type?.StartsWith("https://tools.ietf.org/", StringComparison.Ordinal) != false)
            {
                context.ProblemDetails.Type = $"urn:living-city:problem:http-{context.ProblemDetails.Status}";
            }
        });
        services.AddExceptionHandler<ExceptionToProblem>();

        // Without it the framework answers a bad request body with an empty 400 outside Development, and the field is lost.
        services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
        services.ConfigureHttpJsonOptions(options =>
        {
            options.SerializerOptions.RespectNullableAnnotations = true;
            options.SerializerOptions.RespectRequiredConstructorParameters = true;
            options.SerializerOptions.UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow;
            options.SerializerOptions.AllowDuplicateProperties = false;
            options.SerializerOptions.DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull;
            options.SerializerOptions.Converters.Add(new System.Text.Json.Serialization.JsonStringEnumConverter(JsonNamingPolicy.CamelCase));
        });
        return services;
    }

    public static void UseProblems(this WebApplication app)
    {
        app.UseExceptionHandler(new ExceptionHandlerOptions { SuppressDiagnosticsCallback = context => context.Exception is ProblemException or BadHttpRequestException });
        app.UseStatusCodePages();
    }
}

internal sealed partial class ExceptionToProblem(IProblemDetailsService problems, ILogger<ExceptionToProblem> logger) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (exception is OperationCanceledException && httpContext.RequestAborted.IsCancellationRequested)
        {
            httpContext.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
            return true;
        }

        var details = Describe(exception);
        if (details.Status >= StatusCodes.Status500InternalServerError)
        {
            Failed(logger, exception, httpContext.Request.Method, httpContext.Request.Path);
        }

        httpContext.Response.StatusCode = details.Status!.Value;
        if (details.Status == StatusCodes.Status503ServiceUnavailable)
        {
            httpContext.Response.Headers.RetryAfter = "2";
        }

        return await problems.TryWriteAsync(new ProblemDetailsContext { HttpContext = httpContext, ProblemDetails = details, Exception = exception });
    }

    private static ProblemDetails Describe(Exception exception) => exception switch
    {
        ProblemException known => known.Details,
        BadHttpRequestException { InnerException: JsonException json } => Problem.Invalid.Details(
            new Dictionary<string, string[]> { [FieldOf(json)] = [Plain(json.Message)] }),
        BadHttpRequestException { StatusCode: StatusCodes.Status400BadRequest } bad => Problem.Invalid.Details(bad.Message),
        BadHttpRequestException bad => new ProblemDetails { Status = bad.StatusCode, Detail = bad.Message },
        PostgresException { SqlState: PostgresErrorCodes.CharacterNotInRepertoire or PostgresErrorCodes.UntranslatableCharacter } => Problem.Invalid.Details("A text holds the character U+0000, which cannot be kept: leave it out."),
        NpgsqlException { IsTransient: true } or TimeoutException => Problem.Unavailable.Details(null as string),
        PostgresException { SqlState: PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow } => Problem.Unavailable.Details(null as string),
        _ => new ProblemDetails { Status = StatusCodes.Status500InternalServerError, Title = "Something went wrong on our side. It has been logged." },
    };

    private static string FieldOf(JsonException json) => json.Path is { Length: > 2 } path ? path[2..] : "body";

    /// <summary>System.Text.Json appends path and position, which the field already says, and CLR type names, which say nothing to a caller.</summary>
    private static string Plain(string message)
    {
        var end = message.IndexOf(" Path:", StringComparison.Ordinal);
        message = end < 0 ? message : message[..end];
        return message.Contains("could not be converted to", StringComparison.Ordinal) ? "The value has the wrong type." : message;
    }

    [LoggerMessage(1000, LogLevel.Error, "{Method} {Path} failed")]
    private static partial void Failed(ILogger logger, Exception exception, string method, PathString path);
}
