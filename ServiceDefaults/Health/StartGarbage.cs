using Microsoft.Extensions.Hosting;

namespace LivingCity.ServiceDefaults.Health;

/// <summary>
/// Gives back, once, what a start leaves behind. The collector's first generation may grow to the size of the processor's cache, so a service at rest would otherwise keep it
/// for as long as nothing happens (<c>eng/bench.sh start</c>).
/// </summary>
internal sealed class StartGarbage(IHostApplicationLifetime host, TimeProvider time) : BackgroundService
{
    /// <summary>Until the first round of health checks and of work in the background is through.</summary>
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(20);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var started = new TaskCompletionSource();
        await using var registration = host.ApplicationStarted.Register(started.SetResult);
        await started.Task.WaitAsync(stoppingToken);
        await Task.Delay(Settled, time, stoppingToken);
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
    }
}
