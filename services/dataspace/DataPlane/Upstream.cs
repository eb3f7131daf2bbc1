using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using LivingCity.ServiceDefaults.Security;
using Microsoft.Extensions.Options;

namespace LivingCity.Dataspace.DataPlane;

/// <summary>Where the data plane reads, and as whom. Section <c>DataPlane</c>.</summary>
internal sealed class DataPlaneSettings
{
    /// <summary>The clients by which the context broker knows this service, by city; a city without one is read with the service's own client.</summary>
    public IReadOnlyDictionary<string, Peers.ClientSettings> Clients { get; init; } = new Dictionary<string, Peers.ClientSettings>();

    /// <summary>How old what is handed out may be. Consumers that ask for the same within this time cost the context broker one reading.</summary>
    public TimeSpan MaxAge { get; init; } = TimeSpan.FromSeconds(1);
}

/// <summary>An answer of the context broker, shared by all that ask for it while it is fresh.</summary>
internal sealed record Reading(int Status, byte[] Body)
{
    /// <summary>What was made of it, by agreement and grants.</summary>
    public ConcurrentDictionary<string, byte[]> Filtered { get; } = new();
}

/// <summary>Reads the context broker (NGSI-LD, ETSI GS CIM 009) in the name of a city.</summary>
internal sealed class Upstream(IHttpClientFactory clients, IConfiguration configuration, IOptions<DataPlaneSettings> settings, IOptions<Peers.ClientSettings> own, IOptions<AuthenticationSettings> realm, TimeProvider time)
{
    private const int Capacity = 1000;
    private static readonly string[] Schemes = ["http", "https"];

    private readonly ConcurrentDictionary<(string City, string Path), (Lazy<Task<Reading>> Reading, DateTimeOffset Until)> fresh = new();
    private readonly ConcurrentDictionary<string, (string Token, DateTimeOffset Until)> tokens = new();

    public async Task<Reading> ReadAsync(string city, string path, CancellationToken cancellationToken)
    {
        var key = (city, path);
        var now = time.GetUtcNow();
        if (!fresh.TryGetValue(key, out var entry) || entry.Until <= now)
        {
            if (fresh.Count > Capacity)
            {
                fresh.Clear();
            }

            entry = (new Lazy<Task<Reading>>(() => FetchAsync(city, path)), now + settings.Value.MaxAge);
            fresh[key] = entry;
        }

        try
        {
            return await entry.Reading.Value.WaitAsync(cancellationToken);
        }
        catch
        {
            fresh.TryRemove(key, out _);
            throw;
        }
    }

    /// <summary>Forgets what it knows of a city: its data has changed.</summary>
    public void Forget(string city)
    {
        foreach (var key in fresh.Keys.Where(key => key.City == city))
        {
            fresh.TryRemove(key, out _);
        }
    }

    private async Task<Reading> FetchAsync(string city, string path)
    {
        using var http = clients.CreateClient("ingestion");
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(Address(), path));
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        request.Headers.Add("NGSILD-Tenant", city);
        if (await TokenAsync(city) is { } token)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        using var answer = await http.SendAsync(request);
        return new Reading((int)answer.StatusCode, await answer.Content.ReadAsByteArrayAsync());
    }

    private Uri Address()
    {
        var addresses = Schemes.SelectMany(scheme => configuration.GetSection($"services:ingestion:{scheme}").GetChildren()).Select(child => child.Value).OfType<string>().ToArray();
        return addresses.Length == 0 ? throw new HttpRequestException("The context broker is not known: set services__ingestion__http__0.") : new Uri(addresses[Environment.TickCount64 % addresses.Length]);
    }

    private async Task<string?> TokenAsync(string city)
    {
        if (tokens.TryGetValue(city, out var known) && known.Until > time.GetUtcNow())
        {
            return known.Token;
        }

        if ((settings.Value.Clients.GetValueOrDefault(city) ?? own.Value) is not { ClientId: { Length: > 0 } id, ClientSecret: { Length: > 0 } secret })
        {
            return null;
        }

        using var http = clients.CreateClient("realm");
        using var form = new FormUrlEncodedContent([new("grant_type", "client_credentials"), new("client_id", id), new("client_secret", secret)]);
        using var answer = await http.PostAsync(new Uri($"{realm.Value.Authority.TrimEnd('/')}/protocol/openid-connect/token"), form);
        var body = await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>();
        var lifetime = body.TryGetProperty("expires_in", out var seconds) ? seconds.GetInt32() : 60;
        tokens[city] = (body.GetProperty("access_token").GetString()!, time.GetUtcNow() + TimeSpan.FromSeconds(Math.Max(1, lifetime - 30)));
        return tokens[city].Token;
    }
}
