using System.Net;
using System.Net.Sockets;

namespace LivingCity.ServiceDefaults.Tests;

/// <summary>A way to the broker that is shut at first: connections are taken and closed. Once open, it passes everything on.</summary>
internal sealed class BrokerGate : IDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stop = new();
    private readonly Uri broker;
    private volatile bool open;
    private int refused;

    public BrokerGate(string broker)
    {
        this.broker = new Uri(broker);
        listener.Start();
        Address = new UriBuilder(this.broker) { Host = "127.0.0.1", Port = ((IPEndPoint)listener.LocalEndpoint).Port }.Uri;
        _ = AcceptAsync();
    }

    public Uri Address { get; }

    /// <summary>How many connections found it shut.</summary>
    public int Refused => Volatile.Read(ref refused);

    public void Open() => open = true;

    public void Dispose()
    {
        stop.Cancel();
        listener.Dispose();
        stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            var client = await listener.AcceptTcpClientAsync(stop.Token);
            if (open)
            {
                _ = PassAsync(client);
            }
            else
            {
                client.Dispose();
                Interlocked.Increment(ref refused);
            }
        }
    }

    private async Task PassAsync(TcpClient client)
    {
        using (client)
        {
            using var server = new TcpClient();
            await server.ConnectAsync(broker.Host, broker.Port, stop.Token);
            await Task.WhenAny(client.GetStream().CopyToAsync(server.GetStream(), stop.Token), server.GetStream().CopyToAsync(client.GetStream(), stop.Token));
        }
    }
}
