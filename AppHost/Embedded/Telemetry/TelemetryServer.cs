using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace LivingCity.AppHost.Embedded;

/// <summary>One small web server on loopback: receives OTLP over HTTP and shows the local page. Both ask for a secret of this run.</summary>
internal sealed class TelemetryServer : IAsyncDisposable
{
    private const string KeyHeader = "x-otlp-api-key";
    private readonly WebApplication web;

    private TelemetryServer(WebApplication web, int port, string key, string token)
    {
        this.web = web;
        DashboardAddress = new(string.Create(CultureInfo.InvariantCulture, $"http://localhost:{port}/{token}/"));
        Exporter = new Dictionary<string, string>
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}"),
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
            ["OTEL_EXPORTER_OTLP_HEADERS"] = $"{KeyHeader}={key}",

            // Quick to see, as in development nobody waits a minute for a metric. Milliseconds.
            ["OTEL_BSP_SCHEDULE_DELAY"] = "1000",
            ["OTEL_BLRP_SCHEDULE_DELAY"] = "1000",
            ["OTEL_METRIC_EXPORT_INTERVAL"] = "1000",
        };
    }

    public Uri DashboardAddress { get; }

    public IReadOnlyDictionary<string, string> Exporter { get; }

    public static async Task<TelemetryServer> StartAsync(
        int port, TelemetryStore telemetry, ResourceNotificationService notifications, ResourceLogs output, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = Environments.Production });
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenLocalhost(port));
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.Services.AddRequestDecompression();
        var web = builder.Build();
        var (key, token) = (RandomNumberGenerator.GetHexString(32, lowercase: true), RandomNumberGenerator.GetHexString(32, lowercase: true));
        web.UseRequestDecompression();
        MapReceiver(web, telemetry, key);
        web.MapDashboard($"/{token}", new DashboardData(telemetry, notifications, output));
        await web.StartAsync(cancellationToken);
        return new(web, port, key, token);
    }

    public async ValueTask DisposeAsync()
    {
        // Exporters keep their connections open; nobody has anything left to say.
        using var limit = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        await web.StopAsync(limit.Token);
        await web.DisposeAsync();
    }

    private static void MapReceiver(WebApplication web, TelemetryStore telemetry, string key)
    {
        web.MapPost("/v1/traces", context => ReceiveAsync(context, key, body => telemetry.Add(OtlpReader.Spans(body).ToList())));
        web.MapPost("/v1/logs", context => ReceiveAsync(context, key, body => telemetry.Add(OtlpReader.Logs(body).ToList())));
        web.MapPost("/v1/metrics", context => ReceiveAsync(context, key, body => telemetry.Add(OtlpReader.Metrics(body).ToList())));
    }

    private static async Task ReceiveAsync(HttpContext context, string key, Action<byte[]> receive)
    {
        if (context.Request.Headers[KeyHeader] != key)
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return;
        }

        if (context.Request.ContentType is not "application/x-protobuf")
        {
            context.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            return;
        }

        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        try
        {
            receive(body.ToArray());
        }
        catch (Google.Protobuf.InvalidProtocolBufferException)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }

        // An empty message of the response's type: everything was accepted.
        context.Response.ContentType = "application/x-protobuf";
    }

    /// <summary>The host's own signals stop the platform; this server ends with it, not by itself.</summary>
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
