using System.Threading.Channels;

namespace LivingCity.Gateway.Portal.Live;

/// <summary>One client's place at a city's feed. It never makes the feed wait: when too much waits for the client, it is cut off.</summary>
internal sealed class Subscription(IReadOnlyList<LiveUpdate> backlog, int capacity, Action<Subscription> leave) : IDisposable
{
    private readonly Channel<LiveUpdate> waiting = Channel.CreateBounded<LiveUpdate>(new BoundedChannelOptions(capacity) { SingleReader = true });
    private readonly CancellationTokenSource tooSlow = new();

    /// <summary>What was missed, to be sent first.</summary>
    public IReadOnlyList<LiveUpdate> Backlog => backlog;

    /// <summary>What comes after that.</summary>
    public ChannelReader<LiveUpdate> Updates => waiting.Reader;

    /// <summary>Cancelled when the client does not keep up.</summary>
    public CancellationToken TooSlow => tooSlow.Token;

    /// <summary>False when the client cannot take any more: then it is gone.</summary>
    public bool Offer(LiveUpdate update)
    {
        if (waiting.Writer.TryWrite(update))
        {
            return true;
        }

        waiting.Writer.TryComplete();
        // Not on this thread: whoever is cut off must not hold up the others.
        _ = tooSlow.CancelAsync();
        return false;
    }

    public void Complete() => waiting.Writer.TryComplete();

    public void Dispose()
    {
        leave(this);
        waiting.Writer.TryComplete();
    }
}
