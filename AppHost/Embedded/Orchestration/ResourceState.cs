namespace LivingCity.AppHost.Embedded;

public enum ResourceState
{
    /// <summary>Waits for its dependencies.</summary>
    Waiting,

    /// <summary>Runs, and has not been healthy yet.</summary>
    Starting,
    Healthy,

    /// <summary>Runs and was healthy before.</summary>
    Unhealthy,

    /// <summary>Ended unasked and is started again after a pause.</summary>
    Restarting,
    Stopping,
    Stopped,

    /// <summary>Ended with code 0, as it was meant to.</summary>
    Completed,

    /// <summary>Cannot run; the message says why. It is not tried again.</summary>
    Failed,
}

/// <summary>A resource at one moment.</summary>
/// <param name="Kind">For people: <c>PostgreSQL</c>, <c>project</c>, ...</param>
/// <param name="Addresses">Where it listens, one per endpoint and replica.</param>
/// <param name="ProcessIds">The running processes, one per replica.</param>
/// <param name="Restarts">How often a process ended unasked.</param>
public sealed record ResourceSnapshot(
    string Name, string Kind, ResourceState State, IReadOnlyList<string> Addresses, IReadOnlyList<int> ProcessIds, int Restarts = 0, int? ExitCode = null, string? Message = null);
