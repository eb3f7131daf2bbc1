using LivingCity.Ingestion.Entities;
using LivingCity.Ingestion.Web;

namespace LivingCity.Ingestion.AttributeOperations;

/// <summary>What became of each attribute of a fragment (ETSI GS CIM 009, clauses 5.2.18 and 5.2.19).</summary>
/// <param name="Updated">Names of those that were taken over.</param>
/// <param name="NotUpdated">The others, each with its reason.</param>
internal sealed record UpdateResult(IReadOnlyList<string> Updated, IReadOnlyList<NotUpdated> NotUpdated)
{
    /// <summary>204 when all were taken over, else 207 with what became of each, under full names: there is no context in such an answer (clause 6.3.6).</summary>
    public static IResult Of(Entity given, Func<string, AttributeInstance, string?> reason)
    {
        var results = given.Attributes.SelectMany(attribute => attribute.Value.Select(instance => (Name: attribute.Key, Reason: reason(attribute.Key, instance)))).ToArray();
        return results.All(result => result.Reason is null) ? TypedResults.NoContent()
            : TypedResults.Json(new UpdateResult(
                [.. results.Where(result => result.Reason is null).Select(result => result.Name).Distinct()],
                [.. results.Where(result => result.Reason is not null).Select(result => new NotUpdated(result.Name, result.Reason!)).Distinct()]),
                contentType: MediaTypes.Json, statusCode: StatusCodes.Status207MultiStatus);
    }
}

/// <summary>Why an attribute was not taken over.</summary>
internal sealed record NotUpdated(string AttributeName, string Reason);
