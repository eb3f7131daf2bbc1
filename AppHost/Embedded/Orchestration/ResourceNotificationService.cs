namespace LivingCity.AppHost.Embedded;

/// <summary>Knows what every resource is doing. Thread-safe.</summary>
public sealed class ResourceNotificationService
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, ResourceSnapshot> snapshots = [];
    private TaskCompletionSource changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal event Action<ResourceSnapshot>? StateChanged;

    /// <summary>All resources, in the order they were described.</summary>
    public IReadOnlyList<ResourceSnapshot> All
    {
        get
        {
            lock (gate)
            {
                return [.. snapshots.Values];
            }
        }
    }

    /// <summary>Completes when anything changes after this property was read.</summary>
    public Task Changed
    {
        get
        {
            lock (gate)
            {
                return changed.Task;
            }
        }
    }

    public ResourceSnapshot Get(string resourceName)
    {
        lock (gate)
        {
            return snapshots.TryGetValue(resourceName, out var snapshot) ? snapshot : throw new ArgumentException($"There is no running resource '{resourceName}'.", nameof(resourceName));
        }
    }

    /// <summary>Returns at once when the resource is healthy now.</summary>
    /// <exception cref="ResourceFailedException">The resource, or one it waits for, cannot run.</exception>
    public Task<ResourceSnapshot> WaitForResourceHealthyAsync(string resourceName, CancellationToken cancellationToken = default) =>
        WaitForResourceAsync(resourceName, snapshot => snapshot.State is ResourceState.Healthy, cancellationToken);

    public Task<ResourceSnapshot> WaitForResourceAsync(string resourceName, ResourceState state, CancellationToken cancellationToken = default) =>
        WaitForResourceAsync(resourceName, snapshot => snapshot.State == state, cancellationToken);

    /// <exception cref="ResourceFailedException">The resource, or one it waits for, cannot run.</exception>
    public async Task<ResourceSnapshot> WaitForResourceAsync(string resourceName, Func<ResourceSnapshot, bool> predicate, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            var next = Changed;
            var snapshot = Get(resourceName);
            if (predicate(snapshot))
            {
                return snapshot;
            }

            if (snapshot.State is ResourceState.Failed)
            {
                throw new ResourceFailedException(snapshot.Message ?? $"{resourceName} failed.");
            }

            await next.WaitAsync(cancellationToken);
        }
    }

    internal void Publish(ResourceSnapshot snapshot) => Update(snapshot.Name, _ => snapshot);

    internal void Update(string resourceName, Func<ResourceSnapshot, ResourceSnapshot> change)
    {
        TaskCompletionSource previous;
        lock (gate)
        {
            var before = snapshots.GetValueOrDefault(resourceName);
            var after = change(before!);
            if (after == before)
            {
                return;
            }

            snapshots[resourceName] = after;
            if (after.State != before?.State)
            {
                // Inside the lock, so that listeners hear of the changes in their order; they only take note.
                StateChanged?.Invoke(after);
            }

            previous = changed;
            changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        previous.SetResult();
    }
}
