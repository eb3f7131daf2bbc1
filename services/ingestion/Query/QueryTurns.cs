namespace LivingCity.Ingestion.Query;

/// <summary>
/// Lets few queries run at once, in the order in which they came: more would share the same cores, and each would take as long as all of them. One that is long gives up its turn and runs beside
/// the others, so that it never stops the line.
/// </summary>
internal sealed class QueryTurns(TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(100);

    /// <summary>Enough that no core waits while some queries are between the service and the database.</summary>
    internal static readonly int AtOnce = 3 * Environment.ProcessorCount;

    private readonly SemaphoreSlim turns = new(AtOnce);

    public async Task<T> RunAsync<T>(Func<Task<T>> query, CancellationToken cancellationToken)
    {
        await turns.WaitAsync(cancellationToken);
        Task<T> running;
        try
        {
            running = query();
            await ((Task)running).WaitAsync(Longest, time, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        finally
        {
            turns.Release();
        }

        return await running;
    }

    public void Dispose() => turns.Dispose();
}
