using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace LivingCity.Events.Tests.Notifications;

/// <summary>A mail server that keeps what it gets (RFC 5321, as far as a client needs it).</summary>
internal sealed class MailCatcher : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stopping = new();
    private readonly Task accepting;

    public MailCatcher()
    {
        listener.Start();
        accepting = AcceptAsync();
    }

    /// <summary>Refuses everything for now, as a server that is overloaded.</summary>
    public bool Refuses { get; set; }

    /// <summary>Takes a message and then says nothing more, as a server that is about to die.</summary>
    public bool FallsSilent { get; set; }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>Recipient and message.</summary>
    public ConcurrentQueue<(string To, string Message)> Caught { get; } = new();

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        listener.Stop();
        await accepting;
        stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await listener.AcceptTcpClientAsync(stopping.Token);
                _ = ServeAsync(client);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                await using var stream = client.GetStream();
                using var reader = new StreamReader(stream, Encoding.UTF8);
                await using var writer = new StreamWriter(stream, new UTF8Encoding(false)) { AutoFlush = true, NewLine = "\r\n" };
                await writer.WriteLineAsync("220 catcher");
                var to = "";
                while (await reader.ReadLineAsync(stopping.Token) is { } line)
                {
                    switch (line.Split(' ', ':')[0].ToUpperInvariant())
                    {
                        case "RCPT":
                            to = line[(line.IndexOf('<', StringComparison.Ordinal) + 1)..line.IndexOf('>', StringComparison.Ordinal)];
                            await writer.WriteLineAsync(Refuses ? "451 later" : "250 ok");
                            break;
                        case "DATA":
                            await writer.WriteLineAsync("354 go on");
                            var message = new StringBuilder();
                            while (await reader.ReadLineAsync(stopping.Token) is { } part && part != ".")
                            {
                                message.Append(part.StartsWith('.') ? part[1..] : part).Append('\n');
                            }

                            Caught.Enqueue((to, message.ToString()));
                            if (FallsSilent)
                            {
                                await Task.Delay(Timeout.Infinite, stopping.Token);
                            }

                            await writer.WriteLineAsync("250 ok");
                            break;
                        case "QUIT":
                            await writer.WriteLineAsync("221 bye");
                            return;
                        default:
                            await writer.WriteLineAsync("250 ok");
                            break;
                    }
                }
            }
            catch (Exception exception) when (exception is OperationCanceledException or IOException)
            {
            }
        }
    }
}
