using System.Text.Json;
using System.Text.Json.Nodes;
using LivingCity.Ingestion.Contexts;
using LivingCity.Ingestion.Entities;
using LivingCity.Ingestion.Errors;
using LivingCity.Ingestion.Query;
using LivingCity.Ingestion.Subscriptions;
using LivingCity.Ingestion.Temporal;
using LivingCity.Ingestion.Web;
using LivingCity.ServiceDefaults.Http;

namespace LivingCity.Ingestion.Snapshots;

/// <summary>What a user says of a snapshot (ETSI GS CIM 009, clause 5.2.41).</summary>
internal static class SnapshotDocument
{
    public const string TypeName = "Snapshot";

    private const string Queries = "snapshotQueries";
    private const string TemporalQueries = "snapshotTemporalQueries";

    /// <summary>Members that the broker alone writes; given, they are ignored.</summary>
    private static readonly string[] Output =
        ["@context", "snapshotStatus", "snapshotQueriesDetails", "snapshotTemporalQueriesDetails", "createdAt", "modifiedAt", "expiresAt", "lastUsedAt"];

    private static readonly TimeSpan DefaultLifetime = TimeSpan.FromDays(1);
    private static readonly TimeSpan MaxLifetime = TimeSpan.FromDays(7);

    /// <summary>Reads the document of a new snapshot.</summary>
    /// <exception cref="NgsiLdException">It breaks rules (BadRequestData).</exception>
    public static JsonObject Read(NgsiLdRequest request, JsonElement body, LdContext context, AddressGuard guard)
    {
        var document = Check(body, guard);
        if ((string?)document["type"] != TypeName)
        {
            throw NgsiLdException.BadRequestData($"type: {TypeName} is required.");
        }

        if (QueriesOf(document).Length + TemporalQueriesOf(document).Length == 0)
        {
            throw NgsiLdException.BadRequestData($"{Queries} or {TemporalQueries} is required.");
        }

        foreach (var query in QueriesOf(document))
        {
            new QueryDocument(query, context).Query(request);
            if (query.TryGetProperty("temporalQ", out _))
            {
                throw NgsiLdException.BadRequestData($"{Queries}: temporalQ belongs into {TemporalQueries}.");
            }
        }

        foreach (var query in TemporalQueriesOf(document))
        {
            var temporal = new QueryDocument(query, context);
            temporal.Query(request);
            _ = TemporalParameters.Read(temporal, request, context).BoundedQuery;
        }

        return document;
    }

    /// <summary>Reads what changes of a snapshot, or is different in a clone: everything but its queries.</summary>
    /// <exception cref="NgsiLdException">It breaks rules (BadRequestData).</exception>
    public static JsonObject ReadFragment(JsonElement body, AddressGuard guard)
    {
        var fragment = Check(body, guard);
        return fragment.ContainsKey(Queries) || fragment.ContainsKey(TemporalQueries)
            ? throw NgsiLdException.BadRequestData($"{Queries} and {TemporalQueries} stay as they were when the snapshot was made.") : fragment;
    }

    /// <summary>The document with a fragment merged in; null removes a member.</summary>
    public static JsonObject Merge(JsonObject document, JsonObject fragment)
    {
        var merged = document.DeepClone().AsObject();
        foreach (var (member, value) in fragment.Where(member => member.Key is not ("id" or "type")))
        {
            if (value is null)
            {
                merged.Remove(member);
            }
            else
            {
                merged[member] = value.DeepClone();
            }
        }

        return merged;
    }

    /// <summary>For how long this broker keeps it.</summary>
    public static TimeSpan LifetimeOf(JsonObject document) =>
        Lifetimes.Within(Lifetimes.Read((string?)document["snapshotLifetime"], "snapshotLifetime"), DefaultLifetime, MaxLifetime);

    public static JsonElement[] QueriesOf(JsonObject document) => Elements(document, Queries);

    public static JsonElement[] TemporalQueriesOf(JsonObject document) => Elements(document, TemporalQueries);

    private static JsonElement[] Elements(JsonObject document, string member) => document[member] is JsonArray queries ? [.. queries.Select(query => JsonSerializer.SerializeToElement(query))] : [];

    private static JsonObject Check(JsonElement body, AddressGuard guard)
    {
        var document = JsonObject.Create(body)!;
        foreach (var member in Output)
        {
            document.Remove(member);
        }

        var rules = new DocumentRules();
        rules.Uri(document, "id");
        rules.Text(document, "type");
        foreach (var member in (string[])[Queries, TemporalQueries])
        {
            rules.Require(rules.Array(document, member)?.All(query => query is JsonObject) != false, member, "an array of queries is required");
        }

        rules.Require(document["snapshotPriority"] is null || (document["snapshotPriority"] is JsonValue priority && priority.GetValueKind() == JsonValueKind.Number && priority.TryGetValue<int>(out var rank) && rank is >= 1 and <= 10),
            "snapshotPriority", "a whole number from 1 to 10 is required");
        if (Present(document, "endpoint") && rules.Uri(document, "endpoint") is { } endpoint && guard.Check(endpoint) is { } problem)
        {
            rules.Require(false, "endpoint", problem);
        }

        if (Present(document, "snapshotLifetime"))
        {
            rules.Text(document, "snapshotLifetime");
        }

        rules.Pairs(document, "receiverInfo");
        rules.ThrowIfBroken();
        LifetimeOf(document);
        return document;
    }

    private static bool Present(JsonObject document, string member) => document[member] is not null;
}
