using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace LivingCity.Ingestion.Benchmarks;

/// <summary>Notifications: how many are delivered while updates come in, whether any is lost, how late they are; and what subscriptions cost that match nothing.</summary>
internal sealed class Notifications(Stand stand)
{
    private const int Entities = 200;
    private const int Endpoints = 6;

    public async Task MeasureAsync()
    {
        using var http = stand.Client();
        foreach (var entity in Enumerable.Range(0, Entities))
        {
            await PostAsync(http, "/ngsi-ld/v1/entities", $$"""{"id":"urn:ngsi-ld:Notified:{{entity}}","type":"Notified","reading":{"type":"Property","value":0},"name":{"type":"Property","value":"Sensor {{entity}}"} }""");
        }

        await MatchingAsync(http);
        using var receiver = new NotificationReceiver();
        foreach (var endpoint in Enumerable.Range(0, Endpoints))
        {
            await PostAsync(http, "/ngsi-ld/v1/subscriptions", $$"""
                {"type":"Subscription","entities":[{"type":"Notified"}],"watchedAttributes":["reading"],"notification":{"attributes":["reading"],"endpoint":{"uri":"{{receiver.Address(endpoint)}}"} } }
                """);
        }

        await RunAsync(http, receiver, 500, 1500); // warming up
        await RunAsync(http, receiver, 500, 10_000);
        await RunAsync(http, receiver, int.MaxValue, 10_000);
    }

    /// <summary>Updates at a rate, and what became of their notifications.</summary>
    private static async Task RunAsync(HttpClient http, NotificationReceiver receiver, int rate, int updates)
    {
        receiver.Clear();
        var sent = new long[updates];
        var answered = new double[updates];
        var next = -1;
        var start = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            int update;
            while ((update = Interlocked.Increment(ref next)) < updates)
            {
                var due = TimeSpan.FromSeconds(update / (double)rate) - Stopwatch.GetElapsedTime(start);
                if (due > TimeSpan.Zero)
                {
                    await Task.Delay(due);
                }

                sent[update] = Stopwatch.GetTimestamp();
                using var content = new StringContent($"{{\"reading\":{{\"type\":\"Property\",\"value\":{update}}}}}", Encoding.UTF8, "application/json");
                using var answer = await http.PatchAsync(new Uri($"/ngsi-ld/v1/entities/urn:ngsi-ld:Notified:{update % Entities}/attrs", UriKind.Relative), content);
                answer.EnsureSuccessStatusCode();
                answered[update] = Stopwatch.GetElapsedTime(sent[update]).TotalMilliseconds;
            }
        })));
        var updating = Stopwatch.GetElapsedTime(start).TotalSeconds;
        while (receiver.First.Count < updates * Endpoints && Stopwatch.GetElapsedTime(start).TotalSeconds < updating + 60)
        {
            await Task.Delay(20);
        }

        var last = receiver.First.Values.DefaultIfEmpty(start).Max();
        var delivering = Stopwatch.GetElapsedTime(start, last).TotalSeconds;
        var delays = receiver.First.Select(entry => Stopwatch.GetElapsedTime(sent[entry.Key.Update], entry.Value).TotalMilliseconds).Order().ToArray();
        Array.Sort(answered);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"""
            {updates} updates, {(rate == int.MaxValue ? "as fast as they are taken" : $"{rate} /s wanted")}: {updates / updating:F0} updates/s (p50 {answered[updates / 2]:F1} ms, p99 {answered[(int)(updates * 0.99)]:F1} ms)
              {receiver.First.Count / delivering:F0} notifications/s delivered to {Endpoints} endpoints, {(updates * Endpoints) - receiver.First.Count} lost, {receiver.Received - receiver.First.Count} repeated
              from update to receiver p50 {delays[delays.Length / 2]:F1} ms, p99 {delays[(int)(delays.Length * 0.99)]:F1} ms
            """));
    }

    /// <summary>Updates with 10,000 subscriptions that match none of them, against updates without any, in turns.</summary>
    private async Task MatchingAsync(HttpClient http)
    {
        foreach (var number in Enumerable.Range(0, 10_000))
        {
            await PostAsync(http, "/ngsi-ld/v1/subscriptions", number % 2 == 0
                ? $$"""{"type":"Subscription","entities":[{"type":"Other{{number}}"}],"notification":{"endpoint":{"uri":"http://my.endpoint.org/{{number % 100}}"} } }"""
                : $$"""{"type":"Subscription","entities":[{"type":"Notified"}],"watchedAttributes":["other{{number}}"],"q":"other{{number}}>5","notification":{"endpoint":{"uri":"http://my.endpoint.org/{{number % 100}}"} } }""");
        }

        await stand.ScalarAsync<int>("CREATE TABLE kept AS SELECT * FROM subscription; CREATE TABLE kept_state AS SELECT * FROM subscription_state; SELECT 1");
        var load = new Load(stand);
        var (with, without) = (new List<Measured>(), new List<Measured>());
        foreach (var _ in Enumerable.Range(0, 3))
        {
            with.Add(await UpdatesAsync(load));
            await stand.ScalarAsync<int>("DELETE FROM subscription; UPDATE subscription_revision SET revision = revision + 100000; SELECT 1");
            without.Add(await UpdatesAsync(load));
            await stand.ScalarAsync<int>("INSERT INTO subscription SELECT * FROM kept; INSERT INTO subscription_state SELECT * FROM kept_state; UPDATE subscription_revision SET revision = revision + 100000; SELECT 1");
        }

        await stand.ScalarAsync<int>("DELETE FROM subscription; UPDATE subscription_revision SET revision = revision + 100000; SELECT 1");
        Console.WriteLine($"updates without subscriptions            {string.Join("\n                                         ", without)}");
        Console.WriteLine($"updates beside 10,000 that match nothing {string.Join("\n                                         ", with)}");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"ratio {with.Average(run => run.PerSecond) / without.Average(run => run.PerSecond):F2}"));
    }

    private static Task<Measured> UpdatesAsync(Load load) => load.RunAsync(8, 4, random =>
        ("PATCH", $"/ngsi-ld/v1/entities/urn:ngsi-ld:Notified:{random.Next(Entities)}/attrs", $"{{\"reading\":{{\"type\":\"Property\",\"value\":{random.Next(1000)}}}}}"));

    private static async Task PostAsync(HttpClient http, string path, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await http.PostAsync(new Uri(path, UriKind.Relative), content);
        answer.EnsureSuccessStatusCode();
    }
}
