namespace LivingCity.AppHost.Embedded;

internal static class TracesPage
{
    private const int Shown = 200;

    public static Html Render(DashboardData data)
    {
        var traces = TraceSummary.Of(data.Telemetry.Spans).Take(Shown).ToList();
        return Layout.Page("Traces", traces.Count == 0 ? Layout.Nothing("No trace has arrived yet.") : Html.Of($"""
            <table><thead><tr><th scope="col">Time</th><th scope="col">Trace</th><th scope="col">Duration</th><th scope="col">Spans</th><th scope="col">Services</th></tr></thead>
            <tbody>{Html.Join(traces.Select(Row))}</tbody></table>
            """));
    }

    private static Html Row(TraceSummary trace) => Html.Of($"""
        <tr><td>{Layout.Time(trace.Start)}</td><td><a href="traces/{trace.TraceId}">{trace.Name}</a>{(trace.IsError ? Html.Of($""" <span class="severity error">error</span>""") : default)}</td>
        <td class="number">{trace.Milliseconds:0.0} ms</td><td class="number">{trace.Spans}</td><td>{string.Join(", ", trace.Services)}</td></tr>
        """);
}

/// <summary>One trace as a waterfall: each span a bar on the trace's time axis, drawn in SVG because the content policy allows no inline style.</summary>
internal static class TracePage
{
    private const double Width = 1000;
    private const double NarrowestBar = 2;

    public static Html Render(DashboardData data, string traceId)
    {
        var spans = data.Telemetry.Trace(traceId);
        if (spans.Count == 0)
        {
            return Layout.Page("Trace", Layout.Nothing("No span of this trace is kept."), root: "../");
        }

        var (start, end) = (spans.Min(span => span.Start), spans.Max(span => span.End));
        var logs = data.Telemetry.Logs.Where(log => log.TraceId == traceId).ToList();
        return Layout.Page("Trace", Html.Of($"""
            <p><code>{traceId}</code> · {Layout.Time(start)} · {(end - start).TotalMilliseconds:0.0} ms · {spans.Count} spans</p>
            <table class="waterfall"><thead><tr><th scope="col">Span</th><th scope="col">Service</th><th scope="col">Duration</th><th scope="col">When</th></tr></thead>
            <tbody>{Html.Join(Ordered(spans, "", 0).Select(item => Row(item.Span, item.Depth, start, end - start)))}</tbody></table>
            <h2>Logs</h2>
            <ul class="logs">{Html.Join(logs.Select(log => Html.Of($"<li>{Layout.Time(log.Time)} {log.Service}: {log.Message}</li>")))}</ul>
            """), root: "../");
    }

    /// <summary>Children below their parents; a span whose parent is not kept counts as a root.</summary>
    private static IEnumerable<(ReceivedSpan Span, int Depth)> Ordered(IReadOnlyList<ReceivedSpan> spans, string parent, int depth)
    {
        var known = spans.Select(span => span.SpanId).ToHashSet();
        return spans
            .Where(span => parent.Length == 0 ? !known.Contains(span.ParentSpanId) : span.ParentSpanId == parent)
            .SelectMany(span => Ordered(spans, span.SpanId, depth + 1).Prepend((span, depth)));
    }

    private static Html Row(ReceivedSpan span, int depth, DateTimeOffset start, TimeSpan whole)
    {
        var scale = Width / Math.Max(whole.Ticks, 1);
        var left = (span.Start - start).Ticks * scale;
        var width = Math.Max((span.End - span.Start).Ticks * scale, NarrowestBar);
        return Html.Of($"""
            <tr><td><details class="depth{Math.Min(depth, 12)}"><summary>{span.Name}</summary><dl>{Html.Join(Details(span).Select(Detail))}</dl></details></td>
            <td>{span.Service}</td><td class="number">{(span.End - span.Start).TotalMilliseconds:0.0} ms</td>
            <td class="bar"><svg viewBox="0 0 1000 12" preserveAspectRatio="none" role="img" aria-label="from {(span.Start - start).TotalMilliseconds:0.0} ms">
            <rect class="{(span.IsError ? "error" : span.Kind.ToString().ToLowerInvariant())}" x="{left:0.##}" y="1" width="{width:0.##}" height="10"/></svg></td></tr>
            """);
    }

    private static IEnumerable<KeyValuePair<string, string>> Details(ReceivedSpan span) =>
        [new("span", span.SpanId), new("kind", span.Kind.ToString()), new("source", span.Scope), .. span.Attributes.OrderBy(pair => pair.Key, StringComparer.Ordinal)];

    private static Html Detail(KeyValuePair<string, string> pair) => Html.Of($"<dt>{pair.Key}</dt><dd>{pair.Value}</dd>");
}
