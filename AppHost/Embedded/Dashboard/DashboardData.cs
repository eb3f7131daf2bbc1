namespace LivingCity.AppHost.Embedded;

/// <summary>What the local page shows.</summary>
internal sealed record DashboardData(TelemetryStore Telemetry, ResourceNotificationService Notifications, ResourceLogs Output);

/// <summary>A trace in one line.</summary>
internal sealed record TraceSummary(string TraceId, string Name, DateTimeOffset Start, double Milliseconds, int Spans, IReadOnlyList<string> Services, bool IsError)
{
    /// <summary>Latest first.</summary>
    public static IEnumerable<TraceSummary> Of(IEnumerable<ReceivedSpan> spans) => spans
        .GroupBy(span => span.TraceId)
        .Select(Of)
        .OrderByDescending(trace => trace.Start);

    private static TraceSummary Of(IGrouping<string, ReceivedSpan> trace)
    {
        var first = trace.MinBy(span => (span.ParentSpanId.Length, span.Start))!;
        return new(
            trace.Key,
            $"{first.Service}: {first.Name}",
            trace.Min(span => span.Start),
            (trace.Max(span => span.End) - trace.Min(span => span.Start)).TotalMilliseconds,
            trace.Count(),
            [.. trace.Select(span => span.Service).Distinct().Order()],
            trace.Any(span => span.IsError));
    }
}
