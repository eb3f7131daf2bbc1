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
            SELECT s.attribute, count(DISTINCT s.entity_id) AS entities, sum(h.instances)::bigint AS instances, min(h.first) AS first, max(h.last) AS last
            FROM series s JOIN (SELECT series, count(*) AS instances, min(at) AS first, max(at) AS last FROM history WHERE tenant = @tenant GROUP BY series) h ON h.series = s.id
            WHERE s.tenant = @tenant GROUP BY s.attribute ORDER BY s.attribute
            """, new { tenant = work.Tenant }, work.Transaction, cancellationToken: cancellationToken)));
    }
}
