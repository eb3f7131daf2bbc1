using System.Net.Sockets;

namespace LivingCity.AppHost.Embedded;

internal static class AmqpHealth
{
    /// <summary>
    /// Healthy means: accepts connections, which a broker does only once it has booted. Nothing is said on the connection, as a handshake
    /// that is broken off would be a warning in the broker's log every time.
    /// </summary>
    public static async Task<string?> CheckAsync(string host, int port, CancellationToken cancellationToken)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(host, port, cancellationToken);
            return null;
        }
        catch (SocketException error)
        {
            return error.Message;
        }
    }
}
