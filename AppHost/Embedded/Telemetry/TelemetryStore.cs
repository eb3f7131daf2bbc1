namespace LivingCity.AppHost.Embedded;

/// <summary>The latest telemetry of this run, in memory and bounded: the oldest gives way. Thread-safe.</summary>
public sealed class TelemetryStore
{
    private const int SpansKept = 20_000;
    private const int LogsKept = 10_000;
    private const int SeriesKept = 5_000;
    private readonly Lock gate = new();
    private readonly Queue<ReceivedSpan> spans = [];
    private readonly Queue<ReceivedLog> logs = [];
    private readonly Dictionary<string, ReceivedPoint> metrics = [];
    private TaskCompletionSource changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>All spans kept, in the order they arrived: a span arrives when it has ended.</summary>
    public IReadOnlyList<ReceivedSpan> Spans
    {
        get
        {
            lock (gate)
            {
                return [.. spans];
            }
        }
    }

    public IReadOnlyList<ReceivedLog> Logs
    {
        get
        {
            lock (gate)
            {
                return [.. logs];
            }
        }
    }

    public IReadOnlyList<ReceivedPoint> Metrics
    {
        get
        {
            lock (gate)
            {
                return [.. metrics.Values];
            }
        }
    }

    /// <summary>The spans of a trace (id in hexadecimal), earliest start first.</summary>
    public IReadOnlyList<ReceivedSpan> Trace(string traceId) =>
        [.. Spans.Where(span => span.TraceId.Equals(traceId, StringComparison.OrdinalIgnoreCase)).OrderBy(span => span.Start)];

    /// <summary>Waits until the spans of a trace are as wanted, and returns them, earliest start first.</summary>
    public async Task<IReadOnlyList<ReceivedSpan>> WaitForTraceAsync(
        string traceId, Func<IReadOnlyList<ReceivedSpan>, bool> wanted, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            Task next;
            lock (gate)
            {
                next = changed.Task;
            }

            if (Trace(traceId) is var trace && wanted(trace))
            {
                return trace;
            }

            await next.WaitAsync(cancellationToken);
        }
    }

    internal void Add(IEnumerable<ReceivedSpan> received) => Change(() => Enqueue(spans, received, SpansKept));

    internal void Add(IEnumerable<ReceivedLog> received) => Change(() => Enqueue(logs, received, LogsKept));

    internal void Add(IEnumerable<ReceivedPoint> received) => Change(() =>
    {
        foreach (var point in received)
        {
            var series = string.Join('\n', [point.Instance, point.Service, point.Name, .. point.Attributes.Select(pair => $"{pair.Key}={pair.Value}")]);
            if (metrics.Count < SeriesKept || metrics.ContainsKey(series))
            {
                metrics[series] = point;
            }
        }
    });

    private static void Enqueue<T>(Queue<T> queue, IEnumerable<T> items, int kept)
    {
        foreach (var item in items)
        {
            queue.Enqueue(item);
        }

        while (queue.Count > kept)
        {
            queue.Dequeue();
        }
    }

    private void Change(Action change)
    {
        TaskCompletionSource previous;
        lock (gate)
        {
            change();
            previous = changed;
            changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        previous.SetResult();
    }
}
