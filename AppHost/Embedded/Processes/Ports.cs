using System.Net;
using System.Net.Sockets;

namespace LivingCity.AppHost.Embedded;

/// <summary>
/// Chooses free loopback ports below the range the system uses for outgoing connections, so that a port which is free
/// now is still free when its process starts, or starts again after a crash.
/// </summary>
internal sealed class Ports : IDisposable
{
    private const int First = 15000;
    private const int Last = 31999;
    private readonly List<FileStream> claims = [];

    public int Next()
    {
        while (true)
        {
            var port = Random.Shared.Next(First, Last + 1);
            if (TryClaim(port))
            {
                return port;
            }
        }
    }

    /// <summary>Takes this port if nobody has it. A claim keeps other stacks of the machine off it until the process listens.</summary>
    public bool TryClaim(int port)
    {
        FileStream claim;
        try
        {
            var folder = Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), $"livingcity-ports-{Environment.UserName}"));
            claim = new(Path.Combine(folder.FullName, $"{port}"), FileMode.OpenOrCreate, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
        }
        catch (IOException)
        {
            return false;
        }

        if (IsFree(IPAddress.Loopback, port) && (!Socket.OSSupportsIPv6 || IsFree(IPAddress.IPv6Loopback, port)))
        {
            claims.Add(claim);
            return true;
        }

        claim.Dispose();
        return false;
    }

    public void Dispose() => claims.ForEach(claim => claim.Dispose());

    private static bool IsFree(IPAddress address, int port)
    {
        try
        {
            using var listener = new TcpListener(address, port);
            listener.Start();
            return true;
        }
        catch (SocketException error)
        {
            return error.SocketErrorCode is SocketError.AddressNotAvailable;
        }
    }
}
