using LivingCity.Ingestion.Contexts;
using LivingCity.Ingestion.Entities;

namespace LivingCity.Ingestion.AttributeOperations;

/// <summary>What became of each attribute of a fragment (ETSI GS CIM 009, clauses 5.2.18 and 5.2.19).</summary>
/// <param name="Updated">Names of those that were taken over.</param>
/// <param name="NotUpdated">The others, each with its reason.</param>
internal sealed record UpdateResult(IReadOnlyList<string> Updated, IReadOnlyList<NotUpdated> NotUpdated)
{
    /// <summary>204 when all were taken over, else 207 with what became of each.</summary>
    public static IResult Of(Entity given, LdContext context, Func<string, AttributeInstance, string?> reason)
    {
        var results = given.Attributes.SelectMany(attribute => attribute.Value.Select(instance => (Name: context.Compact(attribute.Key), Reason: reason(attribute.Key, instance)))).ToArray();
        return results.All(result => result.Reason is null) ? TypedResults.NoContent()
            : TypedResults.Json(new UpdateResult(
                [.. results.Where(result => result.Reason is null).Select(result => result.Name).Distinct()],
                [.. results.Where(result => result.Reason is not null).Select(result => new NotUpdated(result.Name, result.Reason!)).Distinct()]),
                statusCode: StatusCodes.Status207MultiStatus);
    }
}

/// <summary>Why an attribute was not taken over.</summary>
internal sealed record NotUpdated(string AttributeName, string Reason);
