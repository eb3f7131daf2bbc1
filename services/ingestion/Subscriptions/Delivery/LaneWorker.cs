using System.Collections.Concurrent;

namespace LivingCity.Ingestion.Subscriptions.Delivery;

/// <summary>
/// Delivers what waits in one lane while it holds the lane's lease: keys beside each other, one after the other within a key. What cannot be delivered stays, and the lane
/// is given back until its time to retry. A crash between sending and noting sends again, under the same notification id.
/// </summary>
internal sealed partial class LaneWorker(LaneStore store, NotificationSender sender, NotificationSettings settings, TimeProvider time, ILogger logger) : IDisposable
{
    private const int BatchSize = 200;
    private const int Parallelism = 8;

    /// <summary>How long an empty lane is kept, in case more comes.</summary>
    private static readonly TimeSpan Linger = TimeSpan.FromSeconds(2);

    private readonly SemaphoreSlim signal = new(0, 1);

    public void Dispose() => signal.Dispose();

    /// <summary>There may be more.</summary>
    public void Wake()
    {
        try
        {
            signal.Release();
        }
        catch (Exception exception) when (exception is SemaphoreFullException or ObjectDisposedException)
        {
            // It knows already, or has just ended.
        }
    }

    public async Task RunAsync(Lane lane, CancellationToken cancellationToken)
    {
        var failures = lane.Failures;
        while (true)
        {
            // After a failure one notification finds out whether the endpoint is back.
            var waiting = await store.ReadAsync(lane.Id, failures > 0 ? 1 : BatchSize, cancellationToken);
            if (waiting.Count == 0)
            {
                if (await signal.WaitAsync(Linger, cancellationToken))
                {
                    continue;
                }

                await store.ReleaseAsync(lane.Id, cancellationToken);
                return;
            }

            var attempts = await DeliverAsync(waiting, cancellationToken);
            var failed = attempts.Where(attempt => attempt.Outcome == SendOutcome.Unreachable).ToArray();
            var now = time.GetUtcNow();
            var given = failed.Where(attempt => now - attempt.Notification.CreatedAt > settings.KeepFor).ToArray();
            failures = failed.Length == 0 ? 0 : failures + 1;
            DateTimeOffset? retryAt = failed.Length == 0 ? null : now + BackOff.After(failures, Cooldown(failed[0]));
            var done = attempts.Where(attempt => attempt.Outcome != SendOutcome.Unreachable).Concat(given).Select(attempt => attempt.Notification.Position).ToArray();
            if (given.Length > 0)
            {
                GivenUp(logger, given.Length, lane.Id);
            }

            // What was sent is noted even when the service is stopping.
            if (!await store.SettleAsync(lane.Id, attempts, done, failures, retryAt, CancellationToken.None) || retryAt is not null)
            {
                return;
            }
        }
    }

    private async Task<IReadOnlyList<Attempt>> DeliverAsync(IReadOnlyList<WaitingNotification> waiting, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var attempts = new ConcurrentQueue<Attempt>();
        var halted = false;
        await Parallel.ForEachAsync(waiting.GroupBy(notification => notification.Key), new ParallelOptions { MaxDegreeOfParallelism = Parallelism }, async (key, _) =>
        {
            foreach (var notification in key)
            {
                // The lease must outlast the try, or another replica would send beside us.
                if (Volatile.Read(ref halted) || cancellationToken.IsCancellationRequested || time.GetElapsedTime(started) > LaneStore.Lease - NotificationSender.Patience - TimeSpan.FromSeconds(5))
                {
                    return;
                }

                var at = time.GetUtcNow();
                SendOutcome outcome;
                try
                {
                    outcome = await sender.SendAsync(NotificationTarget.Read(notification.Target), notification.Body, cancellationToken);
                }
                catch (OperationCanceledException)
                {
                    return;
                }

                attempts.Enqueue(new Attempt(notification, outcome, at));
                if (outcome == SendOutcome.Unreachable)
                {
                    Volatile.Write(ref halted, true);
                    return;
                }
            }
        });
        return [.. attempts];
    }

    private static TimeSpan? Cooldown(Attempt failed) =>
        NotificationTarget.Read(failed.Notification.Target).CooldownMilliseconds is { } milliseconds ? TimeSpan.FromMilliseconds(milliseconds) : null;

    [LoggerMessage(2310, LogLevel.Warning, "{Count} notifications of lane {Lane} are given up: their endpoint was away for too long")]
    private static partial void GivenUp(ILogger logger, int count, long lane);
}
