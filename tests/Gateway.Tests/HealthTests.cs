using System.Net;
using LivingCity.Gateway.Tests.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace LivingCity.Gateway.Tests;

public sealed class HealthTests(Platform platform)
{
    private static readonly Dictionary<string, string> Probing = new() { ["Limits:ProbeInterval"] = "00:00:00.1" };

    [Fact]
    public async Task Platform_WithAllServicesReady_IsHealthy()
    {
        using var client = platform.Gateway.Connect();

        await Answers.EventuallyAsync(async () => (await StateAsync(client)).Status == HttpStatusCode.OK);

        var (_, body) = await StateAsync(client);
        Assert.Equal("healthy", (string?)body["status"]);
        Assert.Equal(["assessment", "dataspace", "events", "ingestion", "twin"], body["services"]!.AsObject().Select(service => service.Key));
        Assert.All(body["services"]!.AsObject(), service => Assert.Equal("up", (string?)service.Value));
    }

    [Fact]
    public async Task Platform_WithAServiceDownAndOneUnknown_SaysWhich()
    {
        var twin = await Backend.StartAsync("twin");
        await using var gateway = GatewayHost.Start(platform.Realm, new Dictionary<string, string[]> { ["twin"] = [twin.Address] }, Probing);
        using var client = gateway.Connect();
        await Answers.EventuallyAsync(async () => await StateOfAsync(client, "twin") == "up");

        await twin.DisposeAsync();
        await Answers.EventuallyAsync(async () => await StateOfAsync(client, "twin") == "down");

        var (status, body) = await StateAsync(client);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.Equal("degraded", (string?)body["status"]);
        Assert.Equal("missing", (string?)body["services"]!["events"]);
    }

    [Theory]
    [InlineData("live")]
    [InlineData("ready")]
    public async Task Gateway_WithoutAnyService_IsItselfHealthy(string probe)
    {
        await using var gateway = GatewayHost.Start(platform.Realm, new Dictionary<string, string[]>());
        using var client = gateway.Connect();

        await Answers.EventuallyAsync(async () => (await client.GetAsync($"/health/{probe}", [])).StatusCode == HttpStatusCode.OK);
    }

    [Fact]
    public async Task ReplicaThatDied_GetsNoRequests_AndTheOtherAnswersAll()
    {
        await using var survivor = await Backend.StartAsync("survivor");
        var victim = await Backend.StartAsync("victim");
        await using var gateway = GatewayHost.Start(platform.Realm, new Dictionary<string, string[]> { ["twin"] = [survivor.Address, victim.Address] }, Probing);
        using var client = gateway.Connect();

        await victim.DisposeAsync();
        await Answers.EventuallyAsync(async () => await SucceedsAsync(client, times: 20));

        Assert.True(await SucceedsAsync(client, times: 50));
    }

    [Fact]
    public async Task ReplicaThatIsNotReady_GetsNoRequests()
    {
        await using var ready = await Backend.StartAsync("ready");
        await using var starting = await Backend.StartAsync("starting", app => app.Use((HttpContext context, RequestDelegate _) =>
        {
            context.Response.StatusCode = 503;
            return Task.CompletedTask;
        }));
        await using var gateway = GatewayHost.Start(platform.Realm, new Dictionary<string, string[]> { ["twin"] = [ready.Address, starting.Address] }, Probing);
        using var client = gateway.Connect();

        await Answers.EventuallyAsync(async () => await SucceedsAsync(client, times: 20));

        Assert.True(await SucceedsAsync(client, times: 50));
    }

    [Fact]
    public async Task OnlyReplica_WhenItComesBack_IsUsedAtOnce()
    {
        var twin = await Backend.StartAsync("twin");
        var port = new Uri(twin.Address).Port;
        await using var gateway = GatewayHost.Start(platform.Realm, new Dictionary<string, string[]> { ["twin"] = [twin.Address] }, new Dictionary<string, string> { ["Limits:ProbeInterval"] = "00:05:00" });
        using var client = gateway.Connect();
        await twin.DisposeAsync();
        for (var request = 0; request < 30; request++)
        {
            using var failed = await client.GetAsync("/api/twin/v1/state", []);
            await failed.ProblemAsync(HttpStatusCode.BadGateway, "service-unreachable");
        }

        await using var again = await Backend.StartAsync("twin", port: port);

        Assert.True(await SucceedsAsync(client, times: 1));
    }

    private static async Task<bool> SucceedsAsync(HttpClient client, int times)
    {
        for (var request = 0; request < times; request++)
        {
            using var answer = await client.GetAsync("/api/twin/v1/state", []);
            if (answer.StatusCode != HttpStatusCode.OK)
            {
                return false;
            }
        }

        return true;
    }

    private static async Task<(HttpStatusCode Status, System.Text.Json.Nodes.JsonObject Body)> StateAsync(HttpClient client)
    {
        using var answer = await client.GetAsync("/health", []);
        return (answer.StatusCode, await answer.JsonAsync());
    }

    private static async Task<string?> StateOfAsync(HttpClient client, string service) => (string?)(await StateAsync(client)).Body["services"]![service];
}
