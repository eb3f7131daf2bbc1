using System.Text.Json.Nodes;
using Dapper;
using LivingCity.Dataspace.Catalogue;
using LivingCity.ServiceDefaults.Data;
using LivingCity.ServiceDefaults.Security;
using LivingCity.ServiceDefaults.Web;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LivingCity.Dataspace.Federation;

/// <summary>A dataset of another participant.</summary>
/// <param name="Peer">Who offers it.</param>
/// <param name="Id">Its identifier.</param>
/// <param name="Document">What the peer said of it.</param>
/// <param name="FetchedAt">When the peer last said so.</param>
internal sealed record FederatedDataset(string Peer, string Id, JsonNode? Document, DateTimeOffset? FetchedAt);

/// <summary>How the crawl of a peer stands.</summary>
internal sealed record PeerFreshness(string Peer, DateTimeOffset? FetchedAt, DateTimeOffset NextAt, int Failures, string? Trouble, long Datasets);

/// <summary>The catalogues of the known participants, in one.</summary>
internal static class FederationEndpoints
{
    public static void MapFederation(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/federation").RequireAuthorization(Access.Public).WithTags("Federation");
        group.MapGet("/datasets", ListAsync).WithSummary("Datasets of other participants, found by words (q), with the time at which they were last seen.");
        group.MapGet("/peers", FreshnessAsync).WithSummary("How fresh what we know of each participant is.");
    }

    private static async Task<Ok<IEnumerable<FederatedDataset>>> ListAsync(HttpContext http, Database database, string? q, int? limit, string? cursor, CancellationToken cancellationToken)
    {
        var page = PageRequest.From<string[]>(limit, cursor);
        await using var work = await database.BeginAsync(null, cancellationToken);
        var rows = (await work.Connection.QueryAsync<(string Peer, string Id, string Document, DateTime? FetchedAt)>(new CommandDefinition("""
            SELECT d.peer, d.id, d.document, c.fetched_at FROM federated_dataset d JOIN peer p ON p.id = d.peer AND p.active LEFT JOIN peer_catalogue c ON c.peer = d.peer
            WHERE d.search LIKE ALL (@patterns) AND (@peer::text IS NULL OR (d.peer, d.id) > (@peer, @id)) ORDER BY d.peer, d.id LIMIT @limit
            """, new { patterns = SearchText.Patterns(q), peer = page.After is [var peer, _] ? peer : null, id = page.After is [_, var id] ? id : null, limit = page.Limit + 1 }, work.Transaction, cancellationToken: cancellationToken))).AsList();
        return TypedResults.Ok(page.Take(http, rows, row => new[] { row.Peer, row.Id }).Select(row => new FederatedDataset(row.Peer, row.Id, JsonNode.Parse(row.Document), row.FetchedAt)));
    }

    private static async Task<Ok<IEnumerable<PeerFreshness>>> FreshnessAsync(Database database, CancellationToken cancellationToken)
    {
        await using var work = await database.BeginAsync(null, cancellationToken);
        var rows = await work.Connection.QueryAsync<(string Peer, DateTime? FetchedAt, DateTime NextAt, int Failures, string? Trouble, long Datasets)>(new CommandDefinition("""
            SELECT c.peer, c.fetched_at, c.next_at, c.failures, c.trouble, (SELECT count(*) FROM federated_dataset d WHERE d.peer = c.peer) FROM peer_catalogue c ORDER BY c.peer LIMIT 1000
            """, transaction: work.Transaction, cancellationToken: cancellationToken));
        return TypedResults.Ok(rows.Select(row => new PeerFreshness(row.Peer, row.FetchedAt, row.NextAt, row.Failures, row.Trouble, row.Datasets)));
    }
}
