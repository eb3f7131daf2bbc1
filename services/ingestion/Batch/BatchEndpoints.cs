using System.Text.Json;
using LivingCity.Ingestion.Contexts;
using LivingCity.Ingestion.Errors;
using LivingCity.ServiceDefaults.Security;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace LivingCity.Ingestion.Batch;

/// <summary>Batch operations on entities (ETSI GS CIM 009, clauses 5.6.7 to 5.6.10 and 6.14 to 6.17).</summary>
internal static class BatchEndpoints
{
    public static IServiceCollection AddBatch(this IServiceCollection services) => services.AddSingleton<BatchUpsert>();

    public static void MapBatch(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/entityOperations/upsert", UpsertAsync).RequireAuthorization(Access.DataOfficer).WithTags("NGSI-LD")
            .WithSummary("Creates or updates many entities. 201: ids of the created ones. 204: all existed. 207: some were refused, each with its reason.");

    private static async Task<Results<Created<IReadOnlyList<string>>, NoContent, JsonHttpResult<BatchResult>>> UpsertAsync(
        RequestContext context, HttpRequest request, BatchUpsert upsert, string? options, CancellationToken cancellationToken)
    {
        using var body = await ReadAsync(request, cancellationToken);
        if (body.RootElement.ValueKind != JsonValueKind.Array || body.RootElement.GetArrayLength() == 0)
        {
            throw NgsiLdException.BadRequestData("The body must be an array of at least one entity.");
        }

        var replace = options?.Split(',').Contains("update") != true;
        var result = await upsert.RunAsync(context, body.RootElement.EnumerateArray(), replace, cancellationToken);
        return result.Errors.Count > 0 ? TypedResults.Json(result, statusCode: StatusCodes.Status207MultiStatus)
            : result.Created.Count > 0 ? TypedResults.Created((string?)null, result.Created)
            : TypedResults.NoContent();
    }

    private static async Task<JsonDocument> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var type = request.GetTypedHeaders().ContentType?.MediaType.Value;
        if (type is not ("application/json" or "application/ld+json"))
        {
            throw new BadHttpRequestException("Send application/json or application/ld+json.", StatusCodes.Status415UnsupportedMediaType);
        }

        try
        {
            return await JsonDocument.ParseAsync(request.Body, cancellationToken: cancellationToken);
        }
        catch (JsonException exception)
        {
            throw NgsiLdException.InvalidRequest($"The body is not valid JSON: line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1}.");
        }
    }
}

/// <summary>What became of a batch (clause 5.2.16).</summary>
internal sealed record BatchResult(IReadOnlyList<string> Success, IReadOnlyList<BatchEntityError> Errors)
{
    /// <summary>Those of <see cref="Success"/> that did not exist before.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public IReadOnlyList<string> Created { get; init; } = [];
}

/// <summary>Why one entity of a batch was refused (clause 5.2.17).</summary>
internal sealed record BatchEntityError(string EntityId, ProblemDetails Error);
