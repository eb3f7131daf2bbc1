namespace LivingCity.AppHost.Embedded;

/// <summary>The latest lines of every resource. Thread-safe.</summary>
internal sealed class ResourceLogs
{
    private const int LinesKept = 2000;
    private readonly Lock gate = new();
    private readonly Dictionary<string, Queue<string>> lines = [];

    /// <summary>Called for every line, in order per resource.</summary>
    public event Action<string, string>? Appended;

    public void Append(string resourceName, string line)
    {
        lock (gate)
        {
            if (!lines.TryGetValue(resourceName, out var kept))
            {
                lines[resourceName] = kept = [];
            }

            kept.Enqueue(line);
            if (kept.Count > LinesKept)
            {
                kept.Dequeue();
            }
        }

        Appended?.Invoke(resourceName, line);
    }

    public IReadOnlyList<string> Of(string resourceName)
    {
        lock (gate)
        {
            return lines.TryGetValue(resourceName, out var kept) ? [.. kept] : [];
        }
    }
}
