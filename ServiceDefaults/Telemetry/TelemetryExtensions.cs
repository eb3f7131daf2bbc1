using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace LivingCity.ServiceDefaults.Telemetry;

/// <summary>
/// Traces, metrics and logs over OTLP, configured by the standard <c>OTEL_*</c> variables.
/// Sources and meters are named by hand: .NET and its libraries emit them without instrumentation packages.
/// </summary>
internal static class TelemetryExtensions
{
    private static readonly string[] Sources =
        ["Microsoft.AspNetCore", "System.Net.Http", "Npgsql", "MassTransit", "LivingCity.*"];

    private static readonly string[] Meters =
    [
        "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "Microsoft.AspNetCore.RateLimiting", "Microsoft.AspNetCore.Authentication",
        "System.Net.Http", "System.Runtime", "Npgsql", "MassTransit", "LivingCity.*",
    ];

    private const int TracesPerSecond = 100;

    public static void AddTelemetry(this WebApplicationBuilder builder, string service)
    {
        builder.Logging
            .AddFilter("Microsoft.AspNetCore", LogLevel.Warning)
            .AddFilter("System.Net.Http", LogLevel.Warning)
            .AddFilter("MassTransit", LogLevel.Warning)
            .AddFilter("Npgsql", LogLevel.Warning)
            .AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None); // the endpoints say it to those who ask
        if (string.IsNullOrEmpty(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]))
        {
            return;
        }

        var resource = ResourceBuilder.CreateDefault().AddService(service, serviceNamespace: "living-city", serviceInstanceId: Environment.MachineName + ":" + Environment.ProcessId)
            .AddEnvironmentVariableDetector();
        builder.Logging.AddOpenTelemetry(logs =>
        {
            logs.IncludeScopes = true;
            logs.IncludeFormattedMessage = true;
            logs.SetResourceBuilder(resource);
            logs.AddOtlpExporter();
        });
        builder.Services.AddSingleton(_ => OpenTelemetrySdk.Create(sdk => sdk
            .WithTracing(traces => Sample(traces, builder.Configuration).SetResourceBuilder(resource).AddSource(Sources).AddProcessor(new WithoutHealthChecks()).AddOtlpExporter())
            .WithMetrics(metrics => metrics.SetResourceBuilder(resource).AddMeter(Meters).AddOtlpExporter())));
        builder.Services.AddHostedService<TelemetryService>();
    }

    /// <summary>As <c>OTEL_TRACES_SAMPLER</c> says; else few enough, and whoever began a trace has decided for all that take part in it.</summary>
    private static TracerProviderBuilder Sample(TracerProviderBuilder traces, ConfigurationManager configuration) => string.IsNullOrEmpty(configuration["OTEL_TRACES_SAMPLER"])
        ? traces.SetSampler(new ParentBasedSampler(new LimitedSampler(TracesPerSecond, TimeProvider.System))) : traces;

    /// <summary>Probes arrive every few seconds and say nothing: their spans are not exported.</summary>
    private sealed class WithoutHealthChecks : BaseProcessor<Activity>
    {
        public override void OnEnd(Activity data)
        {
            if (data.Kind == ActivityKind.Server && data.GetTagItem("url.path") is string path && path.StartsWith("/health", StringComparison.Ordinal))
            {
                data.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
            }
        }
    }

    /// <summary>Starts the SDK before the first request, and flushes it when the container disposes it. Stands in for OpenTelemetry.Extensions.Hosting.</summary>
    private sealed class TelemetryService(OpenTelemetrySdk sdk) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            _ = sdk.TracerProvider;
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
