using System.Net;
using LivingCity.Gateway.Portal.Live;
using LivingCity.PortalClient.Tests.Hosting;
using LivingCity.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace LivingCity.PortalClient.Tests;

public sealed class StreamTests(DemonstrationPlatform platform)
{
    [Fact]
    public async Task Stream_ResumedAfterALoss_GivesWhatWasMissedOnceAndInOrder()
    {
        await using var bus = await TestBus.StartAsync(platform.Gateway.Broker);
        string position;
        await using (var before = await Listener.OpenAsync(platform.Gateway.As("ruse", "citizen")))
        {
            Assert.Equal("reset", (await before.NextAsync()).EventType);
            await bus.PublishAsync(Listener.Reading("ruse", "urn:s:1", 1), "ruse");
            Assert.Contains("\"temperature\":1", (await before.NextAsync()).Data, StringComparison.Ordinal);
            position = before.Position!;
        }

        var repeated = Guid.CreateVersion7();
        await bus.PublishAsync(Listener.Reading("ruse", "urn:s:1", 2), "ruse", repeated);
        await bus.PublishAsync(Listener.Reading("ruse", "urn:s:1", 2), "ruse", repeated);
        await bus.PublishAsync(Listener.Reading("ruse", "urn:s:1", 3), "ruse");
        await using var after = await Listener.OpenAsync(platform.Gateway.As("ruse", "citizen"), position);
        await bus.PublishAsync(Listener.Reading("ruse", "urn:s:1", 4), "ruse");

        var heard = new[] { await after.NextAsync(), await after.NextAsync(), await after.NextAsync() };
        Assert.All(heard, update => Assert.Equal("observations", update.EventType));
        for (var number = 0; number < heard.Length; number++)
        {
            Assert.Contains($"\"temperature\":{number + 2}", heard[number].Data, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Stream_OfACity_CarriesNothingOfAnother()
    {
        await using var bus = await TestBus.StartAsync(platform.Gateway.Broker);
        await using var varna = await Listener.OpenAsync(platform.Gateway.As("varna", "citizen"));
        await using var pleven = await Listener.OpenAsync(platform.Gateway.As("pleven", "citizen"));
        await varna.NextAsync();
        await pleven.NextAsync();

        await bus.PublishAsync(Listener.Reading("varna", "urn:varna:1", 1), "varna");
        await bus.PublishAsync(Listener.Reading("pleven", "urn:pleven:1", 2), "pleven");

        // One queue, one consumer: had the first message been meant for both, Pleven would hear it first.
        Assert.Contains("urn:pleven:1", (await pleven.NextAsync()).Data, StringComparison.Ordinal);
        Assert.Contains("urn:varna:1", (await varna.NextAsync()).Data, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stream_WithThePositionOfAnotherReplica_BeginsWithReset()
    {
        await using var other = await ServiceHost<Program>.StartAsync(platform.Infrastructure, platform.GatewaySettings(), broker: platform.Gateway.Broker);
        await using var bus = await TestBus.StartAsync(platform.Gateway.Broker);
        await Eventually.TrueAsync(() => Task.FromResult(other.Services.GetRequiredService<LiveFeed>().IsListening), "the replica listens");
        await using var here = await Listener.OpenAsync(platform.Gateway.As("vidin", "citizen"));
        await using var there = await Listener.OpenAsync(other.As("vidin", "citizen"));
        await here.NextAsync();
        await there.NextAsync();

        await bus.PublishAsync(Listener.Reading("vidin", "urn:s:1", 1), "vidin");
        Assert.Equal("observations", (await here.NextAsync()).EventType);
        Assert.Equal("observations", (await there.NextAsync()).EventType);
        await using var moved = await Listener.OpenAsync(other.As("vidin", "citizen"), here.Position);

        Assert.Equal("reset", (await moved.NextAsync()).EventType);
    }

    [Fact]
    public async Task Stream_OfAClientThatDoesNotRead_IsClosedAndTheRestIsThereWhenItComesBack()
    {
        await using var gateway = await ServiceHost<Program>.StartAsync(
            platform.Infrastructure, platform.GatewaySettings(("Live:WaitingUpdates", "8"), ("Live:BufferedCharacters", "90000000")), broker: platform.Gateway.Broker);
        await using var bus = await TestBus.StartAsync(gateway.Broker);
        var feed = gateway.Services.GetRequiredService<LiveFeed>();
        await Eventually.TrueAsync(() => Task.FromResult(feed.IsListening), "the gateway listens");
        await using var slow = await Listener.OpenAsync(gateway.As("lom", "citizen"));
        Assert.Equal("reset", (await slow.NextAsync()).EventType);

        var sent = 0;
        await Eventually.TrueAsync(
            async () =>
            {
                await bus.PublishAsync(Listener.Reading("lom", $"urn:s:{++sent}", sent, stations: 200), "lom");
                return feed.Of("lom").Listeners == 0;
            },
            "who does not read is cut off");

        await using var back = await Listener.OpenAsync(gateway.As("lom", "citizen"), slow.Position);
        for (var number = 1; number <= sent; number++)
        {
            Assert.Contains($"\"urn:s:{number}\"", (await back.NextAsync()).Data, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Stream_WhoseTokenEnds_Ends()
    {
        var token = platform.Infrastructure.Issuer.Describe("sliven", "citizen");
        token.Expires = DateTimeOffset.FromUnixTimeSeconds(DateTimeOffset.UtcNow.ToUnixTimeSeconds() + 3).UtcDateTime; // whole seconds: so a token says it
        await using var listener = await Listener.OpenAsync(platform.Gateway.With(TestIssuer.Sign(token)));

        while (await listener.NextOfAnyKindAsync() is not null)
        {
        }

        Assert.True(DateTime.UtcNow >= token.Expires);
    }

    [Theory]
    [InlineData("/portal/stream")]
    [InlineData("/portal/data/stations")]
    [InlineData("/portal/data/city-model")]
    [InlineData("/portal/data/air-quality")]
    [InlineData("/portal/data/stations/urn:x/history?property=temperature")]
    public async Task Path_WithoutAToken_IsRefused(string path)
    {
        using var client = platform.Gateway.Anonymous();

        using var answer = await client.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }
}
