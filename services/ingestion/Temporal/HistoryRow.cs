using LivingCity.Ingestion.Changes;
using LivingCity.Ingestion.Entities;

namespace LivingCity.Ingestion.Temporal;

/// <summary>Names one attribute of one entity with one dataset id (empty for the default).</summary>
internal readonly record struct SeriesKey(string EntityId, string Attribute, string DatasetId);

/// <summary>One attribute instance of history.</summary>
internal sealed record HistoryRow(SeriesKey Key, DateTimeOffset At, AttributeInstance Instance, DateTimeOffset StoredAt)
{
    /// <summary>The number of its series, once resolved.</summary>
    public long Series { get; set; }

    /// <summary>What the changes add to history: every instance as it became, and for a deleted one that it was deleted. Rows of the same instant follow each other: the last counts.</summary>
    public static IReadOnlyList<HistoryRow> From(IEnumerable<EntityChange> changes) =>
    [
        .. changes.SelectMany(change => change.Attributes, (change, attribute) => Row(change.Entity.Id, attribute, change.At))
            .GroupBy(row => (row.Key, row.At)).Select(group => group.Last()),
    ];

    private static HistoryRow Row(string id, AttributeChange change, DateTimeOffset now)
    {
        var key = new SeriesKey(id, change.Attribute, change.DatasetId ?? "");
        return change.After is { } after
            ? new HistoryRow(key, Instants.TryRead(after.ObservedAt, out var observed) ? observed : now, after with { CreatedAt = null, ModifiedAt = null }, now)
            : new HistoryRow(key, now, Deletions.Mark(change.Before!, now), now);
    }
}

/// <summary>How history says that an attribute was deleted (ETSI GS CIM 009, clause 4.5.6): its value is null, and it has a <c>deletedAt</c>.</summary>
internal static class Deletions
{
    public static AttributeInstance Mark(AttributeInstance deleted, DateTimeOffset now) => new(deleted.Kind, Null(deleted.Kind)) { DatasetId = deleted.DatasetId, DeletedAt = Instants.Write(now) };

    /// <summary>What stands in the place of a value of this kind.</summary>
    public static System.Text.Json.JsonElement Null(AttributeKind kind) => System.Text.Json.JsonElement.Parse(kind switch
    {
        AttributeKind.LanguageProperty => $$"""{"@none":"{{AttributeInstance.Null}}"}""",
        AttributeKind.ListProperty or AttributeKind.ListRelationship => $"[\"{AttributeInstance.Null}\"]",
        _ => $"\"{AttributeInstance.Null}\"",
    });
}
