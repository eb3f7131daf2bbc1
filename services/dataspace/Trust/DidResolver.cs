using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;

namespace LivingCity.Dataspace.Trust;

/// <summary>Fetches DID documents, past the guard for addresses that others supply, and remembers them for a while.</summary>
internal sealed class DidResolver(TrustClient client, IOptions<TrustSettings> settings, IHostEnvironment environment, TimeProvider time)
{
    private const int Capacity = 1000;

    private readonly ConcurrentDictionary<string, (DidDocument Document, DateTimeOffset Until)> known = new();

    /// <exception cref="TrustException">There is no such document, or it is another's.</exception>
    public async Task<DidDocument> ResolveAsync(string id, CancellationToken cancellationToken)
    {
        if (known.TryGetValue(id, out var entry) && entry.Until > time.GetUtcNow())
        {
            return entry.Document;
        }

        var address = Did.DocumentOf(id, settings.Value.UseHttps || !environment.IsDevelopment());
        var document = new DidDocument(JsonNode.Parse(await client.GetAsync(address.ToString(), "DID document", cancellationToken), null, TrustClient.Json) as JsonObject ?? throw new TrustException("The DID document is not a JSON object."));
        if (document.Id != id)
        {
            throw new TrustException($"The DID document at {address} is another's.");
        }

        if (known.Count > Capacity)
        {
            known.Clear(); // nobody may fill the memory with made-up names
        }

        known[id] = (document, time.GetUtcNow() + settings.Value.Memory);
        return document;
    }
}
