using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;

namespace LivingCity.ServiceDefaults.Http;

/// <summary>Where calls to addresses that users supply may go. Section <c>Outgoing</c>.</summary>
public sealed class OutgoingSettings
{
    /// <summary>Networks (CIDR) allowed although they are not public: for closed networks and tests.</summary>
    public IReadOnlyList<string> AllowedNetworks { get; init; } = [];

    /// <summary>The largest answer that is read, in bytes. Default 10 MiB.</summary>
    public long MaxResponseBytes { get; init; } = 10 * 1024 * 1024;

    /// <summary>How long one call may take with all its tries. Default 30 s.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);
}

/// <summary>
/// Keeps a user-supplied address from reaching what is not public (server-side request forgery): loopback, private, link-local, shared, documentation,
/// multicast and reserved ranges, in IPv4, IPv6 and IPv4 inside IPv6. It looks at the address that is really connected to, on each connection,
/// so neither a redirect nor a name that changes its address between check and use gets past it.
/// </summary>
public sealed class AddressGuard
{
    // IANA special-purpose registries (RFC 6890 and successors): what is not globally reachable.
    private static readonly IPNetwork[] Forbidden =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24",
            "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
            "::/128", "::1/128", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "3fff::/20", "5f00::/16", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8",
        }.Select(IPNetwork.Parse),
    ];

    private readonly IPNetwork[] allowed;
    private readonly Func<string, CancellationToken, Task<IPAddress[]>> resolve;

    /// <summary>Creates the guard with the configured exceptions.</summary>
    /// <param name="settings">The exceptions.</param>
    /// <param name="resolve">What names lead to; the system's resolver without a word.</param>
    public AddressGuard(IOptions<OutgoingSettings> settings, Func<string, CancellationToken, Task<IPAddress[]>>? resolve = null)
    {
        allowed = [.. settings.Value.AllowedNetworks.Select(IPNetwork.Parse)];
        this.resolve = resolve ?? Dns.GetHostAddressesAsync;
    }

    /// <summary>Whether this address may be connected to.</summary>
    public bool Allows(IPAddress address)
    {
        var plain = Unwrap(address);
        return allowed.Any(network => network.Contains(plain)) || !Forbidden.Any(network => network.Contains(plain));
    }

    /// <summary>Whether a user may give this address: http or https, with a host, without credentials. The name's address is checked when it is used.</summary>
    /// <returns>What is wrong with it, or null.</returns>
    public string? Check(string? address) => !Uri.TryCreate(address, UriKind.Absolute, out var uri) ? "must be an absolute URI"
        : uri.Scheme is not ("http" or "https") ? "must be an http or https address"
        : uri.UserInfo.Length > 0 ? "must not carry credentials"
        : IPAddress.TryParse(uri.DnsSafeHost, out var literal) && !Allows(literal) ? "is not a public address"
        : null;

    /// <summary>For <see cref="SocketsHttpHandler.ConnectCallback"/> of clients with pipelines of their own: connects to what is allowed.</summary>
    /// <exception cref="AddressNotAllowedException">The name leads to no such address.</exception>
    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var resolved = await resolve(context.DnsEndPoint.Host, cancellationToken);
        var open = resolved.Where(Allows).ToArray();
        if (open.Length == 0)
        {
            throw new AddressNotAllowedException(context.DnsEndPoint.Host);
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(open, context.DnsEndPoint.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>The IPv4 address inside an IPv6 one: mapped (::ffff:0:0/96), compatible (::/96), NAT64 (64:ff9b::/96) or 6to4 (2002::/16).</summary>
    private static IPAddress Unwrap(IPAddress address)
    {
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return address;
        }

        var octets = address.GetAddressBytes();
        return address.IsIPv4MappedToIPv6 ? address.MapToIPv4()
            : octets is [0x20, 0x02, ..] ? new IPAddress(octets.AsSpan(2, 4))
            : octets is [0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0, ..] ? new IPAddress(octets.AsSpan(12, 4))
            : octets.AsSpan(0, 12).IndexOfAnyExcept((byte)0) < 0 && (octets[12] | octets[13] | octets[14]) != 0 ? new IPAddress(octets.AsSpan(12, 4))
            : address;
    }
}

/// <summary>An address that a user supplied leads to a network that is not public.</summary>
public sealed class AddressNotAllowedException(string host) : HttpRequestException($"{host} does not lead to a public address.");
