namespace LivingCity.AppHost.Embedded;

/// <summary>Keeps one process of a resource running until it is stopped.</summary>
internal sealed class ProcessLoop(ILifecycle lifecycle, int replica, Action<string> log, TimeProvider clock, Action<ProcessEvent> report)
{
    private readonly BackOff backOff = new(clock);
    private volatile ManagedProcess? current;

    public int? ProcessId => current?.Id;

    /// <summary>Returns when the process has completed, or was stopped because of the token.</summary>
    /// <exception cref="ResourceFailedException">The process cannot be started.</exception>
    public async Task RunAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            var startedAt = clock.GetUtcNow();
            using var process = await ManagedProcess.StartAsync(lifecycle.Plan(replica), log);
            current = process;
            report(new ProcessStarted());
            var exitCode = await EndAsync(process, stopping);
            current = null;
            if (stopping.IsCancellationRequested)
            {
                return;
            }

            if (exitCode == 0 && lifecycle.RunsToCompletion)
            {
                report(new ProcessCompleted());
                return;
            }

            var pause = backOff.Next(startedAt);
            report(new ProcessCrashed(exitCode, pause));
            await Task.Delay(pause, clock, stopping).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }
    }

    /// <summary>Kills the process and returns when it is gone; the loop then starts it again.</summary>
    public void Kill()
    {
        if (current is { } process)
        {
            process.Kill();
            process.Exited.Wait();
        }
    }

    private static async Task<int> EndAsync(ManagedProcess process, CancellationToken stopping)
    {
        try
        {
            return await process.Exited.WaitAsync(stopping);
        }
        catch (OperationCanceledException)
        {
            await process.StopAsync();
            return 0;
        }
    }
}

internal abstract record ProcessEvent;

internal sealed record ProcessStarted : ProcessEvent;

internal sealed record ProcessCompleted : ProcessEvent;

internal sealed record ProcessCrashed(int ExitCode, TimeSpan Pause) : ProcessEvent;
