namespace LivingCity.AppHost.Embedded;

internal sealed class TelemetryServer : IAsyncDisposable
{
    public Uri DashboardAddress { get; } = new("http://localhost");
    public IReadOnlyDictionary<string, string> Exporter { get; } = new Dictionary<string, string>();
    public static Task<TelemetryServer> StartAsync(int port, TelemetryStore telemetry, ResourceNotificationService notifications, ResourceLogs output, CancellationToken cancellationToken) => Task.FromResult(new TelemetryServer());
    public ValueTask DisposeAsync() => default;
}
