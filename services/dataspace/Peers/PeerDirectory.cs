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
