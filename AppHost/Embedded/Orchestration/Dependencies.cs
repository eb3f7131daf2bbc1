namespace LivingCity.AppHost.Embedded;

internal static class Dependencies
{
    /// <summary>Waits until all that a resource waits for is as it wants it.</summary>
    /// <exception cref="ResourceFailedException">A dependency cannot run, or has ended with another code than wanted.</exception>
    public static async Task WaitAsync(Resource resource, ResourceNotificationService notifications, CancellationToken cancellationToken)
    {
        foreach (var wait in resource.Waits.Where(wait => wait.Dependency.HasLifecycle))
        {
            await WaitAsync(resource.Name, wait, notifications, cancellationToken);
        }
    }

    private static async Task WaitAsync(string name, Wait wait, ResourceNotificationService notifications, CancellationToken cancellationToken)
    {
        ResourceSnapshot reached;
        try
        {
            var state = wait.ForCompletion ? ResourceState.Completed : ResourceState.Healthy;
            reached = await notifications.WaitForResourceAsync(wait.Dependency.Name, state, cancellationToken);
        }
        catch (ResourceFailedException failure)
        {
            throw new ResourceFailedException($"{name} needs {wait.Dependency.Name}. {failure.Message}");
        }

        if (wait.ForCompletion && reached.ExitCode != wait.ExitCode)
        {
            throw new ResourceFailedException($"{name} needs {wait.Dependency.Name} to end with {wait.ExitCode}, and it ended with {reached.ExitCode}.");
        }
    }
}
