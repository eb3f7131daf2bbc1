using LivingCity.Testing;

namespace LivingCity.Ingestion.Tests;

/// <summary>One broker for all tests that need no settings of their own; each takes a city of its own. Beside it a web server with contexts.</summary>
public sealed class BrokerFixture(Infrastructure infrastructure) : IAsyncLifetime
{
    private static int cities;
    private ServiceHost<Program>? host;

    public ServiceHost<Program> Host => host ?? throw new InvalidOperationException("Not started.");

    public ContextServer Contexts { get; } = new();

    public async ValueTask InitializeAsync()
    {
        await Contexts.StartAsync();
        host = await ServiceHost<Program>.StartAsync(infrastructure, new Dictionary<string, string>
        {
            ["Outgoing:AllowedNetworks:0"] = "127.0.0.0/8", ["RateLimits:PerSecond"] = "100000", ["RateLimits:Burst"] = "100000", ["PublicReads:open-city:0"] = "Bench",
        });
    }

    public async ValueTask DisposeAsync()
    {
        await Contexts.DisposeAsync();
        if (host is not null)
        {
            await host.DisposeAsync();
        }
    }

    /// <summary>A data officer of a city that nobody else has.</summary>
    public BrokerClient NewCity()
    {
        var city = $"city-{Interlocked.Increment(ref cities)}";
        return new BrokerClient(Host.As(city, "data-officer"), city);
    }
}

/// <summary>The tests that share the broker: one after the other, so that its two processors are for each in turn.</summary>
[CollectionDefinition]
public sealed class BrokerTests : ICollectionFixture<BrokerFixture>;
