using System.Collections.Concurrent;
using System.Diagnostics;
using LivingCity.ServiceDefaults.Data;
using Microsoft.Extensions.Options;
using Npgsql;

namespace LivingCity.Ingestion.Subscriptions.Delivery;

/// <summary>
/// Takes the lanes that have something to deliver and gives each a worker. Sleeps until PostgreSQL notifies it of a commit; looks by itself each second for what no commit
/// announces: a lane whose time to retry has come, or whose owner has died.
/// </summary>
internal sealed partial class NotificationDispatcher(
    IConfiguration configuration, Database database, LaneStore store, NotificationSender sender, IOptions<NotificationSettings> settings, TimeProvider time, ILogger<NotificationDispatcher> logger)
    : BackgroundService
{
    private static readonly TimeSpan Recheck = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan BetweenClaims = TimeSpan.FromMilliseconds(20);

    private readonly ConcurrentDictionary<long, (LaneWorker Worker, Task Run)> workers = new();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await database.Ready.WaitAsync(stoppingToken);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await using var listener = await ListenAsync(stoppingToken);
                var (claimed, mayWait) = (0L, true);
                while (true)
                {
                    // Workers hear of every commit; new lanes are looked for a little less often than commits come.
                    if (mayWait && (claimed == 0 || Stopwatch.GetElapsedTime(claimed) > BetweenClaims))
                    {
                        await ClaimAsync(stoppingToken);
                        (claimed, mayWait) = (Stopwatch.GetTimestamp(), false);
                    }

                    await listener.WaitAsync(mayWait ? BetweenClaims : Recheck, stoppingToken);
                    mayWait = true;
                    foreach (var (worker, _) in workers.Values)
                    {
                        worker.Wake();
                    }
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                break;
            }
            catch (Exception exception)
            {
                Interrupted(logger, exception.Message);
                await Task.Delay(TimeSpan.FromSeconds(1), stoppingToken);
            }
        }

        await Task.WhenAll(workers.Values.Select(entry => entry.Run));
    }

    private async Task ClaimAsync(CancellationToken cancellationToken)
    {
        foreach (var lane in await store.ClaimAsync(Math.Max(0, settings.Value.Lanes - workers.Count), cancellationToken))
        {
            var worker = new LaneWorker(store, sender, settings.Value, time, logger);
            var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            workers[lane.Id] = (worker, RunAsync(worker, lane, started.Task, cancellationToken));
            started.SetResult();
        }
    }

    private async Task RunAsync(LaneWorker worker, Lane lane, Task started, CancellationToken cancellationToken)
    {
        await started;
        try
        {
            await worker.RunAsync(lane, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await ReleaseAsync(lane);
        }
        catch (Exception exception)
        {
            // The lease runs out, and the lane is taken up again, here or elsewhere.
            Interrupted(logger, exception.Message);
        }
        finally
        {
            workers.TryRemove(lane.Id, out _);
            worker.Dispose();
        }
    }

    /// <summary>A replica that stops hands its lanes over at once.</summary>
    private async Task ReleaseAsync(Lane lane)
    {
        try
        {
            await store.ReleaseAsync(lane.Id, CancellationToken.None);
        }
        catch (NpgsqlException exception)
        {
            Interrupted(logger, exception.Message);
        }
    }

    private async Task<NpgsqlConnection> ListenAsync(CancellationToken cancellationToken)
    {
        // A connection of its own, outside the pool, so that the LISTEN ends with it.
        var settings = new NpgsqlConnectionStringBuilder(configuration.GetConnectionString("database")) { Pooling = false, KeepAlive = 30 };
        var connection = new NpgsqlConnection(settings.ConnectionString);
        await connection.OpenAsync(cancellationToken);
        await using var listen = new NpgsqlCommand($"LISTEN {NotificationOutbox.Channel}", connection);
        await listen.ExecuteNonQueryAsync(cancellationToken);
        return connection;
    }

    [LoggerMessage(2320, LogLevel.Warning, "Delivery of notifications pauses: {Reason}")]
    private static partial void Interrupted(ILogger logger, string reason);
}
