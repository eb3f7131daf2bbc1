using System.Collections.Concurrent;
using LivingCity.Ingestion.Query;
using LivingCity.Testing;

namespace LivingCity.Ingestion.Tests.Query;

public sealed class QueryTurnsTests
{
    [Fact]
    public async Task Run_MoreThanTurns_RunInTheOrderInWhichTheyCame()
    {
        using var turns = new QueryTurns(new ManualTime(DateTimeOffset.UnixEpoch));
        var (started, gates) = (new ConcurrentQueue<int>(), Enumerable.Range(0, QueryTurns.AtOnce + 2).Select(_ => new TaskCompletionSource<int>()).ToArray());

        var running = gates.Select((gate, number) => turns.RunAsync(
            () =>
            {
                started.Enqueue(number);
                return gate.Task;
            },
            CancellationToken.None)).ToArray();
        var atFirst = started.ToArray();
        gates[1].SetResult(1);
        await running[1];
        await Eventually.EqualAsync(QueryTurns.AtOnce + 1, () => Task.FromResult(started.Count));
        gates[0].SetException(new InvalidOperationException("A query failed."));
        await Assert.ThrowsAsync<InvalidOperationException>(() => running[0]);
        await Eventually.EqualAsync(QueryTurns.AtOnce + 2, () => Task.FromResult(started.Count));

        Assert.Equal(Enumerable.Range(0, QueryTurns.AtOnce), atFirst);
        Assert.Equal(Enumerable.Range(0, QueryTurns.AtOnce + 2), started);
    }

    [Fact]
    public async Task Run_LongQueries_DoNotStopTheLine()
    {
        var time = new ManualTime(DateTimeOffset.UnixEpoch);
        using var turns = new QueryTurns(time);
        var endless = new TaskCompletionSource<int>();
        var first = Enumerable.Range(0, QueryTurns.AtOnce).Select(_ => turns.RunAsync(() => endless.Task, CancellationToken.None)).ToArray();

        var next = turns.RunAsync(() => Task.FromResult(7), CancellationToken.None);
        var waiting = !next.IsCompleted;
        time.Advance(TimeSpan.FromSeconds(1));

        Assert.True(waiting);
        Assert.Equal(7, await next);
        endless.SetResult(1);
        Assert.All(await Task.WhenAll(first), result => Assert.Equal(1, result));
    }
}
