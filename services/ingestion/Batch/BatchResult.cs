using System.Text.Json.Serialization;
using LivingCity.Ingestion.Errors;
using LivingCity.Ingestion.Web;
using Microsoft.AspNetCore.Mvc;

namespace LivingCity.Ingestion.Batch;

/// <summary>What became of a batch (ETSI GS CIM 009, clause 5.2.16).</summary>
/// <param name="Success">Ids of the entities for which it worked.</param>
/// <param name="Errors">The others, each with its reason.</param>
internal sealed record BatchResult(IReadOnlyList<string> Success, IReadOnlyList<BatchEntityError> Errors)
{
    /// <summary>Those of <see cref="Success"/> that did not exist before.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> Created { get; init; } = [];

    /// <summary>207 when something failed; else 201 with the ids of what was created, or 204 when nothing was.</summary>
    public IResult ToAnswer() => Errors.Count > 0 ? TypedResults.Json(this, contentType: MediaTypes.Json, statusCode: StatusCodes.Status207MultiStatus)
        : Created.Count > 0 ? TypedResults.Json(Created, contentType: MediaTypes.Json, statusCode: StatusCodes.Status201Created)
        : TypedResults.NoContent();
}

/// <summary>Why one entity of a batch was refused (clause 5.2.17).</summary>
internal sealed record BatchEntityError(string EntityId, ProblemDetails Error)
{
    /// <summary>The source that refused it, where it was not this broker.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? RegistrationId { get; init; }

    public static BatchEntityError From(string id, NgsiLdException exception) => new(id, exception.Details);
}
