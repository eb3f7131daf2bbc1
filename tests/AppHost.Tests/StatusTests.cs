namespace LivingCity.AppHost.Tests;

public sealed class StatusTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("sleep 600", ResourceState.Healthy, 0)]
    [InlineData("exit 1", ResourceState.Restarting, 1)]
    public async Task Status_OfARunningStack_IsZeroOnlyWhenAllIsHealthy(string script, ResourceState state, int expected)
    {
        using var folder = new TestFolder();
        var builder = DistributedApplicationTestingBuilder.Create().WithDataFolder(folder.Path);
        builder.AddExecutable("steady", "sleep", ".", "600");
        builder.AddExecutable("other", "sh", ".", "-c", script);
        await using var app = await builder.BuildAsync(Cancelled);
        await app.StartAsync(Cancelled);
        RunningStack.Write(folder.Path, new(Environment.ProcessId, app.Dashboard!));
        await app.ResourceNotifications.WaitForResourceHealthyAsync("steady", Cancelled);
        await app.ResourceNotifications.WaitForResourceAsync("other", resource => resource.State == state && resource.Restarts >= (expected * 4), Cancelled);

        Assert.Equal(expected, await StatusCommand.RunAsync(folder.Path, Cancelled));
    }
}
