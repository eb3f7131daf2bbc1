using LivingCity.Ingestion.Entities;
using LivingCity.Ingestion.Errors;
using LivingCity.Ingestion.Query;
using LivingCity.ServiceDefaults.Data;

namespace LivingCity.Ingestion.Temporal;

/// <summary>What a series is made of, as far as it matters for summing it up.</summary>
internal enum AggregatedKind
{
    /// <summary>Numbers, which the index holds, or nothing that is known any more.</summary>
    Numbers,

    /// <summary>True and false, counted as 1 and 0.</summary>
    Booleans,

    /// <summary>Arrays, of which the sizes count.</summary>
    Arrays,

    /// <summary>Texts, dates and times.</summary>
    Texts,

    Relationships,

    /// <summary>Objects, places, texts by language: they can be counted.</summary>
    Others,
}

/// <summary>Which methods of aggregation a series is eligible for, by its newest value (ETSI GS CIM 009, clause 4.5.19.1, tables 1 to 3).</summary>
/// <param name="Number">The series.</param>
/// <param name="Kind">What it is made of.</param>
internal sealed record AggregatedSeries(long Number, AggregatedKind Kind)
{
    /// <exception cref="NgsiLdException">One of the attributes that were asked for is not eligible for one of the methods (InvalidRequest; clause 5.7.4.4).</exception>
    public static async Task<IReadOnlyList<AggregatedSeries>> ReadAsync(
        Work work, Func<Work, IReadOnlyList<Entity>, TemporalQuery, SqlBuilder, string> source, IReadOnlyList<Entity> entities, TemporalQuery query, CancellationToken cancellationToken)
    {
        var sql = new SqlBuilder();
        var series = new List<AggregatedSeries>();
        await using var command = work.Command($"""
            SELECT s.id, k.kind, k.json, k.typed
            FROM series s LEFT JOIN LATERAL (
                SELECT h.instance ->> 'type' AS kind, jsonb_typeof(h.instance -> 'value') AS json, h.instance -> 'value' ? '@value' AS typed
                FROM history h WHERE h.tenant = s.tenant AND h.series = s.id AND h.deleted_at IS NULL ORDER BY h.at DESC LIMIT 1) k ON true
            WHERE {source(work, entities, query, sql)}
            """, [.. sql.Parameters]);
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken))
        {
            var kind = rows.IsDBNull(1) ? AggregatedKind.Numbers : KindOf(rows.GetString(1), rows.IsDBNull(2) ? "" : rows.GetString(2), !rows.IsDBNull(3) && rows.GetBoolean(3));
            series.Add(query.Attributes is null || query.Aggregation!.Methods.All(method => IsEligible(kind, method)) ? new AggregatedSeries(rows.GetInt64(0), kind)
                : throw NgsiLdException.InvalidRequest($"aggrMethods: {string.Join(", ", query.Aggregation.Methods.Where(method => !IsEligible(kind, method)))} cannot be applied to an attribute that was asked for."));
        }

        return series;
    }

    /// <summary>The SQL of a method over rows of history, called h.</summary>
    public static string Expression(AggregatedKind kind, string method) => !IsEligible(kind, method) ? "NULL::float8" : method switch
    {
        "totalCount" => "count(*)::float8",
        "distinctCount" => "count(DISTINCT h.instance -> 'value')::float8",
        "min" or "max" when kind == AggregatedKind.Texts => $"{method}(coalesce(h.instance #>> '{{value,@value}}', h.instance ->> 'value') COLLATE \"C\")",
        "sumsq" => $"sum({NumberOf(kind)} * {NumberOf(kind)})",
        "stddev" => $"stddev_pop({NumberOf(kind)})",
        _ => $"{method}({NumberOf(kind)})",
    };

    private static AggregatedKind KindOf(string kind, string json, bool isTyped) => (kind, json) switch
    {
        (nameof(AttributeKind.Relationship) or nameof(AttributeKind.ListRelationship), _) => AggregatedKind.Relationships,
        (nameof(AttributeKind.Property), "number") => AggregatedKind.Numbers,
        (nameof(AttributeKind.Property), "boolean") => AggregatedKind.Booleans,
        (nameof(AttributeKind.Property) or nameof(AttributeKind.ListProperty), "array") => AggregatedKind.Arrays,
        (nameof(AttributeKind.Property), "string") => AggregatedKind.Texts,
        (nameof(AttributeKind.Property), "object") when isTyped => AggregatedKind.Texts,
        _ => AggregatedKind.Others,
    };

    private static bool IsEligible(AggregatedKind kind, string method) => method is "totalCount" or "distinctCount" || kind switch
    {
        AggregatedKind.Numbers or AggregatedKind.Booleans => true,
        AggregatedKind.Arrays => method is "sum" or "avg" or "min" or "max",
        AggregatedKind.Texts => method is "min" or "max",
        _ => false,
    };

    private static string NumberOf(AggregatedKind kind) => kind switch
    {
        AggregatedKind.Booleans => "(CASE WHEN jsonb_typeof(h.instance -> 'value') = 'boolean' THEN (h.instance ->> 'value')::boolean::int::float8 ELSE h.number END)",
        AggregatedKind.Arrays => "(CASE WHEN jsonb_typeof(h.instance -> 'value') = 'array' THEN jsonb_array_length(h.instance -> 'value')::float8 END)",
        _ => "h.number",
    };
}
