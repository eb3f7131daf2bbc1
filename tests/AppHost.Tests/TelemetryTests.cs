using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Http.Headers;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace LivingCity.AppHost.Tests;

/// <summary>What OpenTelemetry's own exporter sends is what the store holds and the page shows.</summary>
public sealed class TelemetryTests : IAsyncLifetime
{
    private const string Source = "LivingCity.AppHost.Tests.Source";
    private DistributedApplication app = null!;
    private IReadOnlyDictionary<string, string> exporter = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var builder = DistributedApplicationTestingBuilder.Create();
        builder.AddExecutable("sleeper", "sleep", ".", "600");
        app = await builder.BuildAsync(Cancelled);
        await app.StartAsync(Cancelled);
        exporter = app.GetEnvironment("sleeper");
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    [Fact]
    public async Task Traces_Exported_AreReceivedWithTheirLineage()
    {
        using var source = new ActivitySource(Source);
        string traceId;
        using (Sdk.CreateTracerProviderBuilder().AddSource(Source).SetResourceBuilder(Resource()).AddOtlpExporter(To("traces")).Build())
        {
            using var parent = source.StartActivity("parent", ActivityKind.Server)!;
            traceId = parent.TraceId.ToHexString();
            using var child = source.StartActivity("child", ActivityKind.Client)!;
            child.SetTag("answer", 42).SetTag("share", 0.5).SetTag("list", new[] { "a", "b" }).SetTag("yes", true);
            child.SetStatus(ActivityStatusCode.Error, "no");
        }

        var trace = await app.Telemetry.WaitForTraceAsync(traceId, spans => spans.Count == 2, Cancelled);

        var (first, second) = (trace.Single(span => span.Name == "parent"), trace.Single(span => span.Name == "child"));
        Assert.Equal(("", first.SpanId), (first.ParentSpanId, second.ParentSpanId));
        Assert.Equal((Embedded.SpanKind.Server, Embedded.SpanKind.Client), (first.Kind, second.Kind));
        Assert.Equal((false, true), (first.IsError, second.IsError));
        Assert.Equal(("sender", Source), (second.Service, second.Scope));
        Assert.Equal(("42", "0.5", "[a, b]", "true"), (second.Attributes["answer"], second.Attributes["share"], second.Attributes["list"], second.Attributes["yes"]));
        Assert.InRange(second.Start, first.Start, second.End);
    }

    [Fact]
    public async Task Logs_Exported_AreReceivedWithSeverityAndAttributes()
    {
        using (var factory = LoggerFactory.Create(logging => logging.AddOpenTelemetry(logs =>
        {
            logs.IncludeFormattedMessage = true;
            logs.SetResourceBuilder(Resource()).AddOtlpExporter(To("logs"));
        })))
        {
            factory.CreateLogger("some.category").LogWarning("Station {Station} is late", "Sofia-1");
        }

        await Eventually.TrueAsync(() => Task.FromResult(app.Telemetry.Logs.Count > 0), "a log has arrived");

        var log = Assert.Single(app.Telemetry.Logs);
        Assert.Equal((LogSeverity.Warning, "some.category", "Station Sofia-1 is late", "sender"), (log.Severity, log.Category, log.Message, log.Service));
        Assert.Equal("Sofia-1", log.Attributes["Station"]);
    }

    [Fact]
    public async Task Metrics_Exported_AreReceivedAsTheirLatestNumbers()
    {
        using var meter = new Meter(Source);
        using (var provider = Sdk.CreateMeterProviderBuilder().AddMeter(Source).SetResourceBuilder(Resource()).AddOtlpExporter((options, _) => To("metrics")(options)).Build())
        {
            var counter = meter.CreateCounter<long>("observations", "{observation}");
            counter.Add(3, new KeyValuePair<string, object?>("city", "sofia"));
            meter.CreateGauge<double>("temperature", "Cel").Record(21.5);
            var histogram = meter.CreateHistogram<double>("duration", "s");
            histogram.Record(1);
            histogram.Record(3);
            provider.ForceFlush();
            counter.Add(4, new KeyValuePair<string, object?>("city", "sofia"));
        }

        await Eventually.EqualAsync(7.0, () => Task.FromResult(Metric("observations")?.Value ?? 0));

        Assert.Equal(("sofia", "{observation}", Source), (Metric("observations")!.Attributes["city"], Metric("observations")!.Unit, Metric("observations")!.Scope));
        Assert.Equal(21.5, Metric("temperature")!.Value);
        Assert.Equal((4.0, 2L), (Metric("duration")!.Value, Metric("duration")!.Count));
    }

    [Theory]
    [InlineData("wrong", "application/x-protobuf", new byte[0], HttpStatusCode.Unauthorized)]
    [InlineData(null, "application/json", new byte[0], HttpStatusCode.UnsupportedMediaType)]
    [InlineData(null, "application/x-protobuf", new byte[] { 0x0A, 0xFF }, HttpStatusCode.BadRequest)]
    [InlineData(null, "application/x-protobuf", new byte[0], HttpStatusCode.OK)]
    public async Task Receiver_AskedWrongly_SaysWhatIsWrong(string? key, string type, byte[] body, HttpStatusCode expected)
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, exporter["OTEL_EXPORTER_OTLP_ENDPOINT"] + "/v1/traces") { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(type);
        var header = exporter["OTEL_EXPORTER_OTLP_HEADERS"].Split('=');
        request.Headers.Add(header[0], key ?? header[1]);

        using var response = await client.SendAsync(request, Cancelled);

        Assert.Equal(expected, response.StatusCode);
    }

    [Fact]
    public async Task Page_OfATrace_ShowsItsSpansAndEncodesWhatServicesSay()
    {
        using var source = new ActivitySource(Source);
        string traceId;
        using (Sdk.CreateTracerProviderBuilder().AddSource(Source).SetResourceBuilder(Resource()).AddOtlpExporter(To("traces")).Build())
        {
            using var activity = source.StartActivity("<script>alert(1)</script>")!;
            traceId = activity.TraceId.ToHexString();
        }

        await app.Telemetry.WaitForTraceAsync(traceId, spans => spans.Count == 1, Cancelled);
        using var client = new HttpClient { BaseAddress = app.Dashboard };

        var page = await client.GetStringAsync(new Uri($"traces/{traceId}", UriKind.Relative), Cancelled);
        var json = await client.GetStringAsync(new Uri($"api/traces/{traceId}", UriKind.Relative), Cancelled);

        Assert.Contains("&lt;script&gt;alert(1)&lt;/script&gt;", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", page, StringComparison.Ordinal);
        Assert.Contains($"\"traceId\":\"{traceId}\"", json, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("output?resource=sleeper")]
    [InlineData("logs?severity=Error")]
    [InlineData("traces")]
    [InlineData("metrics")]
    public async Task Page_WithTheToken_IsShownAndAsksNobodyElse(string path)
    {
        using var client = new HttpClient { BaseAddress = app.Dashboard };

        using var response = await client.GetAsync(new Uri(path, UriKind.Relative), Cancelled);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.StartsWith("default-src 'none'", response.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.DoesNotContain("//", (await response.Content.ReadAsStringAsync(Cancelled)).Replace("http://localhost", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/0123456789abcdef0123456789abcdef/")]
    [InlineData("/0123456789abcdef0123456789abcdef/api/resources")]
    public async Task Page_WithoutTheToken_IsNotThere(string path)
    {
        using var client = new HttpClient { BaseAddress = app.Dashboard };

        using var response = await client.GetAsync(new Uri(path, UriKind.Relative), Cancelled);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    private ReceivedPoint? Metric(string name) => app.Telemetry.Metrics.SingleOrDefault(point => point.Name == name);

    private static ResourceBuilder Resource() => ResourceBuilder.CreateEmpty().AddService("sender", serviceInstanceId: "sender-0");

    /// <summary>The exporter, set as the injected variables would.</summary>
    private Action<OtlpExporterOptions> To(string signal) => options =>
    {
        options.Endpoint = new($"{exporter["OTEL_EXPORTER_OTLP_ENDPOINT"]}/v1/{signal}");
        options.Protocol = OtlpExportProtocol.HttpProtobuf;
        options.Headers = exporter["OTEL_EXPORTER_OTLP_HEADERS"];
    };
}
