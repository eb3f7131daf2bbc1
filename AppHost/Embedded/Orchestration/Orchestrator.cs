namespace LivingCity.AppHost.Embedded;

/// <summary>Starts all resources as soon as their dependencies allow and stops them the other way round.</summary>
internal sealed class Orchestrator
{
    private readonly Dictionary<Resource, ResourceRunner> runners = [];

    public Orchestrator(IReadOnlyList<Resource> resources, Stack stack)
    {
        foreach (var resource in resources)
        {
            if (resource.CreateLifecycle(stack) is { } lifecycle)
            {
                resource.HasLifecycle = true;
                runners.Add(resource, new(resource, lifecycle, stack));
            }
        }
    }

    /// <exception cref="ResourceFailedException">Programs are missing; the message has a line for each.</exception>
    public void Locate()
    {
        List<string> missing = [];
        foreach (var runner in runners.Values)
        {
            try
            {
                runner.Locate();
            }
            catch (ResourceFailedException failure)
            {
                missing.Add(failure.Message);
            }
        }

        if (missing.Count > 0)
        {
            throw new ResourceFailedException(string.Join('\n', missing.Distinct()));
        }
    }

    public void Start()
    {
        foreach (var runner in runners.Values)
        {
            runner.Start();
        }
    }

    public void Kill(Resource resource) => runners[resource].Kill();

    public IReadOnlyDictionary<string, string> EnvironmentOf(Resource resource, int replica) => runners[resource].Plan(replica).Environment;

    public async Task StopAsync()
    {
        Dictionary<Resource, Task> stops = [];
        foreach (var resource in runners.Keys)
        {
            _ = StopAsync(resource, stops);
        }

        await Task.WhenAll(stops.Values);
    }

    private Task StopAsync(Resource resource, Dictionary<Resource, Task> stops)
    {
        if (!stops.TryGetValue(resource, out var stop))
        {
            var dependents = runners.Keys.Where(other => other.Waits.Any(wait => wait.Dependency == resource)).ToList();
            stop = StopAfterAsync(resource, dependents.ConvertAll(dependent => StopAsync(dependent, stops)));
            stops[resource] = stop;
        }

        return stop;
    }

    private async Task StopAfterAsync(Resource resource, List<Task> dependents)
    {
        await Task.WhenAll(dependents);
        using var runner = runners[resource];
        await runner.StopAsync();
    }
}
