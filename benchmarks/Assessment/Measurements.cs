using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Npgsql;

namespace LivingCity.Assessment.Benchmarks;

internal static class Measurements
{
    private const int Respondents = 500;
    private const int Assessments = 50;
    private const int Pages = 300;
    private const string Questionnaire = "digital-maturity/2";
    private static readonly TimeSpan Warm = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Round = TimeSpan.FromSeconds(20);
    private static readonly int[] Sizes = [1_000, 10_000, 100_000];

    /// <summary>Five hundred people, ten to an assessment, each on a question of its own; each gives another answer one to three seconds after the last one was saved.</summary>
    public static async Task AutosaveAsync(Stand stand)
    {
        using var client = stand.As("bench", "data-officer");
        var numbers = (await client.GetFromJsonAsync<JsonObject>($"/api/assessment/v1/questionnaires/{Questionnaire}"))!["dimensions"]!.AsArray()
            .SelectMany(dimension => dimension!["questions"]!.AsArray()).Where(question => (string)question!["kind"]! == "number").Select(question => (string)question!["id"]!).ToArray();
        var paths = new List<string>();
        for (var i = 0; i < Assessments; i++)
        {
            using var started = await client.PostAsJsonAsync("/api/assessment/v1/assessments", new { questionnaire = Questionnaire });
            paths.Add(started.EnsureSuccessStatusCode().Headers.Location!.ToString());
        }

        var times = new ConcurrentQueue<double>();
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, Respondents).Select(async person =>
        {
            var random = new Random(person);
            var address = $"{paths[person % Assessments]}/answers/{numbers[person / Assessments % numbers.Length]}";
            var (version, value) = ("\"0\"", 1);
            await Task.Delay(random.Next(3000));
            while (watch.Elapsed < Warm + Round)
            {
                using var request = new HttpRequestMessage(HttpMethod.Put, address) { Content = JsonContent.Create(new { value = 1 + (value++ % 90) }) };
                request.Headers.TryAddWithoutValidation("If-Match", version);
                var begun = watch.Elapsed;
                using var saved = await client.SendAsync(request);
                saved.EnsureSuccessStatusCode();
                version = saved.Headers.ETag!.Tag;
                if (begun > Warm)
                {
                    times.Enqueue((watch.Elapsed - begun).TotalMilliseconds);
                }

                await Task.Delay(1000 + random.Next(2000));
            }
        }));
        var sorted = times.Order().ToArray();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"autosave, {Respondents} respondents on {Assessments} assessments: {sorted.Length / Round.TotalSeconds:0} answers per second, p50 {sorted[sorted.Length / 2]:0.0} ms, p99 {sorted[sorted.Length * 99 / 100]:0.0} ms"));
    }

    /// <summary>Tables and a city's place among 10^3, 10^4 and 10^5 cities, one request after the other, and what a release takes.</summary>
    public static async Task BenchmarkAsync(Stand stand)
    {
        using var officer = stand.As("bench-1", "data-officer");
        using var administrator = stand.As(null, "platform-admin");
        administrator.Timeout = TimeSpan.FromMinutes(5);
        await using var database = await stand.DatabaseAsync();
        foreach (var size in Sizes)
        {
            await FillAsync(database, size);
            var watch = Stopwatch.StartNew();
            using var released = await administrator.PostAsync($"/api/assessment/v1/benchmark/{Questionnaire}/releases", null);
            released.EnsureSuccessStatusCode();
            var took = watch.Elapsed.TotalSeconds;
            await using var own = new NpgsqlCommand("SELECT set_config('app.tenant', 'bench-1', false); SELECT assessment_id FROM benchmark_entry WHERE tenant = 'bench-1' LIMIT 1", database);
            await using var row = await own.ExecuteReaderAsync();
            await row.NextResultAsync();
            await row.ReadAsync();
            var id = row.GetGuid(0);
            await row.CloseAsync();
            var tables = await TimeAsync(() => officer.GetAsync($"/api/assessment/v1/benchmark/{Questionnaire}"));
            var standing = await TimeAsync(() => officer.GetAsync($"/api/assessment/v1/benchmark/standing/{id}"));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{size} cities: release {took:0.0} s; tables {tables}; standing of a city {standing}"));
        }
    }

    private static async Task FillAsync(NpgsqlConnection database, int size)
    {
        await using var fill = new NpgsqlCommand($"""
            SELECT set_config('app.statistics', 'on', false), setseed(0.29);
            TRUNCATE benchmark_release, benchmark_cell, benchmark_entry; DELETE FROM city_profile;
            INSERT INTO city_profile (tenant, name, country, region, population, member_since)
            SELECT 'bench-' || n, 'City ' || n, c, c || (1 + n % 3) || (1 + n % 4), (exp(5 + random() * 9))::int, CASE WHEN random() < 0.3 THEN date '2024-01-01' END
            FROM (SELECT n, (ARRAY['AT','BE','BG','CY','CZ','DE','DK','EE','EL','ES','FI','FR','HR','HU','IE','IT','LT','LU','LV','MT','NL','PL','PT','RO','SE','SI','SK'])[1 + (random() * 26)::int] AS c FROM generate_series(1, {size}) n) x;
            INSERT INTO benchmark_entry (tenant, assessment_id, questionnaire, submitted_at, year, overall, level, dimensions)
            SELECT 'bench-' || n, gen_random_uuid(), '{Questionnaire}', now(), 2026, s, 1 + floor(s / 20.01)::int, ARRAY[s, s * random(), s * random(), s, s * random(), s, s]
            FROM (SELECT n, 100 * (random() + random() + random()) / 3 AS s FROM generate_series(1, {size}) n) x;
            ANALYZE
            """, database);
        await fill.ExecuteNonQueryAsync();
    }

    private static async Task<string> TimeAsync(Func<Task<HttpResponseMessage>> request)
    {
        var times = new List<double>();
        for (var i = 0; i < Pages + 30; i++)
        {
            var watch = Stopwatch.StartNew();
            using var answer = await request();
            answer.EnsureSuccessStatusCode();
            await answer.Content.ReadAsByteArrayAsync();
            times.Add(watch.Elapsed.TotalMilliseconds);
        }

        var sorted = times.Skip(30).Order().ToArray();
        return string.Create(CultureInfo.InvariantCulture, $"p50 {sorted[Pages / 2]:0.0} ms, p99 {sorted[Pages * 99 / 100]:0.0} ms");
    }
}
