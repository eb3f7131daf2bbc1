using LivingCity.Gateway.Portal.Live;
using LivingCity.PortalClient.Tests.Hosting;
using LivingCity.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace LivingCity.PortalClient.Tests;

/// <summary>Takes the broker away, so nothing else may run.</summary>
[CollectionDefinition("broker loss", DisableParallelization = true)]
public sealed class AloneWithTheBroker;

[Collection("broker loss")]
public sealed class BrokerLossTests(DemonstrationPlatform platform)
{
    [Fact]
    public async Task Stream_WhenTheBrokerWasAway_SaysSoAndThenThatEverythingIsToBeReadAnew()
    {
        var broker = await platform.Infrastructure.CreateVirtualHostAsync();
        await using var gateway = await ServiceHost<Program>.StartAsync(platform.Infrastructure, platform.GatewaySettings(), broker: broker);
        var feed = gateway.Services.GetRequiredService<LiveFeed>();
        await Eventually.TrueAsync(() => Task.FromResult(feed.IsListening), "the gateway listens");
        await using var listener = await Listener.OpenAsync(gateway.As("sofia", "citizen"));
        await listener.UntilAsync("reset", "");

        platform.Infrastructure.Kill("messaging");

        await listener.UntilAsync("heartbeat", "\"live\":false");
        await listener.UntilAsync("reset", "");
        await listener.UntilAsync("heartbeat", "\"live\":true");
        await using var bus = await TestBus.StartAsync(broker);
        await bus.PublishAsync(Listener.Reading("sofia", "urn:s:after", 1), "sofia");
        await listener.UntilAsync("observations", "urn:s:after");
        using var client = gateway.Anonymous();
        Assert.True((await client.GetAsync(new Uri("/health/ready", UriKind.Relative), TestContext.Current.CancellationToken)).IsSuccessStatusCode);
    }
}
