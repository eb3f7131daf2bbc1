using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace LivingCity.Ingestion.Benchmarks;

/// <summary>What a run of requests took.</summary>
/// <param name="PerSecond">Requests answered per second.</param>
/// <param name="P50">Median, ms.</param>
/// <param name="P99">99th percentile, ms.</param>
/// <param name="Failed">Answers that were no success.</param>
internal sealed record Measured(double PerSecond, double P50, double P99, int Failed)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{PerSecond,8:F0} /s   p50 {P50,7:F2} ms   p99 {P99,7:F2} ms{(Failed > 0 ? $"   {Failed} FAILED" : "")}");
}

/// <summary>A load generator that costs little: HTTP/1.1 over plain sockets, one request at a time on each of some connections, next as soon as the answer is read.</summary>
internal sealed class Load(Stand stand)
{
    /// <summary>Sends requests for some seconds, after a second of warming up.</summary>
    /// <param name="connections">How many at once.</param>
    /// <param name="seconds">For how long.</param>
    /// <param name="request">Makes the next request from a random number generator: method, path and body.</param>
    public async Task<Measured> RunAsync(int connections, double seconds, Func<Random, (string Method, string Path, string? Body)> request)
    {
        await RunAsync(connections, 1.5, request, []);
        var times = new List<double>[connections];
        var failed = await RunAsync(connections, seconds, request, times);
        var all = times.SelectMany(list => list).Order().ToArray();
        return new Measured(all.Length / seconds, all[all.Length / 2], all[(int)(all.Length * 0.99)], failed);
    }

    private async Task<int> RunAsync(int connections, double seconds, Func<Random, (string Method, string Path, string? Body)> request, List<double>[] times)
    {
        var end = Stopwatch.GetTimestamp() + (long)(seconds * Stopwatch.Frequency);
        var failed = await Task.WhenAll(Enumerable.Range(0, connections).Select(number => Task.Run(async () =>
        {
            var own = new List<double>(10_000);
            if (times.Length > 0)
            {
                times[number] = own;
            }

            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(stand.Address.Host, stand.Address.Port);
            var random = new Random(number + (int)end);
            var buffer = new byte[1 << 20];
            var bad = 0;
            while (Stopwatch.GetTimestamp() is var start && start < end)
            {
                var (method, path, body) = request(random);
                var text = $"{method} {path} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {stand.Token}\r\n"
                    + (body is null ? "\r\n" : $"Content-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}");
                await socket.SendAsync(Encoding.UTF8.GetBytes(text));
                bad += await ReadAsync(socket, buffer) ? 0 : 1;
                own.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            }

            return bad;
        })));
        return failed.Sum();
    }

    /// <summary>Reads one answer: the service gives every answer with its length.</summary>
    private static async Task<bool> ReadAsync(Socket socket, byte[] buffer)
    {
        var (read, end) = (0, -1);
        while (end < 0)
        {
            var more = await socket.ReceiveAsync(buffer.AsMemory(read));
            if (more == 0)
            {
                return false;
            }

            read += more;
            end = buffer.AsSpan(0, read).IndexOf("\r\n\r\n"u8);
        }

        var head = Encoding.ASCII.GetString(buffer, 0, end);
        var at = head.IndexOf("Content-Length: ", StringComparison.OrdinalIgnoreCase);
        var length = at < 0 ? 0 : int.Parse(head.AsSpan(at + 16, (head.IndexOf('\r', at) is var stop and > 0 ? stop : head.Length) - at - 16), CultureInfo.InvariantCulture);
        for (var rest = length - (read - end - 4); rest > 0;)
        {
            rest -= await socket.ReceiveAsync(buffer.AsMemory(0, Math.Min(rest, buffer.Length)));
        }

        return head[9] == '2';
    }
}
