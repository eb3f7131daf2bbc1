namespace LivingCity.AppHost.Embedded;

/// <summary>Any program. It is done when it ends with code 0 and started again when it ends with another.</summary>
public sealed class ExecutableResource : Resource, IResourceWithServiceDiscovery, IResourceWithEnvironment, IResourceWithWaitSupport
{
    internal ExecutableResource(string name, string command, string workingDirectory, string[] arguments)
        : base(name) => (Command, WorkingDirectory, Arguments) = (command, workingDirectory, arguments);

    internal string Command { get; }

    internal string WorkingDirectory { get; }

    internal string[] Arguments { get; }

    internal override string Kind => "executable";

    internal override ILifecycle CreateLifecycle(Stack stack) => new ExecutableLifecycle(this, stack);
}

public static class ExecutableExtensions
{
    /// <param name="workingDirectory">Relative to the host's project.</param>
    public static IResourceBuilder<ExecutableResource> AddExecutable(
        this IDistributedApplicationBuilder builder, string name, string command, string workingDirectory, params string[] args) =>
        builder.AddResource(new ExecutableResource(name, command, Path.GetFullPath(workingDirectory, builder.AppHostDirectory), args));
}

internal sealed class ExecutableLifecycle(ExecutableResource executable, Stack stack) : ILifecycle
{
    private string program = "";

    public bool RunsToCompletion => true;

    public void Locate() => program = Programs.FindOnPath(executable.Command);

    public LaunchPlan Plan(int replica)
    {
        var variables = new Dictionary<string, string>(stack.Exporter) { ["OTEL_SERVICE_NAME"] = executable.Name };
        executable.Environment.ForEach(entry => entry(variables));
        return new(program, executable.Arguments, executable.WorkingDirectory, variables);
    }

    public Task<string?> CheckAsync(int replica, CancellationToken cancellationToken) => HttpHealth.CheckAsync(executable, replica, cancellationToken);
}
