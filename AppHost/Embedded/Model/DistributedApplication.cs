namespace LivingCity.AppHost.Embedded;

/// <summary>The platform, running as ordinary processes of this machine.</summary>
public sealed class DistributedApplication : IAsyncDisposable, IDisposable
{
    private readonly IReadOnlyList<Resource> resources;
    private readonly StackOptions options;
    private Stack? stack;
    private Orchestrator? orchestrator;

    internal DistributedApplication(IReadOnlyList<Resource> resources, StackOptions options)
    {
        this.resources = resources;
        this.options = options;
    }

    /// <summary>What the resources are doing, and waiting until they do something else.</summary>
    public ResourceNotificationService ResourceNotifications { get; } = new();

    /// <summary>Spans, logs and metrics received from the resources in this run.</summary>
    public TelemetryStore Telemetry { get; } = new();

    /// <summary>Address of the local page, with its token; null before the start.</summary>
    public Uri? Dashboard => stack?.DashboardAddress;

    /// <summary>The address people use; null before the start and without an external endpoint.</summary>
    public string? PublicAddress => stack?.PublicAddress;

    /// <summary>Where the servers' data lies; null before the start.</summary>
    public string? DataFolder => stack?.Data.Path;

    internal ResourceLogs Output { get; } = new();

    internal IReadOnlyList<Resource> Resources => resources;

    /// <summary>Describes an application; the arguments are the command line's (<c>run|down|reset|status</c> and options).</summary>
    public static IDistributedApplicationBuilder CreateBuilder(string[] args) => EntryPointCapture.CreateBuilder(args);

    /// <summary>Carries out the command of the command line and sets the exit code.</summary>
    public void Run() => RunAsync().GetAwaiter().GetResult();

    public async Task RunAsync(CancellationToken cancellationToken = default) =>
        Environment.ExitCode = await Command.RunAsync(this, options, cancellationToken);

    /// <summary>Starts all resources in dependency order and returns without waiting for their health.</summary>
    /// <exception cref="ResourceFailedException">The data folder is in use, or programs are missing (a line for each).</exception>
    public async Task StartAsync(CancellationToken cancellationToken = default)
    {
        if (stack is not null)
        {
            throw new InvalidOperationException("The application has been started already.");
        }

        stack = new Stack(options, Output, Telemetry, ResourceNotifications);
        try
        {
            await stack.StartAsync(resources, cancellationToken);
            var starting = new Orchestrator(resources, stack);
            starting.Locate();
            starting.Start();
            orchestrator = starting;
        }
        catch
        {
            await stack.DisposeAsync();
            throw;
        }
    }

    /// <summary>Stops all resources, each after those that depend on it.</summary>
    public async Task StopAsync(CancellationToken cancellationToken = default)
    {
        if (orchestrator is not null)
        {
            await orchestrator.StopAsync();
            orchestrator = null;
        }

        if (stack is not null)
        {
            await stack.DisposeAsync();
            stack = null;
        }
    }

    /// <summary>A client whose base address is the resource's endpoint (the first one unless named).</summary>
    public HttpClient CreateHttpClient(string resourceName, string? endpointName = null) =>
        new() { BaseAddress = GetEndpoint(resourceName, endpointName) };

    /// <summary>Where the resource listens (its first endpoint and replica unless named).</summary>
    public Uri GetEndpoint(string resourceName, string? endpointName = null) => new(Find(resourceName).Endpoint(endpointName).Url());

    /// <summary>The connection string of a server, a database or a broker; null for a resource that has none.</summary>
    public ValueTask<string?> GetConnectionStringAsync(string resourceName, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult((Find(resourceName) as IResourceWithConnectionString)?.ConnectionStringExpression.GetValue());

    /// <summary>The latest lines a resource has written, oldest first.</summary>
    public IReadOnlyList<string> Logs(string resourceName) => Output.Of(Find(resourceName).Name);

    /// <summary>The process ids of a resource, one per replica; empty while it is down.</summary>
    public IReadOnlyList<int> ProcessIds(string resourceName) => ResourceNotifications.Get(resourceName).ProcessIds;

    /// <summary>The variables the resource's process is given, for tests of what is injected.</summary>
    public IReadOnlyDictionary<string, string> GetEnvironment(string resourceName, int replica = 0) =>
        (orchestrator ?? throw new InvalidOperationException("The application is not running.")).EnvironmentOf(Find(resourceName), replica);

    /// <summary>
    /// Kills the resource's processes as <c>kill -9</c> does. On return they are gone and the resource counts as unhealthy,
    /// so that waiting for its health waits for the restart.
    /// </summary>
    public void KillResource(string resourceName) =>
        (orchestrator ?? throw new InvalidOperationException("The application is not running.")).Kill(Find(resourceName));

    public async ValueTask DisposeAsync() => await StopAsync();

    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    private Resource Find(string name) =>
        resources.FirstOrDefault(resource => resource.Name == name) ?? throw new ArgumentException($"There is no resource named '{name}'.", nameof(name));
}
