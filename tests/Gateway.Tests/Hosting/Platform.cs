using LivingCity.Gateway.Tests.Hosting;
using LivingCity.Testing;

[assembly: AssemblyFixture(typeof(Platform))]

namespace LivingCity.Gateway.Tests.Hosting;

/// <summary>A realm, one backend per service and a gateway with ordinary settings, shared by the tests that change nothing of it.</summary>
public sealed class Platform : IAsyncLifetime
{
    private static readonly string[] Names = ["assessment", "dataspace", "events", "ingestion", "twin"];
    private readonly Dictionary<string, Backend> backends = [];
    private readonly Infrastructure servers = new();

    internal TestIssuer Realm { get; } = new();

    internal GatewayHost Gateway { get; private set; } = null!;

    internal IReadOnlyDictionary<string, string[]> Services => backends.ToDictionary(backend => backend.Key, backend => new[] { backend.Value.Address });

    public async ValueTask InitializeAsync()
    {
        await servers.InitializeAsync();
        GatewayHost.Database = await servers.CreateDatabaseAsync();
        await Realm.StartAsync();
        foreach (var name in Names)
        {
            backends[name] = await Backend.StartAsync(name, Descriptions.Of(name));
        }

        Gateway = GatewayHost.Start(Realm, Services, new Dictionary<string, string> { ["RateLimits:PerSecond"] = "100000", ["RateLimits:Burst"] = "100000", ["Limits:ProbeInterval"] = "00:00:00.2" });
        using var client = Gateway.Connect();
        await Answers.EventuallyAsync(async () => (await client.GetAsync("/health/ready", [])).IsSuccessStatusCode);
    }

    public async ValueTask DisposeAsync()
    {
        await Gateway.DisposeAsync();
        foreach (var backend in backends.Values)
        {
            await backend.DisposeAsync();
        }

        await Realm.DisposeAsync();
        await servers.DisposeAsync();
    }

    /// <summary>A gateway of a test's own, in front of the same realm and backends.</summary>
    internal GatewayHost StartGateway(params (string Name, string Value)[] settings) =>
        GatewayHost.Start(Realm, Services, settings.ToDictionary(setting => setting.Name, setting => setting.Value));
}
