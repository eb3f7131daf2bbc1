using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace LivingCity.Gateway.Incoming;

/// <summary>
/// Handles a request on the thread that its bytes arrive on, without a detour over the thread pool. That suits a program which only passes bytes on
/// and never blocks, and it takes a third off the processor time of a small request (see benchmarks/Gateway.Benchmarks). Nothing in the gateway may block a thread.
/// </summary>
internal static class Transport
{
    /// <summary>Call it first of all: the runtime reads this once, when the first socket is opened, and offers no other way to say it.</summary>
    public static void CompleteInline() => Environment.SetEnvironmentVariable("DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS", "1");

    public static IServiceCollection AddInlineTransport(this IServiceCollection services) =>
        services.Configure<SocketTransportOptions>(sockets => sockets.UnsafePreferInlineScheduling = true);
}
