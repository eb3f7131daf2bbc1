using System.Threading.Channels;

namespace LivingCity.ServiceDefaults.Messaging;

/// <summary>
/// Wakes this replica's relay after a commit that wrote to the outbox. In the process and not by NOTIFY: PostgreSQL lets transactions that notify commit one after the other,
/// each with its own flush to disk.
/// </summary>
internal sealed class OutboxSignal
{
    private readonly Channel<bool> wakes = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public void Set() => wakes.Writer.TryWrite(true);

    /// <summary>Returns when somebody has called <see cref="Set"/> since the last return, or after <paramref name="patience"/>.</summary>
    public async Task WaitAsync(TimeSpan patience, TimeProvider time, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            await wakes.Reader.ReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Nobody called in time.
        }
    }
}
