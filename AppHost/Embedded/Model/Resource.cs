namespace LivingCity.AppHost.Embedded;

/// <summary>What every resource of the embedded engine is described by. The description is fixed once the application starts.</summary>
public abstract class Resource(string name) : IResource
{
    public string Name { get; } = name;

    internal List<Wait> Waits { get; } = [];

    internal List<EnvironmentEntry> Environment { get; } = [];

    internal List<Endpoint> Endpoints { get; } = [];

    internal List<HttpHealthCheck> HttpHealthChecks { get; } = [];

    internal int Replicas { get; set; } = 1;

    internal bool HasLifecycle { get; set; }

    /// <summary>What it is, for people.</summary>
    internal virtual string Kind => "value";

    /// <summary>Makes what runs this resource, or null for a resource that is only a value.</summary>
    internal abstract ILifecycle? CreateLifecycle(Stack stack);

    internal Endpoint Endpoint(string? name) =>
        Endpoints.FirstOrDefault(endpoint => name is null || endpoint.Name == name)
        ?? throw new InvalidOperationException($"Resource '{Name}' has no endpoint{(name is null ? "" : $" '{name}'")}.");
}

internal sealed record Wait(Resource Dependency, bool ForCompletion = false, int ExitCode = 0);

internal sealed record HttpHealthCheck(string Path, int StatusCode, string? EndpointName);

/// <summary>Adds variables to a process that is about to start; evaluated then, because ports are not known earlier.</summary>
internal delegate void EnvironmentEntry(IDictionary<string, string> variables);
