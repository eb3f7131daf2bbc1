namespace LivingCity.AppHost.Embedded;

/// <summary>OTLP's span kinds, by their numbers on the wire.</summary>
public enum SpanKind
{
    Unspecified = 0,
    Internal = 1,
    Server = 2,
    Client = 3,
    Producer = 4,
    Consumer = 5,
}

/// <summary>The first of each of OTLP's ranges of severity numbers; a number in between belongs to the range below it.</summary>
public enum LogSeverity
{
    Unspecified = 0,
    Trace = 1,
    Debug = 5,
    Information = 9,
    Warning = 13,
    Error = 17,
    Critical = 21,
}

/// <summary>A span as received; ids in lower-case hexadecimal, empty parent for a root.</summary>
public sealed record ReceivedSpan
{
    public string TraceId { get; init; } = "";

    public string SpanId { get; init; } = "";

    public string ParentSpanId { get; init; } = "";

    public string Service { get; init; } = "";

    public string Instance { get; init; } = "";

    /// <summary>The activity source.</summary>
    public string Scope { get; init; } = "";

    public string Name { get; init; } = "";

    public SpanKind Kind { get; init; }

    public DateTimeOffset Start { get; init; }

    public DateTimeOffset End { get; init; }

    public bool IsError { get; init; }

    /// <summary>Trace ids of linked spans.</summary>
    public IReadOnlyList<string> Links { get; init; } = [];

    public IReadOnlyDictionary<string, string> Attributes { get; init; } = new Dictionary<string, string>();
}

/// <summary>A log record as received.</summary>
public sealed record ReceivedLog
{
    public DateTimeOffset Time { get; init; }

    public LogSeverity Severity { get; init; }

    public string Service { get; init; } = "";

    public string Instance { get; init; } = "";

    public string Category { get; init; } = "";

    public string Message { get; init; } = "";

    public string TraceId { get; init; } = "";

    public string SpanId { get; init; } = "";

    public IReadOnlyDictionary<string, string> Attributes { get; init; } = new Dictionary<string, string>();
}

/// <summary>The latest state of one metric of one sender with one set of attributes.</summary>
public sealed record ReceivedPoint
{
    public string Service { get; init; } = "";

    public string Instance { get; init; } = "";

    /// <summary>The meter.</summary>
    public string Scope { get; init; } = "";

    public string Name { get; init; } = "";

    /// <summary>As the sender named it (UCUM).</summary>
    public string Unit { get; init; } = "";

    public DateTimeOffset Time { get; init; }

    /// <summary>The number; for a histogram the sum of what was measured.</summary>
    public double Value { get; init; }

    /// <summary>How many measurements a histogram holds; null for any other instrument.</summary>
    public long? Count { get; init; }

    public IReadOnlyDictionary<string, string> Attributes { get; init; } = new Dictionary<string, string>();
}
