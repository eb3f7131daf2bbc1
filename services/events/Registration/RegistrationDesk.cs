using System.Collections.Concurrent;
using System.Threading.Channels;
using LivingCity.ServiceDefaults.Data;
using LivingCity.ServiceDefaults.Errors;
using Microsoft.Extensions.Logging;

namespace LivingCity.Events.Registration;

/// <summary>
/// Where seats are given. Requests for one event stand in one line and are decided together, as many as have come while the last ones were being written: one lock, two round trips and one
/// flush to disk for all of them. An answer leaves after the commit. Replicas take turns by the event's row. Safe for concurrent use.
/// </summary>
internal sealed partial class RegistrationDesk(Database database, TimeProvider time, ILogger<RegistrationDesk> logger, IHostApplicationLifetime lifetime)
{
    private const int MostAtOnce = 500;

    private readonly ConcurrentDictionary<string, Lazy<ChannelWriter<Pending>>> lines = new();

    private sealed record Pending(DeskRequest Request, TaskCompletionSource<DeskAnswer> Answer, CancellationToken Stop);

    /// <summary>Asks the desk of an event.</summary>
    /// <param name="eventId">An event that exists.</param>
    /// <param name="owner">The city that organises it.</param>
    /// <param name="request">What is asked for.</param>
    /// <param name="cancellationToken">A request that is given up before its turn is not decided; after that it is, and only its answer is lost.</param>
    /// <exception cref="ProblemException">The database is away (503): nothing was decided, or the answer was lost; the key tells on a repeat.</exception>
    public async Task<DeskAnswer> AskAsync(string eventId, string owner, DeskRequest request, CancellationToken cancellationToken)
    {
        var pending = new Pending(request, new TaskCompletionSource<DeskAnswer>(TaskCreationOptions.RunContinuationsAsynchronously), cancellationToken);
        var line = lines.GetOrAdd(eventId, id => new Lazy<ChannelWriter<Pending>>(() => Open(id, owner)));
        await line.Value.WriteAsync(pending, cancellationToken);
        return await pending.Answer.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Lets the desk see a new version of the programme now. It would at its next request anyway, so a failure here is only noted.</summary>
    public async Task PlanChangedAsync(string eventId)
    {
        try
        {
            await using var work = await database.BeginAsync(null, lifetime.ApplicationStopping);
            await using var find = work.Command("SELECT owner FROM event WHERE id = $1", eventId);
            if (await find.ExecuteScalarAsync(lifetime.ApplicationStopping) is string owner)
            {
                await AskAsync(eventId, owner, new CatchUpRequest(), lifetime.ApplicationStopping);
            }
        }
        catch (Exception exception) when (exception is ProblemException or Npgsql.NpgsqlException or OperationCanceledException)
        {
            Later(logger, eventId, exception.Message);
        }
    }

    private ChannelWriter<Pending> Open(string eventId, string owner)
    {
        var channel = Channel.CreateBounded<Pending>(new BoundedChannelOptions(100_000) { SingleReader = true });
        _ = Task.Run(() => ServeAsync(eventId, owner, channel.Reader));
        return channel.Writer;
    }

    private async Task ServeAsync(string eventId, string owner, ChannelReader<Pending> line)
    {
        var batch = new List<Pending>(MostAtOnce);
        while (await line.WaitToReadAsync(lifetime.ApplicationStopped))
        {
            batch.Clear();
            while (batch.Count < MostAtOnce && line.TryRead(out var next))
            {
                if (!next.Stop.IsCancellationRequested)
                {
                    batch.Add(next);
                }
            }

            if (batch.Count > 0 && await TryAsync(eventId, owner, batch) is { } failure)
            {
                // Of several the one that cannot be decided must not spoil the others.
                foreach (var pending in batch.Count == 1 || failure is ProblemException or Npgsql.NpgsqlException { IsTransient: true } ? [] : batch.ToArray())
                {
                    await TryAsync(eventId, owner, [pending]);
                }

                foreach (var pending in batch)
                {
                    pending.Answer.TrySetException(failure);
                }
            }
        }
    }

    private async Task<Exception?> TryAsync(string eventId, string owner, List<Pending> batch)
    {
        try
        {
            DeskRequest[] requests = [.. batch.Select(pending => pending.Request)];
            var (work, state) = await DeskState.TakeAsync(database, eventId, owner, requests, lifetime.ApplicationStopped);
            await using var transaction = work;
            var answers = await new DeskBatch(work, state, eventId, owner, time.GetUtcNow()).RunAsync(requests, lifetime.ApplicationStopped);
            foreach (var (pending, answer) in batch.Zip(answers))
            {
                pending.Answer.TrySetResult(answer);
            }

            return null;
        }
        catch (Exception exception)
        {
            Failed(logger, eventId, batch.Count, exception.Message);
            return exception;
        }
    }

    [LoggerMessage(4100, LogLevel.Warning, "The desk of {Event} could not decide {Count} requests: {Reason}")]
    private static partial void Failed(ILogger logger, string @event, int count, string reason);

    [LoggerMessage(4101, LogLevel.Warning, "The desk of {Event} will see the new programme at its next request: {Reason}")]
    private static partial void Later(ILogger logger, string @event, string reason);
}
