using System.Net;
using LivingCity.Gateway.Tests.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace LivingCity.Gateway.Tests;

public sealed class HeaderTests(Platform platform)
{
    private static readonly string[] Names =
        ["X-Content-Type-Options", "X-Frame-Options", "Referrer-Policy", "Content-Security-Policy", "Permissions-Policy", "Cross-Origin-Opener-Policy", "Cross-Origin-Resource-Policy", "X-Request-ID"];

    [Theory]
    [InlineData("/", HttpStatusCode.OK)]
    [InlineData("/css/base.css", HttpStatusCode.OK)]
    [InlineData("/docs/index.html", HttpStatusCode.OK)]
    [InlineData("/openapi/v1.json", HttpStatusCode.OK)]
    [InlineData("/health/live", HttpStatusCode.OK)]
    [InlineData("/api/twin/v1/state", HttpStatusCode.OK)]
    [InlineData("/nothing", HttpStatusCode.NotFound)]
    public async Task SecurityHeaders_AreOnEveryAnswerOnce(string path, HttpStatusCode status)
    {
        using var client = platform.Gateway.Connect();
        using var answer = await client.GetAsync(path, []);

        Assert.Equal(status, answer.StatusCode);
        AssertHeaders(answer);
    }

    [Fact]
    public async Task SecurityHeaders_AreOnErrorsToo()
    {
        await using var gateway = GatewayHost.Start(
            platform.Realm, new Dictionary<string, string[]> { ["twin"] = ["http://127.0.0.1:1"] }, new Dictionary<string, string> { ["Limits:BodyBytes"] = "10" });
        using var anonymous = gateway.Connect();
        using var known = gateway.Connect(platform.Realm.PlannerToken());
        HttpResponseMessage[] answers =
        [
            await anonymous.PostAsync("/api/twin/v1/scenarios"),
            await known.PostAsync("/api/twin/v1/scenarios", new string('x', 11)),
            await known.GetAsync("/api/twin/v1/state", []),
            await known.GetAsync("/api/events/v1/programme", []),
        ];

        Assert.Equal([401, 413, 502, 503], answers.Select(answer => (int)answer.StatusCode));
        Assert.All(answers, AssertHeaders);
    }

    [Fact]
    public async Task PolicyOfAService_Stays()
    {
        await using var events = await Backend.StartAsync("events", app => app.MapGet("/api/events/v1/schedule", (HttpResponse response) =>
        {
            response.Headers.ContentSecurityPolicy = "default-src 'self'";
            response.Headers.Server = "Something/1.0";
            return "schedule";
        }));
        await using var gateway = GatewayHost.Start(platform.Realm, new Dictionary<string, string[]> { ["events"] = [events.Address] });
        using var client = gateway.Connect();
        using var answer = await client.GetAsync("/api/events/v1/schedule", []);

        Assert.Equal(["default-src 'self'"], answer.Headers.GetValues("Content-Security-Policy"));
        AssertHeaders(answer);
    }

    [Fact]
    public async Task Origin_ThatIsConfigured_MayCallFromABrowser()
    {
        await using var gateway = platform.StartGateway(("Cors:Origins:0", "https://portal.city.example"));
        using var client = gateway.Connect();
        using var preflight = new HttpRequestMessage(HttpMethod.Options, "/api/twin/v1/scenarios");
        preflight.Headers.Add("Origin", "https://portal.city.example");
        preflight.Headers.Add("Access-Control-Request-Method", "POST");
        preflight.Headers.Add("Access-Control-Request-Headers", "authorization,content-type,idempotency-key");

        using var allowed = await client.SendAsync(preflight, TestContext.Current.CancellationToken);
        using var answer = await client.GetAsync("/api/twin/v1/scenarios", ("Origin", "https://portal.city.example"));

        Assert.Equal(HttpStatusCode.NoContent, allowed.StatusCode);
        Assert.Equal(["https://portal.city.example"], allowed.Headers.GetValues("Access-Control-Allow-Origin"));
        Assert.Equal(["https://portal.city.example"], answer.Headers.GetValues("Access-Control-Allow-Origin"));
        Assert.False(answer.Headers.Contains("Access-Control-Allow-Credentials"));
    }

    [Theory]
    [InlineData("https://attacker.example")]
    [InlineData("null")]
    public async Task Origin_ThatIsNotConfigured_MayNot(string origin)
    {
        await using var gateway = platform.StartGateway(("Cors:Origins:0", "https://portal.city.example"));
        using var client = gateway.Connect();
        using var answer = await client.GetAsync("/api/twin/v1/scenarios", ("Origin", origin));

        Assert.False(answer.Headers.Contains("Access-Control-Allow-Origin"));
    }

    private static void AssertHeaders(HttpResponseMessage answer)
    {
        Assert.All(Names, name => Assert.Single(answer.Headers.GetValues(name)));
        Assert.False(answer.Headers.Contains("Server"));
    }
}
