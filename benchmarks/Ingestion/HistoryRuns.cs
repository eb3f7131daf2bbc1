using System.Diagnostics;

namespace LivingCity.Ingestion.Benchmarks;

/// <summary>24 months of history: series of hourly points, and one of a million points; what a week of an entity costs, what a year summed up, and what dropping a month.</summary>
internal sealed class HistoryRuns(Stand stand)
{
    private const int HoursOfTwoYears = 17_520;
    private const int Dense = 1_000_000;

    private int stations;

    public async Task MeasureAsync()
    {
        Console.WriteLine(FormattableString.Invariant($"\nhistory of {(long)stations * HoursOfTwoYears:N0} points in 24 months, and one series of {Dense:N0}:"));
        var load = new Load(stand);
        Console.WriteLine($"  one entity, one week   {await load.RunAsync(1, 5, random => Week(random, stations))}");
        Console.WriteLine($"  the same, 16 at once   {await load.RunAsync(16, 5, random => Week(random, stations))}");
        Console.WriteLine($"  aggregate of {Dense:N0}  {await load.RunAsync(1, 6, _ => Aggregate("totalCount,sum,avg,min,max,stddev", "P1M"))}");
        Console.WriteLine($"  aggregate, whole range {await load.RunAsync(1, 6, _ => Aggregate("avg,min,max", "PT0S"))}");
        var watch = Stopwatch.StartNew();
        var dropped = await stand.ScalarAsync<int>("SELECT drop_history('2024-02-01T00:00:00Z')");
        Console.WriteLine(FormattableString.Invariant($"  dropping {dropped} month(s): {watch.Elapsed.TotalMilliseconds:F1} ms"));
    }

    public async Task LoadAsync(int points)
    {
        stations = Math.Max(1, points / HoursOfTwoYears);
        await stand.ScalarAsync<object>("SELECT ensure_history(ARRAY(SELECT m::date FROM generate_series('2024-01-01'::date, '2026-01-01'::date, '1 month') m))");
        foreach (var (prefix, count, step, rows) in new[] { ("urn:h", stations, "1 hour", HoursOfTwoYears), ("urn:dense", 1, "63 seconds", Dense) })
        {
            await stand.ScalarAsync<object>($$$"""
                SET app.tenant = '{{{Stand.Tenant}}}';
                INSERT INTO temporal_entity (tenant, id, types, created_at, modified_at)
                    SELECT '{{{Stand.Tenant}}}', '{{{prefix}}}:' || n, ARRAY['https://uri.etsi.org/ngsi-ld/default-context/WeatherObserved'], now(), now() FROM generate_series(1, {{{count}}}) n;
                INSERT INTO series (tenant, entity_id, attribute)
                    SELECT '{{{Stand.Tenant}}}', '{{{prefix}}}:' || n, 'https://uri.etsi.org/ngsi-ld/default-context/temperature' FROM generate_series(1, {{{count}}}) n;
                INSERT INTO history (tenant, series, at, number, observed, created_at, modified_at, instance)
                    SELECT '{{{Stand.Tenant}}}', s.id, at, v, true, at, at,
                        jsonb_build_object('type', 'Property', 'value', v, 'unitCode', 'CEL', 'observedAt', to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'))
                    FROM generate_series(0, {{{rows}}} - 1) n CROSS JOIN LATERAL (SELECT '2024-01-01T00:00:00Z'::timestamptz + n * interval '{{{step}}}' AS at, round((15 + 10 * sin(n / 24.0))::numeric, 1)::float8 AS v) p
                    CROSS JOIN series s WHERE s.entity_id LIKE '{{{prefix}}}:%' ORDER BY at;
                """);
        }

        await stand.ScalarAsync<object>("VACUUM ANALYZE history");
    }

    private static (string Method, string Path, string? Body) Week(Random random, int stations)
    {
        var from = new DateTime(2024, 2, 1, 0, 0, 0, DateTimeKind.Utc).AddDays(random.Next(660));
        return ("GET", FormattableString.Invariant(
            $"/ngsi-ld/v1/temporal/entities/urn:h:{1 + random.Next(stations)}?timerel=between&timeAt={from:yyyy-MM-ddTHH:mm:ssZ}&endTimeAt={from.AddDays(7):yyyy-MM-ddTHH:mm:ssZ}&options=temporalValues"), null);
    }

    private static (string Method, string Path, string? Body) Aggregate(string methods, string period) =>
        ("GET", $"/ngsi-ld/v1/temporal/entities/urn:dense:1?options=aggregatedValues&aggrMethods={methods}&aggrPeriodDuration={period}", null);
}
