using System.Text.Json;
using Dapper;
using LivingCity.Contracts.Assessment;
using LivingCity.ServiceDefaults.Data;
using LivingCity.ServiceDefaults.Messaging;
using LivingCity.ServiceDefaults.Security;
using LivingCity.Twin.Models;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LivingCity.Twin.Recommendations;

/// <summary>A simulation model worth trying, and why.</summary>
/// <param name="Model">The model.</param>
/// <param name="Title">Its name for people.</param>
/// <param name="Summary">What it computes.</param>
/// <param name="Assessment">The assessment that says so.</param>
/// <param name="Reasons">The city's needs that it speaks to, the greatest first.</param>
internal sealed record Recommendation(string Model, string Title, string Summary, Guid Assessment, IReadOnlyList<Reason> Reasons);

/// <summary>A need.</summary>
/// <param name="Topic">The dimension of the assessment.</param>
/// <param name="Score">What the city scored there, 0 to 100.</param>
internal sealed record Reason(string Topic, double Score);

/// <summary>Turns the needs of a city's newest assessment by a questionnaire into models. An older one that arrives late changes nothing.</summary>
internal sealed class NeedsToModels : IMessageHandler<AssessmentCompleted>
{
    public async Task HandleAsync(AssessmentCompleted message, Work work, CancellationToken cancellationToken)
    {
        var questionnaire = message.Questionnaire.Split('/')[0];
        var newest = await work.Connection.ExecuteScalarAsync<DateTime?>(new CommandDefinition(
            "SELECT max(completed_at) FROM recommendation WHERE tenant = @City AND questionnaire = @questionnaire", new { message.City, questionnaire }, work.Transaction, cancellationToken: cancellationToken));
        if (newest > message.CompletedAt.UtcDateTime)
        {
            return;
        }

        var wanted = (message.Recommended ?? []).Where(one => one.Kind == "scenario")
            .SelectMany(one => ModelCatalogue.All.Select(model => model.Description.Id).Where(model => model == one.Topic || model.StartsWith($"{one.Topic}-", StringComparison.Ordinal)).Select(model => (Model: model, one.Because, one.Score)))
            .DistinctBy(one => (one.Model, one.Because)).ToArray();
        await using var replace = work.Command("DELETE FROM recommendation WHERE tenant = $1 AND questionnaire = $2", message.City, questionnaire);
        await replace.ExecuteNonQueryAsync(cancellationToken);
        await using var insert = work.Command("""
            INSERT INTO recommendation (tenant, questionnaire, model, because, score, assessment_id, completed_at) SELECT $1, $2, n.model, n.because, n.score, $6, $7 FROM unnest($3, $4, $5) AS n(model, because, score)
            """,
            message.City, questionnaire, wanted.Select(one => one.Model).ToArray(), wanted.Select(one => one.Because).ToArray(), wanted.Select(one => one.Score).ToArray(), message.AssessmentId, message.CompletedAt.ToUniversalTime());
        await insert.ExecuteNonQueryAsync(cancellationToken);
    }
}

internal static class RecommendationEndpoints
{
    public static void MapRecommendations(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/recommendations", ListAsync).RequireAuthorization(Access.SignedIn).WithTags("Recommendations")
            .WithSummary("Simulation models that speak to the needs of the city's newest assessments, the greatest need first.");

    private static async Task<Ok<IEnumerable<Recommendation>>> ListAsync(Caller caller, Database database, CancellationToken cancellationToken)
    {
        await using var work = await database.BeginAsync(caller.RequiredCity, cancellationToken);
        var rows = await work.Connection.QueryAsync<(string Model, Guid Assessment, string Reasons)>(new CommandDefinition("""
            SELECT model, assessment_id, json_agg(json_build_object('topic', because, 'score', score) ORDER BY score, because) FROM recommendation
            WHERE tenant = @city GROUP BY model, assessment_id ORDER BY min(score), model
            """, new { city = caller.City }, work.Transaction, cancellationToken: cancellationToken));
        // A model that this version no longer has is no longer recommended.
        return TypedResults.Ok(
            from row in rows
            let model = ModelCatalogue.Find(row.Model)
            where model is not null
            select new Recommendation(row.Model, model.Description.Title, model.Description.Summary, row.Assessment, JsonSerializer.Deserialize<List<Reason>>(row.Reasons, JsonSerializerOptions.Web)!));
    }
}
