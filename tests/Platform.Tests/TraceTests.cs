using System.Diagnostics;
using System.Net.Http.Json;

namespace LivingCity.Platform.Tests;

/// <summary>One trace leads from the gateway to the last consumer.</summary>
public sealed class TraceTests(Platform platform)
{
    [Fact]
    public async Task Trace_OfAnUpsert_SpansGatewayIngestionOutboxBrokerAndTwin()
    {
        using var officer = await platform.SignInAsync("officer@sofia.example");
        var trace = ActivityTraceId.CreateRandom().ToHexString();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/ngsi-ld/v1/entityOperations/upsert")
        {
            Headers = { { "traceparent", $"00-{trace}-{ActivitySpanId.CreateRandom().ToHexString()}-01" } },
            Content = JsonContent.Create(new[] { new { id = "urn:ngsi-ld:Device:traced", type = "Device", battery = new { type = "Property", value = 1 } } }),
        };
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        stopping.CancelAfter(TimeSpan.FromMinutes(1));

        var answer = await officer.SendAsync(request, TestContext.Current.CancellationToken);

        // Spans arrive when they have ended, each service's in its own time: wait for the outermost and for the last ones.
        var spans = await platform.App.Telemetry.WaitForTraceAsync(
            trace,
            found => found.Any(span => span is { Service: "twin", Scope: "MassTransit" } && Ancestors(span, found).Any(ancestor => ancestor.Scope == "LivingCity.Outbox")) && found.Any(span => span is { Service: "twin", Scope: "Npgsql" })
                && found.Any(span => span is { Service: "dataspace", Scope: "MassTransit" })
                && found.Any(span => span is { Service: "ingestion", Scope: "Microsoft.AspNetCore" } && Ancestors(span, found).Any(ancestor => ancestor is { Service: "gateway", Scope: "Microsoft.AspNetCore" }))
                && found.Any(span => span.Scope == "LivingCity.Outbox" && Ancestors(span, found).Any(ancestor => ancestor.Service == "gateway")),
            stopping.Token);

        Assert.True(answer.IsSuccessStatusCode);
        var relay = Assert.Single(spans, span => span.Scope == "LivingCity.Outbox" && span.Name.Contains("ObservationsRecorded", StringComparison.Ordinal));
        Assert.Equal("ingestion", relay.Service);
        Assert.Contains(spans.Where(span => span is { Service: "twin", Scope: "MassTransit" }), span => Ancestors(span, spans).Any(ancestor => ancestor.SpanId == relay.SpanId));
        Assert.Contains(Ancestors(relay, spans), span => span.Service == "gateway");
        Assert.Contains(spans, span => span.Scope == "Npgsql" && span.Service == "twin");
    }

    private static IEnumerable<ReceivedSpan> Ancestors(ReceivedSpan span, IReadOnlyList<ReceivedSpan> spans)
    {
        for (var at = spans.FirstOrDefault(other => other.SpanId == span.ParentSpanId); at is not null; at = spans.FirstOrDefault(other => other.SpanId == at.ParentSpanId))
        {
            yield return at;
        }
    }
}
