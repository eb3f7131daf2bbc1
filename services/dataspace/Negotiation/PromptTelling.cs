using LivingCity.Dataspace.Conformance;
using LivingCity.Dataspace.Processes;
using LivingCity.ServiceDefaults.Data;

namespace LivingCity.Dataspace.Negotiation;

/// <summary>
/// Sees to it that a negotiation goes on after a commit. What is to be said is said at once by this replica, without a way over the bus; a due step of the same transaction says it again should this replica
/// die before. What exceeds this replica's turns, and what a script does, goes over the bus, where every replica takes its share.
/// </summary>
internal sealed partial class PromptTelling(NegotiationDriver driver, ConformanceProfile conformance, TimeProvider time, ILogger<PromptTelling> logger)
{
    private const int AtOnce = 128;

    /// <summary>Longer than one delivery takes (ten seconds, see the resilience of outgoing calls).</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private int free = AtOnce;

    /// <summary>Prepares, in the transaction that stores the row, what comes after it. What waits for a person or for the other side needs nothing.</summary>
    /// <returns>To begin after the commit, and to dispose of in any case.</returns>
    public Turn Prepare(Work work, NegotiationRow row)
    {
        var isScripted = conformance.ScriptForDataset(row.DatasetId) is not null;
        if (row.Pending is null && !isScripted)
        {
            return Turn.None;
        }

        var now = time.GetUtcNow();
        if (isScripted || Interlocked.Decrement(ref free) < 0)
        {
            if (!isScripted)
            {
                Interlocked.Increment(ref free);
            }

            work.Advanced(row, now);
            return Turn.None;
        }

        DueSteps.Note(work, DueSteps.Negotiation, row.Id, now + Patience, row.Told);
        return new Turn(this, row);
    }

    private async Task TellAsync(NegotiationRow row)
    {
        try
        {
            await driver.TellAsync(row, CancellationToken.None);
        }
        catch (Exception exception)
        {
            Interrupted(logger, row.Id, exception.Message);
        }
        finally
        {
            Interlocked.Increment(ref free);
        }
    }

    [LoggerMessage(3120, LogLevel.Warning, "Negotiation {Id}: what is to be said will be said later: {Reason}")]
    private static partial void Interrupted(ILogger logger, string id, string reason);

    /// <summary>A reserved turn. Not thread-safe.</summary>
    internal sealed class Turn(PromptTelling? telling, NegotiationRow? row) : IDisposable
    {
        public static readonly Turn None = new(null, null);

        private bool isOver = telling is null;

        /// <summary>Says it now, beside the caller.</summary>
        public void Begin()
        {
            if (!isOver)
            {
                isOver = true;
                _ = Task.Run(() => telling!.TellAsync(row!));
            }
        }

        /// <summary>Says it when the answer to this request has gone: a peer that waits for it may not know yet what we would speak of.</summary>
        public void BeginAfter(HttpResponse response)
        {
            if (!isOver)
            {
                isOver = true;
                response.OnCompleted(() =>
                {
                    _ = Task.Run(() => telling!.TellAsync(row!));
                    return Task.CompletedTask;
                });
            }
        }

        public void Dispose()
        {
            if (!isOver)
            {
                isOver = true;
                Interlocked.Increment(ref telling!.free);
            }
        }
    }
}
