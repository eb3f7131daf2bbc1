using System.Collections.Concurrent;
using Npgsql;

namespace LivingCity.Dataspace.Benchmarks;

/// <summary>Tells which negotiations are finalized, for all who wait by one query: sixty-four who each ask the connector would be its greatest load.</summary>
internal sealed class Finished : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    private readonly ConcurrentDictionary<string, TaskCompletionSource> waiting = new();
    private readonly CancellationTokenSource stop = new();
    private readonly NpgsqlConnection database;
    private readonly Task watch;

    public Finished(NpgsqlConnection database)
    {
        this.database = database;
        watch = WatchAsync();
    }

    public Task WaitAsync(string id) => waiting.GetOrAdd(id, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await watch.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        stop.Dispose();
        await database.DisposeAsync();
    }

    private async Task WatchAsync()
    {
        while (true)
        {
            await using (var command = new NpgsqlCommand("SELECT id FROM negotiation WHERE tenant = current_setting('app.tenant') AND id = ANY($1) AND state = 'FINALIZED'", database) { Parameters = { new() { Value = waiting.Keys.ToArray() } } })
            await using (var rows = await command.ExecuteReaderAsync(stop.Token))
            {
                while (await rows.ReadAsync(stop.Token))
                {
                    if (waiting.TryRemove(rows.GetString(0), out var done))
                    {
                        done.SetResult();
                    }
                }
            }

            await Task.Delay(Pause, stop.Token);
        }
    }
}
