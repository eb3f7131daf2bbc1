namespace LivingCity.AppHost.Embedded;

/// <summary>Stops the stack that holds a data folder and waits until it is gone.</summary>
internal static class DownCommand
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static async Task<int> RunAsync(string folder, CancellationToken cancellationToken)
    {
        if (RunningStack.Find(folder) is not { } running)
        {
            Console.WriteLine($"Nothing runs on {folder}.");
            return 0;
        }

        Signals.Send(running.ProcessId, Signals.Terminate);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        while (true)
        {
            using var claim = DataFolder.TryClaim(folder);
            if (claim is not null)
            {
                Console.WriteLine("Stopped.");
                return 0;
            }

            try
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100), patience.Token);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                throw new ResourceFailedException($"The stack (process {running.ProcessId}) does not stop: kill it; its processes end with it.");
            }
        }
    }
}

/// <summary>Stops a stack and deletes its data.</summary>
internal static class ResetCommand
{
    public static async Task<int> RunAsync(string folder, CancellationToken cancellationToken)
    {
        var exitCode = await DownCommand.RunAsync(folder, cancellationToken);
        if (exitCode == 0 && Directory.Exists(folder))
        {
            using var claim = DataFolder.TryClaim(folder) ?? throw new ResourceFailedException($"A stack has just started on {folder}; nothing was deleted.");
            DataFolder.Delete(folder);
            Console.WriteLine($"Deleted {folder}.");
        }

        return exitCode;
    }
}
