using System.Diagnostics;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace LivingCity.Dataspace.Benchmarks;

/// <summary>A hundred peers with a hundred datasets each, played by one server, and five that do not answer: how long until all are known, and how long until all are known to be unchanged.</summary>
internal static class Crawl
{
    private const int Peers = 100;
    private const int Dead = 5;
    private const int Datasets = 100;

    public static async Task RunAsync(Stand stand)
    {
        await using var server = await ServeAsync();
        await using var database = await stand.DatabaseAsync(Stand.Consumer);
        var watch = Stopwatch.StartNew();
        await ExecuteAsync(database, $"""
            INSERT INTO peer (id, name, address) SELECT 'urn:bench:peer:' || n, 'Peer ' || n, '{server.Urls.First()}/' || n FROM generate_series(1, {Peers}) n;
            INSERT INTO peer (id, name, address) SELECT 'urn:bench:dead:' || n, 'Dead ' || n, 'http://127.0.0.1:9/' || n FROM generate_series(1, {Dead}) n
            """);
        await UntilAsync(database, $"SELECT count(*) = {Peers * Datasets} FROM federated_dataset WHERE peer LIKE 'urn:bench:peer:%'");
        var first = watch.Elapsed;
        var since = DateTime.UtcNow;
        watch.Restart();
        await ExecuteAsync(database, "UPDATE peer_catalogue SET next_at = now() WHERE peer LIKE 'urn:bench:peer:%'");
        await UntilAsync(database, $"SELECT count(*) = {Peers} FROM peer_catalogue WHERE peer LIKE 'urn:bench:peer:%' AND fetched_at > '{since:O}'");
        Console.WriteLine($"federation, {Peers} peers with {Datasets} datasets each and {Dead} that do not answer: all known after {first.TotalSeconds:0.0} s, known to be unchanged after another {watch.Elapsed.TotalSeconds:0.0} s");
    }

    private static async Task<WebApplication> ServeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var server = builder.Build();
        server.MapPost("/{peer}/catalog/request", (string peer, HttpContext http) =>
        {
            http.Response.Headers.ETag = "\"one\"";
            return http.Request.Headers.IfNoneMatch.Contains("\"one\"") ? Results.StatusCode(StatusCodes.Status304NotModified) : Results.Json(Catalogue(peer));
        });
        await server.StartAsync();
        return server;
    }

    private static JsonObject Catalogue(string peer) => new()
    {
        ["@context"] = new JsonArray("https://w3id.org/dspace/2025/1/context.jsonld"),
        ["@type"] = "Catalog",
        ["@id"] = $"urn:bench:catalogue:{peer}",
        ["participantId"] = $"urn:bench:peer:{peer}",
        ["dataset"] = new JsonArray([.. Enumerable.Range(0, Datasets).Select(number => new JsonObject
        {
            ["@id"] = $"urn:bench:dataset:{peer}:{number}",
            ["@type"] = "Dataset",
            ["hasPolicy"] = new JsonArray(new JsonObject { ["@id"] = $"urn:bench:offer:{peer}:{number}", ["@type"] = "Offer", ["permission"] = new JsonArray(new JsonObject { ["action"] = "use" }) }),
            ["distribution"] = new JsonArray(new JsonObject { ["@type"] = "Distribution", ["format"] = "HttpData-PULL", ["accessService"] = "urn:bench:service" }),
            ["http://purl.org/dc/terms/title"] = new JsonArray(new JsonObject { ["@language"] = "en", ["@value"] = $"Dataset {number} of peer {peer}" }),
        })]),
    };

    private static async Task UntilAsync(NpgsqlConnection database, string sql)
    {
        while (true)
        {
            await using (var command = new NpgsqlCommand(sql, database))
            {
                if (await command.ExecuteScalarAsync() is true)
                {
                    return;
                }
            }

            await Task.Delay(50);
        }
    }

    private static async Task ExecuteAsync(NpgsqlConnection database, string sql)
    {
        await using var command = new NpgsqlCommand(sql, database);
        await command.ExecuteNonQueryAsync();
    }
}
