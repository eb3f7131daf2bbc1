using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace LivingCity.Ingestion.Benchmarks;

/// <summary>Receives notifications at little cost: plain sockets, and of each body only what counts.</summary>
internal sealed class NotificationReceiver : IDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentDictionary<(int Endpoint, int Update), long> first = new();
    private int received;

    public NotificationReceiver()
    {
        listener.Start();
        _ = AcceptAsync();
    }

    /// <summary>When each update was first told at each endpoint, as a timestamp of the stopwatch.</summary>
    public IReadOnlyDictionary<(int Endpoint, int Update), long> First => first;

    /// <summary>Notifications received, repetitions included.</summary>
    public int Received => Volatile.Read(ref received);

    public string Address(int endpoint) => $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/{endpoint}";

    public void Clear()
    {
        first.Clear();
        received = 0;
    }

    public void Dispose() => listener.Dispose();

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = ServeAsync(await listener.AcceptSocketAsync());
            }
        }
        catch (Exception exception) when (exception is ObjectDisposedException or SocketException)
        {
            // The run is over.
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        socket.NoDelay = true;
        using (socket)
        {
            var buffer = new byte[64 * 1024];
            var filled = 0;
            while (true)
            {
                var head = buffer.AsSpan(0, filled).IndexOf("\r\n\r\n"u8);
                var length = head < 0 ? -1 : LengthOf(buffer.AsSpan(0, head));
                if (head < 0 || filled < head + 4 + length)
                {
                    var more = await socket.ReceiveAsync(buffer.AsMemory(filled));
                    if (more == 0)
                    {
                        return;
                    }

                    filled += more;
                    continue;
                }

                Note(buffer[6] - '0', buffer.AsSpan(head + 4, length));
                await socket.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"u8.ToArray());
                var rest = filled - head - 4 - length;
                buffer.AsSpan(head + 4 + length, rest).CopyTo(buffer);
                filled = rest;
            }
        }
    }

    private void Note(int endpoint, ReadOnlySpan<byte> body)
    {
        Interlocked.Increment(ref received);
        var at = body.IndexOf("\"value\":"u8) + 8;
        var digits = body[at..];
        first.TryAdd((endpoint, int.Parse(digits[..digits.IndexOfAnyExceptInRange((byte)'0', (byte)'9')], CultureInfo.InvariantCulture)), Stopwatch.GetTimestamp());
    }

    private static int LengthOf(ReadOnlySpan<byte> head)
    {
        var digits = head[(head.IndexOf("Content-Length: "u8) + 16)..];
        var end = digits.IndexOf((byte)'\r');
        return int.Parse(end < 0 ? digits : digits[..end], CultureInfo.InvariantCulture);
    }
}
