using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using LivingCity.ServiceDefaults.Http;

namespace LivingCity.Dataspace.Peers;

/// <summary>How a peer answered.</summary>
/// <param name="Status">The HTTP status; 0 when there was none.</param>
/// <param name="Body">The message, where there is one.</param>
/// <param name="Trouble">Why there was no answer.</param>
internal sealed record PeerAnswer(int Status, JsonObject? Body, string? Trouble = null)
{
    /// <summary>The answer's entity tag.</summary>
    public string? ETag { get; init; }

    /// <summary>The address of the next page, where there is one.</summary>
    public string? Next { get; init; }

    public bool IsDone => Status is >= 200 and < 300;

    /// <summary>The peer has read the message and refuses it: sending it again changes nothing.</summary>
    public bool IsRefusal => Status is >= 400 and < 500 and not (401 or 408 or 425 or 429);

    /// <summary>What the peer, or the network, said.</summary>
    public string Reason => Trouble ?? (Body?["reason"] is JsonArray { Count: > 0 } reasons ? string.Join(" ", reasons.Select(reason => reason?.ToString())) : $"status {Status}");
}

/// <summary>Sends messages to other connectors, past the guard for addresses that others supply.</summary>
internal sealed class PeerClient(IHttpClientFactory clients, AddressGuard guard, PeerTokens tokens, Trust.TrustGate trust, PeerDirectory directory)
{
    public Task<PeerAnswer> PostAsync(string peer, string address, string path, string json, CancellationToken cancellationToken) => SendAsync(HttpMethod.Post, peer, address, path, json, cancellationToken);

    public Task<PeerAnswer> GetAsync(string peer, string address, string path, CancellationToken cancellationToken) => SendAsync(HttpMethod.Get, peer, address, path, null, cancellationToken);

    /// <summary>Asks with a body for what the caller may already have: 304 when its entity tag still holds.</summary>
    public Task<PeerAnswer> QueryAsync(string peer, string address, string path, string json, string? etag, CancellationToken cancellationToken) => SendAsync(HttpMethod.Post, peer, address, path, json, cancellationToken, etag);

    private async Task<PeerAnswer> SendAsync(HttpMethod method, string peer, string address, string path, string? json, CancellationToken cancellationToken, string? etag = null)
    {
        if (guard.Check(address) is { } objection)
        {
            return new PeerAnswer(400, null, $"The peer's address {objection}.");
        }

        try
        {
            using var http = clients.CreateClient(OutgoingHttpExtensions.Guarded);
            using var request = new HttpRequestMessage(method, address.TrimEnd('/') + path);
            request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
            if (etag is not null)
            {
                request.Headers.TryAddWithoutValidation("If-None-Match", etag);
            }

            if (json is not null)
            {
                request.Content = new StringContent(json, Encoding.UTF8, "application/json");
            }

            if (await TokenForAsync(peer, address, cancellationToken) is { } token)
            {
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            }

            using var answer = await http.SendAsync(request, cancellationToken);
            return new PeerAnswer((int)answer.StatusCode, Parse(await answer.Content.ReadAsByteArrayAsync(cancellationToken))) { ETag = answer.Headers.ETag?.ToString(), Next = NextIn(answer) };
        }
        catch (AddressNotAllowedException denied)
        {
            return new PeerAnswer(400, null, denied.Message);
        }
        catch (Exception exception) when (exception is HttpRequestException or Polly.ExecutionRejectedException or IOException || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return new PeerAnswer(0, null, exception.Message);
        }
    }

    /// <summary>
    /// A peer that the realm knows by a client gets the realm's token, another one a token of our own. Either opens doors: it goes to nobody but the peer's own connector.
    /// </summary>
    private async Task<string?> TokenForAsync(string peer, string address, CancellationToken cancellationToken)
    {
        var known = await directory.FindAsync(peer, cancellationToken);
        return known?.Client is null && await trust.TokenForAsync(peer, address, known?.Address, cancellationToken) is { } own ? own
            : known?.Address is { } registered && Origins.Same(registered, address) ? await tokens.GetAsync(cancellationToken)
            : null;
    }

    private static string? NextIn(HttpResponseMessage answer) => !answer.Headers.TryGetValues("Link", out var links) ? null
        : links.SelectMany(link => link.Split(',')).Where(link => link.Contains("rel=\"next\"", StringComparison.Ordinal)).Select(link => link.Split('<', '>')).Where(parts => parts.Length > 2).Select(parts => parts[1]).FirstOrDefault();

    private static JsonObject? Parse(byte[] body)
    {
        try
        {
            return body.Length == 0 ? null : JsonNode.Parse(body, null, new JsonDocumentOptions { MaxDepth = 32 }) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
