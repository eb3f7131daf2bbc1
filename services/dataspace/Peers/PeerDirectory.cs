using System.Collections.Concurrent;

namespace LivingCity.Dataspace.Peers;

/// <summary>The known participants, remembered for a second: every message of the protocol asks for one.</summary>
internal sealed class PeerDirectory(PeerStore peers, TimeProvider time)
{
    private const int Capacity = 10_000;
    private static readonly TimeSpan Memory = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<(string Kind, string Key), (Peer? Peer, DateTimeOffset Until)> known = new();

    public Task<Peer?> FindAsync(string id, CancellationToken cancellationToken) => FindAsync(("id", id), peers.FindAsync, cancellationToken);

    public Task<Peer?> FindByClientAsync(string client, CancellationToken cancellationToken) => FindAsync(("client", client), peers.FindByClientAsync, cancellationToken);

    /// <summary>Whether a person of ours has shut this participant out.</summary>
    public async Task<bool> IsShutOutAsync(string id, CancellationToken cancellationToken) => await FindAsync(("any", id), peers.FindEvenShutOutAsync, cancellationToken) is { Active: false };

    private async Task<Peer?> FindAsync((string Kind, string Key) key, Func<string, CancellationToken, Task<Peer?>> load, CancellationToken cancellationToken)
    {
        if (known.TryGetValue(key, out var entry) && entry.Until > time.GetUtcNow())
        {
            return entry.Peer;
        }

        var peer = await load(key.Key, cancellationToken);
        if (known.Count > Capacity)
        {
            known.Clear(); // nobody may fill the memory with made-up names
        }

        known[key] = (peer, time.GetUtcNow() + Memory);
        return peer;
    }
}
