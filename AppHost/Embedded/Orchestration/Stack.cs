namespace LivingCity.AppHost.Embedded;

/// <summary>What the resources of one run share: data folder, ports, passwords, where telemetry goes.</summary>
internal sealed class Stack(StackOptions options, ResourceLogs output, TelemetryStore telemetry, ResourceNotificationService notifications) : IAsyncDisposable
{
    private DataFolder? data;
    private TelemetryServer? server;

    public Ports Ports { get; } = new();

    public StackOptions Options => options;

    public ResourceLogs Output => output;

    public ResourceNotificationService Notifications => notifications;

    public DataFolder Data => data ?? throw new InvalidOperationException("The stack has not been started.");

    public Uri? DashboardAddress => server?.DashboardAddress;

    /// <summary>What a resource exports its telemetry with.</summary>
    public IReadOnlyDictionary<string, string> Exporter => server?.Exporter ?? throw new InvalidOperationException("The stack has not been started.");

    /// <summary>The address people use, if a resource has one.</summary>
    public string? PublicAddress { get; private set; }

    public async Task StartAsync(IReadOnlyList<Resource> resources, CancellationToken cancellationToken)
    {
        data = DataFolder.Open(options);
        foreach (var resource in resources)
        {
            resource.Endpoints.ForEach(endpoint => Allocate(resource, endpoint));
        }

        PublicAddress = resources.SelectMany(resource => resource.Endpoints).FirstOrDefault(endpoint => endpoint.IsExternal)?.Url();
        server = await TelemetryServer.StartAsync(Ports.Next(), telemetry, notifications, output, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (server is not null)
        {
            await server.DisposeAsync();
        }

        data?.Dispose();
        Ports.Dispose();
    }

    private void Allocate(Resource resource, Endpoint endpoint)
    {
        var chosen = Enumerable.Range(0, resource.Replicas).Select(_ => Ports.Next()).ToArray();
        if (endpoint.FixedPort is { } wanted && !options.RandomPorts && resource.Replicas == 1)
        {
            if (Ports.TryClaim(wanted))
            {
                chosen[0] = wanted;
            }
            else
            {
                output.Append(resource.Name, $"port {wanted} is taken; using {chosen[0]} instead");
            }
        }

        endpoint.Allocate(chosen);
    }
}
