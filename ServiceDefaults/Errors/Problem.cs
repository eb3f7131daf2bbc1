using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace LivingCity.ServiceDefaults.Errors;

/// <summary>
/// A named error (RFC 9457): one type, one status, one title. A feature lists its own as static members; the shared ones are here.
/// </summary>
/// <param name="Name">The last part of the problem's <c>type</c>: stable, since clients branch on it.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Title">A short sentence that is the same every time.</param>
public sealed record Problem(string Name, int Status, string Title)
{
    /// <summary>The input breaks one or more rules; <c>errors</c> names each field.</summary>
    public static readonly Problem Invalid = new("invalid-input", StatusCodes.Status400BadRequest, "The input is not valid.");

    /// <summary>What is asked for does not exist, or not for this caller.</summary>
    public static readonly Problem NotFound = new("not-found", StatusCodes.Status404NotFound, "There is nothing here for this caller.");

    /// <summary>What is stored has changed since the caller read it.</summary>
    public static readonly Problem Stale = new("stale", StatusCodes.Status412PreconditionFailed, "This was changed by someone else meanwhile: read it again and repeat the change.");

    /// <summary>An edit must say which version it edits.</summary>
    public static readonly Problem PreconditionRequired = new("precondition-required", StatusCodes.Status428PreconditionRequired, "Send If-Match with the ETag that was read.");

    /// <summary>The caller's token names no city, so there is no tenant to act for.</summary>
    public static readonly Problem NoCity = new("no-city", StatusCodes.Status403Forbidden, "The token names no city.");

    /// <summary>An idempotency key was used before with another request.</summary>
    public static readonly Problem KeyReused = new("idempotency-key-reused", StatusCodes.Status422UnprocessableEntity, "This Idempotency-Key belongs to another request.");

    /// <summary>A dependency (database, broker, identity provider) is away for a moment.</summary>
    public static readonly Problem Unavailable = new("unavailable", StatusCodes.Status503ServiceUnavailable, "The service cannot do this right now. Try again in a moment.");

    /// <summary>The caller sent more requests than its limit allows.</summary>
    public static readonly Problem TooManyRequests = new("too-many-requests", StatusCodes.Status429TooManyRequests, "Too many requests. Slow down and try again.");

    /// <summary>The problem's <c>type</c>.</summary>
    public string Type => $"urn:living-city:problem:{Name}";

    /// <summary>This problem as an endpoint's result.</summary>
    public ProblemHttpResult Because(string detail) => TypedResults.Problem(Details(detail));

    /// <summary>This problem with the fields that are wrong, each with all that is wrong with it.</summary>
    public ProblemHttpResult Because(IReadOnlyDictionary<string, string[]> errors) => TypedResults.Problem(Details(errors));

    /// <summary>This problem as an exception, for code below an endpoint.</summary>
    public ProblemException Throw(string detail) => new(Details(detail));

    internal ProblemDetails Details(string? detail) => new() { Type = Type, Status = Status, Title = Title, Detail = detail };

    internal ProblemDetails Details(IReadOnlyDictionary<string, string[]> errors)
    {
        var details = Details(string.Join(" ", errors.SelectMany(field => field.Value.Select(message => $"{field.Key}: {message}"))));
        details.Extensions["errors"] = errors;
        return details;
    }
}

/// <summary>A problem thrown where no result can be returned. Standards with error types of their own derive from it.</summary>
public class ProblemException(ProblemDetails details) : Exception(details.Detail ?? details.Title)
{
    /// <summary>The answer that it leads to.</summary>
    public ProblemDetails Details { get; } = details;
}
