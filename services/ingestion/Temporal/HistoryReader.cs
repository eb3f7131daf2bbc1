using System.Globalization;
using LivingCity.Ingestion.Entities;
using LivingCity.Ingestion.Query;
using LivingCity.ServiceDefaults.Data;
using Npgsql;

namespace LivingCity.Ingestion.Temporal;

/// <summary>An instance with the instants that history keeps of it.</summary>
internal sealed record PastInstance(AttributeInstance Instance, DateTimeOffset At);

/// <summary>The past of one attribute with one dataset id, newest first, or what it sums up to.</summary>
internal sealed record PastSeries(string Attribute, IReadOnlyList<PastInstance> Instances, IReadOnlyList<AggregatePeriod> Periods)
{
    /// <summary>Whether what was summed up are relationships.</summary>
    public bool IsRelationship { get; init; }
}

/// <summary>What one period sums up to: results (numbers, texts, or null) in the order of the methods that were asked for.</summary>
internal sealed record AggregatePeriod(DateTimeOffset Start, DateTimeOffset End, IReadOnlyList<object?> Results);

/// <summary>The past of an entity.</summary>
/// <param name="Entity">The entity without attributes.</param>
/// <param name="Series">Its series.</param>
internal sealed record PastEntity(Entity Entity, IReadOnlyList<PastSeries> Series);

/// <summary>Reads history, for a page of entities at once.</summary>
internal static class HistoryReader
{
    /// <summary>How many instances of one series an answer holds; more is a partial answer (clause 6.3.10).</summary>
    public const int MostInstances = 10_000;

    private static readonly DateTimeOffset Epoch = DateTimeOffset.UnixEpoch;

    /// <returns>The entities in the order given, and whether something was left out.</returns>
    public static async Task<(IReadOnlyList<PastEntity> Entities, bool IsPartial)> ReadAsync(Work work, IReadOnlyList<Entity> entities, TemporalQuery query, CancellationToken cancellationToken)
    {
        var (series, partial) = query.Aggregation is null ? await InstancesAsync(work, entities, query, cancellationToken) : (await AggregatesAsync(work, entities, query, cancellationToken), false);
        return ([.. entities.Select(entity => new PastEntity(entity, [.. series[entity.Id]]))], partial);
    }

    /// <summary>The URI of an instance: where it is in history.</summary>
    public static string InstanceId(long series, DateTimeOffset at) =>
        string.Create(CultureInfo.InvariantCulture, $"urn:ngsi-ld:Instance:{series:x}-{(at - Epoch).Ticks / TimeSpan.TicksPerMicrosecond:x}");

    /// <summary>Where the instance with this URI was first stored, or null when the URI is none of ours.</summary>
    public static (long Series, DateTimeOffset At)? Locate(string instanceId)
    {
        var parts = instanceId.Split(':');
        var numbers = parts is ["urn", "ngsi-ld", "Instance", var last] ? last.Split('-', 2) : [];
        return numbers.Length == 2 && long.TryParse(numbers[0], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var series)
            && long.TryParse(numbers[1], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var micros) && micros < 253_402_300_800_000_000 && micros > -62_135_596_800_000_000
            ? (series, Epoch.AddTicks(micros * TimeSpan.TicksPerMicrosecond)) : null;
    }

    private static async Task<(ILookup<string, PastSeries> Series, bool IsPartial)> InstancesAsync(Work work, IReadOnlyList<Entity> entities, TemporalQuery query, CancellationToken cancellationToken)
    {
        var sql = new SqlBuilder();
        var limit = Math.Min(query.LastN ?? MostInstances + 1, MostInstances + 1);
        var statement = $"""
            SELECT s.entity_id, s.attribute, s.dataset_id, s.id, h.at, h.instance::text, h.created_at, h.modified_at
            FROM series s CROSS JOIN LATERAL (
                SELECT * FROM history h WHERE h.tenant = s.tenant AND h.series = s.id AND {query.Window.Condition(sql)} ORDER BY {query.Window.Column} DESC LIMIT {limit}) h
            WHERE {Source(work, entities, query, sql)}
            ORDER BY s.entity_id, s.attribute, s.dataset_id, {query.Window.Column} DESC
            """;
        var series = new List<(string Entity, string Attribute, string Dataset, List<PastInstance> Instances)>();
        await using var command = work.Command(statement, [.. sql.Parameters]);
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken))
        {
            var (entity, attribute, dataset) = (rows.GetString(0), rows.GetString(1), rows.GetString(2));
            if (series.Count == 0 || series[^1].Entity != entity || series[^1].Attribute != attribute || series[^1].Dataset != dataset)
            {
                series.Add((entity, attribute, dataset, []));
            }

            series[^1].Instances.Add(Read(rows));
        }

        var partial = series.Any(one => one.Instances.Count > MostInstances);
        return (series.ToLookup(one => one.Entity, one => new PastSeries(one.Attribute, [.. one.Instances.Take(MostInstances)], [])), partial);
    }

    private static PastInstance Read(NpgsqlDataReader row)
    {
        var at = row.GetFieldValue<DateTimeOffset>(4);
        var instance = StoredAttributes.ReadInstance(row.GetString(5));
        return new PastInstance(instance with
        {
            DatasetId = row.GetString(2) is { Length: > 0 } dataset ? dataset : null,
            InstanceId = instance.InstanceId ?? InstanceId(row.GetInt64(3), at),
            CreatedAt = Instants.Write(row.GetFieldValue<DateTimeOffset>(6)),
            ModifiedAt = Instants.Write(row.GetFieldValue<DateTimeOffset>(7)),
        }, at);
    }

    private static async Task<ILookup<string, PastSeries>> AggregatesAsync(Work work, IReadOnlyList<Entity> entities, TemporalQuery query, CancellationToken cancellationToken)
    {
        var found = new List<(string Entity, PastSeries Series)>();
        foreach (var group in (await AggregatedSeries.ReadAsync(work, Source, entities, query, cancellationToken)).GroupBy(series => series.Kind).OrderBy(group => group.Key))
        {
            found.AddRange(await AggregatesAsync(work, group.Key, [.. group.Select(series => series.Number)], query, cancellationToken));
        }

        return found.OrderBy(item => item.Entity, StringComparer.Ordinal).ThenBy(item => item.Series.Attribute, StringComparer.Ordinal).ToLookup(item => item.Entity, item => item.Series);
    }

    private static async Task<IEnumerable<(string Entity, PastSeries Series)>> AggregatesAsync(Work work, AggregatedKind kind, long[] numbers, TemporalQuery query, CancellationToken cancellationToken)
    {
        var aggregation = query.Aggregation!;
        var rollups = kind == AggregatedKind.Numbers && query.WithRollups && query.Window.Property == "observedAt" && !aggregation.Methods.Contains("distinctCount");
        var sql = new SqlBuilder();
        var condition = query.Window.Condition(sql) + (query.Window.Property == "observedAt" ? " AND h.observed" : "");
        var source = rollups ? WithRollups(query, condition, sql) : $"history h WHERE h.tenant = s.tenant AND h.series = s.id AND {condition}";
        var results = string.Join(", ", aggregation.Methods.Select((method, index) => $"{(rollups ? ExpressionOfSums(method) : AggregatedSeries.Expression(kind, method))} AS r{index}"));
        var statement = $"""
            SELECT s.entity_id, s.attribute, s.dataset_id, p.start_at, p.end_at, {string.Join(", ", aggregation.Methods.Select((_, index) => $"p.r{index}"))}
            FROM series s CROSS JOIN LATERAL ({(aggregation.Months > 0 ? ByMonths(query, source, results, sql) : ByLength(query, source, results, sql))}) p
            WHERE s.tenant = {sql.Add(work.Tenant!)} AND s.id = ANY({sql.Add(numbers)})
            ORDER BY s.entity_id, s.attribute, s.dataset_id, p.start_at
            """;
        var series = new List<(string Entity, string Attribute, string Dataset, List<AggregatePeriod> Periods)>();
        await using var command = work.Command(statement, [.. sql.Parameters]);
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken))
        {
            var (entity, attribute, dataset) = (rows.GetString(0), rows.GetString(1), rows.GetString(2));
            if (series.Count == 0 || series[^1].Entity != entity || series[^1].Attribute != attribute || series[^1].Dataset != dataset)
            {
                series.Add((entity, attribute, dataset, []));
            }

            series[^1].Periods.Add(new AggregatePeriod(rows.GetFieldValue<DateTimeOffset>(3), rows.GetFieldValue<DateTimeOffset>(4),
                [.. aggregation.Methods.Select((_, index) => rows.IsDBNull(5 + index) ? null : rows.GetValue(5 + index))]));
        }

        return series.Select(one => (one.Entity, new PastSeries(one.Attribute, [], one.Periods) { IsRelationship = kind == AggregatedKind.Relationships }));
    }

    /// <summary>Periods of a fixed length, from the start of the window or from where the calendar has them begin; or the whole window as one.</summary>
    private static string ByLength(TemporalQuery query, string source, string results, SqlBuilder sql)
    {
        var column = query.Window.Column;
        if (query.Aggregation!.Period is not { } period)
        {
            var (first, last) = (query.Window.From is { } from ? sql.Add(from) : $"min({column})", query.Window.To is { } to ? sql.Add(to) : $"max({column})");
            return $"SELECT {first} AS start_at, {last} AS end_at, {results} FROM {source} HAVING count(*) > 0";
        }

        var interval = $"{sql.Add(period)}::text::interval";
        var start = $"date_bin({interval}, {column}, {sql.Add(query.Window.From ?? Epoch)})";
        return $"SELECT {start} AS start_at, ({start} + {interval}) AS end_at, {results} FROM {source} GROUP BY 1, 2";
    }

    /// <summary>Periods of months: each is a range of the index, because to tell the month of every row costs more than to sum it up.</summary>
    private static string ByMonths(TemporalQuery query, string source, string results, SqlBuilder sql)
    {
        var column = query.Window.Column;
        var months = query.Aggregation!.Months;
        var origin = sql.Add(query.Window.From ?? Epoch);
        var interval = $"{sql.Add(query.Aggregation.Period!)}::text::interval";
        string Number(string instant) => $"floor((extract(year FROM age({instant}, {origin})) * 12 + extract(month FROM age({instant}, {origin}))) / {months})::int";
        return $"""
            SELECT b.start_at, b.end_at, a.*
            FROM (SELECT min({column}) AS earliest, max({column}) AS latest FROM {source}) w
            CROSS JOIN LATERAL ( -- OFFSET 0: else these sums are done again for every row
                SELECT {origin} + n * {interval} AS start_at, {origin} + (n + 1) * {interval} AS end_at
                FROM generate_series({Number("w.earliest")} - 1, {Number("w.latest")} + 1) n OFFSET 0) b
            CROSS JOIN LATERAL (SELECT {results}, count(*) AS present FROM {source} AND {column} >= b.start_at AND {column} < b.end_at) a
            WHERE a.present > 0
            """;
    }

    /// <summary>Instances and the hours that older ones were summed up to, both as sums.</summary>
    private static string WithRollups(TemporalQuery query, string condition, SqlBuilder sql)
    {
        List<string> hours = ["r.tenant = s.tenant", "r.series = s.id"];
        hours.AddRange(query.Window.From is { } from ? [$"r.hour >= {sql.Add(from)}"] : []);
        hours.AddRange(query.Window.To is { } to ? [$"r.hour < {sql.Add(to)}"] : []);
        return $"""
            (SELECT h.at, 1::bigint AS n, h.number AS sum, h.number * h.number AS sumsq, h.number AS min, h.number AS max FROM history h WHERE h.tenant = s.tenant AND h.series = s.id AND {condition}
             UNION ALL SELECT r.hour, r.count, r.sum, r.sumsq, r.min, r.max FROM history_rollup r WHERE {string.Join(" AND ", hours)}) h WHERE true
            """;
    }

    private static string ExpressionOfSums(string method) => method switch
    {
        "totalCount" => "sum(h.n)::float8",
        "avg" => "sum(h.sum) / sum(h.n) FILTER (WHERE h.sum IS NOT NULL)::float8",
        "sumsq" => "sum(h.sumsq)",
        "stddev" => "sqrt(greatest(0, sum(h.sumsq) / sum(h.n)::float8 - power(sum(h.sum) / sum(h.n)::float8, 2)))",
        _ => $"{method}(h.{method})",
    };

    private static string Source(Work work, IReadOnlyList<Entity> entities, TemporalQuery query, SqlBuilder sql)
    {
        var source = $"s.tenant = {sql.Add(work.Tenant!)} AND s.entity_id = ANY({sql.Add(entities.Select(entity => entity.Id).ToArray())})";
        source += query.Attributes is { } attributes ? $" AND s.attribute = ANY({sql.Add(attributes.ToArray())})" : "";
        return source + (query.DatasetIds is { } datasets ? $" AND s.dataset_id = ANY({sql.Add(datasets.ToArray())})" : "");
    }
}
