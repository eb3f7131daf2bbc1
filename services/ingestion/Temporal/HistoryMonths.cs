using System.Collections.Concurrent;
using LivingCity.ServiceDefaults.Data;

namespace LivingCity.Ingestion.Temporal;

/// <summary>History has a partition for each month. Which ones exist is remembered; a month that comes up for the first time is made before the write is tried again. Thread-safe.</summary>
internal sealed class HistoryMonths(Database database)
{
    private readonly ConcurrentDictionary<DateOnly, bool> known = new();

    /// <exception cref="MonthMissingException">A row's month is not known to exist.</exception>
    public void Require(IEnumerable<HistoryRow> rows)
    {
        var missing = rows.Select(row => row.At).Where(at => !known.ContainsKey(MonthOf(at))).ToArray();
        if (missing.Length > 0)
        {
            throw new MonthMissingException(missing);
        }
    }

    public async Task EnsureAsync(IEnumerable<DateTimeOffset> instants, CancellationToken cancellationToken)
    {
        var months = instants.Select(MonthOf).Distinct().ToArray();
        await using var work = await database.BeginAsync(null, cancellationToken);
        await using var command = work.Command("SELECT ensure_history($1)", months);
        await command.ExecuteNonQueryAsync(cancellationToken);
        await work.CommitAsync(cancellationToken);
        foreach (var month in months)
        {
            known[month] = true;
        }
    }

    /// <summary>Forgets all: months were dropped.</summary>
    public void Forget() => known.Clear();

    private static DateOnly MonthOf(DateTimeOffset instant) => new(instant.UtcDateTime.Year, instant.UtcDateTime.Month, 1);
}

/// <summary>A month has no partition, as far as this process knows.</summary>
internal sealed class MonthMissingException(IReadOnlyList<DateTimeOffset> instants) : Exception("A month of history is missing.")
{
    public IReadOnlyList<DateTimeOffset> Instants { get; } = instants;
}
