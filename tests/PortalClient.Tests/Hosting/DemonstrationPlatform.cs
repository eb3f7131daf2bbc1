extern alias ingestion;
extern alias twin;

using System.Net.Http.Json;
using System.Text.Json.Nodes;
using LivingCity.Testing;

namespace LivingCity.PortalClient.Tests.Hosting;

/// <summary>Context broker, twin and gateway as they run in production, on one broker, with the synthetic city in them.</summary>
public sealed class DemonstrationPlatform : IAsyncLifetime
{
    private readonly Infrastructure infrastructure = new();
    private ServiceHost<ingestion::Program> ingestion = null!;
    private ServiceHost<twin::Program> twin = null!;

    internal ServiceHost<Program> Gateway { get; private set; } = null!;

    internal Infrastructure Infrastructure => infrastructure;

    public async ValueTask InitializeAsync()
    {
        await infrastructure.InitializeAsync();
        twin = await ServiceHost<twin::Program>.StartAsync(infrastructure);
        ingestion = await ServiceHost<ingestion::Program>.StartAsync(infrastructure, new Dictionary<string, string> { ["City:Demo"] = "true" }, broker: twin.Broker);
        Gateway = await ServiceHost<Program>.StartAsync(infrastructure, GatewaySettings(), broker: twin.Broker);
        foreach (var city in (string[])["sofia", "sant-boi"])
        {
            using var client = Gateway.As(city, "citizen");
            await Eventually.TrueAsync(async () => await LastHourAsync(client), $"the synthetic city of {city} is loaded", TimeSpan.FromMinutes(3));
        }
    }

    /// <summary>Settings of a gateway in front of these services.</summary>
    internal Dictionary<string, string> GatewaySettings(params (string Name, string Value)[] more) => new(more.Select(setting => KeyValuePair.Create(setting.Name, setting.Value)))
    {
        ["services:twin:http:0"] = AddressOf(twin.Anonymous()),
        ["services:ingestion:http:0"] = AddressOf(ingestion.Anonymous()),
        ["Live:Heartbeat"] = "00:00:00.5",
    };

    public async ValueTask DisposeAsync()
    {
        await Gateway.DisposeAsync();
        await ingestion.DisposeAsync();
        await twin.DisposeAsync();
        await infrastructure.DisposeAsync();
    }

    private static string AddressOf(HttpClient client)
    {
        using (client)
        {
            return client.BaseAddress!.ToString();
        }
    }

    private static async Task<bool> LastHourAsync(HttpClient client)
    {
        var answer = await client.GetAsync(new Uri("/portal/data/stations", UriKind.Relative));
        return answer.IsSuccessStatusCode && await answer.Content.ReadFromJsonAsync<JsonArray>() is { Count: 17 } stations
            && stations.All(station => (string?)station!["observedAt"] is { } at && at.StartsWith("2026-08-02T23:00", StringComparison.Ordinal));
    }
}
