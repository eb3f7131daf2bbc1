using System.Net.Http.Json;
using System.Text.Json;
using LivingCity.ServiceDefaults.Security;
using Microsoft.Extensions.Options;

namespace LivingCity.Dataspace.Peers;

/// <summary>This service's client in the realm. Section <c>Authentication</c>.</summary>
internal sealed class ClientSettings
{
    public string? ClientId { get; init; }

    public string? ClientSecret { get; init; }
}

/// <summary>Access tokens by client credentials (RFC 6749, 4.4), kept until shortly before they end.</summary>
internal sealed class PeerTokens(IHttpClientFactory clients, IOptions<AuthenticationSettings> realm, IOptions<ClientSettings> client, TimeProvider time) : IDisposable
{
    private readonly SemaphoreSlim gate = new(1);
    private volatile Grant? current;

    /// <summary>A token of this service, or null where it has no client of its own.</summary>
    public async Task<string?> GetAsync(CancellationToken cancellationToken)
    {
        if (client.Value is not { ClientId: { Length: > 0 } id, ClientSecret: { Length: > 0 } secret })
        {
            return null;
        }

        if (Fresh() is { } before)
        {
            return before;
        }

        await gate.WaitAsync(cancellationToken);
        try
        {
            if (Fresh() is { } meanwhile)
            {
                return meanwhile;
            }

            current = await FetchAsync(id, secret, cancellationToken);
            return current.Token;
        }
        finally
        {
            gate.Release();
        }
    }

    public void Dispose() => gate.Dispose();

    private string? Fresh() => current is { } kept && kept.Until > time.GetUtcNow() ? kept.Token : null;

    private async Task<Grant> FetchAsync(string id, string secret, CancellationToken cancellationToken)
    {
        using var http = clients.CreateClient("realm");
        using var form = new FormUrlEncodedContent([new("grant_type", "client_credentials"), new("client_id", id), new("client_secret", secret)]);
        using var answer = await http.PostAsync(new Uri($"{realm.Value.Authority.TrimEnd('/')}/protocol/openid-connect/token"), form, cancellationToken);
        var body = await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
        var lifetime = body.TryGetProperty("expires_in", out var seconds) ? seconds.GetInt32() : 60;
        return new Grant(body.GetProperty("access_token").GetString()!, time.GetUtcNow() + TimeSpan.FromSeconds(Math.Max(1, lifetime - 30)));
    }

    private sealed record Grant(string Token, DateTimeOffset Until);
}
