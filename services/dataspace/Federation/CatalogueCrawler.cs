using System.Text.Json.Nodes;
using Dapper;
using LivingCity.Dataspace.Catalogue;
using LivingCity.Dataspace.Peers;
using LivingCity.Dataspace.Protocol;
using LivingCity.ServiceDefaults.Data;
using Microsoft.Extensions.Options;
using Npgsql;

namespace LivingCity.Dataspace.Federation;

/// <summary>How often peers are asked. Section <c>Federation</c>.</summary>
internal sealed class FederationSettings
{
    /// <summary>Between two questions to a peer that answers.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>The first pause after a peer did not answer; it doubles up to an hour.</summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How many peers are asked at once.</summary>
    public int AtOnce { get; init; } = 8;
}

/// <summary>
/// Asks peers for their catalogues, each in its own time: one that does not answer is asked less and less often and keeps nobody else waiting. A lease on the peer's row lets replicas share the work.
/// </summary>
internal sealed partial class CatalogueCrawler(Database database, PeerClient peers, IOptions<FederationSettings> settings, TimeProvider time, ILogger<CatalogueCrawler> logger) : BackgroundService
{
    private const int MaxDatasets = 10_000;
    private const int MaxPages = 100;
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan LongestPause = TimeSpan.FromHours(1);
    private static readonly string Request = Dsp.Message("CatalogRequestMessage").ToJsonString();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await database.Ready.WaitAsync(stoppingToken);
        using var timer = new PeriodicTimer(Tick, time);
        do
        {
            try
            {
                var due = await LeaseAsync(stoppingToken);
                await Parallel.ForEachAsync(due, new ParallelOptions { MaxDegreeOfParallelism = settings.Value.AtOnce, CancellationToken = stoppingToken }, async (peer, stop) => await CrawlAsync(peer, stop));
            }
            catch (NpgsqlException exception)
            {
                Postponed(logger, exception.Message);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task<IReadOnlyList<Due>> LeaseAsync(CancellationToken cancellationToken)
    {
        await using var work = await database.BeginAsync(null, cancellationToken);
        var now = time.GetUtcNow().UtcDateTime;
        var due = (await work.Connection.QueryAsync<Due>(new CommandDefinition("""
            INSERT INTO peer_catalogue (peer, next_at) SELECT id, @now FROM peer p WHERE active AND address IS NOT NULL AND NOT EXISTS (SELECT FROM peer_catalogue c WHERE c.peer = p.id) ON CONFLICT DO NOTHING;
            UPDATE peer_catalogue c SET next_at = @lease FROM peer p
            WHERE c.peer = p.id AND p.active AND p.address IS NOT NULL
                AND c.peer IN (SELECT peer FROM peer_catalogue WHERE next_at <= @now ORDER BY next_at LIMIT 64 FOR UPDATE SKIP LOCKED)
            RETURNING c.peer, p.address, c.etag, c.failures
            """, new { now, lease = now + Lease }, work.Transaction, cancellationToken: cancellationToken))).AsList();
        if (due.Count > 0)
        {
            await work.CommitAsync(cancellationToken);
        }

        return due;
    }

    private async Task CrawlAsync(Due peer, CancellationToken cancellationToken)
    {
        var (datasets, path, etag) = (new List<JsonObject>(), "/catalog/request", peer.ETag);
        for (var page = 0; page < MaxPages && datasets.Count < MaxDatasets; page++)
        {
            var answer = await peers.QueryAsync(peer.Peer, peer.Address, path, Request, page == 0 ? peer.ETag : null, cancellationToken);
            if (page == 0 && answer.Status == StatusCodes.Status304NotModified)
            {
                await NoteAsync(peer, null, peer.ETag, null, cancellationToken);
                return;
            }

            if (!answer.IsDone || answer.Body is not { } body)
            {
                await NoteAsync(peer, null, peer.ETag, answer.Reason, cancellationToken);
                return;
            }

            datasets.AddRange((body["dataset"] as JsonArray ?? []).OfType<JsonObject>().Where(dataset => MessageCheck.Text(dataset, "@id") is { Length: > 0 and <= 500 }));

            // The tag of the first page says nothing of the others.
            etag = answer.Next is null && page == 0 ? answer.ETag : null;
            if (answer.Next is not { } next || !next.Contains('?', StringComparison.Ordinal))
            {
                break;
            }

            path = "/catalog/request" + next[next.IndexOf('?', StringComparison.Ordinal)..];
        }

        await NoteAsync(peer, datasets, etag, null, cancellationToken);
    }

    private async Task NoteAsync(Due peer, List<JsonObject>? datasets, string? etag, string? trouble, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var pause = TimeSpan.FromTicks((long)Math.Min(LongestPause.Ticks, settings.Value.FirstPause.Ticks * Math.Pow(2, peer.Failures)));
        await using var work = await database.BeginAsync(null, cancellationToken);
        await work.Connection.ExecuteAsync(new CommandDefinition("""
            UPDATE peer_catalogue SET etag = @etag, fetched_at = CASE WHEN @trouble::text IS NULL THEN @now ELSE fetched_at END, next_at = @next, failures = @failures, trouble = @trouble WHERE peer = @Peer
            """, new { peer.Peer, etag, trouble, now, next = trouble is null ? now + settings.Value.Interval : now + pause, failures = trouble is null ? 0 : peer.Failures + 1 }, work.Transaction, cancellationToken: cancellationToken));
        if (datasets is not null)
        {
            var one = datasets.DistinctBy(dataset => (string)dataset["@id"]!).ToArray();
            await work.Connection.ExecuteAsync(new CommandDefinition("""
                DELETE FROM federated_dataset WHERE peer = @Peer;
                INSERT INTO federated_dataset (peer, id, document, search) SELECT @Peer, id, document::jsonb, search FROM unnest(@ids, @documents, @searches) AS d(id, document, search)
                """, new
            {
                peer.Peer,
                ids = one.Select(dataset => (string)dataset["@id"]!).ToArray(),
                documents = one.Select(dataset => dataset.ToJsonString()).ToArray(),
                searches = one.Select(dataset => SearchText.Fold(dataset.ToJsonString(Readable))).ToArray(),
            }, work.Transaction, cancellationToken: cancellationToken));
        }

        await work.CommitAsync(cancellationToken);
    }

    /// <summary>Letters as they are, so that a search finds them.</summary>
    private static readonly System.Text.Json.JsonSerializerOptions Readable = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private sealed record Due
    {
        public required string Peer { get; init; }

        public required string Address { get; init; }

        public string? ETag { get; init; }

        public int Failures { get; init; }
    }

    [LoggerMessage(3200, LogLevel.Warning, "The crawl of catalogues is postponed: {Reason}")]
    private static partial void Postponed(ILogger logger, string reason);
}
