using System.Diagnostics;
using LivingCity.Testing;

namespace LivingCity.Events.Benchmarks;

/// <summary>The programme at a fixed rate, whether or not answers come: latency counts from when a request was due.</summary>
internal static class ProgrammePage
{
    private const int PerSecond = 500;
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(20);

    public static async Task MeasureAsync(EventStand stand)
    {
        await stand.PublishAsync("bench-page", 30, 100);
        foreach (var (name, address) in new[] { ("service, JSON", new Uri(stand.Events, "/api/events/v1/events/bench-page")), ("gateway, page", new Uri(stand.Gateway, "/programme/bench-page")) })
        {
            using var client = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 128 });
            await RunAsync(client, address, TimeSpan.FromSeconds(5));
            var latencies = await RunAsync(client, address, Length);
            Console.WriteLine(FormattableString.Invariant(
                $"{name}: {latencies.Count / Length.TotalSeconds:0} requests/s, p50 {latencies[latencies.Count / 2]:0.0} ms, p99 {latencies[(int)(latencies.Count * 0.99)]:0.0} ms (aim 30 ms)"));
        }
    }

    private static async Task<IReadOnlyList<double>> RunAsync(HttpClient client, Uri address, TimeSpan length)
    {
        var requests = new List<Task<double>>();
        var watch = Stopwatch.StartNew();
        for (var number = 0; number < PerSecond * length.TotalSeconds; number++)
        {
            var due = TimeSpan.FromSeconds((double)number / PerSecond);
            if (due - watch.Elapsed is { } wait && wait > TimeSpan.Zero)
            {
                await Task.Delay(wait);
            }

            requests.Add(Task.Run(async () =>
            {
                using var answer = await client.GetAsync(address);
                answer.EnsureSuccessStatusCode();
                await answer.Content.ReadAsByteArrayAsync();
                return (watch.Elapsed - due).TotalMilliseconds;
            }));
        }

        return [.. (await Task.WhenAll(requests)).Order()];
    }
}
