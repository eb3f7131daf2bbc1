namespace LivingCity.AppHost.Embedded;

/// <summary>How to start and stop one process.</summary>
/// <param name="User">The unprivileged user to run as when the host runs as root; null runs it as the host's user.</param>
/// <param name="StopSignal">What asks the process to end in good order.</param>
internal sealed record LaunchPlan(
    string FileName, IReadOnlyList<string> Arguments, string WorkingDirectory, IReadOnlyDictionary<string, string> Environment, string? User = null, int StopSignal = Signals.Terminate)
{
    /// <summary>How long the process may take to end before it is killed.</summary>
    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(20);

    public IEnumerable<string> CommandLine => [.. Unprivileged.Prefix(User), FileName, .. Arguments];
}
