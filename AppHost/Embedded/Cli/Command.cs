namespace LivingCity.AppHost.Embedded;

internal static class Command
{
    public static async Task<int> RunAsync(DistributedApplication application, StackOptions options, CancellationToken cancellationToken)
    {
        await application.StartAsync(cancellationToken);
        await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
        return 0;
    }
}
