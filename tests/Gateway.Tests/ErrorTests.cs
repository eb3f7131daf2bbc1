using System.Net;
using LivingCity.Gateway.Tests.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace LivingCity.Gateway.Tests;

public sealed class ErrorTests(Platform platform)
{
    [Fact]
    public async Task ServiceThatIsNotConfigured_IsUnavailable()
    {
        await using var gateway = GatewayHost.Start(platform.Realm, new Dictionary<string, string[]>());
        using var client = gateway.Connect();
        using var answer = await client.GetAsync("/api/twin/v1/state", []);

        var problem = await answer.ProblemAsync(HttpStatusCode.ServiceUnavailable, "service-unavailable");
        Assert.Equal("Service: twin.", (string?)problem["detail"]);
        Assert.NotNull(answer.Headers.RetryAfter);
    }

    [Fact]
    public async Task ServiceThatRefusesConnections_IsABadGateway_WithoutItsAddress()
    {
        await using var gateway = GatewayHost.Start(platform.Realm, new Dictionary<string, string[]> { ["twin"] = ["http://127.0.0.1:1"] });
        using var client = gateway.Connect();
        using var answer = await client.GetAsync("/api/twin/v1/state", []);

        var problem = await answer.ProblemAsync(HttpStatusCode.BadGateway, "service-unreachable");
        Assert.DoesNotContain("127.0.0.1", problem.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ServiceThatNeverAnswers_IsAGatewayTimeout()
    {
        await using var twin = await Backend.StartAsync("twin", app => app.MapGet("/api/twin/v1/slow", (CancellationToken gone) => Task.Delay(Timeout.Infinite, gone)));
        await using var gateway = GatewayHost.Start(
            platform.Realm, new Dictionary<string, string[]> { ["twin"] = [twin.Address] }, new Dictionary<string, string> { ["Limits:Idle"] = "00:00:00.3" });
        using var client = gateway.Connect();
        using var answer = await client.GetAsync("/api/twin/v1/slow", []);

        await answer.ProblemAsync(HttpStatusCode.GatewayTimeout, "service-timeout");
    }

    [Fact]
    public async Task ProblemOfAService_PassesUnchanged()
    {
        await using var twin = await Backend.StartAsync("twin", app => app.MapGet("/api/twin/v1/gone", () => TypedResults.Problem("Was here.", statusCode: StatusCodes.Status410Gone, type: "urn:living-city:problem:gone")));
        await using var gateway = GatewayHost.Start(platform.Realm, new Dictionary<string, string[]> { ["twin"] = [twin.Address] });
        using var client = gateway.Connect();
        using var answer = await client.GetAsync("/api/twin/v1/gone", []);

        Assert.Equal("Was here.", (string?)(await answer.ProblemAsync(HttpStatusCode.Gone, "gone"))["detail"]);
    }

    [Fact]
    public async Task Body_LargerThanTheLimit_IsRefusedUnread()
    {
        await using var gateway = platform.StartGateway(("Limits:BodyBytes", "1000"));
        using var client = gateway.Connect(platform.Realm.PlannerToken());
        using var answer = await client.PostAsync("/ngsi-ld/v1/entities", new string('x', 1001));

        await answer.ProblemAsync(HttpStatusCode.RequestEntityTooLarge, "too-large");
    }

    [Fact]
    public async Task Body_OfHiddenLengthAboveTheLimit_IsStopped()
    {
        await using var gateway = platform.StartGateway(("Limits:BodyBytes", "1000"));
        using var client = gateway.Connect(platform.Realm.PlannerToken());
        using var request = new HttpRequestMessage(HttpMethod.Post, "/ngsi-ld/v1/entities") { Content = new StreamContent(new MemoryStream(new byte[100_000])) };
        request.Headers.TransferEncodingChunked = true;
        using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);

        await answer.ProblemAsync(HttpStatusCode.RequestEntityTooLarge, "too-large");
    }

    [Fact]
    public async Task Body_WithinTheLimit_ArrivesWhole()
    {
        using var client = platform.Gateway.Connect(platform.Realm.PlannerToken());
        using var answer = await client.PostAsync("/ngsi-ld/v1/entityOperations/upsert", new string('x', 5_000_000));

        Assert.Equal(5_000_000, (int?)(await answer.EchoAsync())["bodyLength"]);
    }

    [Fact]
    public async Task Requests_BeyondTheRate_AreRefusedForThatClientOnly()
    {
        await using var gateway = platform.StartGateway(("RateLimits:PerSecond", "1"), ("RateLimits:Burst", "2"));
        using var eager = gateway.Connect(platform.Realm.PlannerToken(token => token.Claims["azp"] = "eager"));
        using var other = gateway.Connect(platform.Realm.PlannerToken(token => token.Claims["azp"] = "other"));

        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => eager.GetAsync("/api/twin/v1/state", [])));

        var refused = answers.First(answer => answer.StatusCode == HttpStatusCode.TooManyRequests);
        await refused.ProblemAsync(HttpStatusCode.TooManyRequests, "too-many-requests");
        Assert.Equal(TimeSpan.FromSeconds(1), refused.Headers.RetryAfter?.Delta);
        using var untouched = await other.GetAsync("/api/twin/v1/state", []);
        await untouched.EchoAsync();
    }

    [Fact]
    public async Task Requests_WithoutToken_AreLimitedByAddress()
    {
        await using var gateway = platform.StartGateway(("RateLimits:PerSecond", "1"), ("RateLimits:Burst", "2"), ("ForwardedHeaders:KnownProxies:0", "127.0.0.1"));
        using var client = gateway.Connect();

        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => client.GetAsync("/api/twin/v1/state", ("X-Forwarded-For", "203.0.113.7"))));

        Assert.Contains(answers, answer => answer.StatusCode == HttpStatusCode.TooManyRequests);
        using var elsewhere = await client.GetAsync("/api/twin/v1/state", ("X-Forwarded-For", "203.0.113.8"));
        await elsewhere.EchoAsync();
    }
}
