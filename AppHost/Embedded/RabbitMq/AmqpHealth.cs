using System.Net.Sockets;

namespace LivingCity.AppHost.Embedded;

internal static class AmqpHealth
{
    /// <summary>Healthy means: answers the AMQP 0-9-1 protocol header with Connection.Start (clause 4.2.2), which a broker does only once it has booted.</summary>
    public static async Task<string?> CheckAsync(string host, int port, CancellationToken cancellationToken)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(host, port, cancellationToken);
            await using var stream = client.GetStream();
            await stream.WriteAsync("AMQP\0\0\u0009\u0001"u8.ToArray(), cancellationToken);

            // type (1 = method), channel (2 bytes), size (4), class (2: 10 = connection), method (2: 10 = start)
            var frame = new byte[11];
            await stream.ReadExactlyAsync(frame, cancellationToken);
            return frame is [1, 0, 0, _, _, _, _, 0, 10, 0, 10] ? null : "does not speak AMQP 0-9-1";
        }
        catch (Exception error) when (error is SocketException or IOException)
        {
            return error.Message;
        }
    }
}
