namespace LivingCity.AppHost.Embedded;

internal static class HealthQuestion
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    /// <summary>Null when every process of the resource runs and answers, else what is wrong with the first that does not.</summary>
    /// <param name="initialize">Sets the resource up when it answers.</param>
    public static async Task<string?> AskAsync(ILifecycle lifecycle, IReadOnlyList<ProcessLoop> loops, bool initialize, CancellationToken cancellationToken)
    {
        for (var replica = 0; replica < Math.Max(1, loops.Count); replica++)
        {
            var isDown = replica < loops.Count && loops[replica].ProcessId is null;
            if ((isDown ? "not running" : await AskAsync(lifecycle, replica, cancellationToken)) is { } problem)
            {
                return problem;
            }
        }

        return initialize ? await InitializeAsync(lifecycle, cancellationToken) : null;
    }

    private static async Task<string?> AskAsync(ILifecycle lifecycle, int replica, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        try
        {
            return await lifecycle.CheckAsync(replica, limit.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return "does not answer";
        }
    }

    private static async Task<string?> InitializeAsync(ILifecycle lifecycle, CancellationToken cancellationToken)
    {
        try
        {
            await lifecycle.InitializeAsync(cancellationToken);
            return null;
        }
        catch (Exception error) when (error is not (ResourceFailedException or OperationCanceledException))
        {
            // A server may fall over while it is being set up; it is set up when it is back.
            return error.Message;
        }
    }
}
