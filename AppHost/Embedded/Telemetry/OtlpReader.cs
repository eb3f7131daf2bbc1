namespace LivingCity.AppHost.Embedded;

/// <summary>
/// Decodes OTLP export requests. All three share one shape: request (1: per resource) → resource (1), scopes (2) → scope (1), items (2).
/// Source: opentelemetry-proto 1.x, collector/{trace,logs,metrics}/v1.
/// </summary>
internal static class OtlpReader
{
    public static IEnumerable<ReceivedSpan> Spans(byte[] request) => Items(request, ReadSpan);

    public static IEnumerable<ReceivedLog> Logs(byte[] request) => Items(request, ReadLog);

    public static IEnumerable<ReceivedPoint> Metrics(byte[] request) => Items(request, OtlpMetricReader.Read).SelectMany(points => points);

    private static IEnumerable<T> Items<T>(byte[] request, Func<OtlpSender, string, byte[], T> read)
    {
        foreach (var perResource in ProtoFields.Messages(request, 1))
        {
            var sender = OtlpSender.Read(ProtoFields.Messages(perResource, 1).FirstOrDefault([]));
            foreach (var perScope in ProtoFields.Messages(perResource, 2))
            {
                var scope = ProtoFields.Of(ProtoFields.Messages(perScope, 1).FirstOrDefault([])).FirstOrDefault(field => field.Number == 1);
                foreach (var item in ProtoFields.Messages(perScope, 2))
                {
                    yield return read(sender, scope.Bytes is null ? "" : scope.Text, item);
                }
            }
        }
    }

    private static ReceivedSpan ReadSpan(OtlpSender sender, string scope, byte[] message)
    {
        var span = new ReceivedSpan { Service = sender.Service, Instance = sender.Instance, Scope = scope };
        foreach (var field in ProtoFields.Of(message))
        {
            span = field.Number switch
            {
                1 => span with { TraceId = field.Hex },
                2 => span with { SpanId = field.Hex },
                4 => span with { ParentSpanId = field.Hex },
                5 => span with { Name = field.Text },
                6 => span with { Kind = (SpanKind)field.Scalar },
                7 => span with { Start = field.Time },
                8 => span with { End = field.Time },
                13 => span with { Links = [.. span.Links, ReadLink(field.Bytes)] },
                15 => span with { IsError = ProtoFields.Of(field.Bytes).Any(status => status is { Number: 3, Scalar: 2 }) },
                _ => span,
            };
        }

        return span with { Attributes = OtlpAttributes.Read(ProtoFields.Messages(message, 9)) };
    }

    private static string ReadLink(byte[] message) => ProtoFields.Of(message).FirstOrDefault(field => field.Number == 1) is { Bytes: not null } trace ? trace.Hex : "";

    private static ReceivedLog ReadLog(OtlpSender sender, string scope, byte[] message)
    {
        var log = new ReceivedLog { Service = sender.Service, Instance = sender.Instance, Category = scope };
        foreach (var field in ProtoFields.Of(message))
        {
            log = field.Number switch
            {
                1 => log with { Time = field.Time },
                2 => log with { Severity = (LogSeverity)((int)field.Scalar) },
                5 => log with { Message = OtlpAttributes.Value(field.Bytes) },
                9 => log with { TraceId = field.Hex },
                10 => log with { SpanId = field.Hex },
                _ => log,
            };
        }

        return log with { Attributes = OtlpAttributes.Read(ProtoFields.Messages(message, 6)) };
    }
}
