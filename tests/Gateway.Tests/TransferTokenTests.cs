using System.Net;
using LivingCity.Gateway.Tests.Hosting;
using Microsoft.IdentityModel.Tokens;

namespace LivingCity.Gateway.Tests;

/// <summary>The data plane's paths: a contract's token is passed on to the connector, which decides; nothing else gets that far, and the token opens no other path.</summary>
public sealed class TransferTokenTests(Platform platform)
{
    private static readonly string Token = $"Bearer sofia.{new string('a', 64)}";

    [Theory]
    [InlineData("GET", "/api/dataspace/v1/data/urn:uuid:1?limit=10")]
    [InlineData("GET", "/api/dataspace/v1/data/urn:uuid:1/temporal/urn:ngsi-ld:Station:1")]
    [InlineData("POST", "/api/dataspace/v1/received/urn:uuid:1")]
    public async Task TransferToken_OnThePathsOfTheDataPlane_ReachesTheConnector(string method, string path)
    {
        using var answer = await SendAsync(method, path, Token);
        var echo = await answer.EchoAsync();

        Assert.Equal("dataspace", (string?)echo["name"]);
        Assert.Equal(Token, (string?)echo["headers"]!["authorization"]);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("Bearer abc.def.ghi")]
    [InlineData("Bearer sofia.short")]
    [InlineData("Basic dXNlcjpwYXNzd29yZA==")]
    public async Task AnythingElse_OnThePathsOfTheDataPlane_IsRefusedByTheGateway(string? authorization)
    {
        using var read = await SendAsync("GET", "/api/dataspace/v1/data/urn:uuid:1", authorization);
        using var write = await SendAsync("POST", "/api/dataspace/v1/received/urn:uuid:1", authorization);

        await read.ProblemAsync(HttpStatusCode.Unauthorized, "http-401");
        await write.ProblemAsync(HttpStatusCode.Unauthorized, "http-401");
    }

    [Theory]
    [InlineData("GET", "/api/dataspace/v1/datasets")]
    [InlineData("POST", "/api/dataspace/v1/data/urn:uuid:1")]
    [InlineData("GET", "/api/dataspace/v1/database")]
    [InlineData("GET", "/api/twin/v1/data/urn:uuid:1")]
    [InlineData("GET", "/ngsi-ld/v1/entities")]
    public async Task TransferToken_OnAnyOtherPath_IsNoToken(string method, string path)
    {
        using var answer = await SendAsync(method, path, Token);

        await answer.ProblemAsync(HttpStatusCode.Unauthorized, "http-401");
    }

    [Theory]
    [InlineData("POST", "/dsp/2025-1/negotiations/request")]
    [InlineData("GET", "/dsp/2025-1/negotiations/urn:uuid:1")]
    [InlineData("POST", "/dcp/v1.0/presentations/query")]
    public async Task SelfIssuedToken_OnThePathsOfTheProtocols_ReachesTheConnector(string method, string path)
    {
        using var answer = await SendAsync(method, path, SelfIssued("did:web:city.example"));

        Assert.Equal("dataspace", (string?)(await answer.EchoAsync())["name"]);
    }

    [Theory]
    [InlineData("/dsp/2025-1/negotiations/request", "https://city.example")]
    [InlineData("/dsp/2025-1/negotiations/request", null)]
    [InlineData("/api/dataspace/v1/offers", "did:web:city.example")]
    [InlineData("/api/twin/v1/scenarios", "did:web:city.example")]
    public async Task SelfIssuedToken_OfAnotherKindOrElsewhere_IsNoToken(string path, string? issuer)
    {
        using var answer = await SendAsync("POST", path, issuer is null ? null : SelfIssued(issuer));

        await answer.ProblemAsync(HttpStatusCode.Unauthorized, "http-401");
    }

    private static string SelfIssued(string issuer) =>
        $"Bearer {Base64UrlEncoder.Encode("""{"alg":"ES256"}""")}.{Base64UrlEncoder.Encode($$"""{"iss":"{{issuer}}"}""")}.{Base64UrlEncoder.Encode(new byte[64])}";

    private async Task<HttpResponseMessage> SendAsync(string method, string path, string? authorization)
    {
        using var client = platform.Gateway.Connect();
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (authorization is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
        }

        return await client.SendAsync(request, TestContext.Current.CancellationToken);
    }
}
