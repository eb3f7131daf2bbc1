using System.Text.Json;
using Dapper;
using LivingCity.Contracts.Assessment;
using LivingCity.ServiceDefaults.Data;
using LivingCity.ServiceDefaults.Messaging;
using LivingCity.ServiceDefaults.Security;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LivingCity.Events.Recommendations;

/// <summary>A session worth attending, and why.</summary>
/// <param name="Session">The session.</param>
/// <param name="Title">Its title.</param>
/// <param name="Event">Its event.</param>
/// <param name="Assessment">The assessment that says so.</param>
/// <param name="Reasons">The city's needs that it speaks to, the greatest first.</param>
internal sealed record Recommendation(string Session, string Title, string Event, Guid Assessment, IReadOnlyList<Reason> Reasons);

/// <summary>A need.</summary>
/// <param name="Topic">The dimension of digital maturity.</param>
/// <param name="Score">What the city scored there, 0 to 100.</param>
internal sealed record Reason(string Topic, double Score);

/// <summary>Turns the needs of a city's latest assessment into sessions. An older assessment that arrives late changes nothing.</summary>
internal sealed class NeedsToSessions : IMessageHandler<AssessmentCompleted>
{
    public async Task HandleAsync(AssessmentCompleted message, Work work, CancellationToken cancellationToken)
    {
        var newest = await work.Connection.ExecuteScalarAsync<DateTime?>(new CommandDefinition(
            "SELECT max(completed_at) FROM recommendation WHERE tenant = @City", new { message.City }, work.Transaction, cancellationToken: cancellationToken));
        if (newest > message.CompletedAt.UtcDateTime)
        {
            return;
        }

        await using var replace = work.Command("DELETE FROM recommendation WHERE tenant = $1", message.City);
        await replace.ExecuteNonQueryAsync(cancellationToken);
        await using var insert = work.Command("""
            INSERT INTO recommendation (tenant, session_id, topic, score, assessment_id, completed_at)
            SELECT $1, s.id, n.topic, n.score, $4, $5 FROM unnest($2, $3) AS n(topic, score) JOIN session s ON s.topics @> ARRAY[n.topic]
            """,
            message.City, message.Needs.ToArray(), message.Needs.Select(need => message.Dimensions.GetValueOrDefault(need)).ToArray(), message.AssessmentId, message.CompletedAt.ToUniversalTime());
        await insert.ExecuteNonQueryAsync(cancellationToken);
    }
}

internal static class RecommendationEndpoints
{
    public static void MapRecommendations(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/recommendations", ListAsync).RequireAuthorization(Access.SignedIn).WithTags("Recommendations")
            .WithSummary("Sessions still to come that speak to the needs of the city's latest assessment, the greatest need first.");

    private static async Task<Ok<IEnumerable<Recommendation>>> ListAsync(Caller caller, Database database, TimeProvider time, CancellationToken cancellationToken)
    {
        await using var work = await database.BeginAsync(caller.RequiredCity, cancellationToken);
        var rows = await work.Connection.QueryAsync<(string Session, string Title, string Event, Guid Assessment, string Reasons)>(new CommandDefinition("""
            SELECT s.id, s.title, s.event_id, r.assessment_id, json_agg(json_build_object('topic', r.topic, 'score', r.score) ORDER BY r.score, r.topic)
            FROM recommendation r JOIN session s ON s.id = r.session_id JOIN event e ON e.id = s.event_id
            JOIN programme_version v ON v.event_id = e.id AND v.version = e.version
            WHERE r.tenant = @city AND NOT s.cancelled
                AND coalesce(s.starts_at >= @now, (SELECT max((day->>'date')::date) FROM jsonb_array_elements(v.body->'days') day) >= @now::date, true)
            GROUP BY s.id, e.position, r.assessment_id ORDER BY min(r.score), e.position DESC, s.position
            """, new { city = caller.City, now = time.GetUtcNow().UtcDateTime }, work.Transaction, cancellationToken: cancellationToken));
        return TypedResults.Ok(rows.Select(row => new Recommendation(row.Session, row.Title, row.Event, row.Assessment, JsonSerializer.Deserialize<List<Reason>>(row.Reasons, JsonSerializerOptions.Web)!)));
    }
}
