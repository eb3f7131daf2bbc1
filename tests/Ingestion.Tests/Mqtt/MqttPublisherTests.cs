using System.Text;
using LivingCity.Ingestion.Mqtt;
using LivingCity.ServiceDefaults.Http;
using LivingCity.Testing;
using Microsoft.Extensions.Options;

namespace LivingCity.Ingestion.Tests.Mqtt;

/// <summary>ETSI GS CIM 009, clause 7.2, over the wire to two real brokers.</summary>
public sealed class MqttPublisherTests(Infrastructure infrastructure, MosquittoBroker mosquitto) : IClassFixture<MosquittoBroker>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(4, 0)]
    [InlineData(4, 1)]
    [InlineData(4, 2)]
    [InlineData(null, 1)]
    public async Task Publish_ToRabbitMq_Arrives(int? version, int qos)
    {
        var broker = await RabbitMqAsync();
        await using var publisher = Publisher();
        var topic = $"city/{Guid.NewGuid():N}/air";
        await using var subscriber = await MqttSubscriber.StartAsync(broker, topic);

        await publisher.PublishAsync(Parse($"{broker}/{topic}"), (MqttVersion?)version, "clean"u8.ToArray(), qos, Stop);

        await subscriber.CountAsync(1);
        var heard = Assert.Single(subscriber.Heard);
        Assert.Equal((Math.Min(qos, 1), topic, "clean"), heard);
    }

    [Fact]
    public async Task Publish_ToRabbitMqInAVersionItDoesNotSpeak_Fails()
    {
        await using var publisher = Publisher();

        await Assert.ThrowsAsync<MqttVersionException>(async () => await publisher.PublishAsync(Parse($"{await RabbitMqAsync()}/a"), MqttVersion.V5, "x"u8.ToArray(), 1, Stop));
    }

    [Fact]
    public async Task Publish_WithAWrongPassword_IsRefused()
    {
        await using var publisher = Publisher();
        var broker = new Uri(await RabbitMqAsync());

        await Assert.ThrowsAnyAsync<IOException>(() => publisher.PublishAsync(Parse($"mqtt://livingcity:wrong@127.0.0.1:{broker.Port}/a"), MqttVersion.V311, "x"u8.ToArray(), 1, Stop));
    }

    [Theory]
    [InlineData(4, 0)]
    [InlineData(4, 1)]
    [InlineData(4, 2)]
    [InlineData(5, 0)]
    [InlineData(5, 1)]
    [InlineData(5, 2)]
    public async Task Publish_ToMosquitto_ArrivesWithItsQuality(int version, int qos)
    {
        await using var publisher = Publisher();
        var topic = $"city/{Guid.NewGuid():N}";
        await using var subscriber = await MqttSubscriber.StartAsync(mosquitto.Address(""), topic);
        var payload = new string('é', 20_000); // several bytes of remaining length

        await publisher.PublishAsync(Parse(mosquitto.Address(topic)), (MqttVersion)version, Encoding.UTF8.GetBytes(payload), qos, Stop);

        await subscriber.CountAsync(1);
        Assert.Equal((qos, topic, payload), Assert.Single(subscriber.Heard));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Publish_ManyAtOnce_EachArrivesOnce(int qos)
    {
        await using var publisher = Publisher();
        var topic = $"city/{Guid.NewGuid():N}";
        await using var subscriber = await MqttSubscriber.StartAsync(mosquitto.Address(""), topic);

        await Task.WhenAll(Enumerable.Range(0, 2000).Select(number => publisher.PublishAsync(Parse(mosquitto.Address(topic)), MqttVersion.V5, Encoding.UTF8.GetBytes($"{number}"), qos, Stop)));

        await subscriber.CountAsync(2000);
        Assert.Equal(Enumerable.Range(0, 2000), subscriber.Heard.Select(message => int.Parse(message.Payload, System.Globalization.CultureInfo.InvariantCulture)).Order());
    }

    [Fact]
    public async Task Publish_AfterTheBrokerDied_ConnectsAnew()
    {
        var broker = new MosquittoBroker();
        await broker.InitializeAsync();
        await using var publisher = Publisher();
        var address = Parse(broker.Address("city"));
        await publisher.PublishAsync(address, MqttVersion.V311, "1"u8.ToArray(), 1, Stop);

        await broker.KillAsync();
        await Assert.ThrowsAnyAsync<Exception>(() => publisher.PublishAsync(address, MqttVersion.V311, "2"u8.ToArray(), 1, Stop));
        await broker.StartAsync();

        await publisher.PublishAsync(address, MqttVersion.V311, "3"u8.ToArray(), 1, Stop);
        await broker.DisposeAsync();
    }

    [Fact]
    public async Task Publish_ToABrokerThatFallsSilent_FailsAfterTheKeepAlive()
    {
        var broker = new MosquittoBroker();
        await broker.InitializeAsync();
        var time = new ManualTime();
        var publisher = Publisher(time: time);
        var address = Parse(broker.Address("city"));
        await publisher.PublishAsync(address, MqttVersion.V5, "1"u8.ToArray(), 1, Stop);
        await broker.SignalAsync("STOP");

        var publication = publisher.PublishAsync(address, MqttVersion.V5, "2"u8.ToArray(), 1, Stop);
        Assert.False(publication.IsCompleted);
        await Eventually.TrueAsync(
            () =>
            {
                time.Advance(TimeSpan.FromSeconds(15));
                return Task.FromResult(publication.IsCompleted);
            },
            "the publication is given up");

        await Assert.ThrowsAsync<MqttException>(() => publication);
        await publisher.DisposeAsync();
        await broker.DisposeAsync();
    }

    [Fact]
    public async Task Publish_OverTls_ChecksTheCertificate()
    {
        var address = Parse($"mqtts://127.0.0.1:{mosquitto.TlsPort}/secret");
        await using var trusting = Publisher(new MqttSettings { CertificateAuthorities = mosquitto.Authority });
        await using var strict = Publisher();
        await using var subscriber = await MqttSubscriber.StartAsync(mosquitto.Address(""), "secret");

        await trusting.PublishAsync(address, MqttVersion.V5, "sealed"u8.ToArray(), 1, Stop);

        await subscriber.CountAsync(1);
        Assert.Equal("sealed", Assert.Single(subscriber.Heard).Payload);
        await Assert.ThrowsAsync<System.Security.Authentication.AuthenticationException>(() => strict.PublishAsync(address, MqttVersion.V5, "x"u8.ToArray(), 1, Stop));
    }

    [Fact]
    public async Task Publish_ToAnAddressThatIsNotPublic_IsRefused()
    {
        await using var publisher = new MqttPublisher(new AddressGuard(Options.Create(new OutgoingSettings())), Options.Create(new MqttSettings()), TimeProvider.System);

        await Assert.ThrowsAsync<AddressNotAllowedException>(() => publisher.PublishAsync(Parse(mosquitto.Address("a")), null, "x"u8.ToArray(), 0, Stop));
    }

    [Theory]
    [InlineData("http://host/topic")]
    [InlineData("mqtt://host")]
    [InlineData("mqtt://host/")]
    [InlineData("mqtt://host/a/+/b")]
    [InlineData("mqtt://host/a/%23")]
    [InlineData("mqtt:///topic")]
    [InlineData("not a uri")]
    public void TryParse_WhatIsNoAddress_SaysWhatIsWrong(string text)
    {
        Assert.False(MqttAddress.TryParse(text, out _, out var problem));
        Assert.NotEmpty(problem);
    }

    [Fact]
    public void TryParse_FullAddress_IsTakenApart() => Assert.Equal(
        new MqttAddress("broker.example", 8883, true, "ann", "p:w", "a/b c"), Parse("mqtts://ann:p%3Aw@broker.example/a/b%20c"));

    private static MqttAddress Parse(string text) => MqttAddress.TryParse(text, out var address, out var problem) ? address : throw new ArgumentException(problem);

    private static MqttPublisher Publisher(MqttSettings? settings = null, TimeProvider? time = null) => new(
        new AddressGuard(Options.Create(new OutgoingSettings { AllowedNetworks = ["127.0.0.0/8"] })), Options.Create(settings ?? new MqttSettings()), time ?? TimeProvider.System);

    private async Task<string> RabbitMqAsync()
    {
        var broker = await infrastructure.MqttAsync();
        await Eventually.TrueAsync(
            async () =>
            {
                try
                {
                    using var client = new System.Net.Sockets.TcpClient();
                    await client.ConnectAsync("127.0.0.1", new Uri(broker).Port, Stop);
                    return true;
                }
                catch (System.Net.Sockets.SocketException)
                {
                    return false;
                }
            },
            "RabbitMQ's MQTT plugin listens");
        return broker;
    }
}
