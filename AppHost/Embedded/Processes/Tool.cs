namespace LivingCity.AppHost.Embedded;

/// <summary>Runs a short-lived program to its end. Like every process of the host it has a guardian, so nothing of it outlives the host or the call.</summary>
internal static class Tool
{
    /// <exception cref="ResourceFailedException">The program ended with another code than 0; the message is its last line.</exception>
    public static async Task RunAsync(string fileName, IEnumerable<string> arguments, string? user = null, CancellationToken cancellationToken = default)
    {
        var last = "";
        var code = await ExitCodeAsync(fileName, arguments, user, line => last = line.Length > 0 ? line : last, cancellationToken);
        if (code != 0)
        {
            throw new ResourceFailedException($"{Path.GetFileName(fileName)} failed: {last}");
        }
    }

    public static Task<int> ExitCodeAsync(string fileName, IEnumerable<string> arguments, string? user, CancellationToken cancellationToken) =>
        ExitCodeAsync(fileName, arguments, user, _ => { }, cancellationToken);

    private static async Task<int> ExitCodeAsync(string fileName, IEnumerable<string> arguments, string? user, Action<string> log, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var process = await ManagedProcess.StartAsync(new(fileName, [.. arguments], "/", new Dictionary<string, string>(), user), log);
        try
        {
            return await process.Exited.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            await process.Exited;
            throw;
        }
    }
}
