using Dapper;
using LivingCity.ServiceDefaults.Data;
using LivingCity.ServiceDefaults.Security;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LivingCity.Ingestion.Summary;

/// <summary>What a city's broker holds, for the officer who watches over it.</summary>
/// <param name="Attribute">IRI of the attribute.</param>
/// <param name="Entities">How many entities have it.</param>
/// <param name="Instances">How many observations of it are stored.</param>
/// <param name="First">The earliest.</param>
/// <param name="Last">The latest.</param>
internal sealed record AttributeSummary(string Attribute, long Entities, long Instances, DateTime First, DateTime Last);

internal static class SummaryEndpoints
{
    public static void MapSummary(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/summary", GetAsync).RequireAuthorization(Access.SignedIn).WithTags("Data quality").WithSummary("How many observations of which attribute are stored, from when to when.");

    private static async Task<Ok<IEnumerable<AttributeSummary>>> GetAsync(Caller caller, Database database, CancellationToken cancellationToken)
    {
        await using var work = await database.BeginAsync(caller.RequiredCity, cancellationToken);
        return TypedResults.Ok(await work.Connection.QueryAsync<AttributeSummary>(new CommandDefinition("""
            SELECT attribute, count(DISTINCT entity_id) AS entities, count(*) AS instances, min(observed_at) AS first, max(observed_at) AS last
            FROM attribute_instance WHERE tenant = @tenant GROUP BY attribute ORDER BY attribute
            """, new { tenant = work.Tenant }, work.Transaction, cancellationToken: cancellationToken)));
    }
}
