using System.Text.Json;
using Dapper;
using LivingCity.Contracts.Assessment;
using LivingCity.Dataspace.Catalogue;
using LivingCity.Dataspace.Peers;
using LivingCity.ServiceDefaults.Data;
using LivingCity.ServiceDefaults.Messaging;
using LivingCity.ServiceDefaults.Security;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LivingCity.Dataspace.Recommendations;

/// <summary>A dataset worth looking at, and why.</summary>
/// <param name="Dataset">The dataset.</param>
/// <param name="Title">Its title by language.</param>
/// <param name="City">Who offers it.</param>
/// <param name="Assessment">The assessment that says so.</param>
/// <param name="Reasons">The city's needs that it speaks to, the greatest first.</param>
internal sealed record Recommendation(string Dataset, IReadOnlyDictionary<string, string> Title, string City, Guid Assessment, IReadOnlyList<Reason> Reasons);

/// <summary>A need.</summary>
/// <param name="Topic">The dimension of the assessment.</param>
/// <param name="Score">What the city scored there, 0 to 100.</param>
internal sealed record Reason(string Topic, double Score);

/// <summary>Notes what a city's newest assessment by a questionnaire leads to. An older one that arrives late changes nothing.</summary>
internal sealed class NeedsToDatasets(Participant participant) : IMessageHandler<AssessmentCompleted>
{
    public async Task HandleAsync(AssessmentCompleted message, Work work, CancellationToken cancellationToken)
    {
        var questionnaire = message.Questionnaire.Split('/')[0];
        var newest = await work.Connection.ExecuteScalarAsync<DateTime?>(new CommandDefinition(
            "SELECT max(completed_at) FROM need WHERE tenant = @City AND questionnaire = @questionnaire", new { message.City, questionnaire }, work.Transaction, cancellationToken: cancellationToken));
        if (!participant.Serves(message.City) || newest > message.CompletedAt.UtcDateTime)
        {
            return;
        }

        var wanted = (message.Recommended ?? []).Where(one => one.Kind == "dataset").DistinctBy(one => (one.Topic, one.Because)).ToArray();
        await using var replace = work.Command("DELETE FROM need WHERE tenant = $1 AND questionnaire = $2", message.City, questionnaire);
        await replace.ExecuteNonQueryAsync(cancellationToken);
        await using var insert = work.Command("""
            INSERT INTO need (tenant, questionnaire, topic, because, score, assessment_id, completed_at) SELECT $1, $2, n.topic, n.because, n.score, $6, $7 FROM unnest($3, $4, $5) AS n(topic, because, score)
            """,
            message.City, questionnaire, wanted.Select(one => one.Topic).ToArray(), wanted.Select(one => one.Because).ToArray(), wanted.Select(one => one.Score).ToArray(), message.AssessmentId, message.CompletedAt.ToUniversalTime());
        await insert.ExecuteNonQueryAsync(cancellationToken);
    }
}

internal static class RecommendationEndpoints
{
    private const int MostForOneNeed = 10;

    public static void MapRecommendations(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/recommendations", ListAsync).RequireAuthorization(Access.SignedIn).WithTags("Recommendations")
            .WithSummary("Datasets of the catalogue that speak to the needs of the city's newest assessments, the greatest need first.");

    private static async Task<Ok<IEnumerable<Recommendation>>> ListAsync(Caller caller, Database database, CancellationToken cancellationToken)
    {
        await using var work = await database.BeginAsync(caller.RequiredCity, cancellationToken);
        var needs = (await work.Connection.QueryAsync<(string Topic, string Because, double Score, Guid Assessment)>(new CommandDefinition(
            "SELECT topic, because, score, assessment_id FROM need WHERE tenant = @city ORDER BY score, because, topic", new { city = caller.City }, work.Transaction, cancellationToken: cancellationToken))).AsList();
        // Several needs speak of one topic: each topic is looked for once.
        var byTopic = new Dictionary<string, IReadOnlyList<DatasetRow>>();
        foreach (var topic in needs.Select(need => need.Topic).Distinct())
        {
            byTopic[topic] = await work.SearchDatasetsAsync(null, MostForOneNeed, new DatasetQuery(topic, null, null, null, null, null, null, null, null), cancellationToken);
        }

        var found = needs.SelectMany(need => byTopic[need.Topic].Select(row => (Row: row, need.Assessment, Reason: new Reason(need.Because, need.Score))));
        return TypedResults.Ok(found.GroupBy(one => (one.Row.Id, one.Assessment)).Select(group => new Recommendation(
            group.Key.Id, JsonSerializer.Deserialize<Dictionary<string, string>>(group.First().Row.Title)!, group.First().Row.Tenant, group.Key.Assessment, [.. group.Select(one => one.Reason).Distinct()])));
    }
}
