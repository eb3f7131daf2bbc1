using LivingCity.Ingestion.Tests.Mqtt;
using LivingCity.Testing;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace LivingCity.Ingestion.Tests.Subscriptions;

/// <summary>What is acknowledged is delivered: at least once, in order per entity, and no endpoint waits for another.</summary>
public sealed class DeliveryTests(Infrastructure infrastructure)
{
    [Fact]
    public async Task Delivery_DeadEndpointBesideALiveOne_DoesNotDelayIt()
    {
        await using var broker = await Broker.StartAsync(infrastructure);
        await using var receiver = await Receiver.StartAsync();
        var never = new TaskCompletionSource<IResult>();
        receiver.Answer = request => request.Path.StartsWith("/silent", StringComparison.Ordinal) ? never.Task : Task.FromResult(request.Path == "/broken" ? Results.StatusCode(500) : Results.Ok());
        await broker.SubscribeAsync(Device, receiver.Address + "/silent/1");
        await broker.SubscribeAsync(Device, receiver.Address + "/silent/2");
        await broker.SubscribeAsync(Device, receiver.Address + "/broken");
        await broker.SubscribeAsync(Device, "http://127.0.0.1:1/dead");
        await broker.SubscribeAsync(Device, receiver.Address + "/live");

        foreach (var value in Enumerable.Range(1, 20))
        {
            await broker.UpsertAsync(Entity("1", value));
        }

        Assert.Equal(Enumerable.Range(1, 20), Values(await receiver.WaitAsync("/live", 20)));
        Assert.Single(receiver.At("/silent/1"));
        never.SetResult(Results.Ok());
    }

    [Fact]
    public async Task Delivery_EndpointThatComesBack_GetsAllInOrderUnderTheSameIds()
    {
        var time = new ManualTime(DateTimeOffset.UtcNow);
        await using var broker = await Broker.StartAsync(infrastructure, time);
        await using var receiver = await Receiver.StartAsync();
        receiver.Answer = _ => Task.FromResult(Results.StatusCode(503));
        var id = await broker.SubscribeAsync(Device, receiver.Address + "/a");
        await broker.UpsertAsync(Entity("1", 1));
        var first = Assert.Single(await receiver.WaitAsync("/a")).NotificationId;
        await broker.UpsertAsync(Entity("1", 2));
        await broker.UpsertAsync(Entity("1", 3));
        await Eventually.EqualAsync("failed", async () => (string?)(await broker.GetAsync($"/subscriptions/{id}"))["notification"]!["status"] ?? "");

        receiver.Answer = _ => Task.FromResult(Results.Ok());
        time.Advance(TimeSpan.FromMinutes(1));

        var requests = await receiver.WaitAsync("/a", 4);
        Assert.Equal([1, 1, 2, 3], Values(requests));
        Assert.Equal([first, first], requests.Take(2).Select(request => request.NotificationId));
        Assert.Equal(3, requests.Select(request => request.NotificationId).Distinct().Count());
        await Eventually.EqualAsync("ok", async () => (string?)(await broker.GetAsync($"/subscriptions/{id}"))["notification"]!["status"] ?? "");
        var counters = (await broker.GetAsync($"/subscriptions/{id}"))["notification"]!;
        Assert.Equal((4, 1), ((int)counters["timesSent"]!, (int)counters["timesFailed"]!));
    }

    [Fact]
    public async Task Delivery_WhileTheEndpointIsDown_BacksOff()
    {
        var time = new ManualTime(DateTimeOffset.UtcNow);
        await using var broker = await Broker.StartAsync(infrastructure, time);
        await using var receiver = await Receiver.StartAsync();
        receiver.Answer = request => Task.FromResult(request.Path == "/down" ? Results.StatusCode(503) : Results.Ok());
        await broker.SubscribeAsync(Device, receiver.Address + "/down");
        await broker.SubscribeAsync(Device, receiver.Address + "/up");

        await broker.UpsertAsync(Entity("1", 1));
        await receiver.WaitAsync("/down");
        foreach (var value in Enumerable.Range(2, 9))
        {
            await broker.UpsertAsync(Entity("1", value));
        }

        await receiver.WaitAsync("/up", 10);
        Assert.Single(receiver.At("/down"));
        Assert.True(await broker.Host.ScalarAsync<bool>("SELECT bool_and(retry_at IS NOT NULL AND owner IS NULL) FROM notification_lane WHERE endpoint LIKE '%/down'", "sofia"));
    }

    [Fact]
    public async Task Delivery_SubscriptionMovedToAnotherEndpoint_TakesAlongWhatWaits()
    {
        var time = new ManualTime(DateTimeOffset.UtcNow);
        await using var broker = await Broker.StartAsync(infrastructure, time);
        await using var receiver = await Receiver.StartAsync();
        receiver.Answer = request => Task.FromResult(request.Path == "/old" ? Results.StatusCode(503) : Results.Ok());
        var id = await broker.SubscribeAsync(Device, receiver.Address + "/old");
        await broker.UpsertAsync(Entity("1", 1));
        await broker.UpsertAsync(Entity("1", 2));
        await Eventually.EqualAsync("failed", async () => (string?)(await broker.GetAsync($"/subscriptions/{id}"))["notification"]!["status"] ?? "");

        await broker.DoAsync("PATCH", $"/subscriptions/{id}", $$"""{"notification":{"endpoint":{"uri":"{{receiver.Address}}/new"} } }""");
        await broker.UpsertAsync(Entity("1", 3));

        Assert.Equal([1, 2, 3], Values(await receiver.WaitAsync("/new", 3)));
    }

    [Fact]
    public async Task Delivery_TwoReplicas_KeepTheOrderOfEachEntityAndLoseNothing()
    {
        await using var one = await Broker.StartAsync(infrastructure);
        await using var two = await Broker.StartAsync(infrastructure, peer: one);
        await using var receiver = await Receiver.StartAsync();
        foreach (var endpoint in Enumerable.Range(0, 6))
        {
            await one.SubscribeAsync(Device, $"{receiver.Address}/{endpoint}");
        }

        await Task.WhenAll(Enumerable.Range(0, 8).Select(async entity =>
        {
            foreach (var value in Enumerable.Range(1, 25))
            {
                await (value % 2 == 0 ? one : two).UpsertAsync(Entity($"{entity}", value));
            }
        }));

        foreach (var endpoint in Enumerable.Range(0, 6))
        {
            var requests = await receiver.WaitAsync($"/{endpoint}", 200);
            Assert.Equal(200, requests.Count);
            Assert.All(requests.GroupBy(request => (string)request.Data[0]!["id"]!), entity => Assert.Equal(Enumerable.Range(1, 25), Values(entity)));
        }
    }

    [Fact]
    public async Task Delivery_SubscriptionMadeOnOneReplica_IsKnownToTheOtherAtOnce()
    {
        await using var one = await Broker.StartAsync(infrastructure);
        await using var two = await Broker.StartAsync(infrastructure, peer: one);
        await using var receiver = await Receiver.StartAsync();
        foreach (var round in Enumerable.Range(1, 20))
        {
            var id = await one.SubscribeAsync(Device, $"{receiver.Address}/{round}");
            await two.UpsertAsync(Entity("1", round));
            await one.DoAsync("DELETE", $"/subscriptions/{id}");
            Assert.InRange(receiver.At($"/{round}").Count, 0, 1);
        }

        // The last one is not deleted before its notification is out.
        await one.SubscribeAsync(Device, $"{receiver.Address}/last");
        await two.UpsertAsync(Entity("1", 99));
        Assert.Equal([99], Values(await receiver.WaitAsync("/last")));
    }

    [Fact]
    public async Task Delivery_ProcessKilledBetweenSendingAndNoting_SendsAgainUnderTheSameId()
    {
        await using var broker = await Broker.StartAsync(infrastructure);
        await using var receiver = await Receiver.StartAsync();
        await broker.SubscribeAsync(Device, receiver.Address + "/a");
        var gate = new TaskCompletionSource<IResult>();
        receiver.Answer = _ => gate.Task;

        // Only the process that will be killed delivers: the other one keeps its hands off by being stopped first.
        await using var process = await ServiceProcess.StartAsync(broker, infrastructure);
        await StopDispatcherAsync(broker);
        await broker.UpsertAsync(Entity("1", 1));
        await broker.UpsertAsync(Entity("1", 2));
        var first = Assert.Single(await receiver.WaitAsync("/a")).NotificationId;

        await process.KillAsync();
        receiver.Answer = _ => Task.FromResult(Results.Ok());
        await ExpireLeasesAsync(broker);
        await using var successor = await ServiceProcess.StartAsync(broker, infrastructure);

        var requests = await receiver.WaitAsync("/a", 3);
        Assert.Equal([1, 1, 2], Values(requests));
        Assert.Equal(first, requests[1].NotificationId);
        gate.SetResult(Results.Ok());
    }

    [Fact]
    public async Task Delivery_ServiceStoppedWithNotificationsWaiting_DeliversThemAfterItsStart()
    {
        await using var receiver = await Receiver.StartAsync();
        receiver.Answer = _ => Task.FromResult(Results.StatusCode(503));
        var time = new ManualTime(DateTimeOffset.UtcNow);
        var broker = await Broker.StartAsync(infrastructure, time);
        await broker.SubscribeAsync(Device, receiver.Address + "/a");
        await broker.UpsertAsync(Entity("1", 1), Entity("2", 1));
        await broker.UpsertAsync(Entity("1", 2), Entity("2", 2));
        await receiver.WaitAsync("/a");
        await broker.DisposeAsync();

        receiver.Answer = _ => Task.FromResult(Results.Ok());
        time.Advance(TimeSpan.FromMinutes(10));
        await using var again = await Broker.StartAsync(infrastructure, time, peer: broker);

        await Eventually.EqualAsync(0L, () => again.Host.ScalarAsync<long>("SELECT count(*) FROM notification", "sofia")!);
        var delivered = receiver.At("/a").GroupBy(request => request.NotificationId).Select(group => group.Last()).ToArray();
        Assert.Equal(4, delivered.Length);
        Assert.All(delivered.GroupBy(request => (string)request.Data[0]!["id"]!), entity => Assert.Equal([1, 2], Values(entity)));
    }

    [Fact]
    public async Task Write_ThatIsRolledBack_NotifiesNobody()
    {
        await using var broker = await Broker.StartAsync(infrastructure);
        await using var receiver = await Receiver.StartAsync();
        await broker.SubscribeAsync(Device, receiver.Address + "/a");

        var refused = await broker.SendAsync("PATCH", "/entities/urn:ngsi-ld:Device:missing/attrs", """{"value":{"type":"Property","value":1}}""");
        Assert.Equal(404, (int)refused.StatusCode);
        await broker.UpsertAsync(Entity("1", 7));

        Assert.Equal([7], Values(await receiver.WaitAsync("/a")));
    }

    [Theory]
    [InlineData("mqtt3.1.1", 0)]
    [InlineData("mqtt3.1.1", 1)]
    [InlineData("mqtt5.0", 1)]
    [InlineData("mqtt5.0", 2)]
    public async Task Delivery_OverMqtt_PublishesMetadataAndBody(string version, int qos)
    {
        var mosquitto = new MosquittoBroker();
        await mosquitto.InitializeAsync();
        await using var broker = await Broker.StartAsync(infrastructure);
        await using var subscriber = await MqttSubscriber.StartAsync(mosquitto.Address(""), "city/devices");

        await broker.DoAsync("POST", "/subscriptions", $$"""
            {"type":"Subscription",{{Device}},"notification":{"endpoint":{"uri":"{{mosquitto.Address("city/devices")}}","accept":"application/json",
            "receiverInfo":[{"key":"X-City","value":"Sofia"}],"notifierInfo":[{"key":"MQTT-Version","value":"{{version}}"},{"key":"MQTT-QoS","value":"{{qos}}"}]} } }
            """);
        await broker.UpsertAsync(Entity("1", 5));

        await subscriber.CountAsync(1);
        var message = Assert.Single(subscriber.Heard);
        Assert.Equal((qos, "city/devices"), (message.Qos, message.Topic));
        var payload = System.Text.Json.Nodes.JsonNode.Parse(message.Payload)!;
        Assert.Equal("application/json", (string?)payload["metadata"]!["Content-Type"]);
        Assert.Equal("Sofia", (string?)payload["metadata"]!["X-City"]);
        Assert.NotNull(payload["metadata"]!["Link"]);
        Assert.Equal(5, (int)payload["body"]!["data"]![0]!["value"]!["value"]!);
        await mosquitto.DisposeAsync();
    }

    [Fact]
    public async Task Delivery_MqttBrokerThatWasAway_GetsWhatWaited()
    {
        var mosquitto = new MosquittoBroker();
        await mosquitto.InitializeAsync();
        await mosquitto.KillAsync();
        await using var broker = await Broker.StartAsync(infrastructure);
        var id = await broker.SubscribeAsync(Device, mosquitto.Address("city/devices"));
        await broker.UpsertAsync(Entity("1", 5));
        await Eventually.EqualAsync("failed", async () => (string?)(await broker.GetAsync($"/subscriptions/{id}"))["notification"]!["status"] ?? "");

        await mosquitto.StartAsync();
        await using var subscriber = await MqttSubscriber.StartAsync(mosquitto.Address(""), "city/devices");

        await subscriber.CountAsync(1);
        await mosquitto.DisposeAsync();
    }

    [Fact]
    public async Task Delivery_ToANameThatLeadsToLoopback_IsRefusedByTheGuard()
    {
        await using var broker = await Broker.StartAsync(infrastructure, allowLoopback: false);
        await using var receiver = await Receiver.StartAsync();
        var address = receiver.Address.Replace("127.0.0.1", "localhost", StringComparison.Ordinal);
        var id = await broker.SubscribeAsync(Device, address + "/a");

        await broker.UpsertAsync(Entity("1", 1));

        await Eventually.EqualAsync("failed", async () => (string?)(await broker.GetAsync($"/subscriptions/{id}"))["notification"]!["status"] ?? "");
        Assert.Empty(receiver.All);
    }

    private const string Device = "\"entities\":[{\"type\":\"Device\"}]";

    private static IEnumerable<int> Values(IEnumerable<Received> requests) => requests.Select(request => (int)request.Data[0]!["value"]!["value"]!);

    private static string Entity(string id, int value) => $$"""{"id":"urn:ngsi-ld:Device:{{id}}","type":"Device","value":{"type":"Property","value":{{value}} } }""";

    private static Task StopDispatcherAsync(Broker broker) => broker.Host.Services.GetServices<Microsoft.Extensions.Hosting.IHostedService>()
        .Single(service => service is Ingestion.Subscriptions.Delivery.NotificationDispatcher).StopAsync(TestContext.Current.CancellationToken);

    /// <summary>As half a minute would.</summary>
    private static Task<int> ExpireLeasesAsync(Broker broker) =>
        broker.Host.ScalarAsync<int>("UPDATE notification_lane SET lease_until = now() - interval '1 second' WHERE owner IS NOT NULL RETURNING 1", "sofia");
}
