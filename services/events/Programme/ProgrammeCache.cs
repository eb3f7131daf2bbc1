using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Dapper;
using LivingCity.Events.Exports;
using LivingCity.ServiceDefaults.Data;

namespace LivingCity.Events.Programme;

/// <summary>What everybody reads, kept ready. A publication is seen within a second on every replica. Safe for concurrent use.</summary>
internal sealed class ProgrammeCache(Database database, TimeProvider time)
{
    private static readonly TimeSpan Age = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, Entry> entries = new();
    private readonly ConcurrentDictionary<string, (long At, byte[] Json)> lists = new();

    private sealed record Entry(Published Published, ConcurrentDictionary<string, byte[]> Views)
    {
        public long CheckedAt { get; set; }
    }

    public async Task<Published?> FindAsync(string id, CancellationToken cancellationToken) => (await EntryAsync(id, cancellationToken))?.Published;

    /// <summary>The event in a reader's languages.</summary>
    public async Task<(byte[] Json, int Version)?> ViewAsync(string id, IReadOnlyList<string> languages, CancellationToken cancellationToken) =>
        await EntryAsync(id, cancellationToken) is { } entry
            ? (entry.Views.GetOrAdd(string.Join(',', languages), _ => View(entry.Published, languages)), entry.Published.Version)
            : null;

    /// <summary>All events in short, in order.</summary>
    public async Task<byte[]> ListAsync(IReadOnlyList<string> languages, CancellationToken cancellationToken)
    {
        var key = string.Join(',', languages);
        if (lists.TryGetValue(key, out var kept) && time.GetElapsedTime(kept.At) < Age)
        {
            return kept.Json;
        }

        await using var work = await database.BeginAsync(null, cancellationToken);
        var events = (await work.Connection.QueryAsync<string>(new CommandDefinition(
            "SELECT v.body FROM event e JOIN programme_version v ON v.event_id = e.id AND v.version = e.version ORDER BY e.position", transaction: work.Transaction, cancellationToken: cancellationToken))).Select(ProgrammeJson.Parse<Event>);
        var json = JsonSerializer.SerializeToUtf8Bytes(events.Select(item => new EventSummary(
            item.Id, item.Title, item.Theme, item.City, item.Country, item.TimeZone, item.Starts ?? item.Days.Min(day => day.Date), item.Ends ?? item.Days.Max(day => day.Date), item.Days.Count, item.Sessions.Count, item.PartOf,
            item.OpenToNonMembers, item.Tags)), ProgrammeJson.For(languages));
        lists[key] = (time.GetTimestamp(), json);
        return json;
    }

    private async Task<Entry?> EntryAsync(string id, CancellationToken cancellationToken)
    {
        if (entries.TryGetValue(id, out var entry) && time.GetElapsedTime(entry.CheckedAt) < Age)
        {
            return entry;
        }

        await using var work = await database.BeginAsync(null, cancellationToken);
        var now = time.GetTimestamp();
        var version = await work.Connection.ExecuteScalarAsync<int?>(new CommandDefinition("SELECT version FROM event WHERE id = @id AND version > 0", new { id }, work.Transaction, cancellationToken: cancellationToken));
        if (version is null)
        {
            entries.TryRemove(id, out _);
            return null;
        }

        if (entry?.Published.Version != version)
        {
            entry = new Entry((await ProgrammeStore.PublishedAsync(work, id, cancellationToken))!, new ConcurrentDictionary<string, byte[]>());
            entries[id] = entry;
        }

        entry.CheckedAt = now;
        return entry;
    }

    private static byte[] View(Published published, IReadOnlyList<string> languages)
    {
        var options = ProgrammeJson.For(languages);
        var view = JsonSerializer.SerializeToNode(published.Event, options)!.AsObject();
        view["version"] = published.Version;
        view["publishedAt"] = JsonSerializer.SerializeToNode(published.PublishedAt, options);
        foreach (var (session, node) in published.Event.Sessions.Zip(view["sessions"]!.AsArray()))
        {
            node!["guid"] = SessionIds.Of(session);
            node["sequence"] = published.Rows[session.Id].Sequence;
            if (SessionTimes.Of(published.Event, session) is { } time)
            {
                node["start"] = JsonValue.Create(time.Start);
                node["end"] = time.End is { } end ? JsonValue.Create(end) : null;
            }
        }

        return JsonSerializer.SerializeToUtf8Bytes(view, options);
    }
}

/// <summary>An event in a list.</summary>
internal sealed record EventSummary(
    string Id, Text Title, Text? Theme, string City, string Country, string TimeZone, DateOnly? Starts, DateOnly? Ends, int Days, int Sessions, string? PartOf, bool OpenToNonMembers, IReadOnlyList<string> Tags);
