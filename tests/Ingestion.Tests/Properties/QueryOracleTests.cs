using System.Text.Json;
using System.Text.Json.Nodes;
using LivingCity.Ingestion.Contexts;
using LivingCity.Ingestion.Entities;
using LivingCity.Ingestion.Query;
using LivingCity.ServiceDefaults.Data;
using Microsoft.Extensions.DependencyInjection;

namespace LivingCity.Ingestion.Tests.Properties;

/// <summary>
/// What a query finds in the database is what looking at every entity finds: 10,000 random queries on 120 random entities, types, q, places and scopes together. Of distances
/// only those are asked on which the plane and the ellipsoid agree.
/// </summary>
[Collection<BrokerTests>]
public sealed class QueryOracleTests(BrokerFixture fixture)
{
    private const int Entities = 120;
    private const int Queries = 10_000;
    private const int AtOnce = 100;

    [Fact]
    public async Task Query_InSql_FindsWhatTheEvaluatorFinds()
    {
        var city = fixture.NewCity();
        var random = new RandomEntities(20260101);
        var documents = Enumerable.Range(0, Entities).Select(number => random.Entity($"urn:e:{number:000}")).ToArray();
        await city.ExpectAsync(System.Net.HttpStatusCode.Created, "POST", "/entityOperations/create", new JsonArray([.. documents]).ToJsonString());
        var entities = documents.Select(document => EntityReader.Read(JsonSerializer.SerializeToElement(document), LdContext.Core)).ToArray();

        var found = 0L;
        foreach (var chunk in Enumerable.Range(0, Queries).Select(_ => RandomQuery(random)).Chunk(AtOnce))
        {
            var answers = await AskAsync(city.City, chunk.Select(query => query.Query));
            foreach (var ((text, query), answer) in chunk.Zip(answers))
            {
                var expected = entities.Where(query.Matches).Select(entity => entity.Id).ToArray();
                Assert.True(expected.SequenceEqual(answer), $"{text}\nexpected {string.Join(' ', expected.Except(answer))}\nbut found {string.Join(' ', answer.Except(expected))}");
                found += answer.Length;
            }
        }

        Assert.InRange(found, Queries, Queries * (Entities - 20L)); // neither nothing nor everything
    }

    private static (string Text, EntityQuery Query) RandomQuery(RandomEntities random)
    {
        var q = random.Query();
        var types = random.Next(2) == 0 ? random.Types() : null;
        var scope = random.Next(8) == 0 ? Uri.UnescapeDataString(random.ScopeQuery()) : null;
        var geo = random.Next(6) == 0 ? random.GeoQuery() : null;
        var parts = geo?.Split('&').ToDictionary(part => part[..part.IndexOf('=')], part => part[(part.IndexOf('=') + 1)..]);
        return ($"q={q} type={types} scopeQ={scope} {geo}", new EntityQuery
        {
            Selectors = types is null ? [] : [new EntitySelector(null, null, TypeExpression.Parse(types, LdContext.Core))],
            Condition = QueryParser.Parse(q, LdContext.Core),
            Scope = scope is null ? null : ScopeQuery.Parse(scope),
            Geo = parts is null ? null : GeoQuery.Parse(parts["georel"], parts["geometry"], parts["coordinates"], null, LdContext.Core),
            Limit = 1000,
        });
    }

    /// <summary>Many queries in one statement: each is one branch of a union.</summary>
    private async Task<string[][]> AskAsync(string tenant, IEnumerable<EntityQuery> queries)
    {
        var finder = fixture.Host.Services.GetRequiredService<EntityFinder>();
        var database = fixture.Host.Services.GetRequiredService<Database>();
        await using var work = await database.BeginAsync(tenant, TestContext.Current.CancellationToken);
        await using (var settings = work.Command(EntityFinder.Settings))
        {
            await settings.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        var sql = new SqlBuilder();
        var branches = queries.Select((query, number) => $"SELECT {number} AS n, e.id {finder.Source(tenant, query, sql)}").ToArray();
        await using var command = work.Command($"{string.Join(" UNION ALL ", branches)} ORDER BY 1, 2", [.. sql.Parameters]);
        await using var rows = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        var answers = branches.Select(_ => new List<string>()).ToArray();
        while (await rows.ReadAsync(TestContext.Current.CancellationToken))
        {
            answers[rows.GetInt32(0)].Add(rows.GetString(1));
        }

        return [.. answers.Select(answer => answer.ToArray())];
    }
}
